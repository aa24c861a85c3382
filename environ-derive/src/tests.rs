//! Compares whole expansions with files that a reviewer can read.

mod pairs;

use proc_macro2::TokenStream;

use crate::{derive, env_config};

#[test]
fn a_field_is_one_entry_and_one_call() {
    assert_expands(
        include_str!("tests/struct.rs"),
        include_str!("tests/struct-expanded.rs"),
    );
}

#[test]
fn a_variant_is_one_entry_and_one_arm() {
    assert_expands(
        include_str!("tests/enum.rs"),
        include_str!("tests/enum-expanded.rs"),
    );
}

#[test]
fn keys_are_words_of_an_entry_and_rules_are_checked_after_all_fields() {
    assert_expands(
        include_str!("tests/keys.rs"),
        include_str!("tests/keys-expanded.rs"),
    );
}

/// The promise is three lines a field, beside the lines of every type.
#[test]
fn a_field_is_three_lines_at_most() {
    let input: syn::DeriveInput = syn::parse_str(include_str!("tests/struct.rs")).unwrap();
    let syn::Data::Struct(data) = input.data else {
        panic!("the input is a struct");
    };
    let lines = include_str!("tests/struct-expanded.rs").lines().count();
    let for_every_type = 28;
    assert!(
        lines <= for_every_type + 3 * data.fields.len(),
        "{lines} lines"
    );
}

/// A bound that the type has already is not repeated.
#[test]
fn a_type_in_the_body_that_names_a_parameter_has_a_bound() {
    for (input, bounds) in [
        ("struct Cfg<T> { a: T }", "T: __environ::EnvValue,"),
        (
            "struct Cfg<T> { #[env(group)] a: T }",
            "T: __environ::EnvConfig,",
        ),
        ("enum Cfg<T> { A, B(T) }", "T: __environ::EnvConfig,"),
        (
            "struct Cfg<T> { a: [T; 2], b: Option<T>, c: Vec<u8> }",
            "[T; 2]: __environ::EnvValue, T: __environ::EnvValue,",
        ),
        (
            "struct Cfg<T> { #[env(parse = read)] a: T, #[env(skip)] b: T }",
            "",
        ),
        ("struct Cfg<T: environ::EnvValue> { a: T }", ""),
        (
            "struct Cfg<T: 'static + Clone> { a: T }",
            "T: __environ::EnvValue,",
        ),
        (
            "struct Cfg<T: EnvValue, U> { a: T, b: U }",
            "U: __environ::EnvValue,",
        ),
        (
            "struct Cfg<T> where T: Clone { a: T }",
            "T: Clone, T: __environ::EnvValue,",
        ),
        (
            "struct Cfg<T> where T: Clone { #[env(skip)] a: T }",
            "T: Clone,",
        ),
        (
            "#[env(bound = \"T: Copy\")] struct Cfg<T> { a: T }",
            "T: Copy,",
        ),
    ] {
        let expansion = without_spaces(&derive(input.parse().unwrap(), env_config));
        let (_, header) = expansion.split_once("EnvConfigforCfg<").unwrap();
        let (header, _) = header.split_once("{constSPEC").unwrap();
        let found = header.split_once("where").map_or("", |(_, bounds)| bounds);
        assert_eq!(found, bounds.replace(' ', ""), "{input}");
    }
}

/// The files are laid out by hand, so spaces do not count.
fn assert_expands(input: &str, expected: &str) {
    let expected = expected.replace("RELEASE", env!("CARGO_PKG_VERSION"));
    let expected: TokenStream = expected.parse().unwrap();
    let expansion = derive(input.parse().unwrap(), env_config);
    assert_eq!(without_spaces(&expansion), without_spaces(&expected));
}

fn without_spaces(tokens: &TokenStream) -> String {
    tokens.to_string().split_whitespace().collect()
}

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

//! What the macro writes, as a reviewer would like to read it.

use proc_macro2::TokenStream;

use crate::{derive, env_config};

/// The files are laid out by hand: where the spaces are does not count.
#[test]
fn a_field_is_one_entry_and_one_call() {
    let input: TokenStream = include_str!("tests/input.rs").parse().unwrap();
    let expected: TokenStream = include_str!("tests/expansion.rs").parse().unwrap();
    let expansion = derive(input, "EnvConfig", env_config);
    assert_eq!(without_spaces(&expansion), without_spaces(&expected));
}

fn without_spaces(tokens: &TokenStream) -> String {
    tokens.to_string().split_whitespace().collect()
}

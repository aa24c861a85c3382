//! The pairs of keys that stand on one field, type or variant of the tested types.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::{cases, groups, values, variables};

/// The pairs that may stand together, as the derive answers: a unit test of the derive compares.
const PERMITTED: &str = include_str!("../../../environ-derive/src/tests/pairs.txt");

/// A place and two keys, in the order of the alphabet.
type Pair = (String, String, String);

#[test]
fn every_pair_of_keys_that_may_stand_together_is_in_a_tested_type() {
    let sources = [variables::SOURCES, values::SOURCES, groups::SOURCES].concat();
    let sources = cases().map(|case| case.source).chain(sources);
    let mut tested = BTreeSet::new();
    for source in sources {
        add_item(&source.parse().unwrap(), &mut tested);
    }
    let permitted = permitted();
    assert!(permitted.len() > 300, "{}", permitted.len());
    let missing: Vec<&Pair> = permitted.difference(&tested).collect();
    assert!(missing.is_empty(), "{} pairs: {missing:?}", missing.len());
    let unknown: Vec<&Pair> = tested.difference(&permitted).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

fn permitted() -> BTreeSet<Pair> {
    let (mut place, mut pairs) = ("", BTreeSet::new());
    for line in PERMITTED.lines() {
        if let Some(word) = line.strip_prefix('[') {
            place = word.trim_end_matches(']');
            continue;
        }
        let (first, partners) = line.split_once(": ").unwrap();
        let pair = |second: &str| (place.to_owned(), first.to_owned(), second.to_owned());
        pairs.extend(partners.split(' ').map(pair));
    }
    pairs
}

/// Adds the pairs of a struct or an enum, and of its fields or variants.
fn add_item(item: &TokenStream, pairs: &mut BTreeSet<Pair>) {
    let tokens: Vec<TokenTree> = item.clone().into_iter().collect();
    let has = |word: &str| {
        item.to_string()
            .split(|it: char| !it.is_alphanumeric())
            .any(|it| it == word)
    };
    let (own, inner) = match (has("EnvValue"), is_enum(&tokens)) {
        (true, _) => ("enum of words", "word"),
        (false, true) => ("one-of group", "variant of a one-of group"),
        (false, false) => ("struct", "field"),
    };
    add_attributes(&tokens, own, pairs);
    let body = tokens.iter().rev().find_map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group.stream()),
        _ => None,
    });
    let body: Vec<TokenTree> = body.into_iter().flatten().collect();
    add_attributes(&body, inner, pairs);
}

fn is_enum(tokens: &[TokenTree]) -> bool {
    tokens
        .iter()
        .any(|token| matches!(token, TokenTree::Ident(ident) if ident == "enum"))
}

/// Adds the pairs in each `#[env(...)]` among the tokens.
fn add_attributes(tokens: &[TokenTree], place: &str, pairs: &mut BTreeSet<Pair>) {
    for token in tokens {
        let TokenTree::Group(group) = token else {
            continue;
        };
        let keys = keys(group);
        for (index, first) in keys.iter().enumerate() {
            for second in &keys[index + 1..] {
                let (first, second) = (first.min(second), first.max(second));
                pairs.insert((place.to_owned(), first.clone(), second.clone()));
            }
        }
    }
}

/// Returns the keys of `[env(...)]`.
fn keys(attribute: &Group) -> Vec<String> {
    let inside: Vec<TokenTree> = attribute.stream().into_iter().collect();
    let [TokenTree::Ident(word), TokenTree::Group(list)] = &inside[..] else {
        return Vec::new();
    };
    if attribute.delimiter() != Delimiter::Bracket || word != "env" {
        return Vec::new();
    }
    let (mut keys, mut is_start) = (Vec::new(), true);
    for token in list.stream() {
        match token {
            TokenTree::Ident(key) if is_start => keys.push(key.to_string()),
            // The values of macros may be groups without delimiters.
            TokenTree::Punct(punct) if punct.as_char() == ',' => {
                is_start = true;
                continue;
            }
            _ => {}
        }
        is_start = false;
    }
    keys
}

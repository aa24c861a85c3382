//! Tries every pair of keys on one field, type or variant, and compares the pairs that may stand
//! together with `pairs.txt`. The suite `derive` has a tested type for each of these pairs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use syn::DeriveInput;

use crate::attr::{Key, Place};
use crate::ctxt::Ctxt;
use crate::lower;

/// The pairs that may stand together.
const PERMITTED: &str = include_str!("pairs.txt");

/// Keys that further keys need, each with the types of fields that decide on the keys beside it.
const BESIDE: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "Inner",
            "Option<Inner>",
            "bool",
            "Vec<Inner>",
            "Secret<Inner>",
            "Option<Secret<Inner>>",
            "Live<bool>",
            "Live<Option<Inner>>",
            "Live<Secret<Inner>>",
        ],
    ),
    ("group", &["Inner", "Option<Inner>", "Vec<Inner>"]),
    ("secret", &["Option<Inner>", "Live<Option<Inner>>"]),
    ("live", &["Live<Option<Inner>>"]),
    ("allow_empty", &["Option<Inner>"]),
];

/// The places, with the word of each in `pairs.txt`.
const PLACES: &[(&str, Place)] = &[
    ("field", Place::Field),
    ("struct", Place::Struct),
    ("one-of group", Place::OneOf),
    ("variant of a one-of group", Place::Choice),
    ("enum of words", Place::Words),
    ("word", Place::Word),
];

/// The answer of the derive to a pair of keys.
enum Answer {
    Permitted,
    /// The fewest mistakes of all attempts.
    Rejected(Vec<String>),
}

/// Every pair of the file is permitted, and each mistake about another pair names a key of the
/// pair and has a remedy.
#[test]
fn the_pairs_of_keys_that_may_stand_together_are_those_of_the_file() {
    let mut all = String::new();
    for (word, place) in PLACES {
        let mut permitted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (first, second) in pairs(*place) {
            match answer(*place, first, second) {
                Answer::Permitted => permitted.entry(first).or_default().push(second),
                Answer::Rejected(mistakes) => assert_names(first, second, &mistakes),
            }
        }
        let _ = writeln!(all, "[{word}]");
        for (first, partners) in permitted {
            let _ = writeln!(all, "{first}: {}", partners.join(" "));
        }
    }
    assert!(all == PERMITTED, "write into `pairs.txt`:\n{all}");
}

fn assert_names(first: &str, second: &str, mistakes: &[String]) {
    let keys = [first, second].map(|key| format!("`{key}"));
    let names = |it: &String| keys.iter().any(|key| it.contains(key)) && it.contains(';');
    let is_named = mistakes.iter().any(names);
    assert!(is_named, "{first} and {second}: {mistakes:?}");
}

/// Returns each pair of keys once. A key that repeats is a pair with itself.
fn pairs(place: Place) -> Vec<(&'static str, &'static str)> {
    let mut keys: Vec<&str> = Key::of(place).map(|(name, _)| name).collect();
    keys.sort_unstable();
    let mut pairs = Vec::new();
    for (index, first) in keys.iter().enumerate() {
        let is_twice_a_mistake = mistakes(place, "Inner", &[first, first], "")
            .iter()
            .any(|mistake| mistake.contains("is given twice"));
        let partners = keys[index + usize::from(is_twice_a_mistake)..].iter();
        pairs.extend(partners.map(|second| (*first, *second)));
    }
    pairs
}

fn answer(place: Place, first: &'static str, second: &'static str) -> Answer {
    let beside: &[(&str, &[&str])] = match place {
        Place::Field => BESIDE,
        Place::Choice => &[("", &["Inner", ""])],
        _ => &[("", &["Inner"])],
    };
    let mut fewest: Option<Vec<String>> = None;
    for (beside, types) in beside {
        let is_twice = [first, second].contains(beside);
        for ty in types.iter().filter(|_| !is_twice) {
            let mistakes = mistakes(place, ty, &[first, second], beside);
            if mistakes.is_empty() {
                return Answer::Permitted;
            }
            if fewest.as_ref().is_none_or(|it| mistakes.len() < it.len()) {
                fewest = Some(mistakes);
            }
        }
    }
    Answer::Rejected(fewest.unwrap_or_default())
}

/// Returns the mistakes of a type with these keys in the place.
fn mistakes(place: Place, ty: &str, keys: &[&str], beside: &str) -> Vec<String> {
    let keys = keys.iter().enumerate();
    let keys: Vec<String> = keys
        .map(|(index, key)| written(place, key, index))
        .collect();
    let keys = format!("#[env({}, {beside})]", keys.join(", "));
    let source = match place {
        Place::Field => format!(
            "struct S {{ #[env(default = \"a\")] before: String, other: Option<u8>, {keys} own: {ty} }}"
        ),
        Place::Struct => format!("{keys} struct S {{ a: Option<u8>, b: Option<u8> }}"),
        Place::OneOf => format!("{keys} enum S {{ A, B(Inner) }}"),
        Place::Choice if ty.is_empty() => format!("enum S {{ {keys} A, B }}"),
        Place::Choice => format!("enum S {{ {keys} A({ty}), B }}"),
        Place::Words => format!("{keys} enum S {{ A, B }}"),
        Place::Word => format!("enum S {{ {keys} A, B }}"),
    };
    let node: DeriveInput = syn::parse_str(&source).unwrap();
    let ctxt = Ctxt::new();
    match place {
        Place::Words | Place::Word => drop(lower::words(&ctxt, &node)),
        _ => drop(lower::input(&ctxt, &node)),
    }
    let mistakes = ctxt.check().err().into_iter().flatten();
    mistakes.map(|err| err.to_string()).collect()
}

/// Returns a key with a value, which differs between the first and the second key.
fn written(place: Place, key: &str, index: usize) -> String {
    let value = match key {
        "alias" | "deprecated" | "name" | "rename" | "help" | "prefix" | "switch" | "key"
        | "selector" => format!(" = \"{}{index}\"", key.to_uppercase()),
        "all_or_none" | "at_least_one_of" | "at_most_one_of" | "one_of" => "(a, b)".to_owned(),
        "bound" => " = \"u8: Copy\"".to_owned(),
        "conflicts" | "requires" => "(other)".to_owned(),
        "crate" | "default_fn" | "parse" | "validate" => " = path".to_owned(),
        "default" if place == Place::Choice => String::new(),
        "default" | "example" => " = 1".to_owned(),
        "default_from" => " = \"{before}\"".to_owned(),
        "defaults" => "(a = 1)".to_owned(),
        "delimiter" => " = \"__\"".to_owned(),
        "expected" => " = \"a text\"".to_owned(),
        "len" | "range" => " = 1..".to_owned(),
        "removed" => "(\"OLD\", \"write another\")".to_owned(),
        "rename_all" => " = \"snake_case\"".to_owned(),
        "separator" => " = \";\"".to_owned(),
        "unit" => " = \"s\"".to_owned(),
        "when" => " = \"a\"".to_owned(),
        _ => String::new(),
    };
    format!("{key}{value}")
}

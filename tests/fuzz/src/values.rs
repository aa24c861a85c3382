//! Texts of each type that a field may have. No text makes reading it panic, and a
//! value that was read is read again from its canonical text.
//!
//! An input is the letter of a [type](TYPES), then the text.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ffi::OsStr;
use std::fmt::{Debug, Display};
use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroI16, NonZeroU8};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::time::Duration;

use environ::{EnvConfig, EnvValue};
use serde_json::Value;

use crate::shown;

#[derive(Debug, EnvConfig)]
struct One<T> {
    value: T,
}

#[derive(Debug, EnvConfig)]
struct Separated {
    #[env(separator = ";;")]
    value: Vec<String>,
}

#[derive(Debug, EnvConfig)]
struct Json {
    #[env(json)]
    value: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, EnvValue)]
enum Word {
    #[env(alias = "first")]
    One,
    #[env(rename = "Zwei")]
    Two,
    TwentyOne,
}

impl Word {
    fn canonical(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Two => "Zwei",
            Self::TwentyOne => "twenty-one",
        }
    }
}

const TYPES: &[fn(&OsStr)] = &[
    |text| again(text, seconds),
    |text| again(text, bool::to_string),
    |text| again(text, u8::to_string),
    |text| again(text, i64::to_string),
    |text| again(text, u128::to_string),
    |text| again(text, NonZeroU8::to_string),
    |text| again(text, NonZeroI16::to_string),
    |text| again(text, f32::to_string),
    |text| again(text, f64::to_string),
    |text| again(text, char::to_string),
    |text| again(text, IpAddr::to_string),
    |text| again(text, SocketAddr::to_string),
    |text| again(text, String::clone),
    |text| again(text, PathBuf::clone),
    |text| again(text, |word: &Word| word.canonical()),
    |text| again(text, |list: &Vec<String>| joined(list)),
    |text| again(text, durations),
    |text| again(text, |list: &BTreeSet<char>| joined(list)),
    |text| again(text, |list: &HashSet<u8>| joined(list)),
    |text| again(text, |list: &[u8; 3]| joined(list)),
    |text| again(text, pair),
    |text| again(text, |map: &BTreeMap<String, String>| pairs(map)),
    |text| again(text, |map: &HashMap<u8, IpAddr>| pairs(map)),
    separated,
    json,
];

pub(crate) fn fuzz(input: &[u8]) {
    let Some((kind, text)) = input.split_first() else {
        return;
    };
    // A value without a secret's mark is shown.
    if shown::holds_password(text) {
        return;
    }
    let index = usize::from(kind.wrapping_sub(b'a')) % TYPES.len();
    TYPES[index](OsStr::from_bytes(text));
}

/// Loads the text and, if it loads, the canonical text of the value that came of it.
fn again<T: EnvValue + Debug + PartialEq, C: AsRef<OsStr>>(text: &OsStr, canonical: fn(&T) -> C) {
    let Some(value) = load::<T>(text) else {
        return;
    };
    let canonical = canonical(&value);
    let canonical = canonical.as_ref();
    // A text of nothing is not set.
    if !canonical.is_empty() {
        let again = load::<T>(canonical);
        let is_same = again.as_ref() == Some(&value);
        // A float that is not a number equals none.
        let is_shown_same = || format!("{again:?}") == format!("{:?}", Some(&value));
        assert!(
            is_same || is_shown_same(),
            "{} gives {again:?}, not {value:?}",
            canonical.display()
        );
    }
}

fn separated(text: &OsStr) {
    let loaded = Separated::loader().source([("APP_VALUE", text)]).load();
    shown::assert_load(&loaded);
    if let Ok(loaded) = loaded {
        let count = text
            .as_bytes()
            .windows(2)
            .filter(|pair| pair == b";;")
            .count();
        assert!(loaded.config.value.len() <= count + 1);
    }
}

fn json(text: &OsStr) {
    let load = |text: &OsStr| {
        let loaded = Json::loader().source([("APP_VALUE", text)]).load();
        shown::assert_load(&loaded);
        loaded.ok().map(|loaded| loaded.config.value)
    };
    if let Some(value) = load(text) {
        assert_eq!(load(OsStr::new(&value.to_string())), Some(value));
    }
}

fn seconds(value: &Duration) -> String {
    format!("{}s{}ns", value.as_secs(), value.subsec_nanos())
}

fn load<T: EnvValue + Debug>(text: &OsStr) -> Option<T> {
    let loaded = One::<T>::loader().source([("APP_VALUE", text)]).load();
    shown::assert_load(&loaded);
    loaded.ok().map(|loaded| loaded.config.value)
}

fn durations(list: &BTreeSet<Duration>) -> String {
    joined(list.iter().map(seconds))
}

fn pair((first, second): &(String, i8)) -> String {
    joined([first, &second.to_string()])
}

fn pairs<K: Display, V: Display>(map: impl IntoIterator<Item = (K, V)>) -> String {
    joined(map.into_iter().map(|(key, value)| format!("{key}={value}")))
}

/// The elements with a comma after each, and commas in them escaped. A backslash is
/// doubled only before a comma.
fn joined<T: Display>(elements: impl IntoIterator<Item = T>) -> String {
    let mut text = String::new();
    for element in elements {
        let element = element.to_string();
        let mut parts = element.split(',').peekable();
        while let Some(part) = parts.next() {
            let backslashes = part.len() - part.trim_end_matches('\\').len();
            text.push_str(part);
            text.push_str(&"\\".repeat(backslashes));
            text.push_str(if parts.peek().is_some() { "\\," } else { "," });
        }
    }
    text
}

//! Passwords in values that are not marked as secrets, with any text around them.
//!
//! An input is the letter of a [form](FORMS), then three texts with a zero byte
//! between them: before the password, in the middle of it, and after it. An upper-case
//! letter repeats the first of them up to a megabyte: masking must stay linear.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use environ::{EnvConfig, EnvValue};

use crate::shown::{self, PASSWORD};

/// Where a password stands that must be masked; it takes the place of `$`.
const FORMS: &[&str] = &[
    "postgres://me:$@db:5432/app",
    "redis://:$@cache",
    "a://u:$",
    "jdbc:x://u:$@h",
    "https://h/?password=$",
    "host=db password='$' user=me",
    "PWD={$};UID=me",
    "Token=\"$\"",
    "api_key = $",
    r#"["a://u:$@h"]"#,
];

/// How long the text is that is made by repeating.
const LONG: usize = 1 << 20;

/// One field of each kind that quotes a rejected text.
#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "never loaded")]
struct Refusing {
    port: u16,
    #[env(validate = refuse)]
    text: String,
    url: Url,
    list: Vec<Url>,
    numbers: Vec<u16>,
    map: BTreeMap<String, u16>,
    word: Word,
    flag: bool,
    letter: char,
    address: IpAddr,
    duration: Duration,
    #[env(deprecated = "OLD_LEVEL", default = "info")]
    level: String,
    #[env(file)]
    motd: Option<String>,
}

/// One field of each kind that takes every text. The origins show the texts.
#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only the origins are looked at")]
struct Taking {
    #[env(alias = "TEXT")]
    text: String,
    list: Vec<String>,
    path: PathBuf,
    #[env(deprecated = "OLD_NAME")]
    name: Option<String>,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "never loaded")]
struct Long {
    port: u16,
}

#[derive(Debug, EnvValue)]
enum Word {
    One,
    Two,
}

/// A type that is no URL's and quotes the text that it does not take, as many do.
#[derive(Debug)]
struct Url;

impl FromStr for Url {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Err(format!("invalid URL {text:?} (or {text})"))
    }
}

fn refuse(text: &str) -> Result<(), impl fmt::Display + use<>> {
    Err::<(), _>(format!("{text} is not wanted"))
}

pub(crate) fn fuzz(input: &[u8]) {
    let Some((form, texts)) = input.split_first() else {
        return;
    };
    let Ok(texts) = str::from_utf8(texts) else {
        return;
    };
    let mut texts = texts.split('\0');
    let mut text = || texts.next().unwrap_or_default();
    let (before, middle, after) = (text(), text(), text());
    // A text that holds the password is no test of its being masked.
    if [before, middle, after]
        .iter()
        .any(|text| shown::holds_password(text.as_bytes()))
    {
        return;
    }
    let pattern = FORMS[usize::from(form.to_ascii_lowercase().wrapping_sub(b'a')) % FORMS.len()];
    let middle = safe(middle);
    // In a URL without a host, the password ends at the first of these.
    let is_cut_short = pattern.contains("://") && !pattern.contains('@');
    let middle = if is_cut_short {
        middle.replace(['/', '?', '#', '@'], "")
    } else {
        middle
    };
    let password = format!("{PASSWORD}{middle}{PASSWORD}");
    let value = format!("{before} {} {after}", pattern.replace('$', &password));
    if form.is_ascii_uppercase() {
        long(before, &value);
        return;
    }
    refused(&value);
    taken(&value);
}

fn long(before: &str, value: &str) {
    let times = LONG / (before.len() + 1);
    crate::assert_linear(times, |times| {
        let long = before.repeat(times) + value;
        let pairs = [("APP_PORT", &long)];
        shown::assert_load(&Long::loader().source(pairs).load());
    });
}

fn refused(value: &str) {
    let names = [
        "PORT", "TEXT", "URL", "LIST", "NUMBERS", "MAP", "WORD", "FLAG", "LETTER", "ADDRESS",
        "DURATION",
    ];
    let mut pairs: Vec<_> = names
        .iter()
        .map(|name| (format!("APP_{name}"), value))
        .collect();
    pairs.push(("APP_LEVEL".to_owned(), "info"));
    pairs.push(("OLD_LEVEL".to_owned(), value));
    pairs.push(("APP_MOTD_FILE".to_owned(), value));
    shown::assert_load(&Refusing::loader().source(pairs).load());
}

fn taken(value: &str) {
    let names = [
        "TEXT",
        "APP_TEXT",
        "APP_LIST",
        "APP_PATH",
        "OLD_NAME",
        "APP_UNKNOWN",
    ];
    let pairs: Vec<_> = names.iter().map(|name| (*name, value)).collect();
    shown::assert_load(&Taking::loader().source(pairs).warn_unknown().load());
}

/// Removes the characters that end a URL or a parameter, because a password must escape them.
fn safe(middle: &str) -> String {
    let ends = |letter: char| letter.is_whitespace() || "&,;|=\"'`()[]{}<>\\".contains(letter);
    middle.replace(ends, "")
}

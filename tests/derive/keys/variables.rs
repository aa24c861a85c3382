//! The keys of variables: each way of reading a text, beside each kind of presence, each kind of
//! name, and each rule.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::net::IpAddr;
use std::num::ParseIntError;
use std::str::FromStr;
use std::time::Duration;

use environ::{EnvConfig, EnvValue, Live, Secret};

use super::Case;

/// A struct in which each field has the keys of `reads`. `file` is the key, or nothing where a
/// file may hold the text anyway.
macro_rules! each_presence {
    ($(
        $name:ident: $ty:ty, [$($reads:tt)*], [$($file:ident)?],
        $text:literal, $function:path, $copy:path, [$($names:literal)*], [$($rule:tt)*];
    )*) => {
        $(each_presence! {
            @struct $name, $ty, [$($reads)*], [$($file)?],
            $text, $function, $copy, [$($names)*], [$($rule)*]
        })*

        pub(super) const CASES: &[Case] = &[$(Case::of::<$name>(),)*];
    };
    (
        @struct $name:ident, $ty:ty, [$($reads:tt)*], [$($file:ident)?],
        $text:literal, $function:path, $copy:path,
        [$alias:literal $old:literal $whole:literal $removed:literal], [$($rule:tt)*]
    ) => {
        recorded! { $name:
            #[derive(Debug, EnvConfig)]
            #[env(removed($removed, "write another"), $($rule)*)]
            #[expect(dead_code, reason = "values are only shown")]
            struct $name {
                /// The first field.
                #[env($($reads)*, alias = $alias)]
                required: $ty,
                #[env($($reads)*, deprecated = $old, conflicts = "second")]
                first: Option<$ty>,
                #[env($($reads)*, requires(third), help = "The second.")]
                second: Option<$ty>,
                #[env($($reads)*, $($file,)? allow_empty)]
                third: Option<$ty>,
                #[env($($reads)*, default = $text, name = $whole, $($file)?)]
                defaulted: $ty,
                #[env($($reads)*, default = $text, allow_empty)]
                cleared: Option<$ty>,
                #[env($($reads)*, default_fn = $function, validate = accepts)]
                made: $ty,
                #[env($($reads)*, default_fn = $copy(required, defaulted))]
                copied: $ty,
                #[env($($reads)*, default_from = "{required}", $($file)?)]
                composed: $ty,
                #[env($($reads)*, live, default = $text, conflicts(first), validate = accepts, validate = accepts)]
                live: Live<$ty>,
                #[env($($reads)*, live, $($file)?)]
                maybe: Live<Option<$ty>>,
                #[env(skip, default_fn = size_of_val(required))]
                computed: usize,
            }
        }
    };
}

each_presence! {
    Bare: String, [expected = "a text"], [file], "a text",
        String::new, first, ["B_ALIAS" "B_OLD" "B_WHOLE" "B_GONE"],
        [one_of(first, second)];
    Texts: String, [len = 2..=40, non_empty, example = "some text"], [file], "x y",
        text, first, ["T_ALIAS" "T_OLD" "2T_WHOLE" "T_GONE"],
        [at_least_one_of(first, second)];
    Ranged: u16, [range = 1..=900, expected = "a number of workers"], [file], 7,
        seven, first, ["R_ALIAS" "R_OLD" "R_WHOLE" "R_GONE"],
        [at_most_one_of(first, third, maybe)];
    Floats: f64, [range = "0.5"..="1.5", example = 1.25], [file], 1,
        one, first, ["F_ALIAS" "F_OLD" "F_WHOLE" "F_GONE"],
        [all_or_none(second, third)];
    Units: Duration, [unit = "m", range = "1s"..="1h"], [file], "1h",
        minute, first, ["U_ALIAS" "U_OLD" "U_WHOLE" "U_GONE"],
        [one_of(first, second)];
    Lists: Vec<Duration>, [unit = "s", separator = ";", non_empty, len = ..9], [file], "1;2m",
        minutes, first, ["L_ALIAS" "L_OLD" "L_WHOLE" "L_GONE"],
        [at_least_one_of(third, maybe), all_or_none(third, maybe)];
    Maps: BTreeMap<String, u8>, [separator = ";", len = 1.., expected = "weights", example = "a=1;b=2"],
        [file], "x=9", weights, first, ["M_ALIAS" "M_OLD" "M_WHOLE" "M_GONE"],
        [all_or_none(third, maybe)];
    Parsed: u32, [parse = octal, expected = "a mode", range = 0..=0o777, example = 600], [file], "644",
        mode, first, ["P_ALIAS" "P_OLD" "P_WHOLE" "P_GONE"],
        [at_most_one_of(second, maybe)];
    Truths: bool, [truthy, example = "yes"], [file], true,
        yes, first, ["H_ALIAS" "H_OLD" "H_WHOLE" "H_GONE"],
        [one_of(second, first)];
    Words: Word, [expected = "a word"], [file], "zwei",
        Word::default, first, ["W_ALIAS" "W_OLD" "W_WHOLE" "W_GONE"],
        [at_least_one_of(first, second, third)];
    Newtypes: Wrapped, [expected = "an address"], [file], "::1",
        wrapped, first, ["N_ALIAS" "N_OLD" "N_WHOLE" "N_GONE"],
        [one_of(first, second), all_or_none(second, third)];
    Documents: Vec<u8>, [json, non_empty, len = 1..5, expected = "numbers", example = "[1, 2]"], [file], "[3]",
        bytes, first, ["J_ALIAS" "J_OLD" "J_WHOLE" "J_GONE"],
        [at_least_one_of(second, third)];
    Secrets: Secret<String>, [len = 4.., non_empty, expected = "a token"], [], "a default",
        hidden, first_secret, ["S_ALIAS" "S_OLD" "S_WHOLE" "S_GONE"],
        [one_of(second, first)];
    Plain: Foreign, [secret, plain, expected = "a code", example = "code-1"], [], "code-2",
        foreign, first, ["V_ALIAS" "V_OLD" "V_WHOLE" "V_GONE"],
        [all_or_none(second, third)];
    SecretLists: Secret<Vec<u16>>, [secret, separator = ":", len = 1..=3], [], "1:2",
        hidden_numbers, first_numbers, ["E_ALIAS" "E_OLD" "E_WHOLE" "E_GONE"],
        [at_most_one_of(first, third)];
}

recorded! { Flags:
    /// `key` and `present`, which no two fields share.
    #[derive(Debug, EnvConfig)]
    #[env(file, removed("FLAG_GONE", "remove it"))]
    #[expect(dead_code, reason = "values are only shown")]
    pub(super) struct Flags {
        #[env(present, name = "NO_COLOR", help = "No colours.")]
        no_color: bool,
        #[env(present, alias = "FLAG", deprecated = "OLD_FLAG", live)]
        live: Live<bool>,
        #[env(key = "tok", len = 4.., alias = "TOKEN", requires = "code", default_fn = none, live)]
        token: Live<Option<Secret<String>>>,
        #[env(secret, plain, key = "the_code", deprecated = "OLD_CODE", parse = Foreign::from_str, example = "x", validate = accepts)]
        code: Option<Foreign>,
        #[env(key = "pin", default = "12-34", len = 2..=9, allow_empty, conflicts(other), non_empty, separator = "-", name = "PIN")]
        pin: Option<Secret<Vec<u8>>>,
        #[env(conflicts(no_color), default = "a")]
        other: String,
        #[env(
            key = "made_of",
            default_from = "{other}!",
            expected = "a text of the other",
            example = "b!"
        )]
        of_other: Secret<String>,
    }
}

fn none<T>() -> Option<T> {
    None
}

recorded! { Word:
    /// Words of which each has another spelling.
    #[derive(Clone, Copy, Debug, Default, EnvValue)]
    #[env(rename_all = "snake_case")]
    enum Word {
        #[default]
        FirstWord,
        #[env(rename = "zwei", alias = "two")]
        Second,
    }
}

#[derive(Clone, Debug, EnvValue)]
struct Wrapped(IpAddr);

pub(super) const SOURCES: &[&str] = &[<Word as super::Recorded>::SOURCE];

/// A type that knows nothing of this crate, and hides itself.
#[derive(Clone)]
struct Foreign(#[expect(dead_code, reason = "hidden")] String);

impl std::fmt::Debug for Foreign {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Foreign")
    }
}

impl FromStr for Foreign {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "!" => Err("it is no code"),
            text => Ok(Self(text.to_owned())),
        }
    }
}

fn first<T: Clone>(first: &T, _: &T) -> T {
    first.clone()
}

fn first_secret(first: &Secret<String>, _: &Secret<String>) -> Secret<String> {
    Secret::new(first.expose().clone())
}

fn first_numbers(first: &Secret<Vec<u16>>, _: &Secret<Vec<u16>>) -> Secret<Vec<u16>> {
    Secret::new(first.expose().clone())
}

#[expect(clippy::unnecessary_wraps, reason = "a validator returns a result")]
fn accepts<T>(_: &T) -> Result<(), impl Display + use<T>> {
    Ok::<(), &'static str>(())
}

fn octal(text: &str) -> Result<u32, ParseIntError> {
    u32::from_str_radix(text, 8)
}

fn text() -> String {
    "made".to_owned()
}

fn seven() -> u16 {
    7
}

fn one() -> f64 {
    1.0
}

fn minute() -> Duration {
    Duration::from_mins(1)
}

fn minutes() -> Vec<Duration> {
    vec![minute()]
}

fn weights() -> BTreeMap<String, u8> {
    BTreeMap::from([("made".to_owned(), 1)])
}

fn mode() -> u32 {
    0o600
}

fn yes() -> bool {
    true
}

fn wrapped() -> Wrapped {
    Wrapped(IpAddr::from([127, 0, 0, 1]))
}

fn bytes() -> Vec<u8> {
    vec![4]
}

fn hidden() -> Secret<String> {
    Secret::new(text())
}

fn hidden_numbers() -> Secret<Vec<u16>> {
    Secret::new(vec![7])
}

fn foreign() -> Foreign {
    Foreign(text())
}

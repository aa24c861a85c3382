use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ffi::OsString;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::rc::Rc;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use environ::{EnvConfig, EnvValue, Form, Secret};

use crate::{load, problems};

#[derive(Debug, PartialEq, EnvConfig)]
struct One<T: EnvValue> {
    value: T,
}

fn value<T: EnvValue>(text: &str) -> T {
    load::<One<T>>(&[("APP_VALUE", text)]).value
}

fn problem<T: EnvValue + std::fmt::Debug>(text: &str) -> String {
    let problem = problems::<One<T>>(&[("APP_VALUE", text)]);
    problem.strip_prefix("  APP_VALUE  ").unwrap().to_owned()
}

#[test]
fn types_of_the_standard_library_are_read() {
    assert_eq!(value::<String>(" 0123 "), " 0123 ");
    assert_eq!(value::<u8>("255"), 255);
    assert_eq!(
        value::<i128>("-170141183460469231731687303715884105728"),
        i128::MIN
    );
    assert_eq!(value::<f32>("1.5e3").to_bits(), 1_500_f32.to_bits());
    assert_eq!(value::<char>("ß"), 'ß');
    assert_eq!(value::<NonZeroU16>("1").get(), 1);
    assert_eq!(value::<PathBuf>("/a b"), PathBuf::from("/a b"));
    assert_eq!(value::<OsString>("x"), OsString::from("x"));
    assert_eq!(value::<IpAddr>("::1"), IpAddr::V6(Ipv6Addr::LOCALHOST));
    assert_eq!(
        value::<SocketAddr>("127.0.0.1:80"),
        SocketAddr::from(([127, 0, 0, 1], 80))
    );
    assert_eq!(&*value::<Box<str>>("x"), "x");
    assert_eq!(&*value::<Arc<str>>("x"), "x");
    assert_eq!(&*value::<Rc<str>>("x"), "x");
    assert_eq!(value::<Cow<'static, str>>("x"), "x");
    assert_eq!(value::<Duration>("1h30m"), Duration::from_mins(90));
    assert_eq!(value::<Secret<u16>>("7").expose(), &7);
}

/// A password of digits is no number.
#[test]
fn a_text_of_digits_stays_one() {
    for text in ["0123", "1e3", "00", "0x1F", "true", "null"] {
        assert_eq!(value::<String>(text), text);
        assert_eq!(value::<Secret<String>>(text).expose(), text);
    }
}

#[test]
fn a_bool_has_twelve_words_and_no_other() {
    for (words, is_true) in [
        (
            ["true", "1", "yes", "on", "TRUE", "Yes", "oN", "t", "Y"],
            true,
        ),
        (
            ["false", "0", "no", "off", "FALSE", "No", "oFF", "F", "n"],
            false,
        ),
    ] {
        for word in words {
            assert_eq!(value::<bool>(word), is_true, "{word}");
        }
    }
    for word in ["ture", "flase", "tr", "ff", "2", "00", " true", "enabled"] {
        assert_eq!(
            problem::<bool>(word).lines().next().unwrap(),
            format!("{word:?} is not one of: true, false, yes, no, on, off, 1, 0")
        );
    }
}

#[test]
fn what_is_expected_is_said() {
    for (problem, expected) in [
        (
            problem::<u8>("256"),
            "\"256\" is not a u8: it must be from 0 to 255",
        ),
        (
            problem::<u8>("-1"),
            "\"-1\" is not a u8: it must be from 0 to 255",
        ),
        (
            problem::<i32>("x"),
            "\"x\" is not an i32: it must be a whole number from -2147483648 to 2147483647",
        ),
        (
            problem::<f64>("x"),
            "\"x\" is not an f64: it must be a number, like 0.5",
        ),
        (
            problem::<char>("ab"),
            "\"ab\" is not a single character: it has 2 characters",
        ),
        (
            problem::<NonZeroU16>("0"),
            "\"0\" is not a u16 above 0: it must be from 1 to 65535",
        ),
        (
            problem::<IpAddr>("localhost"),
            "\"localhost\" is not an IP address: names are not looked up; write 127.0.0.1",
        ),
        (
            problem::<SocketAddr>("::1"),
            "\"::1\" is not a socket address, like 127.0.0.1:8000: the port is missing, as in [::1]:8000",
        ),
        (
            problem::<Duration>("30"),
            "\"30\" is not a duration, like 500ms, 30s or 1h30m: 30 has no unit; write 30s, or 30ms",
        ),
        (
            problem::<bool>("flase"),
            "\"flase\" is not one of: true, false, yes, no, on, off, 1, 0",
        ),
    ] {
        assert_eq!(problem, expected);
    }
}

#[test]
fn a_form_has_the_article_that_it_is_read_with() {
    for (noun, said) in [
        ("f64", "an f64"),
        ("fraction", "a fraction"),
        ("IP address", "an IP address"),
        ("u16", "a u16"),
    ] {
        assert_eq!(Form::noun(noun).to_string(), said);
    }
}

#[test]
fn a_huge_value_is_read_and_cut_only_where_it_is_shown() {
    let huge = "9".repeat(10_000_000);
    assert_eq!(value::<String>(&huge), huge);
    let shown = format!("\"{}\"... (10000000 bytes)", "9".repeat(120));
    assert_eq!(
        problem::<u64>(&huge),
        format!("{shown} is not a u64: it must be from 0 to 18446744073709551615")
    );
}

#[test]
fn lists_and_sets_are_split_trimmed_and_unescaped() {
    assert_eq!(value::<Vec<u16>>("1, 2 ,3"), [1, 2, 3]);
    assert_eq!(value::<Vec<String>>(r"a,b\,c"), ["a", "b,c"]);
    assert_eq!(value::<Vec<u16>>("1,2,"), [1, 2]);
    assert_eq!(value::<HashSet<u16>>("1,2,1"), HashSet::from([1, 2]));
    assert_eq!(
        value::<BTreeSet<String>>("b,a"),
        BTreeSet::from(["a".into(), "b".into()])
    );
    assert_eq!(value::<Secret<Vec<String>>>("a,b").expose(), &["a", "b"]);
}

/// Only a text without digits is infinite.
#[test]
fn a_number_that_is_too_large_is_not_infinite() {
    assert_eq!(
        problem::<f32>("1e39"),
        "\"1e39\" is not an f32: it must be at most 3.4028235e38"
    );
    assert_eq!(
        problem::<f64>("-1e309"),
        "\"-1e309\" is not an f64: it must be at least -1.7976931348623157e308"
    );
    assert!(value::<f64>("-inf").is_infinite());
}

#[test]
fn a_problem_names_the_element() {
    assert_eq!(
        problem::<Vec<u16>>("1,x,3"),
        "\"1,x,3\": element 2, \"x\", is not a u16: it must be a whole number from 0 to 65535"
    );
    assert_eq!(problem::<Vec<u16>>("1,,3"), "\"1,,3\": element 2 is empty");
    assert_eq!(
        problem::<Vec<u16>>("x,2,,4,5x"),
        "\"x,2,,4,5x\": element 1, \"x\", is not a u16 (elements 3 and 5 are wrong too): \
         it must be a whole number from 0 to 65535"
    );
    assert_eq!(
        problem::<BTreeMap<u8, bool>>("1=yes,2,3=maybe"),
        "\"1=yes,2,3=maybe\": element 2, \"2\", has no =; write key=value (element 3 is wrong too)"
    );
    assert_eq!(
        problem::<(u8, bool, u8)>("x,yes,300"),
        "\"x,yes,300\": element 1, \"x\", is not a u8 (element 3 is wrong too): \
         it must be a whole number from 0 to 255"
    );
}

#[test]
fn a_separator_can_be_chosen() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(separator = ";")]
        hosts: Vec<String>,
        #[env(separator = "::", default = "a::b")]
        path: Vec<char>,
    }

    let cfg: Cfg = load(&[("APP_HOSTS", r"a,b;c\;d")]);
    assert_eq!(
        cfg,
        Cfg {
            hosts: vec!["a,b".into(), "c;d".into()],
            path: vec!['a', 'b']
        }
    );
}

/// A type that knows nothing of this crate, with an error that quotes.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Even(u8);

impl FromStr for Even {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.parse().map_err(|_| format!("{text} is no number"))?;
        if number % 2 == 0 {
            Ok(Self(number))
        } else {
            Err(format!("{text} is odd"))
        }
    }
}

#[test]
fn any_type_with_from_str_is_read() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "compared as text")]
    struct Cfg {
        one: Even,
        maybe: Option<Even>,
        several: Vec<Even>,
        different: HashSet<Even>,
        hidden: Secret<Even>,
        deep: Secret<Vec<Even>>,
        #[env(default = 8)]
        fallback: Even,
    }

    let all = [
        ("APP_ONE", "2"),
        ("APP_MAYBE", "4"),
        ("APP_SEVERAL", "2,4"),
        ("APP_DIFFERENT", "6"),
        ("APP_HIDDEN", "2"),
        ("APP_DEEP", "2,4"),
    ];
    assert_eq!(
        format!("{:?}", load::<Cfg>(&all)),
        "Cfg { one: Even(2), maybe: Some(Even(4)), several: [Even(2), Even(4)], \
         different: {Even(6)}, hidden: [REDACTED], deep: [REDACTED], fallback: Even(8) }"
    );
    let odd = all.map(|(name, value)| (name, if value == "2,4" { "2,3" } else { "3" }));
    assert_eq!(
        problems::<Cfg>(&odd),
        "  APP_ONE        \"3\" is not an even: 3 is odd\n\
         \x20 APP_MAYBE      \"3\" is not an even: 3 is odd\n\
         \x20 APP_SEVERAL    \"2,3\": element 2, \"3\", is not an even: 3 is odd\n\
         \x20 APP_DIFFERENT  \"3\": element 1, \"3\", is not an even: 3 is odd\n\
         \x20 APP_HIDDEN     the secret is not an even; the reason is not shown\n\
         \x20 APP_DEEP       the secret is not a list, each an even; the reason is not shown"
    );
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Checked {
    #[env(parse = octal, default = "644")]
    mode: u32,
    #[env(validate = unprivileged, validate = even)]
    port: u16,
    #[env(validate = not_blank)]
    name: Option<String>,
    #[env(parse = octal, validate = small)]
    mask: Option<u32>,
}

fn octal(text: &str) -> Result<u32, std::num::ParseIntError> {
    u32::from_str_radix(text, 8)
}

fn unprivileged(port: &u16) -> Result<(), String> {
    if *port < 1024 {
        Err(format!("{port} needs root"))
    } else {
        Ok(())
    }
}

fn even(port: &u16) -> Result<(), &'static str> {
    if port % 2 == 1 {
        Err("it is odd")
    } else {
        Ok(())
    }
}

/// A function of one lifetime, as a trait's with a parameter is.
#[test]
fn a_parser_may_be_a_function_of_a_trait() {
    #[derive(Debug, PartialEq)]
    struct Token<'t>(&'t str);

    impl<'t> TryFrom<&'t str> for Token<'static> {
        type Error = String;

        fn try_from(text: &'t str) -> Result<Self, String> {
            match text {
                "x" => Ok(Self("x")),
                other => Err(format!("{other} is unknown")),
            }
        }
    }

    fn into<'t, T: TryFrom<&'t str>>(text: &'t str) -> Result<T, T::Error> {
        T::try_from(text)
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(parse = Token::try_from)]
        one: Token<'static>,
        #[env(parse = into)]
        two: Option<Token<'static>>,
    }

    let (one, two) = (Token("x"), Some(Token("x")));
    assert_eq!(
        load::<Cfg>(&[("APP_ONE", "x"), ("APP_TWO", "x")]),
        Cfg { one, two }
    );
    assert_eq!(
        problems::<Cfg>(&[("APP_ONE", "y")]),
        "  APP_ONE  \"y\" is not a token: y is unknown"
    );
}

#[test]
fn a_function_may_be_that_of_a_trait() {
    trait Rule {
        fn check(value: &Self) -> Result<(), &'static str>;
    }

    impl Rule for u8 {
        fn check(value: &Self) -> Result<(), &'static str> {
            if *value == 7 { Err("it is 7") } else { Ok(()) }
        }
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(parse = <u8 as FromStr>::from_str, validate = <u8 as Rule>::check)]
        port: u8,
        #[env(default_fn = <u8 as Default>::default)]
        other: u8,
    }

    let cfg = Cfg { port: 8, other: 0 };
    assert_eq!(load::<Cfg>(&[("APP_PORT", "8")]), cfg);
    assert_eq!(
        problems::<Cfg>(&[("APP_PORT", "7")]),
        "  APP_PORT  \"7\" is refused: it is 7"
    );
}

/// Takes what a `&String` derefs to.
fn not_blank(name: &str) -> Result<(), &'static str> {
    if name.trim().is_empty() {
        Err("it is blank")
    } else {
        Ok(())
    }
}

fn small(mask: &u32) -> Result<(), &'static str> {
    if *mask > 0o777 {
        Err("it is too large")
    } else {
        Ok(())
    }
}

#[test]
fn a_function_can_read_and_others_can_refuse() {
    let cfg: Checked = load(&[("APP_PORT", "8000"), ("APP_NAME", "x"), ("APP_MASK", "17")]);
    let name = Some("x".into());
    assert_eq!(
        cfg,
        Checked {
            mode: 0o644,
            port: 8_000,
            name,
            mask: Some(15)
        }
    );
    assert_eq!(
        problems::<Checked>(&[
            ("APP_MODE", "8"),
            ("APP_PORT", "81"),
            ("APP_NAME", " "),
            ("APP_MASK", "7777"),
        ]),
        "  APP_MODE  \"8\" is not a u32: it has a character that is not a digit\n\
         \x20 APP_PORT  \"81\" is refused: 81 needs root\n\
         \x20 APP_NAME  \" \" is refused: it is blank\n\
         \x20           it begins or ends with white space; remove that\n\
         \x20 APP_MASK  \"7777\" is refused: it is too large"
    );
    assert_eq!(
        problems::<Checked>(&[("APP_PORT", "8001")]),
        "  APP_PORT  \"8001\" is refused: it is odd"
    );
}

#[cfg(unix)]
mod not_unicode {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn what_is_not_utf_8_is_an_error_in_a_text_and_a_value_in_a_path() {
        let bytes = OsStr::from_bytes(b"caf\xe9");
        let source = [("APP_VALUE", bytes)];
        let err = One::<String>::from_source(source).unwrap_err();
        assert_eq!(
            err.to_string(),
            "1 problem with the environment:\n  APP_VALUE  \"caf\\xE9\" is not UTF-8"
        );
        assert_eq!(err.problems().next().unwrap().code(), "not_unicode");
        assert_eq!(One::<PathBuf>::from_source(source).unwrap().value, bytes);
        assert_eq!(One::<OsString>::from_source(source).unwrap().value, bytes);
        let err = One::<Vec<String>>::from_source(source).unwrap_err();
        assert_eq!(err.problems().next().unwrap().code(), "not_unicode");
    }

    #[test]
    fn a_neighbour_that_is_not_utf_8_does_not_matter() {
        let name = OsStr::new("APP_VALUE");
        let neighbours = [
            (OsStr::from_bytes(b"APP_\xff"), OsStr::new("x")),
            (OsStr::new("APP_OTHER"), OsStr::from_bytes(b"\xff")),
        ];
        let [one, other] = neighbours;
        let source = [one, (name, OsStr::new("1")), other];
        assert_eq!(One::<u8>::from_source(source).unwrap().value, 1);
        let err = One::<u8>::from_source(neighbours).unwrap_err();
        assert_eq!(err.problems().len(), 1);
    }
}

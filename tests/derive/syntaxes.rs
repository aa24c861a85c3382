//! Lists and maps in the syntax of another format.

use std::collections::{BTreeMap, BTreeSet};

use environ::{EnvConfig, EnvValue, Secret};

use crate::problems;

#[derive(Debug, EnvValue)]
enum Level {
    Info,
    Debug,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "its reports and warnings are compared")]
struct Lists {
    #[env(default)]
    hosts: Vec<String>,
    #[env(default, separator = ";")]
    paths: Vec<String>,
    #[env(default)]
    ports: Vec<u16>,
    #[env(default)]
    levels: Vec<Level>,
    #[env(default)]
    set: BTreeSet<u16>,
    #[env(default)]
    array: [u8; 3],
    #[env(default)]
    pair: (u8, u8),
    #[env(default)]
    map: BTreeMap<String, u16>,
    #[env(default)]
    texts: BTreeMap<String, String>,
    #[env(default = "")]
    tokens: Secret<Vec<String>>,
}

/// The warnings of a load that goes well.
fn warnings<T: EnvConfig>(pairs: &[(&str, &str)]) -> Vec<String> {
    let loaded = T::loader().source(pairs).load().unwrap();
    let odd = loaded
        .warnings
        .iter()
        .filter(|warning| warning.code() == "odd");
    odd.map(ToString::to_string).collect()
}

#[test]
fn an_element_on_each_line_is_a_warning() {
    for (name, text, warning) in [
        (
            "APP_HOSTS",
            "a.example\nb.example\n",
            "APP_HOSTS: elements are separated by \",\"; write a.example,b.example",
        ),
        (
            "APP_PATHS",
            "/a\r\n/b",
            "APP_PATHS: elements are separated by \";\"; write /a;/b",
        ),
        (
            "APP_TEXTS",
            "a=1\nb=2",
            "APP_TEXTS: elements are separated by \",\"; write a=1,b=2",
        ),
        (
            "APP_TOKENS",
            "hunter2\nhunter3",
            "APP_TOKENS: elements are separated by \",\"",
        ),
    ] {
        assert_eq!(warnings::<Lists>(&[(name, text)]), [warning]);
    }
    for text in ["a,\nb,\n", "a\n", "insert into a\nvalues b"] {
        assert_eq!(warnings::<Lists>(&[("APP_HOSTS", text)]), [""; 0]);
    }
}

#[test]
fn a_list_that_loads_in_another_syntax_is_a_warning() {
    for (name, text, warning) in [
        (
            "APP_HOSTS",
            r#"["example.com", "www.example.com"]"#,
            "APP_HOSTS: looks like JSON; write example.com,www.example.com",
        ),
        (
            "APP_HOSTS",
            "['a', b]",
            "APP_HOSTS: looks like YAML; write a,b",
        ),
        (
            "APP_HOSTS",
            "- a\n- b",
            "APP_HOSTS: looks like YAML; write a,b",
        ),
        (
            "APP_HOSTS",
            r#""a","b""#,
            "APP_HOSTS: the elements are in quotes; write a,b",
        ),
        (
            "APP_PATHS",
            r#"["/a", "/b"]"#,
            "APP_PATHS: looks like JSON; write /a;/b",
        ),
        (
            "APP_TEXTS",
            r#"{"a": "x=1"}"#,
            "APP_TEXTS: looks like JSON; write a=x=1",
        ),
        (
            "APP_HOSTS",
            r#"["postgres://me:hunter2@db"]"#,
            "APP_HOSTS: looks like JSON; write postgres://me:***@db",
        ),
        (
            "APP_TOKENS",
            r#"["hunter2"]"#,
            "APP_TOKENS: looks like JSON",
        ),
    ] {
        assert_eq!(warnings::<Lists>(&[(name, text)]), [warning], "{text}");
    }
}

#[test]
fn a_list_that_is_meant_is_no_warning() {
    for text in [
        "a,b",
        "[::1]:80,[::2]:80",
        "[::1]",
        "[a-z],x",
        "it's,x",
        "\"a\" b",
    ] {
        assert_eq!(warnings::<Lists>(&[("APP_HOSTS", text)]), [""; 0], "{text}");
    }
    assert_eq!(warnings::<Lists>(&[("APP_PATHS", "[a,b]")]), [""; 0]);
}

#[test]
fn a_list_that_fails_in_another_syntax_is_corrected() {
    assert_eq!(
        problems::<Lists>(&[
            ("APP_PORTS", "[80, 443]"),
            ("APP_LEVELS", "['info', 'debug']"),
            ("APP_SET", "80 443"),
            ("APP_ARRAY", "1;2;3"),
            ("APP_PAIR", "[1, 2]"),
            ("APP_MAP", r#"{"a": 1, "b": 2}"#),
            ("APP_TEXTS", "a: 1, b: 2"),
        ]),
        "  APP_PORTS   \"[80, 443]\" is not a list, each a u16: looks like JSON; write 80,443\n\
         \x20 APP_LEVELS  \"['info', 'debug']\" is not a list, each one of: info, debug: \
         looks like YAML; write info,debug\n\
         \x20 APP_SET     \"80 443\" is not a list, each a u16: \
         elements are separated by \",\"; write 80,443\n\
         \x20 APP_ARRAY   \"1;2;3\" is not 3 elements, each a u8: \
         elements are separated by \",\"; write 1,2,3\n\
         \x20 APP_PAIR    \"[1, 2]\" is not 2 elements: a u8, a u8: looks like JSON; write 1,2\n\
         \x20 APP_MAP     \"{\\\"a\\\": 1, \\\"b\\\": 2}\" is not pairs like key=value, \
         a text and a u16: looks like JSON; write a=1,b=2\n\
         \x20 APP_TEXTS   \"a: 1, b: 2\" is not pairs like key=value, a text and a text: \
         a key ends at =; write a=1,b=2"
    );
}

/// A text without a pair is no map in another syntax.
#[test]
fn a_list_of_nothing_has_an_element_that_is_empty() {
    assert_eq!(
        problems::<Lists>(&[("APP_HOSTS", ",")]),
        "  APP_HOSTS  \",\": element 1 is empty"
    );
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Nested {
    #[env(default)]
    map: BTreeMap<String, Vec<u8>>,
    #[env(default)]
    lists: Vec<Vec<u8>>,
    #[env(default)]
    texts: BTreeMap<String, String>,
    #[env(default)]
    numbers: BTreeMap<String, u8>,
}

/// The text that a report says to write is read.
#[test]
fn a_text_to_write_loads_or_is_not_said() {
    assert_eq!(
        problems::<Nested>(&[
            ("APP_MAP", "a=1;2"),
            ("APP_LISTS", "1;2,3"),
            ("APP_TEXTS", r#"{"a":{"b":1}}"#),
            ("APP_NUMBERS", r#"{"c=d":2}"#),
        ]),
        "  APP_MAP      \"a=1;2\": the value of element 1, \"a=1;2\", is not a list, each a u8: \
         elements are separated by \",\"; write 1\\,2\n\
         \x20 APP_LISTS    \"1;2,3\": element 1, \"1;2\", is not a list, each a u8: \
         elements are separated by \",\"; write 1\\,2\n\
         \x20 APP_TEXTS    \"{\\\"a\\\":{\\\"b\\\":1}}\": element 1, \"{\\\"a\\\":{\\\"b\\\":1}}\", \
         has no =; write key=value\n\
         \x20 APP_NUMBERS  \"{\\\"c=d\\\":2}\" is not pairs like key=value, a text and a u8: looks like JSON"
    );
    assert_eq!(
        problems::<Nested>(&[("APP_MAP", "a=1,2")]),
        "  APP_MAP  \"a=1,2\": element 2, \"2\", has no =; write key=value, \
         with \\, between the elements of a value"
    );
    let nested = crate::load::<Nested>(&[("APP_MAP", r"a=1\,2"), ("APP_LISTS", r"1\,2,3")]);
    assert_eq!(nested.map["a"], [1, 2]);
    assert_eq!(nested.lists, [vec![1, 2], vec![3]]);
}

#[test]
fn an_empty_list_in_another_syntax_is_a_warning() {
    for text in ["[]", "{}", "[ ]"] {
        let warning = "APP_HOSTS: looks like JSON; write \" \" for no elements";
        assert_eq!(
            warnings::<Lists>(&[("APP_HOSTS", text)]),
            [warning],
            "{text}"
        );
    }
    assert_eq!(warnings::<Lists>(&[("APP_HOSTS", " ")]), [""; 0]);
}

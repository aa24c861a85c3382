use environ::{EnvConfig, EnvValue};

use crate::{load, problems};

#[derive(Debug, PartialEq, EnvValue)]
enum Plain {
    Human,
    HTTPProxy2,
    #[env(rename = "logfmt", alias = "key-value", alias = "kv")]
    KeyValue,
    r#Type,
}

#[derive(Debug, PartialEq, EnvValue)]
#[env(rename_all = "SCREAMING_SNAKE_CASE")]
enum Loud {
    WriteAhead,
    #[env(rename = "off")]
    NoLog,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    plain: Plain,
    #[env(default = "WRITE_AHEAD")]
    loud: Loud,
    #[env(default)]
    several: Vec<Plain>,
}

fn plain(word: &str) -> Plain {
    load::<Cfg>(&[("APP_PLAIN", word)]).plain
}

#[test]
fn words_are_kebab_case_and_match_in_any_case() {
    assert_eq!(plain("human"), Plain::Human);
    assert_eq!(plain("HUMAN"), Plain::Human);
    assert_eq!(plain("http-proxy2"), Plain::HTTPProxy2);
    assert_eq!(plain("type"), Plain::Type);
    for word in ["logfmt", "key-value", "KV"] {
        assert_eq!(plain(word), Plain::KeyValue);
    }
}

#[test]
fn another_word_is_answered_with_the_list() {
    assert_eq!(
        problems::<Cfg>(&[("APP_PLAIN", "jsno"), ("APP_LOUD", "x")]),
        "  APP_PLAIN  \"jsno\" is not one of: human, http-proxy2, logfmt, type\n\
         \x20 APP_LOUD   \"x\" is not one of: WRITE_AHEAD, off"
    );
    assert_eq!(
        problems::<Cfg>(&[]),
        "  APP_PLAIN  not set; expected one of: human, http-proxy2, logfmt, type"
    );
}

#[test]
fn a_renamed_case_is_read() {
    for (word, loud) in [("write_ahead", Loud::WriteAhead), ("OFF", Loud::NoLog)] {
        let cfg: Cfg = load(&[("APP_PLAIN", "human"), ("APP_LOUD", word)]);
        assert_eq!(cfg.loud, loud);
    }
}

#[test]
fn a_list_of_words_names_the_one_that_is_wrong() {
    let cfg: Cfg = load(&[("APP_PLAIN", "human"), ("APP_SEVERAL", "human, KV")]);
    assert_eq!(cfg.several, [Plain::Human, Plain::KeyValue]);
    assert_eq!(
        problems::<Cfg>(&[("APP_PLAIN", "human"), ("APP_SEVERAL", "human, x")]),
        "  APP_SEVERAL  \"human, x\": element 2, \"x\", is not one of: human, http-proxy2, \
         logfmt, type"
    );
}

/// Only the word of a variant with a group is a part of names.
#[test]
fn a_variant_without_a_group_has_any_word() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(group)]
        size: Size,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    enum Size {
        Äußerste,
        #[env(flatten, rename = "größe")]
        Fixed(Fixed),
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Fixed {
        bytes: u64,
    }

    let size = |pairs: &[(&str, &str)]| load::<Cfg>(pairs).size;
    assert_eq!(size(&[("APP_SIZE", "Äußerste")]), Size::Äußerste);
    let fixed = size(&[("APP_SIZE", "größe"), ("APP_SIZE_BYTES", "8")]);
    assert_eq!(fixed, Size::Fixed(Fixed { bytes: 8 }));
}

#[test]
fn letter_cases_are_those_of_all_letters() {
    #[derive(Debug, PartialEq, EnvValue)]
    enum Fruit {
        Äpfel,
        Birnen,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(default = "ÄPFEL")]
        fruit: Fruit,
    }

    for (word, fruit) in [("Äpfel", Fruit::Äpfel), ("birneN", Fruit::Birnen)] {
        assert_eq!(load::<Cfg>(&[("APP_FRUIT", word)]).fruit, fruit);
    }
    assert_eq!(load::<Cfg>(&[]).fruit, Fruit::Äpfel);
    assert_eq!(
        problems::<Cfg>(&[("APP_FRUIT", "äpfe")]),
        "  APP_FRUIT  \"äpfe\" is not one of: äpfel, birnen"
    );
}

#[expect(
    non_camel_case_types,
    reason = "names that a generator or a standard gave"
)]
mod odd {
    use environ::{EnvConfig, EnvValue};

    #[derive(Debug, PartialEq, EnvValue)]
    pub(super) enum Kebab {
        Foo_Bar,
        Foo__Bar2,
        _Leading,
        HTTPServer,
        V2Beta,
        TLS1_3,
        X86_64,
        lower_case,
        ISO8601,
    }

    #[derive(Debug, PartialEq, EnvValue)]
    #[env(rename_all = "SCREAMING_SNAKE_CASE")]
    pub(super) enum Snake {
        Foo_Bar,
        HTTP_Server,
    }

    #[derive(Debug, PartialEq, EnvValue)]
    #[env(rename_all = "lowercase")]
    pub(super) enum Lower {
        FooBar,
        Foo_Bar,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    pub(super) struct Cfg {
        kebab: Kebab,
        snake: Snake,
        lower: Lower,
    }
}

/// As in serde and heck: an underscore stands between words, and is not part of a word.
#[test]
fn an_underscore_in_a_variant_separates_words() {
    assert_eq!(
        problems::<odd::Cfg>(&[
            ("APP_KEBAB", "foo_-bar"),
            ("APP_SNAKE", "x"),
            ("APP_LOWER", "x"),
        ]),
        "  APP_KEBAB  \"foo_-bar\" is not one of: foo-bar, foo-bar2, leading, http-server, \
         v2-beta, tls1-3, x86-64, lower-case, iso8601\n\
         \x20 APP_SNAKE  \"x\" is not one of: FOO_BAR, HTTP_SERVER\n\
         \x20 APP_LOWER  \"x\" is not one of: foobar, foo_bar"
    );
}

//! Units, ranges of texts, lengths, and the words for a text.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::Duration;

use environ::{EnvConfig, EnvValue, Secret};

use crate::{load, problems};

#[derive(Debug, PartialEq, EnvConfig)]
struct Times {
    /// How long a session lives.
    #[env(unit = "m", default = 30, range = "1s"..="1h")]
    session: Duration,
    #[env(unit = "ms")]
    poll: Option<Duration>,
    #[env(unit = "d", default = "1.5", range = "1".."7")]
    keep: Duration,
}

#[test]
fn a_bare_number_has_the_unit_of_the_field() {
    let times: Times = load(&[]);
    assert_eq!(times.session, Duration::from_mins(30));
    assert_eq!(times.keep, Duration::from_hours(36));
    for (text, seconds) in [
        ("5", 300),
        ("0.5", 30),
        ("90s", 90),
        ("1h", 3_600),
        ("5 min", 300),
    ] {
        let times: Times = load(&[("APP_SESSION", text)]);
        assert_eq!(times.session, Duration::from_secs(seconds), "{text}");
    }
    let times: Times = load(&[("APP_POLL", "250")]);
    assert_eq!(times.poll, Some(Duration::from_millis(250)));
}

#[test]
fn errors_name_the_unit_and_the_range() {
    let report = problems::<Times>(&[("APP_SESSION", "soon")]);
    assert!(
        report.starts_with(
            "  APP_SESSION  \"soon\" is not a number of minutes, or a duration such as 90s: "
        ),
        "{report}"
    );
    assert_eq!(
        problems::<Times>(&[("APP_SESSION", "90"), ("APP_KEEP", "7")]),
        "  APP_SESSION  \"90\" is refused: it must be from 1s to 1h\n               \
         How long a session lives.\n  \
         APP_KEEP     \"7\" is refused: it must be at least 1d and below 7d"
    );
    let report = problems::<Times>(&[("APP_POLL", "-5")]);
    assert!(
        report.contains("is not a number of milliseconds"),
        "{report}"
    );
    let report = problems::<Times>(&[("APP_POLL", "99999999999999999999999999999999999")]);
    assert!(report.ends_with(": it is too large"), "{report}");
}

#[test]
fn every_number_of_a_list_has_the_unit() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(unit = "s", default = "5,1m")]
        retries: Vec<Duration>,
        #[env(unit = "ms", separator = " ")]
        steps: Option<[Duration; 2]>,
        #[env(unit = "h")]
        rooms: Option<BTreeMap<String, Box<Duration>>>,
        #[env(unit = "d")]
        rotation: Option<Secret<Duration>>,
    }

    let cfg: Cfg = load(&[
        ("APP_STEPS", "5 1s"),
        ("APP_ROOMS", "a=1,b=30m"),
        ("APP_ROTATION", "2"),
    ]);
    let seconds = Duration::from_secs;
    assert_eq!(cfg.retries, [seconds(5), seconds(60)]);
    assert_eq!(cfg.steps, Some([Duration::from_millis(5), seconds(1)]));
    let rooms = cfg.rooms.unwrap();
    assert_eq!((*rooms["a"], *rooms["b"]), (seconds(3600), seconds(1800)));
    assert_eq!(cfg.rotation.unwrap().expose(), &seconds(2 * 86_400));
    assert_eq!(
        problems::<Cfg>(&[("APP_RETRIES", "5,soon"), ("APP_ROTATION", "soon")]),
        "  APP_RETRIES   \"5,soon\": element 2, \"soon\", is not a number of seconds, or a duration such as 5m: it must be a number, like 30, or a duration, like 30s\n  \
         APP_ROTATION  the secret is not a number of days, or a duration such as 36h; the reason is not shown"
    );
    let help = Cfg::help().to_lines();
    assert!(
        help.starts_with(
            "APP_RETRIES (Optional, Default=5s,1m): Expects a list, each a number of seconds, or a \
             duration such as 5m.\nAPP_STEPS (Optional): Expects 2 elements, each a number of \
             milliseconds, or a duration such as 90s. Separated by \" \".\n"
        ),
        "{help}"
    );
    environ::testing::assert_valid::<Cfg>();
}

#[test]
fn every_format_of_help_names_the_unit() {
    assert_eq!(
        Times::help().to_markdown(),
        "\
| variable | type | default | meaning |
|---|---|---|---|
| `APP_SESSION` | number of minutes | `30m` | How long a session lives. From 1s to 1h. |
| `APP_POLL` | number of milliseconds |  |  |
| `APP_KEEP` | number of days | `1.5d` | At least 1d and below 7d. |
"
    );
    let json = Times::help().to_json();
    assert!(json.contains("\"range\": \"from 1s to 1h\""), "{json}");
    environ::testing::assert_valid::<Times>();
}

#[test]
fn a_range_may_have_texts_of_any_type() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(range = "1".."64")]
        threads: u8,
        #[env(range = ..="m")]
        name: Option<String>,
    }

    assert_eq!(load::<Cfg>(&[("APP_THREADS", "63")]).threads, 63);
    assert_eq!(
        problems::<Cfg>(&[("APP_THREADS", "64"), ("APP_NAME", "n")]),
        "  APP_THREADS  \"64\" is refused: it must be at least 1 and below 64\n  \
         APP_NAME     \"n\" is refused: it must be at most m"
    );
}

/// The compiler does not know how texts are ordered.
#[test]
fn a_range_of_texts_without_a_value_is_a_problem_of_every_value() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(range = "1h"..="5m")]
        _wait: Option<Duration>,
    }

    let why = "no value is in its range 1h..=5m";
    assert_eq!(
        problems::<Cfg>(&[("APP__WAIT", "30m")]),
        format!("  APP__WAIT  \"30m\" is refused: {why}")
    );
    let panic = std::panic::catch_unwind(environ::testing::assert_valid::<Cfg>).unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    assert!(message.contains(&format!("APP__WAIT  {why}")), "{message}");
}

/// Only a load knows the values of constants.
#[test]
#[expect(clippy::reversed_empty_ranges, reason = "clippy is not always asked")]
fn a_range_of_constants_without_a_value_is_a_problem_of_every_value() {
    const LEAST: u8 = 9;
    const MOST: u8 = 1;
    const LONG: usize = 4;

    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(range = LEAST..=MOST)]
        _port: Option<u8>,
        #[env(range = LEAST..LEAST)]
        _one: Option<Secret<u8>>,
        #[env(len = LONG..=3)]
        _code: Option<String>,
    }

    let faults = [
        ("APP__PORT", "no value is in its range 9..=1"),
        ("APP__ONE", "no value is in its range 9..9"),
        ("APP__CODE", "no value is in its range 4..=3"),
    ];
    assert_eq!(
        problems::<Cfg>(&[("APP__PORT", "5")]),
        format!("  APP__PORT  \"5\" is refused: {}", faults[0].1)
    );
    let panic = std::panic::catch_unwind(environ::testing::assert_valid::<Cfg>).unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    for (name, fault) in faults {
        assert!(message.contains(&format!("{name}  {fault}")), "{message}");
    }
}

#[test]
fn the_ends_of_a_range_are_shown_as_they_are_written() {
    const LAST: &str = "2 h";

    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(range = "1m 30s"..=LAST)]
        _wait: Option<Duration>,
        #[env(range = "a..b".."c \"d\"")]
        _name: Option<String>,
    }

    assert_eq!(
        problems::<Cfg>(&[("APP__WAIT", "1s"), ("APP__NAME", "x")]),
        "  APP__WAIT  \"1s\" is refused: it must be from 1m 30s to 2 h\n  \
         APP__NAME  \"x\" is refused: it must be at least a..b and below c \"d\""
    );
    environ::testing::assert_valid::<Cfg>();
}

/// A text that the compiler does not know to be wrong.
#[test]
fn a_wrong_end_of_a_range_is_a_problem_of_every_value() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(range = "one"..)]
        _from: Option<Ipv4Addr>,
    }

    assert_eq!(
        problems::<Cfg>(&[("APP__FROM", "10.0.0.1")]),
        "  APP__FROM  \"10.0.0.1\" is refused: the end one of its range is no value of its type"
    );
    let panic = std::panic::catch_unwind(environ::testing::assert_valid::<Cfg>).unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    assert!(
        message.contains("APP__FROM  the end one of its range is no value of its type"),
        "{message}"
    );
}

#[derive(Debug, EnvConfig)]
struct Keys {
    #[env(len = 12.., example = "correct-horse")]
    key: Secret<String>,
    #[env(len = 1..=2)]
    hosts: Option<Vec<String>>,
    #[env(len = ..4)]
    code: Option<Box<str>>,
}

#[test]
fn a_length_is_counted_in_characters_or_elements() {
    let keys: Keys = load(&[("APP_KEY", "äääääääääääää"), ("APP_CODE", "äöü")]);
    assert_eq!(keys.key.expose().chars().count(), 13);
    assert_eq!(keys.code.as_deref(), Some("äöü"));
    assert_eq!(keys.hosts, None);
    let pairs = [
        ("APP_KEY", "hunter2"),
        ("APP_HOSTS", "a,b,c"),
        ("APP_CODE", "abcd"),
    ];
    assert_eq!(
        problems::<Keys>(&pairs),
        "  APP_KEY    the secret is refused: it must have at least 12 characters\n  \
         APP_HOSTS  \"a,b,c\" is refused: it must have from 1 to 2 elements\n  \
         APP_CODE   \"abcd\" is refused: it must have at most 3 characters"
    );
    let help = Keys::help().to_lines();
    assert!(
        help.contains("APP_KEY (Required, Secret): At least 12 characters."),
        "{help}"
    );
    let json = Keys::help().to_json();
    assert!(
        json.contains("\"length\": \"from 1 to 2 elements\""),
        "{json}"
    );
}

#[test]
fn an_example_is_as_long_as_it_must_be() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its example is asked for")]
    struct Cfg {
        #[env(len = 16..)]
        key: Secret<String>,
    }

    assert!(
        Cfg::help()
            .to_dotenv()
            .ends_with("APP_KEY=change-mechange-\n")
    );
    environ::testing::assert_valid::<Cfg>();
}

#[test]
fn a_diff_names_a_new_length_and_a_new_unit() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Old {
        key: Secret<String>,
        poll: Option<Duration>,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct New {
        #[env(len = 12..)]
        key: Secret<String>,
        #[env(unit = "s")]
        poll: Option<Duration>,
    }

    let changes = New::help().diff(&Old::help().to_json()).unwrap();
    assert_eq!(
        changes.to_string(),
        "range of APP_KEY was none, and is at least 12 characters\n\
         type of APP_POLL changed from duration to number of seconds"
    );
}

#[test]
fn a_field_may_say_in_its_own_words_what_it_reads() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(parse = cron, expected = "a cron schedule")]
        schedule: u8,
        #[env(expected = "an hour of the day")]
        hour: u8,
    }

    fn cron(text: &str) -> Result<u8, &'static str> {
        text.parse().map_err(|_| "it has no fields")
    }

    assert_eq!(
        problems::<Cfg>(&[("APP_SCHEDULE", "daily")]),
        "  APP_SCHEDULE  \"daily\" is not a cron schedule: it has no fields\n  \
         APP_HOUR      not set; expected an hour of the day"
    );
    let table = Cfg::help().to_markdown();
    assert!(
        table.contains("| `APP_HOUR` | hour of the day | **required** |"),
        "{table}"
    );
}

#[test]
fn a_newtype_is_read_like_its_field() {
    #[derive(Debug, PartialEq, EnvValue)]
    struct Port(u16);

    #[derive(Debug, PartialEq, EnvValue)]
    struct Wait {
        wait: Duration,
    }

    #[derive(Debug, PartialEq, EnvValue)]
    struct Wrapped<T>(T);

    #[derive(Debug, EnvValue)]
    struct Token(Secret<String>);

    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(default = 80)]
        port: Port,
        wait: Option<Wait>,
        ports: Option<Vec<Port>>,
        wrapped: Option<Wrapped<bool>>,
        token: Option<Token>,
    }

    let pairs = [
        ("APP_WAIT", "5s"),
        ("APP_PORTS", "1,2"),
        ("APP_WRAPPED", "yes"),
    ];
    let cfg: Cfg = load(&pairs);
    assert_eq!(cfg.port, Port(80));
    let wait = Duration::from_secs(5);
    assert_eq!(cfg.wait, Some(Wait { wait }));
    assert_eq!(cfg.ports, Some(vec![Port(1), Port(2)]));
    assert_eq!(cfg.wrapped, Some(Wrapped(true)));
    assert!(cfg.token.is_none());
    assert_eq!(
        problems::<Cfg>(&[("APP_PORT", "x")]),
        "  APP_PORT  \"x\" is not a u16: it must be a whole number from 0 to 65535"
    );
    assert_eq!(Cfg::secret_vars(), ["APP_TOKEN"]);
    let cfg: Cfg = load(&[("APP_TOKEN", "hunter2")]);
    assert_eq!(cfg.token.unwrap().0.expose(), "hunter2");
}

/// The words of a field replace a noun, and nothing else that is known of the text.
#[test]
fn the_words_of_a_field_neither_show_json_nor_hide_words_and_examples() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        #[env(json, expected = "routes")]
        routes: Vec<u8>,
        #[env(expected = "a log level")]
        level: Level,
        #[env(expected = "a title")]
        title: String,
    }

    #[derive(Debug, environ::EnvValue)]
    enum Level {
        Quiet,
        Loud,
    }

    let pairs = [("APP_ROUTES", "[1, \"hunter2\"]"), ("APP_LEVEL", "load")];
    let report = problems::<Cfg>(&pairs);
    assert!(!report.contains("hunter2"), "{report}");
    assert!(
        report.contains("\"load\" is not a log level, one of: quiet, loud"),
        "{report}"
    );
    assert!(report.contains("not set; expected a title"), "{report}");
    let example = Cfg::help().to_dotenv();
    assert!(example.contains("APP_LEVEL=quiet\n"), "{example}");
    assert!(example.ends_with("APP_TITLE=change-me\n"), "{example}");
    let source = environ::Document::from_serialize(
        "config.toml",
        &serde_json::json!({ "routes": [1, 2], "level": "loud", "title": "x" }),
    );
    assert_eq!(Cfg::from_source(source).unwrap().routes, [1, 2]);
}

#[derive(Debug, PartialEq, PartialOrd, EnvValue)]
struct Timeout(Duration);

#[derive(Debug, PartialEq, EnvValue)]
struct Wait<T> {
    inner: T,
}

#[test]
fn the_unit_is_that_of_the_duration_in_a_newtype() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(unit = "m", range = "1".."10", default = 5)]
        timeout: Timeout,
        #[env(unit = "ms", default = "1.5")]
        wait: Wait<Timeout>,
        #[env(unit = "h")]
        many: Option<Vec<Wait<Box<Timeout>>>>,
    }

    let minutes = |minutes| Timeout(Duration::from_mins(minutes));
    let boxed = |inner| Wait {
        inner: Box::new(inner),
    };
    assert_eq!(
        load::<Cfg>(&[("APP_TIMEOUT", "9"), ("APP_MANY", "1,2m")]),
        Cfg {
            timeout: minutes(9),
            wait: Wait {
                inner: Timeout(Duration::from_micros(1_500)),
            },
            many: Some(vec![boxed(minutes(60)), boxed(minutes(2))]),
        }
    );
    assert_eq!(
        problems::<Cfg>(&[("APP_TIMEOUT", "10"), ("APP_WAIT", "-3")]),
        "  APP_TIMEOUT  \"10\" is refused: it must be at least 1m and below 10m\n  \
         APP_WAIT     \"-3\" is not a number of milliseconds, or a duration such as 90s: a \
         duration is not negative"
    );
    assert_eq!(
        Cfg::help().to_lines(),
        "APP_TIMEOUT (Optional, Default=5m): Expects a number of minutes, or a duration such as \
         90s. At least 1m and below 10m.\n\
         APP_WAIT (Optional, Default=1.5ms): Expects a number of milliseconds, or a duration such \
         as 90s.\n\
         APP_MANY (Optional): Expects a list, each a number of hours, or a duration such as 90m."
    );
    environ::testing::assert_valid::<Cfg>();
}

/// A number in another spelling gets no unit: the field has a unit.
#[test]
fn the_remedy_for_a_number_is_a_number() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "it does not load")]
    struct Cfg {
        #[env(unit = "d")]
        keep: Duration,
    }

    for (text, reason) in [
        ("+5", "it must be a plain number; write 5"),
        ("1e3", "it must be a plain number; write 1000"),
        ("25e-1", "it must be a plain number; write 2.5"),
        ("5e-2", "it must be a plain number; write 0.05"),
        ("1,5", "it must be a plain number; write 1.5"),
        ("1,000", "it must be a plain number; write 1000"),
        ("1_000", "it must be a plain number; write 1000"),
        ("1.5.5", "it must be a number, like 0.5"),
        (".5", "it must be a number, like 0.5"),
        ("0.0000000000000001", "a nanosecond is the shortest unit"),
        ("300000000000000", "it is too large"),
        ("5w", "weeks are not read; write 35d"),
        ("P1D", "ISO 8601 is not read; write 1d"),
        ("-5", "a duration is not negative"),
        (
            "soon",
            "it must be a number, like 30, or a duration, like 30s",
        ),
    ] {
        let report = problems::<Cfg>(&[("APP_KEEP", text)]);
        assert!(report.ends_with(&format!(" 36h: {reason}")), "{report}");
    }
}

//! Ranges in words, in reports, help and the specification.

use std::fmt;
use std::rc::Rc;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use environ::{EnvConfig, EnvValue, Secret};

use crate::{load, problems};

const LO: u16 = 5;
const PERIOD: Duration = Duration::from_mins(90);

/// A type of another crate, which shows itself.
#[derive(Debug, PartialEq, PartialOrd)]
struct Size(u64);

impl FromStr for Size {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.trim_end_matches("KiB").parse().map(Self)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}KiB", self.0)
    }
}

/// A type that does not.
#[derive(Debug, PartialEq, PartialOrd)]
struct Grade(u8);

const PASSED: Grade = Grade(4);

impl FromStr for Grade {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    #[env(range = LO..)]
    constant: Option<u16>,
    #[env(range = LO..=LO * 2)]
    computed: Option<u16>,
    #[env(range = 1..)]
    least: Option<u16>,
    #[env(range = 1..=64)]
    both: Option<u16>,
    #[env(range = 1..64)]
    exclusive: Option<u16>,
    #[env(range = ..5)]
    below: Option<i8>,
    #[env(range = ..=i16::MAX / 256)]
    most: Option<i16>,
    #[env(range = -0.5..0.5)]
    ratio: Option<f64>,
    #[env(range = Duration::from_secs(1)..)]
    wait: Option<Duration>,
    #[env(range = Duration::from_millis(250)..=PERIOD)]
    period: Option<Duration>,
    #[env(range = Size(8)..)]
    size: Option<Size>,
    #[env(range = PASSED..)]
    grade: Option<Grade>,
    #[env(range = 'a'..='f')]
    digit: Option<char>,
    #[env(range = ..)]
    any: Option<u8>,
}

#[test]
fn a_report_says_a_range_in_words_and_a_constant_by_its_value() {
    assert_eq!(
        problems::<Cfg>(&[
            ("APP_CONSTANT", "4"),
            ("APP_COMPUTED", "4"),
            ("APP_LEAST", "0"),
            ("APP_BOTH", "65"),
            ("APP_EXCLUSIVE", "64"),
            ("APP_BELOW", "5"),
            ("APP_MOST", "128"),
            ("APP_RATIO", "1"),
            ("APP_WAIT", "0"),
            ("APP_PERIOD", "1d"),
            ("APP_SIZE", "7KiB"),
            ("APP_GRADE", "3"),
            ("APP_DIGIT", "g"),
        ]),
        "  APP_CONSTANT   \"4\" is refused: it must be at least 5\n\
         \x20 APP_COMPUTED   \"4\" is refused: it must be from 5 to 10\n\
         \x20 APP_LEAST      \"0\" is refused: it must be at least 1\n\
         \x20 APP_BOTH       \"65\" is refused: it must be from 1 to 64\n\
         \x20 APP_EXCLUSIVE  \"64\" is refused: it must be at least 1 and below 64\n\
         \x20 APP_BELOW      \"5\" is refused: it must be below 5\n\
         \x20 APP_MOST       \"128\" is refused: it must be at most 127\n\
         \x20 APP_RATIO      \"1\" is refused: it must be at least -0.5 and below 0.5\n\
         \x20 APP_WAIT       \"0\" is refused: it must be at least 1s\n\
         \x20 APP_PERIOD     \"1d\" is refused: it must be from 250ms to 1h30m\n\
         \x20 APP_SIZE       \"7KiB\" is refused: it must be at least 8KiB\n\
         \x20 APP_GRADE      \"3\" is refused: it must be at least PASSED\n\
         \x20 APP_DIGIT      \"g\" is refused: it must be from a to f"
    );
}

#[test]
fn help_says_the_same_words() {
    assert_eq!(
        Cfg::help().to_lines(),
        "APP_CONSTANT (Optional): At least 5.\n\
         APP_COMPUTED (Optional): From 5 to 10.\n\
         APP_LEAST (Optional): At least 1.\n\
         APP_BOTH (Optional): From 1 to 64.\n\
         APP_EXCLUSIVE (Optional): At least 1 and below 64.\n\
         APP_BELOW (Optional): Below 5.\n\
         APP_MOST (Optional): At most 127.\n\
         APP_RATIO (Optional): At least -0.5 and below 0.5.\n\
         APP_WAIT (Optional): At least 1s.\n\
         APP_PERIOD (Optional): From 250ms to 1h30m.\n\
         APP_SIZE (Optional): At least 8KiB.\n\
         APP_GRADE (Optional): At least PASSED.\n\
         APP_DIGIT (Optional): From a to f.\n\
         APP_ANY (Optional)"
    );
    let spec: serde_json::Value = serde_json::from_str(&Cfg::help().to_json()).unwrap();
    let variables = spec["variables"].as_array().unwrap();
    let ranges: Vec<_> = variables
        .iter()
        .filter_map(|variable| variable["range"].as_str())
        .collect();
    assert_eq!(
        ranges,
        [
            "at least 5",
            "from 5 to 10",
            "at least 1",
            "from 1 to 64",
            "at least 1 and below 64",
            "below 5",
            "at most 127",
            "at least -0.5 and below 0.5",
            "at least 1s",
            "from 250ms to 1h30m",
            "at least 8KiB",
            "at least PASSED",
            "from a to f",
        ]
    );
}

/// Of a type parameter the compiler knows no more than its bounds.
#[test]
fn a_range_of_a_type_parameter_is_repeated_as_written_unless_a_bound_shows_it() {
    trait Limit {
        const LEAST: Self;
    }

    impl Limit for u8 {
        const LEAST: Self = 3;
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Bare<T: EnvValue + PartialOrd + Limit> {
        #[env(range = T::LEAST..)]
        value: T,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Shown<T: EnvValue + PartialOrd + fmt::Display + Limit> {
        #[env(range = T::LEAST..)]
        value: T,
    }

    assert_eq!(
        problems::<Bare<u8>>(&[("APP_VALUE", "1")]),
        "  APP_VALUE  \"1\" is refused: it must be at least T::LEAST"
    );
    assert_eq!(
        problems::<Shown<u8>>(&[("APP_VALUE", "1")]),
        "  APP_VALUE  \"1\" is refused: it must be at least 3"
    );
}

/// A newtype without an order.
#[derive(Debug, EnvValue)]
struct Port(u16);

/// A newtype with an order, and a field with a name.
#[derive(Debug, PartialEq, PartialOrd, EnvValue)]
struct Wait {
    time: Duration,
}

/// Each type around a number or a duration, with ends of the type inside, and as texts.
#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only checked")]
struct Wrapped {
    #[env(range = 1..=64)]
    secret: Option<Secret<u16>>,
    #[env(range = LO..)]
    boxed: Option<Box<u16>>,
    #[env(range = ..9)]
    shared: Option<Arc<u64>>,
    #[env(range = 1..=10_000_000_000)]
    counted: Option<Rc<u64>>,
    #[env(range = 1..=64)]
    newtype: Option<Port>,
    #[env(range = 1.5..)]
    deep: Option<Arc<Secret<Box<f64>>>>,
    #[env(range = ..=64)]
    secret_newtype: Option<Secret<Port>>,
    #[env(range = Duration::from_secs(1)..)]
    wait: Option<Wait>,
    #[env(range = Wait { time: PERIOD }.., example = "2h")]
    own_ends: Option<Wait>,
    #[env(range = "1s"..="1h")]
    secret_text: Option<Secret<Duration>>,
    #[env(range = "1s"..)]
    boxed_text: Option<Box<Duration>>,
    #[env(range = .."1h")]
    newtype_text: Option<Wait>,
    #[env(range = "5"..)]
    unordered: Option<Port>,
    #[env(range = "5"..="6")]
    deep_text: Option<Secret<Port>>,
    #[env(range = "1m"..)]
    secret_wait: Option<Secret<Wait>>,
    #[env(unit = "m", range = "1m"..)]
    unit: Option<Arc<Duration>>,
    #[env(range = 0..=9, default = 5)]
    defaulted: Box<u8>,
    #[env(range = ..)]
    any: Option<Box<u8>>,
    #[env(range = ..=Wait { time: PERIOD })]
    boxed_wait: Option<Box<Wait>>,
}

#[test]
fn a_range_restricts_the_value_inside_pointers_secrets_and_newtypes() {
    let too_small_or_large = [
        ("APP_SECRET", "65"),
        ("APP_BOXED", "4"),
        ("APP_SHARED", "9"),
        ("APP_COUNTED", "10000000001"),
        ("APP_NEWTYPE", "0"),
        ("APP_DEEP", "1.4"),
        ("APP_SECRET_NEWTYPE", "65"),
        ("APP_WAIT", "999ms"),
        ("APP_OWN_ENDS", "89m"),
        ("APP_SECRET_TEXT", "61m"),
        ("APP_BOXED_TEXT", "1ms"),
        ("APP_NEWTYPE_TEXT", "1h"),
        ("APP_UNORDERED", "4"),
        ("APP_DEEP_TEXT", "7"),
        ("APP_SECRET_WAIT", "59s"),
        ("APP_UNIT", "0.5"),
        ("APP_DEFAULTED", "10"),
    ];
    assert_eq!(
        problems::<Wrapped>(&too_small_or_large),
        "  APP_SECRET          the secret is refused: it must be from 1 to 64\n\
         \x20 APP_BOXED           \"4\" is refused: it must be at least 5\n\
         \x20 APP_SHARED          \"9\" is refused: it must be below 9\n\
         \x20 APP_COUNTED         \"10000000001\" is refused: it must be from 1 to 10000000000\n\
         \x20 APP_NEWTYPE         \"0\" is refused: it must be from 1 to 64\n\
         \x20 APP_DEEP            the secret is refused: it must be at least 1.5\n\
         \x20 APP_SECRET_NEWTYPE  the secret is refused: it must be at most 64\n\
         \x20 APP_WAIT            \"999ms\" is refused: it must be at least 1s\n\
         \x20 APP_OWN_ENDS        \"89m\" is refused: it must be at least Wait{time:PERIOD}\n\
         \x20 APP_SECRET_TEXT     the secret is refused: it must be from 1s to 1h\n\
         \x20 APP_BOXED_TEXT      \"1ms\" is refused: it must be at least 1s\n\
         \x20 APP_NEWTYPE_TEXT    \"1h\" is refused: it must be below 1h\n\
         \x20 APP_UNORDERED       \"4\" is refused: it must be at least 5\n\
         \x20 APP_DEEP_TEXT       the secret is refused: it must be from 5 to 6\n\
         \x20 APP_SECRET_WAIT     the secret is refused: it must be at least 1m\n\
         \x20 APP_UNIT            \"0.5\" is refused: it must be at least 1m\n\
         \x20 APP_DEFAULTED       \"10\" is refused: it must be from 0 to 9"
    );
    let texts = [
        "64", "5", "8", "1", "64", "1.5", "0", "1s", "90m", "1h", "1s", "59m", "5", "6", "1m", "1",
        "0",
    ];
    let right = too_small_or_large.iter().zip(texts);
    let right: Vec<_> = right.map(|((name, _), text)| (*name, text)).collect();
    load::<Wrapped>(&right);
    environ::testing::assert_valid::<Wrapped>();
}

#[test]
fn the_range_of_a_wrapped_type_is_in_help_and_in_the_specification() {
    let help = Wrapped::help();
    let lines = help.to_lines();
    for line in [
        "APP_SECRET (Optional, Secret): From 1 to 64. Or a file: APP_SECRET_FILE.",
        "APP_UNORDERED (Optional): At least 5.",
        "APP_SECRET_TEXT (Optional, Secret): From 1s to 1h. Or a file: APP_SECRET_TEXT_FILE.",
        "APP_OWN_ENDS (Optional): At least Wait{time:PERIOD}.",
    ] {
        assert!(lines.lines().any(|it| it == line), "{line}\n{lines}");
    }
    assert_eq!(help.to_json().matches("\"range\"").count(), 18);
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only its problems and its help are asked for")]
struct Lengths {
    #[env(len = 1..)]
    least: Option<String>,
    #[env(len = ..2)]
    most: Option<Vec<u8>>,
    #[env(len = 1..=1)]
    single: Option<String>,
    #[env(len = 3..8)]
    between: Option<String>,
    #[env(len = 0..=1)]
    few: Option<String>,
    #[env(len = 13..)]
    long: Option<Secret<String>>,
    #[env(range = ..=-5)]
    below: Option<i32>,
    #[env(range = ..="10s")]
    wait: Option<Duration>,
}

#[test]
fn a_length_is_said_in_whole_numbers() {
    assert_eq!(
        Lengths::help().to_lines(),
        "APP_LEAST (Optional): At least 1 character.\n\
         APP_MOST (Optional): At most 1 element.\n\
         APP_SINGLE (Optional): 1 character.\n\
         APP_BETWEEN (Optional): From 3 to 7 characters.\n\
         APP_FEW (Optional): From 0 to 1 characters.\n\
         APP_LONG (Optional, Secret): At least 13 characters. Or a file: APP_LONG_FILE.\n\
         APP_BELOW (Optional): At most -5.\n\
         APP_WAIT (Optional): At most 10s."
    );
    assert_eq!(
        problems::<Lengths>(&[("APP_MOST", "1,2"), ("APP_BETWEEN", "12345678")]),
        "  APP_MOST     \"1,2\" is refused: it must have at most 1 element\n  \
         APP_BETWEEN  \"12345678\" is refused: it must have from 3 to 7 characters"
    );
}

#[test]
fn an_example_keeps_the_upper_end_of_a_length_and_of_a_range() {
    let example = Lengths::help().to_dotenv();
    let values = example.lines().filter(|line| line.contains('='));
    assert_eq!(
        values.collect::<Vec<&str>>(),
        [
            "# APP_LEAST=change-me",
            "# APP_MOST=1",
            "# APP_SINGLE=c",
            "# APP_BETWEEN=change-",
            "# APP_FEW=c",
            "# APP_LONG=change-mechan",
            "# APP_BELOW=-5",
            "# APP_WAIT=10s",
        ]
    );
    environ::testing::assert_valid::<Lengths>();
}

const FEWEST: u8 = 2;
const MOST: u8 = 9;

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
struct Written {
    #[env(range = 0.5..=64.0)]
    float: Option<f64>,
    #[env(range = 1e3..)]
    large: Option<f64>,
    #[env(range = 0x10..=0xff)]
    hexadecimal: Option<u8>,
    #[env(range = 'a'..='f')]
    letter: Option<char>,
    #[env(range = (1..5))]
    between: Option<u8>,
    #[env(range = FEWEST..=MOST)]
    constants: Option<u8>,
    #[env(range = 0..=1 << 4)]
    shifted: Option<u8>,
    #[env(len = ..MOST as usize)]
    code: Option<String>,
}

/// The compiler evaluates no end of a range for the specification inside of a program.
#[test]
fn the_specification_in_a_program_has_no_other_ranges_than_the_type() {
    const LEN: usize = environ::embedded::len::<Written>();
    let bytes = environ::embedded::bytes::<Written, LEN>();
    let spec = environ::embedded::read(&bytes[..]).unwrap();
    let changes = Written::help().diff(&spec).unwrap();
    assert!(changes.is_empty(), "{changes}");
    assert!(spec.contains(r#""range": "from 16 to 255""#), "{spec}");
    assert!(spec.contains(r#""range": "from FEWEST to MOST""#), "{spec}");
}

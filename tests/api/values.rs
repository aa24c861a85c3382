//! Values of a stranger's making: forms, reasons, and types around other types.

use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use environ::{EnvConfig, EnvValue, Form, Invalid, Redacted, Secret, Text};

/// Each is made where a constant is needed.
const PERCENTAGE: Form = Form::noun("percentage").example("40%");
const FORMS: [(Form, &str); 9] = [
    (Form::text(), "a text"),
    (Form::noun("IP network"), "an IP network"),
    (PERCENTAGE, "a percentage, like 40%"),
    (Form::words(&["human", "json"]), "one of: human, json"),
    (
        Form::list(&PERCENTAGE),
        "a list, each a percentage, like 40%",
    ),
    (Form::array(&Form::noun("u8"), 3), "3 elements, each a u8"),
    (
        Form::tuple(&[Form::text(), Form::noun("u8")]),
        "2 elements: a text, a u8",
    ),
    (
        Form::map(&Form::text(), &Form::noun("u8")),
        "pairs like key=value, a text and a u8",
    ),
    (Form::secret(&Form::noun("u8")), "a u8"),
];

#[test]
fn every_form_is_created_by_a_constant_function() {
    for (form, words) in FORMS {
        assert_eq!(form.to_string(), words);
    }
}

#[derive(Debug)]
struct Percent(u8);

impl EnvValue for Percent {
    const FORM: Form = PERCENTAGE;

    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        let digits = text.as_str()?.strip_suffix('%');
        let digits = digits.ok_or_else(|| Invalid::fixed("the % is missing"))?;
        digits.parse().map(Self).map_err(Invalid::new)
    }
}

/// Every format of help takes its example from the form.
#[test]
fn the_example_of_a_form_is_in_the_examples_of_help() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        fill: Percent,
        levels: Vec<Percent>,
    }

    let example = Cfg::help().to_dotenv();
    assert_eq!(example, "APP_FILL=40%\n\nAPP_LEVELS=40%\n");
    let cfg = Cfg::from_source([("APP_FILL", "40%"), ("APP_LEVELS", "1%,2%")]).unwrap();
    assert_eq!((cfg.fill.0, cfg.levels[1].0), (40, 2));
    let err = Cfg::from_source([("APP_FILL", "40"), ("APP_LEVELS", "1%")]).unwrap_err();
    assert_eq!(
        err.problems().next().unwrap().message(),
        "\"40\" is not a percentage, like 40%: the % is missing"
    );
}

/// Without a load, as a test of the type itself does.
#[test]
fn a_text_is_created_without_a_load() {
    let read = |text| Percent::from_text(&mut Text::new(text));
    assert_eq!(read("40%").unwrap().0, 40);
    read("40").unwrap_err();
    let list = |mut text: Text<'_>| <Vec<u8>>::from_text(&mut text).unwrap();
    assert_eq!(list(Text::new("1,2")), [1, 2]);
    assert_eq!(list(Text::new("1;2").with_separator(";")), [1, 2]);
}

/// Uses nothing that is hidden.
#[derive(Debug)]
struct Trimmed<T>(T);

impl<T: EnvValue> EnvValue for Trimmed<T> {
    const FORM: Form = T::FORM;

    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        let trimmed = Text::new(text.as_str()?.trim());
        T::from_text(&mut trimmed.with_separator(text.separator())).map(Self)
    }
}

#[test]
fn a_wrapper_reads_every_type_as_the_type_itself() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        port: Trimmed<u16>,
        #[env(separator = ";")]
        tags: Trimmed<Vec<String>>,
        token: Trimmed<Secret<String>>,
    }

    let pairs = [
        ("APP_PORT", " 80 "),
        ("APP_TAGS", " a;b "),
        ("APP_TOKEN", " hunter2 "),
    ];
    let cfg = Cfg::from_source(pairs).unwrap();
    assert_eq!(cfg.port.0, 80);
    assert_eq!(cfg.tags.0, ["a", "b"]);
    assert_eq!(cfg.token.0.expose(), "hunter2");
    let err = Cfg::from_source([("APP_PORT", "x"), pairs[1], pairs[2]]).unwrap_err();
    assert_eq!(
        err.problems().next().unwrap().message(),
        "\"x\" is not a u16: it must be a whole number from 0 to 65535"
    );
}

/// `Invalid` has no `Display`: as text it could quote a secret.
#[test]
fn parsers_and_validators_return_invalid() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(parse = even, validate = small)]
        workers: u8,
        #[env(validate = begins)]
        token: Secret<String>,
    }

    fn even(text: &str) -> Result<u8, Invalid> {
        match text.parse().map_err(Invalid::new)? {
            odd if odd % 2 == 1 => Err(Invalid::fixed("it is odd")),
            even => Ok(even),
        }
    }

    fn small(workers: &u8) -> Result<(), Invalid> {
        let small = *workers < 10;
        let reason = || Invalid::new(format_args!("{workers} is too many"));
        small.then_some(()).ok_or_else(reason)
    }

    fn begins(token: &Secret<String>) -> Result<(), Invalid> {
        let begins = token.expose().starts_with("tk_");
        let reason = || Invalid::fixed("it begins with tk_");
        begins.then_some(()).ok_or_else(reason)
    }

    let message = |workers, token| {
        let err = Cfg::from_source([("APP_WORKERS", workers), ("APP_TOKEN", token)]).unwrap_err();
        err.problems().next().unwrap().message()
    };
    assert_eq!(message("3", "tk_x"), "\"3\" is not a u8: it is odd");
    assert_eq!(message("30", "tk_x"), "\"30\" is refused: 30 is too many");
    assert_eq!(
        message("2", "hunter2"),
        "the secret is refused: it begins with tk_"
    );
    let cfg = Cfg::from_source([("APP_WORKERS", "2"), ("APP_TOKEN", "tk_x")]).unwrap();
    assert_eq!((cfg.workers, &**cfg.token.expose()), (2, "tk_x"));
}

/// A type with `FromStr` alone.
#[derive(Debug, PartialEq)]
struct Mode(u16);

impl std::str::FromStr for Mode {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u16::from_str_radix(text, 8).map(Self)
    }
}

#[test]
fn pointers_are_read_as_the_type_inside() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(default = 80, range = Box::new(1)..)]
        port: Box<u16>,
        name: Arc<String>,
        title: Box<str>,
        #[env(non_empty)]
        tags: Rc<Vec<Box<u8>>>,
        mode: Arc<Mode>,
        absent: Option<Box<u8>>,
        queue: VecDeque<Arc<Mode>>,
        #[env(separator = ";")]
        gaps: VecDeque<Option<u8>>,
        tokens: Arc<Vec<Secret<String>>>,
        #[env(secret)]
        key: Box<Secret<Mode>>,
    }

    let pairs = [
        ("APP_NAME", "n"),
        ("APP_TITLE", "t"),
        ("APP_TAGS", "1,2"),
        ("APP_MODE", "640"),
        ("APP_QUEUE", "1,7"),
        ("APP_GAPS", "1;;3"),
        ("APP_TOKENS", "hunter2"),
        ("APP_KEY", "600"),
    ];
    let cfg = Cfg::from_source(pairs).unwrap();
    assert_eq!((*cfg.port, &**cfg.name, &*cfg.title), (80, "n", "t"));
    assert_eq!(*cfg.tags, [Box::new(1), Box::new(2)]);
    assert_eq!((&*cfg.mode, cfg.absent.as_deref()), (&Mode(0o640), None));
    assert_eq!(cfg.queue, [Arc::new(Mode(1)), Arc::new(Mode(7))]);
    assert_eq!(cfg.gaps, [Some(1), None, Some(3)]);
    assert_eq!(cfg.tokens[0].expose(), "hunter2");
    assert_eq!(cfg.key.expose(), &Mode(0o600));

    let wrong = pairs.map(|(name, _)| (name, "x"));
    let err = Cfg::from_source(wrong).unwrap_err();
    let messages: Vec<_> = err.problems().map(ToString::to_string).collect();
    assert!(
        messages[0].contains("element 1, \"x\", is not a u8"),
        "{err}"
    );
    assert!(!err.to_string().contains("hunter2"), "{err}");
    let help = Cfg::help().to_lines();
    assert!(help.contains("APP_PORT (Optional, Default=80)"), "{help}");
}

/// A type of a stranger's that hides its value, and says so.
#[derive(Clone)]
struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

impl EnvValue for Password {
    const FORM: Form = Form::text();

    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        text.take_string().map(Self)
    }
}

impl Redacted for Password {}

#[test]
fn a_type_that_hides_its_value_is_a_secret_without_a_word() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        password: Password,
        others: Vec<Password>,
    }

    assert_eq!(Cfg::secret_vars(), ["APP_PASSWORD", "APP_OTHERS"]);
    let cfg = Cfg::from_source([("APP_PASSWORD", "hunter2"), ("APP_OTHERS", "a,b")]).unwrap();
    assert_eq!((&*cfg.password.0, cfg.others.len()), ("hunter2", 2));
}

/// Each name stands in generated code, and is inherent here.
#[test]
fn inherent_items_do_not_hide_the_items_of_the_traits() {
    #[derive(Debug, PartialEq, EnvValue)]
    enum Word {
        Human,
        Json,
    }

    impl Word {
        const FORM: u8 = 1;
        const TEXTS: u8 = 2;

        fn from_text() -> u8 {
            3
        }
    }

    #[derive(Debug, EnvConfig)]
    struct Log {
        format: Word,
    }

    impl Log {
        const SPEC: u8 = 1;

        fn load() -> u8 {
            2
        }

        fn from_source() -> u8 {
            3
        }

        fn help() -> u8 {
            4
        }
    }

    #[derive(Debug, EnvConfig)]
    enum Target {
        Stdout,
        File(Log),
    }

    impl Target {
        const SPEC: u8 = 5;

        fn load() -> u8 {
            6
        }
    }

    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(group)]
        log: Log,
        #[env(group)]
        target: Target,
        #[env(group)]
        other: Option<Log>,
    }

    let own = [Word::FORM, Word::TEXTS, Word::from_text()];
    assert_eq!(own, [1, 2, 3]);
    let own = [Log::SPEC, Log::load(), Log::from_source(), Log::help()];
    assert_eq!(own, [1, 2, 3, 4]);
    assert_eq!((Target::SPEC, Target::load()), (5, 6));
    let pairs = [
        ("APP_LOG_FORMAT", "json"),
        ("APP_TARGET", "file"),
        ("APP_TARGET_FILE_FORMAT", "human"),
    ];
    let cfg = Cfg::from_source(pairs).unwrap();
    assert_eq!(cfg.log.format, Word::Json);
    assert!(matches!(
        cfg.target,
        Target::File(Log {
            format: Word::Human
        })
    ));
    assert!(cfg.other.is_none());
}

/// A library keeps its config open for more fields, and its enum for more variants.
#[test]
fn configs_that_are_non_exhaustive_are_derived() {
    #[derive(Debug, EnvConfig)]
    #[non_exhaustive]
    struct Cfg {
        level: Level,
        #[env(group)]
        target: Target,
    }

    #[derive(Debug, PartialEq, EnvValue)]
    #[non_exhaustive]
    enum Level {
        Info,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    #[non_exhaustive]
    enum Target {
        Stdout,
    }

    let cfg = Cfg::from_source([("APP_LEVEL", "info"), ("APP_TARGET", "stdout")]).unwrap();
    assert_eq!((cfg.level, cfg.target), (Level::Info, Target::Stdout));
}

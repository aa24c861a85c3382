use environ::EnvConfig;

use crate::{load, problems};

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    required: String,
    optional: Option<u16>,
    #[env(default = "text")]
    text: String,
    #[env(default = -8)]
    number: i32,
    #[env(default = 0.5)]
    fraction: f64,
    #[env(default = 'x')]
    letter: char,
    #[env(default = 1_000_u32)]
    grouped: u32,
    #[env(default)]
    of_type: u16,
    #[env(default_fn = seven)]
    of_function: u16,
    #[env(skip)]
    skipped: Vec<u8>,
}

fn seven() -> u16 {
    7
}

#[test]
fn what_is_not_set_has_its_default() {
    assert_eq!(
        load::<Cfg>(&[("APP_REQUIRED", "x"), ("APP_SKIPPED", "1,2")]),
        Cfg {
            required: "x".into(),
            optional: None,
            text: "text".into(),
            number: -8,
            fraction: 0.5,
            letter: 'x',
            grouped: 1_000,
            of_type: 0,
            of_function: 7,
            skipped: vec![],
        }
    );
}

#[test]
fn what_is_set_replaces_every_kind_of_default() {
    assert_eq!(
        load::<Cfg>(&[
            ("APP_REQUIRED", "x"),
            ("APP_OPTIONAL", "1"),
            ("APP_TEXT", "y"),
            ("APP_NUMBER", "2"),
            ("APP_FRACTION", "3"),
            ("APP_LETTER", "z"),
            ("APP_GROUPED", "4"),
            ("APP_OF_TYPE", "5"),
            ("APP_OF_FUNCTION", "6"),
        ]),
        Cfg {
            required: "x".into(),
            optional: Some(1),
            text: "y".into(),
            number: 2,
            fraction: 3.0,
            letter: 'z',
            grouped: 4,
            of_type: 5,
            of_function: 6,
            skipped: vec![],
        }
    );
}

/// Not by a default of any kind, and not by the `None` of an `Option`.
#[test]
fn a_bad_value_is_never_replaced_by_the_default() {
    for name in [
        "APP_OPTIONAL",
        "APP_NUMBER",
        "APP_OF_TYPE",
        "APP_OF_FUNCTION",
    ] {
        let pairs = [("APP_REQUIRED", "x"), (name, "x")];
        let report = problems::<Cfg>(&pairs);
        assert!(
            report.starts_with(&format!("  {name}  \"x\" is not a")),
            "{report}"
        );
    }
}

#[test]
fn an_empty_value_counts_as_not_set() {
    let cfg: Cfg = load(&[
        ("APP_REQUIRED", "x"),
        ("APP_OPTIONAL", ""),
        ("APP_TEXT", ""),
        ("APP_OF_TYPE", ""),
        ("APP_OF_FUNCTION", ""),
    ]);
    assert_eq!(cfg.optional, None);
    assert_eq!(cfg.text, "text");
    assert_eq!((cfg.of_type, cfg.of_function), (0, 7));
    assert_eq!(
        problems::<Cfg>(&[("APP_REQUIRED", "")]),
        "  APP_REQUIRED  set to nothing, which counts as not set"
    );
}

#[test]
fn white_space_is_a_value() {
    assert_eq!(load::<Cfg>(&[("APP_REQUIRED", " ")]).required, " ");
    assert_eq!(
        problems::<Cfg>(&[("APP_REQUIRED", "x"), ("APP_OPTIONAL", " \t\n")]),
        r#"  APP_OPTIONAL  " \t\n" is not a u16: it must be a whole number from 0 to 65535
                it begins or ends with white space; remove that"#
    );
}

/// The default goes through the same parser, and it is to blame. That of a number or a
/// word does not compile.
#[test]
fn a_default_that_does_not_parse_is_blamed_on_the_default() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads without the variable")]
    struct Bad {
        #[env(default = "80a0")]
        ratio: f64,
    }

    assert_eq!(
        problems::<Bad>(&[]),
        "  APP_RATIO  the default \"80a0\" is not an f64: it must be a number, like 0.5"
    );
    assert!(Bad::from_source([("APP_RATIO", "80")]).is_ok());
}

//! Values of a stranger's making: forms, reasons, and types around other types.

use environ::{EnvConfig, EnvValue, Form, Invalid, Text};

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

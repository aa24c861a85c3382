//! `from_env` takes names that were put together while compiling, and any other load
//! puts them together itself: they must not differ.

#![expect(clippy::disallowed_methods, reason = "this is what is tested")]

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Mutex;

use environ::EnvConfig;

use crate::process;

/// Each kind of field that could shift later fields, and a later field.
#[derive(Debug, PartialEq, EnvConfig)]
struct Every {
    #[env(alias = "OTHER")]
    elsewhere: String,
    a: String,
    #[env(default = "x;y", separator = ";")]
    separated: Vec<String>,
    #[env(allow_empty)]
    maybe_empty: Option<String>,
    #[env(file)]
    in_a_file: Option<String>,
    #[env(skip)]
    skipped: u8,
    b: String,
    #[env(group)]
    list: Vec<Inner>,
    c: String,
    #[env(group)]
    map: BTreeMap<String, Inner>,
    d: String,
    #[env(group)]
    choice: Choice,
    e: String,
    #[env(group)]
    nothing: Choice,
    #[env(group)]
    absent: Option<Inner>,
    f: String,
    #[env(group)]
    absent_choice: Option<Required>,
    #[env(group)]
    boxed: Box<Inner>,
    #[env(group)]
    present: Option<Inner>,
    #[env(name = "WHOLE_NAME")]
    named: String,
    #[env(group, flatten)]
    flat: Flat,
    unset: Option<String>,
    #[env(default = "by default")]
    default: String,
    #[env(default)]
    empty: String,
    g: String,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Inner {
    x: String,
    #[env(group)]
    below: Innermost,
    y: String,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Innermost {
    z: String,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Flat {
    flat: String,
}

#[derive(Debug, PartialEq, EnvConfig)]
enum Choice {
    #[env(default)]
    None,
    Other(Innermost),
    This(Inner),
}

#[derive(Debug, PartialEq, EnvConfig)]
enum Required {
    Inner(Inner),
    Choice(Choice),
}

/// Each value is the name that it should be read under.
const EVERY: &[&str] = &[
    "OTHER",
    "APP_A",
    "APP_B",
    "APP_LIST_0_X",
    "APP_LIST_0_BELOW_Z",
    "APP_LIST_0_Y",
    "APP_LIST_1_X",
    "APP_LIST_1_BELOW_Z",
    "APP_LIST_1_Y",
    "APP_C",
    "APP_MAP_KEY_X",
    "APP_MAP_KEY_BELOW_Z",
    "APP_MAP_KEY_Y",
    "APP_D",
    "APP_CHOICE_THIS_X",
    "APP_CHOICE_THIS_BELOW_Z",
    "APP_CHOICE_THIS_Y",
    "APP_E",
    "APP_F",
    "APP_BOXED_X",
    "APP_BOXED_BELOW_Z",
    "APP_BOXED_Y",
    "APP_PRESENT_X",
    "APP_PRESENT_BELOW_Z",
    "APP_PRESENT_Y",
    "WHOLE_NAME",
    "APP_FLAT",
    "APP_G",
];

fn inner(path: &str) -> Inner {
    Inner {
        x: format!("{path}_X"),
        below: Innermost {
            z: format!("{path}_BELOW_Z"),
        },
        y: format!("{path}_Y"),
    }
}

#[test]
fn a_field_is_read_under_its_own_name_after_whatever_is_before_it() {
    let mut pairs: Vec<(&str, &str)> = EVERY.iter().map(|name| (*name, *name)).collect();
    pairs.push(("APP_CHOICE", "this"));
    let itself = "known::a_field_is_read_under_its_own_name_after_whatever_is_before_it";
    process::with(itself, &pairs, || {
        assert_eq!(Every::from_env().unwrap(), every());
        assert_eq!(Box::<Every>::from_env().unwrap(), every().into());
        assert_eq!(Every::loader().load().unwrap().config, every());
    });
    assert_eq!(Every::from_source(&pairs).unwrap(), every());
    let loaded = Every::loader().source(&pairs).load().unwrap();
    assert_eq!(loaded.config, every());
    assert_eq!(Box::<Every>::from_source(&pairs).unwrap(), every().into());
}

fn every() -> Every {
    Every {
        elsewhere: "OTHER".into(),
        a: "APP_A".into(),
        separated: vec!["x".into(), "y".into()],
        maybe_empty: None,
        in_a_file: None,
        skipped: 0,
        b: "APP_B".into(),
        list: vec![inner("APP_LIST_0"), inner("APP_LIST_1")],
        c: "APP_C".into(),
        map: BTreeMap::from([("key".into(), inner("APP_MAP_KEY"))]),
        d: "APP_D".into(),
        choice: Choice::This(inner("APP_CHOICE_THIS")),
        e: "APP_E".into(),
        nothing: Choice::None,
        absent: None,
        f: "APP_F".into(),
        absent_choice: None,
        boxed: Box::new(inner("APP_BOXED")),
        present: Some(inner("APP_PRESENT")),
        named: "WHOLE_NAME".into(),
        flat: Flat {
            flat: "APP_FLAT".into(),
        },
        unset: None,
        default: "by default".into(),
        empty: String::new(),
        g: "APP_G".into(),
    }
}

#[test]
fn what_is_wrong_is_told_of_the_right_name() {
    let pairs = [
        ("APP_LIST_0_X", "x"),
        ("APP_MAP_KEY_X", "x"),
        ("APP_CHOICE", "this"),
        ("APP_NOTHING", "neither"),
        ("APP_PRESENT_Y", "y"),
    ];
    let err = Every::from_source(pairs).unwrap_err();
    let names: Vec<&str> = err.problems().map(environ::Problem::name).collect();
    let expected = [
        "APP_ELSEWHERE",
        "APP_A",
        "APP_B",
        "APP_LIST_0_BELOW_Z",
        "APP_LIST_0_Y",
        "APP_C",
        "APP_MAP_KEY_BELOW_Z",
        "APP_MAP_KEY_Y",
        "APP_D",
        "APP_CHOICE_THIS_X",
        "APP_CHOICE_THIS_BELOW_Z",
        "APP_CHOICE_THIS_Y",
        "APP_E",
        "APP_NOTHING",
        "APP_F",
        "APP_BOXED_X",
        "APP_BOXED_BELOW_Z",
        "APP_BOXED_Y",
        "APP_PRESENT_X",
        "APP_PRESENT_BELOW_Z",
        "WHOLE_NAME",
        "APP_FLAT",
        "APP_G",
    ];
    assert_eq!(names, expected);
    let told = Every::loader().source(pairs).load().unwrap_err();
    assert_eq!(told.to_string(), err.to_string());
    let itself = "known::what_is_wrong_is_told_of_the_right_name";
    process::with(itself, &pairs, || {
        assert_eq!(Every::from_env().unwrap_err().to_string(), err.to_string());
    });
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Nine {
    a: String,
    b: String,
    c: String,
    d: String,
    e: String,
    f: String,
    g: String,
    h: String,
    i: String,
}

/// Several of another, between two fields.
macro_rules! several {
    ($($of:ident of $group:ident: $($field:ident)*;)*) => {$(
        #[derive(Debug, PartialEq, EnvConfig)]
        struct $of {
            before: String,
            $(#[env(group)]
            $field: Box<$group>,)*
            after: String,
        }
    )*};
}

several! {
    Twenty of Nine: a b;
    Hundred of Twenty: a b c d e;
    Thousand of Hundred: a b c d e f g h i j;
}

/// Loads with each variable set to its own name, and gives the names too.
fn load<T: EnvConfig + Debug + PartialEq>() -> (T, Vec<String>) {
    let names: Mutex<Vec<String>> = Mutex::default();
    let name = environ::from_fn(|name| {
        names.lock().unwrap().push(name.to_owned());
        Some(name.to_owned())
    });
    let cfg = T::from_source(name).unwrap();
    assert_eq!(cfg, T::loader().source(name).load().unwrap().config);
    (cfg, names.into_inner().unwrap())
}

#[test]
fn a_config_of_any_size_is_read_under_the_same_names() {
    let (nine, mut names) = load::<Nine>();
    let (twenty, of_twenty) = load::<Twenty>();
    let (hundred, of_hundred) = load::<Hundred>();
    let (thousand, of_thousand) = load::<Thousand>();
    assert_eq!(nine.i, "APP_I");
    assert_eq!(twenty.b.i, "APP_B_I");
    assert_eq!(twenty.after, "APP_AFTER");
    assert_eq!(hundred.e.b.i, "APP_E_B_I");
    assert_eq!(hundred.e.after, "APP_E_AFTER");
    assert_eq!(hundred.after, "APP_AFTER");
    assert_eq!(thousand.j.e.b.i, "APP_J_E_B_I");
    assert_eq!(thousand.j.e.after, "APP_J_E_AFTER");
    assert_eq!(thousand.j.after, "APP_J_AFTER");

    names.extend(of_twenty.into_iter().chain(of_hundred).chain(of_thousand));
    let vars: Vec<(&str, &str)> = names.iter().map(|name| (&**name, &**name)).collect();
    let itself = "known::a_config_of_any_size_is_read_under_the_same_names";
    process::with(itself, &vars, || {
        assert_eq!(Nine::from_env().unwrap(), nine);
        assert_eq!(Twenty::from_env().unwrap(), twenty);
        assert_eq!(Hundred::from_env().unwrap(), hundred);
        assert_eq!(Thousand::from_env().unwrap(), thousand);
    });
}

//! Texts that may be empty and elements that may be absent.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsString;
use std::path::PathBuf;
use std::rc::Rc;
use std::str::FromStr;
use std::sync::Arc;

use environ::{EnvConfig, Secret};
use secrecy::{SecretBox, SecretString};

use crate::{load, problems};

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "never loads")]
struct Texts {
    #[env(non_empty)]
    boxed: Box<str>,
    #[env(non_empty)]
    shared: Arc<str>,
    #[env(non_empty)]
    counted: Rc<str>,
    #[env(non_empty)]
    cow: Cow<'static, str>,
    #[env(non_empty)]
    hidden: Secret<Box<str>>,
    #[env(non_empty)]
    token: SecretString,
    #[env(non_empty)]
    hosts: SecretBox<Vec<String>>,
    #[env(non_empty)]
    maybe: Option<Arc<str>>,
}

#[test]
fn non_empty_knows_every_type_of_text() {
    let names = [
        "APP_BOXED",
        "APP_SHARED",
        "APP_COUNTED",
        "APP_COW",
        "APP_HIDDEN",
        "APP_TOKEN",
        "APP_HOSTS",
        "APP_MAYBE",
    ];
    let hint = "it begins or ends with white space; remove that";
    let refused = "\" \" is refused: it must not be empty";
    let hidden = "the secret is refused: it must not be empty";
    let report: Vec<String> = [
        refused, refused, refused, refused, hidden, hidden, hidden, refused,
    ]
    .iter()
    .zip(names)
    // White space alone is an empty list.
    .map(|(reason, name)| match name {
        "APP_HOSTS" => format!("  {name:11}  {reason}"),
        name => format!("  {name:11}  {reason}\n{:15}{hint}", ""),
    })
    .collect();
    assert_eq!(
        problems::<Texts>(&names.map(|name| (name, " "))),
        report.join("\n")
    );
}

/// `len` and `non_empty` know the same types.
#[test]
fn len_knows_every_type_that_may_be_empty() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Lengths {
        #[env(len = 3..)]
        boxed: Box<str>,
        #[env(len = 3..)]
        cow: Cow<'static, str>,
        #[env(len = 3..)]
        path: PathBuf,
        #[env(len = 3..)]
        raw: Secret<OsString>,
        #[env(len = 3..)]
        token: SecretString,
        #[env(len = 3..)]
        hosts: SecretBox<Vec<String>>,
        #[env(len = 3..)]
        maybe: Option<Arc<str>>,
    }

    let names = ["BOXED", "COW", "PATH", "RAW", "TOKEN", "HOSTS", "MAYBE"];
    let names = names.map(|name| format!("APP_{name}"));
    let refused = "\"äö\" is refused: it must have at least 3 characters";
    let hidden = "the secret is refused: it must have at least 3 characters";
    let elements = "the secret is refused: it must have at least 3 elements";
    let report: Vec<String> = [refused, refused, refused, hidden, hidden, elements, refused]
        .iter()
        .zip(&names)
        .map(|(reason, name)| format!("  {name:9}  {reason}"))
        .collect();
    let pairs: Vec<(&str, &str)> = names.iter().map(|name| (&**name, "äö")).collect();
    assert_eq!(problems::<Lengths>(&pairs), report.join("\n"));
    let pairs = names.map(|name| (name, "ä,ö,ü"));
    assert!(Lengths::from_source(pairs).is_ok());
}

#[test]
fn a_path_of_white_space_is_empty() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Paths {
        #[env(non_empty)]
        path: PathBuf,
        #[env(non_empty)]
        raw: OsString,
    }

    let report = problems::<Paths>(&[("APP_PATH", "  "), ("APP_RAW", " \t")]);
    assert_eq!(
        report.matches("it must not be empty").count(),
        2,
        "{report}"
    );
}

/// A type that knows nothing of this crate.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Even(u8);

impl FromStr for Even {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(number) if number % 2 == 0 => Ok(Self(number)),
            _ => Err("it is odd".to_owned()),
        }
    }
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Optional {
    list: Vec<Option<u16>>,
    #[env(default)]
    array: [Option<u8>; 3],
    #[env(default)]
    set: BTreeSet<Option<Even>>,
    #[env(default)]
    map: BTreeMap<String, Option<u8>>,
    #[env(default)]
    hashed: HashMap<String, Option<Even>>,
    #[env(default)]
    pair: (Option<u8>, Option<String>),
    #[env(default)]
    texts: Vec<Option<String>>,
}

#[test]
fn an_empty_element_is_none_where_the_type_is_an_option() {
    assert_eq!(
        load::<Optional>(&[
            ("APP_LIST", "1,,3"),
            ("APP_ARRAY", ",2,3"),
            ("APP_SET", "2, ,4"),
            ("APP_MAP", "a=,b=1"),
            ("APP_HASHED", "a= ,"),
            ("APP_PAIR", ",x"),
            ("APP_TEXTS", "a,,"),
        ]),
        Optional {
            list: vec![Some(1), None, Some(3)],
            array: [None, Some(2), Some(3)],
            set: BTreeSet::from([None, Some(Even(2)), Some(Even(4))]),
            map: BTreeMap::from([("a".into(), None), ("b".into(), Some(1))]),
            hashed: HashMap::from([("a".into(), None)]),
            pair: (None, Some("x".into())),
            texts: vec![Some("a".into()), None],
        }
    );
}

#[test]
fn an_element_that_is_there_is_checked() {
    assert_eq!(
        problems::<Optional>(&[
            ("APP_LIST", "1,x"),
            ("APP_ARRAY", "1,2"),
            ("APP_SET", "2,,3"),
            ("APP_MAP", "a=x"),
        ]),
        "  APP_LIST   \"1,x\": element 2, \"x\", is not a u16: \
         it must be a whole number from 0 to 65535\n\
         \x20 APP_ARRAY  \"1,2\" is not 3 elements, each a u8: it has 2 elements\n\
         \x20 APP_SET    \"2,,3\": element 3, \"3\", is not an even: it is odd\n\
         \x20 APP_MAP    \"a=x\": the value of element 1, \"a=x\", is not a u8: \
         it must be a whole number from 0 to 255"
    );
}

//! Ways in which a secret could still be shown: each once let one through.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::str::FromStr;

use environ::{EnvConfig, Help, Secret};
use serde::Deserialize;

use crate::{Inherited, problems};

/// Must come out of none of them.
const CANARY: &str = "hunter2-canary";

/// All that is said about each variable, alone.
pub(crate) fn explained(help: &Help) -> String {
    let lines = help.to_lines();
    let names = lines.lines().filter_map(|line| line.split(' ').next());
    let texts = names.map(|name| match help.explain(name) {
        Ok(text) => text,
        Err(err) => err.to_string(),
    });
    texts.collect::<Vec<_>>().join("\n")
}

/// All that is shown of a config, whether it loads or not.
fn everything<T: EnvConfig + Debug>(pairs: &[(&str, &str)]) -> Vec<String> {
    let help = T::help();
    let mut shown = vec![
        help.to_string(),
        help.to_lines(),
        help.clone().width(0).to_string(),
        explained(&help),
        help.to_markdown(),
        help.to_dotenv(),
        help.clone().secret_object("x").to_kubernetes(),
        help.to_json(),
        format!("{help:?}"),
    ];
    match T::loader().source(pairs).load() {
        Ok(loaded) => shown.push(format!("{loaded:?}")),
        Err(err) => shown.extend([err.to_string(), err.to_json()]),
    }
    shown
}

fn assert_hidden<T: EnvConfig + Debug>(pairs: &[(&str, &str)]) {
    for shown in everything::<T>(pairs) {
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only what is shown of it counts")]
struct Generic<T> {
    value: T,
}

#[test]
fn a_type_parameter_that_is_a_secret_is_one() {
    type Cfg = Generic<Secret<u32>>;
    let err = Cfg::from_source([("APP_VALUE", CANARY)]).unwrap_err();
    assert_eq!(
        err.problems().next().unwrap().to_string(),
        "APP_VALUE: the secret is not a u32; the reason is not shown"
    );
    assert_hidden::<Cfg>(&[("APP_VALUE", CANARY)]);
    assert_hidden::<Generic<Secret<String>>>(&[("APP_VALUE", CANARY)]);
    assert_hidden::<Generic<Vec<Secret<u32>>>>(&[("APP_VALUE", CANARY)]);
    assert_eq!(Cfg::secret_vars(), ["APP_VALUE"]);
    assert!(
        Cfg::help()
            .secret_object("x")
            .to_kubernetes()
            .contains("secretKeyRef")
    );
    let denied = Cfg::loader()
        .source(Inherited([("APP_VALUE", "1")]))
        .deny_env_secrets()
        .load();
    assert_eq!(
        denied.unwrap_err().problems().next().unwrap().code(),
        "constraint"
    );
}

#[test]
fn a_tuple_or_a_map_that_holds_a_secret_is_one() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only what is shown of it counts")]
    struct Cfg {
        #[env(default = "me,hunter2-canary")]
        login: (String, Secret<String>),
        ports: HashMap<String, (u8, Secret<u32>)>,
        #[env(parse = login)]
        parsed: Vec<(Opaque, Secret<Opaque>)>,
        #[env(secret)]
        pair: (Secret<String>, Secret<u32>),
    }

    #[derive(Debug)]
    struct Opaque;

    fn login(text: &str) -> Result<Vec<(Opaque, Secret<Opaque>)>, String> {
        Err(text.to_owned())
    }

    assert_hidden::<Cfg>(&[
        ("APP_LOGIN", "me,hunter2-canary,x"),
        ("APP_PORTS", "a=1\\,hunter2-canary"),
        ("APP_PARSED", CANARY),
        ("APP_PAIR", "hunter2-canary,hunter2-canary"),
    ]);
    assert_eq!(
        Cfg::secret_vars(),
        ["APP_LOGIN", "APP_PORTS", "APP_PARSED", "APP_PAIR"]
    );
    assert_hidden::<Generic<(String, Secret<String>)>>(&[("APP_VALUE", "me,hunter2-canary")]);
}

/// Somebody took the wrong variable.
#[test]
fn a_secret_in_place_of_the_file_that_holds_it_is_not_shown() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        token: Secret<String>,
        #[env(file)]
        url: String,
    }

    for secret in [CANARY, "postgres://me:hunter2@db/x"] {
        assert_hidden::<Cfg>(&[("APP_TOKEN_FILE", secret)]);
    }
    let pairs = [
        ("APP_TOKEN_FILE", CANARY),
        ("APP_URL_FILE", "postgres://me:hunter2@db/x"),
    ];
    assert_hidden::<Cfg>(&pairs);
    assert_eq!(
        Cfg::from_source(pairs).unwrap_err().to_string(),
        "\
2 problems with the environment:
  APP_TOKEN_FILE  cannot read a file that does not exist (the path is not shown, \
because it may be the secret itself): No such file or directory (os error 2)
  APP_URL_FILE    cannot read postgres://me:***@db/x: No such file or directory (os error 2)"
    );
}

/// Its error quotes the text.
#[derive(Debug)]
struct Url(#[expect(dead_code, reason = "never made")] u8);

impl FromStr for Url {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Err(format!("no @ in {text}"))
    }
}

#[test]
fn the_passwords_of_several_urls_are_masked_and_the_reason_is_kept() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        urls: Vec<Url>,
        by_name: HashMap<String, Url>,
        conninfo: Url,
    }

    let pairs = [
        ("APP_URLS", "amqp://me:hunter2,amqp://me:hunter2@h"),
        ("APP_BY_NAME", "a=amqp://me:hunter2@h"),
        ("APP_CONNINFO", "host=db password='hunter2 hunter2' user=me"),
    ];
    assert_eq!(
        problems::<Cfg>(&pairs),
        "  APP_URLS      \"amqp://me:***,amqp://me:***@h\": \
         element 1, \"amqp://me:***\", is not a URL (element 2 is wrong too): \
         no @ in amqp://me:***\n  \
         APP_BY_NAME   \"a=amqp://me:***@h\": \
         the value of element 1, \"a=amqp://me:***@h\", is not a URL: no @ in amqp://me:***@h\n  \
         APP_CONNINFO  \"host=db password=*** user=me\" is not a URL: \
         no @ in host=db password=*** user=me"
    );
    assert_hidden::<Cfg>(&pairs);
}

/// Its reason for rejecting a whole config comes from the test.
#[derive(Debug, EnvConfig)]
#[env(validate = quoting)]
#[expect(dead_code, reason = "what `url` holds is quoted without it")]
struct Whole {
    #[env(default = "")]
    says: String,
    #[env(default = "hunter2-default")]
    default: Secret<String>,
    #[env(default = "a=b", separator = ";")]
    several: Secret<HashMap<String, String>>,
    #[env(default = "")]
    url: Secret<String>,
    #[env(default = "")]
    escaped: Secret<String>,
    #[env(json)]
    creds: Option<Creds>,
}

fn quoting(whole: &Whole) -> Result<(), String> {
    let secret = match &*whole.says {
        "default" => whole.default.expose().clone(),
        "upper" => whole.default.expose().to_uppercase(),
        "element" => whole.several.expose()["key"].clone(),
        "password" => "hunter2".to_owned(),
        "escaped" => format!("{:?}", whole.escaped.expose()),
        "json" => format!(
            "{:?}",
            whole.creds.as_ref().map(|creds| creds.password.expose())
        ),
        other => other.to_owned(),
    };
    Err(format!("{secret} is too short"))
}

#[test]
fn a_validator_of_a_whole_config_quotes_no_part_of_a_secret() {
    let refused = |says: &str| {
        let pairs = [
            ("APP_SAYS", says),
            ("APP_SEVERAL", "other=x; key=hunter2 \\; element"),
            ("APP_URL", "postgres://me:hunter2@db"),
            ("APP_ESCAPED", "hun\"ter2\n"),
            ("APP_CREDS", r#"{"password": "hunter2 json"}"#),
        ];
        problems::<Whole>(&pairs)
    };
    for says in ["default", "upper", "element", "password", "escaped", "json"] {
        assert_eq!(
            refused(says),
            "  APP_*  refused; the reason is not shown, because it quotes a secret",
            "{says}"
        );
    }
    assert_eq!(refused("pool"), "  APP_*  refused: pool is too short");
}

#[derive(Debug, Deserialize)]
struct Creds {
    #[expect(dead_code, reason = "only what is shown of it counts")]
    user: Option<Name>,
    password: Secret<String>,
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct Name;

impl TryFrom<String> for Name {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Err(format!("no name: {text}"))
    }
}

/// A part of the type may be a secret, and nothing says which.
#[test]
fn json_is_not_shown_and_what_it_should_be_is() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only what is shown of it counts")]
    struct Cfg {
        #[env(json, validate = long)]
        creds: Creds,
    }

    fn long(creds: &Creds) -> Result<(), String> {
        match creds.password.expose().as_str() {
            "hunter2" => Err("a password is longer".to_owned()),
            short => Err(format!("{short} is too short")),
        }
    }

    for (json, why) in [
        (
            "hunter2",
            "is not a JSON value: expected value at line 1 column 1",
        ),
        (
            r#""hunter2""#,
            "is JSON of another shape: expected struct Creds at line 1 column 9",
        ),
        (
            r#"{"password": ["hunter2"]}"#,
            "is JSON of another shape: expected a string at line 1 column 13",
        ),
        (
            r#"{"user": "hunter2"}"#,
            "is JSON of another shape: what ends at line 1 column 19 does not fit the type",
        ),
        (
            r#"{"passwd": "hunter2"}"#,
            "is JSON of another shape: missing field `password` at line 1 column 21",
        ),
        (
            r#"{"password": "hunter2-x"}"#,
            "is refused; the reason is not shown",
        ),
        (
            r#"{"password": "hunter2"}"#,
            "is refused: a password is longer",
        ),
    ] {
        assert_eq!(
            problems::<Cfg>(&[("APP_CREDS", json)]),
            format!("  APP_CREDS  the text {why}")
        );
        assert_hidden::<Cfg>(&[("APP_CREDS", json)]);
    }
}

#[test]
fn the_origin_of_json_does_not_show_it() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(json)]
        creds: Creds,
    }

    let creds = r#"{"password": "hunter2"}"#;
    let loaded = Cfg::loader().source([("APP_CREDS", creds)]).load().unwrap();
    assert_eq!(loaded.config.creds.password.expose(), "hunter2");
    assert_eq!(loaded.origins.shown("APP_CREDS"), Some("[REDACTED]"));
    assert_hidden::<Cfg>(&[("APP_CREDS", creds)]);
}

/// In a map any name may be that of a group, and select its variant.
#[test]
fn a_misspelt_secret_in_a_map_does_not_select_a_variant() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only what is shown of it counts")]
    struct Cfg {
        #[env(group)]
        stores: BTreeMap<String, Store>,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only what is shown of it counts")]
    enum Store {
        #[env(default)]
        Memory,
        S3(Bucket),
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only what is shown of it counts")]
    struct Bucket {
        key: Secret<String>,
    }

    let (main, key) = (("APP_STORES_MAIN", "s3"), ("APP_STORES_MAIN_S3_KEY", "k"));
    for (pairs, strict) in [
        (
            [main, key, ("APP_STORES_MAIN_S3_KEYS", CANARY)].to_vec(),
            "  APP_STORES_MAIN_S3_KEYS  set, but no field reads it; remove it",
        ),
        (
            [main, key, ("APP_STORES_MAIN_S3_KEY_FIEL", "memory")].to_vec(),
            "  APP_STORES_MAIN_S3_KEY_FIEL  set, but no field reads it; \
             is APP_STORES_MAIN_S3_KEY_FILE meant?",
        ),
        (
            [main, ("APP_STORES_MAIN_S3_KYE", CANARY)].to_vec(),
            "  APP_STORES_MAIN_S3_KEY  not set; required because APP_STORES_MAIN is s3\n                          \
             APP_STORES_MAIN_S3_KYE is set but not read; is it meant?",
        ),
        (
            [("APP_STORES_PASSWORD", CANARY)].to_vec(),
            "  APP_STORES_PASSWORD  the text is not one of: memory, s3",
        ),
    ] {
        let err = Cfg::loader().source(&*pairs).strict().load().unwrap_err();
        let report = format!("1 problem with the environment:\n{strict}");
        assert_eq!(err.to_string(), report);
        assert_hidden::<Cfg>(&pairs);
    }
}

#[test]
fn a_number_is_quoted_however_it_was_written() {
    #[derive(Debug, EnvConfig)]
    #[env(validate = quoting)]
    struct Cfg {
        #[env(default_fn = nothing)]
        pin: Secret<u64>,
        #[env(default_fn = nothing)]
        rate: Secret<f64>,
        #[env(json, validate = short)]
        json: Option<BTreeMap<String, u64>>,
    }

    fn quoting(cfg: &Cfg) -> Result<(), String> {
        let Cfg { pin, rate, json } = cfg;
        let json = json.iter().flat_map(BTreeMap::values).next();
        Err(format!(
            "{}, {:?} and {json:?}",
            pin.expose(),
            rate.expose()
        ))
    }

    fn nothing<T: Default>() -> Secret<T> {
        Secret::new(T::default())
    }

    fn short(json: &BTreeMap<String, u64>) -> Result<(), String> {
        Err(format!("{json:?}"))
    }

    let whole = "  APP_*  refused; the reason is not shown, because it quotes a secret";
    for (name, text) in [
        ("APP_PIN", "+123454321"),
        ("APP_PIN", "0123454321"),
        ("APP_RATE", "1.5e5"),
        ("APP_RATE", "+271828"),
    ] {
        assert_eq!(problems::<Cfg>(&[(name, text)]), whole, "{text}");
    }
    assert_eq!(problems::<Cfg>(&[]), "  APP_*  refused: 0, 0.0 and None");
    assert_eq!(
        problems::<Cfg>(&[("APP_JSON", r#"{"pin": 123454321}"#)]),
        "  APP_JSON  the text is refused; the reason is not shown"
    );
}

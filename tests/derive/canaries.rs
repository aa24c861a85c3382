//! Ways in which a secret could still be shown: each once let one through.

use std::collections::HashMap;
use std::fmt::Debug;
use std::str::FromStr;

use environ::{EnvConfig, Secret};

use crate::problems;

/// Must come out of none of them.
const CANARY: &str = "hunter2-canary";

/// All that is shown of a config, whether it loads or not.
fn everything<T: EnvConfig + Debug>(pairs: &[(&str, &str)]) -> Vec<String> {
    let help = T::help();
    let mut shown = vec![
        help.to_string(),
        help.markdown(),
        help.env_example(),
        help.kubernetes("x"),
        help.json(),
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
    let err = Cfg::from_source(&[("APP_VALUE", CANARY)]).unwrap_err();
    assert_eq!(
        err.problems().next().unwrap().to_string(),
        "APP_VALUE: the secret is not a u32; why is not shown"
    );
    assert_hidden::<Cfg>(&[("APP_VALUE", CANARY)]);
    assert_hidden::<Generic<Secret<String>>>(&[("APP_VALUE", CANARY)]);
    assert_hidden::<Generic<Vec<Secret<u32>>>>(&[("APP_VALUE", CANARY)]);
    assert_eq!(Cfg::secret_vars(), ["APP_VALUE"]);
    assert!(Cfg::help().kubernetes("x").contains("secretKeyRef"));
    let denied = Cfg::loader()
        .source([("APP_VALUE", "1")])
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

/// Its error quotes what it was given.
#[derive(Debug)]
struct Url;

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
        "  APP_URLS      \"amqp://me:***,amqp://me:***@h\" is not a Vec<Url>: \
         element 1, \"amqp://me:***\": no @ in amqp://me:***\n  \
         APP_BY_NAME   \"a=amqp://me:***@h\" is not a HashMap<String, Url>: \
         element 1, \"a=amqp://me:***@h\": no @ in amqp://me:***@h\n  \
         APP_CONNINFO  \"host=db password=*** user=me\" is not a Url: \
         no @ in host=db password=*** user=me"
    );
    assert_hidden::<Cfg>(&pairs);
}

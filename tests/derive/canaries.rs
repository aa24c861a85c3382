//! Ways in which a secret could still be shown: each once let one through.

use std::collections::HashMap;
use std::fmt::Debug;

use environ::{EnvConfig, Secret};

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

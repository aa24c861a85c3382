use std::str::FromStr;

use environ::{EnvConfig, Secret};

use crate::load;

/// Goes through every path; must come out of none.
const CANARY: &str = "hunter2-canary";

/// A type whose error quotes what it was given, as many do.
#[derive(Clone, Debug)]
struct Never;

impl FromStr for Never {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Err(format!("{text:?} is not what I want"))
    }
}

/// A type that hides its value itself, and is vouched for.
#[derive(Clone)]
struct Password(String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(***)")
    }
}

impl FromStr for Password {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

/// Another name of `Secret`, which the macro cannot recognise.
type Hidden<T> = Secret<T>;

fn quoting<T>(_: &T) -> Result<(), String> {
    Err(format!("{CANARY} is too weak"))
}

#[test]
fn a_secret_is_loaded_and_hidden() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(secret)]
        text: Secret<String>,
        by_type: Secret<Vec<String>>,
        #[env(secret)]
        optional: Option<Secret<String>>,
        #[env(secret, plain)]
        vouched: Password,
        alias: Hidden<String>,
    }

    let cfg: Cfg = load(&[
        ("APP_TEXT", CANARY),
        ("APP_BY_TYPE", CANARY),
        ("APP_OPTIONAL", CANARY),
        ("APP_VOUCHED", CANARY),
        ("APP_ALIAS", CANARY),
    ]);
    assert_eq!(
        format!("{cfg:?}"),
        "Cfg { text: [REDACTED], by_type: [REDACTED], optional: Some([REDACTED]), \
         vouched: Password(***), alias: [REDACTED] }"
    );
    assert_eq!(cfg.text.expose(), CANARY);
    assert_eq!(cfg.by_type.expose(), &[CANARY]);
    assert_eq!(cfg.optional.unwrap().expose(), CANARY);
    assert_eq!(cfg.vouched.0, CANARY);
    assert_eq!(cfg.alias.into_exposed(), CANARY);
}

#[test]
fn no_way_to_fail_shows_a_secret() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        #[env(secret)]
        number: Secret<u16>,
        from_str: Secret<Never>,
        element: Secret<Vec<Never>>,
        #[env(secret, plain)]
        vouched: Never,
        #[env(validate = quoting)]
        refused: Secret<String>,
        #[env(secret, parse = quoting_parser)]
        parsed: Secret<u8>,
        alias: Hidden<Never>,
        #[env(validate = quoting)]
        alias_refused: Hidden<String>,
        /// Text that ends a line.
        spaces: Secret<u16>,
    }

    fn quoting_parser(text: &str) -> Result<Secret<u8>, String> {
        Err(text.to_owned())
    }

    let mut pairs = [
        "NUMBER",
        "FROM_STR",
        "ELEMENT",
        "VOUCHED",
        "REFUSED",
        "PARSED",
        "ALIAS",
        "ALIAS_REFUSED",
        "SPACES",
    ]
    .map(|name| (format!("APP_{name}"), CANARY.to_owned()));
    pairs[8].1.push('\n');
    let err = Cfg::from_source(&pairs).unwrap_err();
    assert_eq!(
        err.to_string(),
        "9 problems with the environment:\n  \
         APP_NUMBER         the secret is not a u16; why is not shown\n  \
         APP_FROM_STR       the secret is not a Never; why is not shown\n  \
         APP_ELEMENT        the secret is not a Vec<Never>; why is not shown\n  \
         APP_VOUCHED        the secret is not a Never; why is not shown\n  \
         APP_REFUSED        the secret is refused; why is not shown\n  \
         APP_PARSED         the secret is not a u8; why is not shown\n  \
         APP_ALIAS          the secret is not a Hidden<Never>; why is not shown\n  \
         APP_ALIAS_REFUSED  the secret is refused; why is not shown\n  \
         APP_SPACES         the secret is not a u16; why is not shown\n                     \
         it begins or ends with white space; remove that\n                     \
         Text that ends a line."
    );
    let mut outputs = vec![format!("{err}"), format!("{err:?}"), format!("{err:#?}")];
    for problem in err.problems() {
        outputs.extend([
            format!("{problem}"),
            format!("{problem:?}"),
            problem.name().to_owned(),
        ]);
    }
    outputs.push(Cfg::help().to_string());
    for output in outputs {
        assert!(!output.contains(CANARY), "{output}");
    }
}

#[test]
fn warnings_name_a_secret_and_do_not_show_it() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its warnings count")]
    struct Cfg {
        #[env(alias = "TOKEN")]
        token: Secret<String>,
    }

    let load = Cfg::loader().source([("APP_TOKEN", CANARY), ("TOKEN", CANARY)]);
    assert!(!format!("{load:?}").contains(CANARY));
    let loaded = load.load().unwrap();
    let warnings: Vec<_> = loaded.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "APP_TOKEN: a secret in the environment, where every child process sees it; \
             APP_TOKEN_FILE can name a file instead",
            "TOKEN: not read, since APP_TOKEN is set too",
            "TOKEN: a secret in the environment, where every child process sees it; \
             APP_TOKEN_FILE can name a file instead",
        ]
    );
    assert!(!format!("{loaded:?}").contains(CANARY));
}

/// A default stands in the source code, but help is printed elsewhere.
#[test]
fn help_does_not_show_the_default_of_a_secret() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cfg {
        #[env(default = "hunter2-canary")]
        token: Secret<String>,
    }

    assert_eq!(
        Cfg::help().to_string(),
        "APP_TOKEN (Optional, Secret): Or a file: APP_TOKEN_FILE."
    );
}

/// What is not marked is shown, but not the password of a URL.
#[test]
fn the_password_of_a_url_is_masked_in_value_and_reason() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        url: Never,
    }

    let url = format!("postgres://me:{CANARY}@db/x");
    let err = Cfg::from_source(&[("APP_URL", &url)]).unwrap_err();
    assert_eq!(
        err.to_string(),
        "1 problem with the environment:\n  \
         APP_URL  \"postgres://me:***@db/x\" is not a Never: \
         \"postgres://me:***@db/x\" is not what I want"
    );
}

use std::collections::BTreeMap;
use std::str::FromStr;

use environ::{EnvConfig, EnvValue, Form, Invalid, Secret, Text};
use secrecy::{ExposeSecret, SecretBox, SecretString};

use crate::{Inherited, load, problems};

/// Goes through every path; must come out of none.
const CANARY: &str = "hunter2-canary";

/// A type with an error that quotes the text, as many do.
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
         APP_NUMBER         the secret is not a u16; the reason is not shown\n  \
         APP_FROM_STR       the secret is not a never; the reason is not shown\n  \
         APP_ELEMENT        the secret is not a list, each a never; the reason is not shown\n  \
         APP_VOUCHED        the secret is not a never; the reason is not shown\n  \
         APP_REFUSED        the secret is refused; the reason is not shown\n  \
         APP_PARSED         the secret is not a u8; the reason is not shown\n  \
         APP_ALIAS          the secret is not a hidden; the reason is not shown\n  \
         APP_ALIAS_REFUSED  the secret is refused; the reason is not shown\n  \
         APP_SPACES         the secret is not a u16; the reason is not shown\n                     \
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
    outputs.extend([Cfg::help().to_lines(), Cfg::help().to_string()]);
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

    let load = Cfg::loader().source(Inherited([("APP_TOKEN", CANARY), ("TOKEN", CANARY)]));
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
        Cfg::help().to_lines(),
        "APP_TOKEN (Optional, Secret): Or a file: APP_TOKEN_FILE."
    );
}

/// An unmarked value is shown, except for the password of a URL.
#[test]
fn the_password_of_a_url_is_masked_in_value_and_reason() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        url: Never,
    }

    let url = format!("postgres://me:{CANARY}@db/x");
    let err = Cfg::from_source([("APP_URL", &url)]).unwrap_err();
    assert_eq!(
        err.to_string(),
        "1 problem with the environment:\n  \
         APP_URL  \"postgres://me:***@db/x\" is not a never: \
         \"postgres://me:***@db/x\" is not what I want"
    );
}

/// Known neither as text nor by `FromStr`: only a function makes it.
#[derive(Clone, Debug)]
struct Opaque(#[expect(dead_code, reason = "never made")] u8);

type Token = Secret<Opaque>;

fn refuse_token(text: &str) -> Result<Token, String> {
    Err(format!("{text} is no token"))
}

fn refuse_map(text: &str) -> Result<BTreeMap<String, Secret<Opaque>>, String> {
    Err(format!("{text} is no map"))
}

/// A secret is a secret even if the type inside is unknown.
#[test]
fn a_type_that_hides_its_value_is_a_secret_whatever_is_inside() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        #[env(parse = refuse_token)]
        alias: Token,
        #[env(parse = refuse_token, validate = quoting)]
        validated: Option<Token>,
        several: Vec<Secret<Never>>,
        #[env(validate = quoting)]
        refused: Vec<Secret<String>>,
        #[env(parse = refuse_map)]
        map: BTreeMap<String, Secret<Opaque>>,
        #[env(default = "hunter2-canary")]
        default: Hidden<Never>,
        #[env(default = "hunter2-canary")]
        number: Secret<f64>,
    }

    let names = ["ALIAS", "VALIDATED", "SEVERAL", "REFUSED", "MAP"];
    let pairs = names.map(|name| (format!("APP_{name}"), format!("{CANARY},,={CANARY}")));
    let err = Cfg::from_source(&pairs).unwrap_err();
    assert_eq!(
        err.to_string(),
        "7 problems with the environment:\n  \
         APP_ALIAS      the secret is not a token; the reason is not shown\n  \
         APP_VALIDATED  the secret is not a token; the reason is not shown\n  \
         APP_SEVERAL    the secret is not a list, each a never; the reason is not shown\n  \
         APP_REFUSED    the secret is not a list, each a text; the reason is not shown\n  \
         APP_MAP        the secret is not pairs like key=value, a text and an opaque; the reason is not shown\n  \
         APP_DEFAULT    the default is not a hidden; the reason is not shown\n  \
         APP_NUMBER     the default is not an f64; the reason is not shown"
    );
    let help = Cfg::help();
    let outputs = [
        err.to_string(),
        err.to_json(),
        help.to_lines(),
        help.to_markdown(),
        help.to_dotenv(),
        help.clone().secret_object("x").to_kubernetes(),
        help.to_json(),
    ];
    for output in outputs {
        assert!(!output.contains(CANARY), "{output}");
    }
    assert_eq!(help.to_lines().matches(", Secret)").count(), 7);
    assert_eq!(Cfg::secret_vars().len(), 7);
}

/// Files, stores, conflicts, strict mode, whole values and panics: the rest of
/// what can fail.
#[test]
fn no_other_way_to_fail_shows_a_secret() {
    #[derive(Debug, EnvConfig)]
    #[env(validate = quoting_whole)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        #[env(deprecated = "APP_OLD")]
        token: Secret<String>,
        #[env(group)]
        inner: Option<Inner>,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Inner {
        key: Secret<u16>,
        name: String,
    }

    fn quoting_whole(cfg: &Cfg) -> Result<(), String> {
        Err(format!("{} is too weak", cfg.token.expose()))
    }

    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("secret");
    std::fs::write(&file, format!("{CANARY}\n")).unwrap();
    let file = file.to_str().unwrap();
    std::fs::write(dir.path().join("inner_key"), CANARY).unwrap();
    let directory = environ::secrets::DirSecrets::from_path(dir.path());

    let mut outputs = Vec::new();
    for pairs in [
        &[("APP_TOKEN", CANARY), ("APP_TOKEN_FILE", file)][..],
        &[("APP_TOKEN", CANARY), ("APP_OLD", "hunter2-canary-2")],
        &[("APP_TOKEN_FILE", file), ("APP_INNER_KEY_FILE", file)],
        &[
            ("APP_TOKEN", CANARY),
            ("APP_INNER_NAME", CANARY),
            ("APP_TOKN", CANARY),
        ],
        &[("APP_TOKN", CANARY)],
    ] {
        let loader = || {
            Cfg::loader()
                .source(Inherited(pairs))
                .strict()
                .secrets(directory.clone())
        };
        for loader in [loader(), loader().deny_env_secrets()] {
            let err = loader.load().unwrap_err();
            outputs.extend([format!("{err}"), format!("{err:?}"), err.to_json()]);
            let panic = std::panic::catch_unwind(|| panic!("{err}")).unwrap_err();
            outputs.push(panic.downcast_ref::<String>().unwrap().clone());
        }
    }
    assert_eq!(
        Cfg::from_source([("APP_TOKEN", CANARY)])
            .unwrap_err()
            .to_string(),
        "1 problem with the environment:\n  \
         APP_*  refused; the reason is not shown, because it quotes a secret"
    );
    for output in outputs {
        assert!(!output.contains(CANARY), "{output}");
    }
}

#[test]
fn a_parser_can_show_what_it_was_given_without_the_text() {
    #[derive(Debug)]
    struct Shown;

    impl EnvValue for Shown {
        const FORM: Form = Form::text();

        fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
            Err(Invalid::new(format!("{text:?} {:?}", Invalid::new(CANARY))))
        }
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        shown: Shown,
    }

    assert_eq!(
        problems::<Cfg>(&[("APP_SHOWN", "x")]),
        "  APP_SHOWN  \"x\" is not a text: Text { .. } Invalid { .. }"
    );
}

#[test]
fn the_types_of_secrecy_are_secrets() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        token: SecretString,
        #[env(secret)]
        pin: Option<SecretBox<u32>>,
        #[env(default)]
        several: Vec<SecretString>,
    }

    let cfg: Cfg = load(&[
        ("APP_TOKEN", CANARY),
        ("APP_PIN", "1234"),
        ("APP_SEVERAL", "hunter2-canary, b"),
    ]);
    assert_eq!(cfg.token.expose_secret(), CANARY);
    assert_eq!(cfg.pin.as_ref().map(|pin| *pin.expose_secret()), Some(1234));
    let several = cfg.several.iter().map(ExposeSecret::expose_secret);
    assert_eq!(several.collect::<Vec<_>>(), [CANARY, "b"]);
    assert!(!format!("{cfg:?}").contains("1234"));
    assert!(!format!("{cfg:?}").contains(CANARY));

    assert_eq!(
        Cfg::secret_vars(),
        ["APP_TOKEN", "APP_PIN", "APP_SEVERAL"],
        "each is one without an attribute"
    );
    let err = Cfg::from_source([("APP_PIN", CANARY)]).unwrap_err();
    assert_eq!(
        err.to_string(),
        "2 problems with the environment:\n  \
         APP_TOKEN  not set\n  \
         APP_PIN    the secret is not a u32; the reason is not shown"
    );
}

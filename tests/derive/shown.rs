//! Outputs about an environment: no secret, no letter that is not seen, no line that
//! nobody could read.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use environ::secrets::{DirSecrets, Found, Request, SecretStore, StoreError};
use environ::{EnvConfig, Invalid, Loaded, Secret};

use crate::canaries::explained;
use crate::process::with;
use crate::{Inherited, problems};

/// Fields that take a text, and none.
#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only what is shown of it counts")]
struct Plain {
    text: Option<String>,
    number: Option<u16>,
}

/// Returns the outputs about a text where it loads, and where it does not.
fn shown(text: &str) -> (String, String) {
    let loaded = Plain::loader().source([("APP_TEXT", text)]).load().unwrap();
    let origin = loaded.origins.shown("APP_TEXT").unwrap().to_owned();
    (origin, problems::<Plain>(&[("APP_NUMBER", text)]))
}

#[test]
fn passwords_in_plain_values_are_masked_wherever_values_are_shown() {
    for (text, masked) in [
        (
            "https://ghp_hunter2@github.com/x",
            "https://***@github.com/x",
        ),
        (
            "AccountName=me;AccountKey=hunter2==",
            "AccountName=me;AccountKey=***",
        ),
        (
            "https://x.example/b?sv=1&sig=hunter2",
            "https://x.example/b?sv=1&sig=***",
        ),
        (
            "https://maps.example/?key=hunter2&v=3",
            "https://maps.example/?key=***&v=3",
        ),
        ("Authorization: Bearer hunter2", "Authorization: ***"),
        ("x-api-key: hunter2", "x-api-key: ***"),
        ("db_password=hunter2 user=me", "db_password=*** user=me"),
        ("a://me:x=b://hunter2@db", "a://me:***@db"),
        ("postgres://me:hunt%40er2@db", "postgres://me:***@db"),
        (
            "spring.datasource.password: hunter2",
            "spring.datasource.password: ***",
        ),
        ("Driver=x;Pwd={hun;ter2};Uid=me", "Driver=x;Pwd=***;Uid=me"),
        ("http://host:80", "http://host:80"),
        ("me@example.org", "me@example.org"),
        ("12:30:00", "12:30:00"),
    ] {
        let (origin, problem) = shown(text);
        assert_eq!(origin, masked);
        let said = format!("  APP_NUMBER  \"{masked}\" is not a u16: ");
        assert!(problem.starts_with(&said), "{problem}");
    }
    let (origin, problem) = shown(r#"[{"user":"me","password":"x"},{"token":"hunter2"}]"#);
    for shown in [origin, problem] {
        assert!(
            !shown.contains("hunter2") && !shown.contains("\"x\""),
            "{shown}"
        );
    }
}

/// Returns the time of this thread, because other tests run beside it.
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap()
}

/// Such a value took three minutes.
#[test]
fn a_value_of_16_mb_is_shown_at_once() {
    let text = "a://b:c@d,pwd=x;".repeat(1_000_000);
    let before = processor_time();
    let (origin, problem) = shown(&text);
    let taken = processor_time().saturating_sub(before);
    assert!(taken < Duration::from_secs(1), "{taken:?}");
    assert!(origin.starts_with("a://b:***@d,pwd=***;a://b:***@d"));
    assert!(origin.len() < 2_000 && problem.len() < 2_000);
}

/// Fields with texts in files, and in groups with names from the environment.
#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only what is shown of it counts")]
struct Named {
    #[env(file)]
    motd: Option<String>,
    #[env(file)]
    number: Option<u16>,
    token: Option<Secret<u16>>,
    #[env(group)]
    site: BTreeMap<String, Site>,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only what is shown of it counts")]
struct Site {
    port: u16,
    #[env(default = 1)]
    size: u16,
}

/// A letter that moves its neighbours, and a line that seems to be of a log.
const FORGED: &str = "x\n2026-11-26 INFO all is well \u{1b}[31m\u{202e}\u{200b}";
const ESCAPED: &str = "x\\n2026-11-26 INFO all is well \\u{1b}[31m\\u{202e}\\u{200b}";

/// Asserts that no letter moves or hides another, and that a person can read each line.
#[track_caller]
fn assert_seen(output: &str) {
    for line in output.lines() {
        assert!(line.len() < 5_000, "a line of {} bytes", line.len());
        let odd = line.chars().find(|letter| {
            let is_bidi = matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            letter.is_control() || is_bidi || matches!(letter, '\u{feff}' | '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{e0041}')
        });
        assert_eq!(odd, None, "{line}");
    }
    let forged = output.lines().find(|line| line.starts_with("2026"));
    assert_eq!(forged, None);
}

#[test]
fn paths_are_escaped_masked_and_cut() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir
        .path()
        .join(FORGED.replace("\u{202e}", "\u{202e}pwd=hunter2"));
    let path = path.to_str().unwrap();
    let escaped = format!(
        "{}/{}",
        dir.path().display(),
        ESCAPED.replace("\\u{202e}", "\\u{202e}pwd=***")
    )
    .replace("***\\u{200b}", "***");
    assert_eq!(
        problems::<Named>(&[("APP_MOTD_FILE", path)]),
        format!(
            "  APP_MOTD_FILE  cannot read {escaped}: No such file or directory (os error 2)\n                 \
             the path has a control character, U+001B; remove it"
        )
    );
    fs::write(path, "x").unwrap();
    assert_eq!(
        problems::<Named>(&[("APP_NUMBER_FILE", path)]),
        format!(
            "  APP_NUMBER_FILE  \"x\" in {escaped} is not a u16: \
             it must be a whole number from 0 to 65535"
        )
    );
    let loaded = Named::loader()
        .source([("APP_MOTD_FILE", path)])
        .load()
        .unwrap();
    let origin = loaded.origins.get("APP_MOTD").unwrap();
    assert_eq!(
        origin.to_string(),
        format!("file {escaped}, from APP_MOTD_FILE")
    );
    assert_eq!(format!("{origin:?}"), format!("Origin({origin})"));

    let report = problems::<Named>(&[("APP_NUMBER_FILE", &format!("/{}", "x".repeat(60_000)))]);
    assert_seen(&report);
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "never loads")]
struct Required {
    #[env(file)]
    motd: String,
}

#[test]
fn the_path_of_an_empty_file_is_escaped() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(FORGED);
    fs::write(&path, "").unwrap();
    assert_eq!(
        problems::<Required>(&[("APP_MOTD_FILE", path.to_str().unwrap())]),
        format!(
            "  APP_MOTD_FILE  the file {}/{ESCAPED} is empty, which counts as not set",
            dir.path().display()
        )
    );
}

#[test]
fn names_are_escaped_and_cut() {
    let name = |of: &str| format!("APP_SITE_{FORGED}_{of}");
    let long = format!("APP_{}", "X".repeat(60_000));
    let pairs = [(name("PORT"), "x"), (name("PROT"), "1"), (long, "1")];
    for err in [
        Named::loader().source(&pairs).strict().load().unwrap_err(),
        Required::loader()
            .source(&pairs)
            .strict()
            .load()
            .unwrap_err(),
    ] {
        for output in [err.to_string(), format!("{err:?}"), err.to_json()] {
            assert_seen(&output);
        }
        for problem in err.problems() {
            for output in [
                problem.to_string(),
                problem.message(),
                problem.name().to_owned(),
            ] {
                assert_seen(&output);
            }
        }
    }
    let err = Required::loader()
        .source([(format!("APP_{FORGED}"), "x")])
        .strict()
        .load();
    assert!(
        err.unwrap_err()
            .to_string()
            .contains(&format!("\"APP_{ESCAPED}\"  set"))
    );

    let loaded = Named::loader()
        .source([(name("PORT"), "1")])
        .warn_unknown()
        .load()
        .unwrap();
    for (name, _) in loaded.origins.iter() {
        assert_seen(name);
    }
    assert!(loaded.origins.get(&name("PORT")).is_some());
}

/// A store with a name that somebody wrote into a variable.
struct Store(&'static str, Result<&'static str, &'static str>);

impl SecretStore for Store {
    fn name(&self) -> Cow<'_, str> {
        self.0.into()
    }

    fn get(&self, _: &Request<'_>) -> Result<Option<Found>, StoreError> {
        let text = self.1.map_err(StoreError::new)?;
        Ok(Some(Secret::new(text.to_owned()).into()))
    }
}

#[test]
fn names_and_errors_of_stores_are_escaped_and_masked() {
    let name: &str = Box::leak(format!("{FORGED} at a://me:hunter2@h").into_boxed_str());
    for answer in [Ok("1"), Ok("x"), Err(name)] {
        let loader = Named::loader().source(()).secrets(Store(name, answer));
        let debug = format!("{loader:?}");
        let output = match loader.load() {
            Ok(Loaded { origins, .. }) => {
                format!("{origins:?} {}", origins.get("APP_TOKEN").unwrap())
            }
            Err(err) => err.to_string(),
        };
        for output in [output, debug] {
            assert_seen(&output);
            assert!(!output.contains("hunter2"), "{output}");
        }
    }
    let dir = DirSecrets::from_path(FORGED);
    assert_seen(&format!("{:?}", Named::loader().secrets(&dir)));
}

/// The texts of a table come from the code, and may come from anywhere by a build script.
#[test]
fn help_and_its_changes_are_escaped() {
    #[derive(Debug, EnvConfig)]
    #[env(prefix = "")]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cfg {
        #[env(default = "x\u{202e}\u{1b}\u{e0041}\n2026", help = "a\n2026\u{202e}")]
        text: String,
        #[env(default = 1)]
        number: u8,
    }

    let help = Cfg::help();
    for output in [
        help.to_string(),
        help.to_lines(),
        explained(&help),
        help.to_markdown(),
        help.to_dotenv(),
        help.clone().secret_object("\u{202e}").to_kubernetes(),
        help.to_json(),
        format!("{help:?}"),
    ] {
        assert_seen(&output);
    }
    assert!(help.diff(&help.to_json()).unwrap().is_empty());

    let long = "x".repeat(60_000);
    let old = serde_json::json!({"format": 1, "variables": [
        {"name": format!("{FORGED}{long}"), "default": long},
        {"name": "NUMBER", "default": format!("{FORGED}{long}"), "type": FORGED},
    ]});
    let changes = help.diff(&old.to_string()).unwrap();
    assert_seen(&changes.to_string());
    assert_seen(&help.diff(FORGED).unwrap_err().to_string());
}

/// A key, so that a reason can quote a line of it.
const PEM: &str = "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END KEY-----\n";

/// A constant is no value's, though a value may be the same.
mod constant {
    use std::str::FromStr;

    use environ::Secret;

    pub(super) const WHY: &str = "CACHE=redissentinel needs hosts";

    pub(super) fn rule<T>(_: &T) -> Result<(), &'static str> {
        Err(WHY)
    }

    /// A validator of the text that a `String` leads to.
    pub(super) fn of_str(_: &str) -> Result<(), &'static str> {
        Err(WHY)
    }

    pub(super) fn parser(_: &str) -> Result<Secret<u8>, &'static str> {
        Err(WHY)
    }

    #[derive(Debug)]
    pub(super) struct Never;

    impl FromStr for Never {
        type Err = &'static str;

        fn from_str(_: &str) -> Result<Self, &'static str> {
            Err(WHY)
        }
    }
}

/// These functions borrow from the argument, or make a text of it.
mod quoting {
    use environ::Secret;

    pub(super) fn rule(value: &Secret<String>) -> Result<(), &str> {
        Err(value.expose())
    }

    pub(super) fn parser(text: &str) -> Result<Secret<u8>, &str> {
        Err(text)
    }

    /// Takes a single lifetime only.
    pub(super) fn early<'t>(text: &'t str) -> Result<Secret<u8>, &'t str>
    where
        't: 't,
    {
        Err(text)
    }

    pub(super) fn middle(value: &Secret<String>) -> Result<(), String> {
        let text = value.expose();
        Err(format!("{} is odd", text.get(6..15).unwrap_or("it")))
    }

    pub(super) fn length(value: &Secret<String>) -> Result<(), String> {
        Err(format!("it has {} letters", value.expose().len()))
    }
}

#[test]
fn a_constant_reason_is_shown_even_of_a_secret() {
    #[derive(Debug, EnvConfig)]
    #[env(validate = constant::rule)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        #[env(default = "")]
        token: Secret<String>,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Fields {
        #[env(validate = constant::rule)]
        rule: Secret<String>,
        #[env(secret, plain, validate = constant::of_str)]
        of_str: String,
        #[env(parse = constant::parser)]
        parser: Secret<u8>,
        from_str: Secret<constant::Never>,
        several: Vec<Secret<constant::Never>>,
        #[env(non_empty)]
        filled: Secret<String>,
        #[env(secret, plain, range = 1..5)]
        range: u8,
    }

    for secret in ["x", "redissentinel", constant::WHY] {
        assert_eq!(
            problems::<Cfg>(&[("APP_TOKEN", secret)]),
            format!("  APP_*  refused: {}", constant::WHY)
        );
        let pairs = [
            ("APP_RULE", secret),
            ("APP_OF_STR", secret),
            ("APP_PARSER", secret),
            ("APP_FROM_STR", secret),
            ("APP_SEVERAL", secret),
            ("APP_FILLED", " "),
            ("APP_RANGE", "7"),
        ];
        let problems = problems::<Fields>(&pairs);
        let why = constant::WHY;
        assert_eq!(
            problems,
            format!(
                "  APP_RULE      the secret is refused: {why}\n  \
                 APP_OF_STR    the secret is refused: {why}\n  \
                 APP_PARSER    the secret is not a u8: {why}\n  \
                 APP_FROM_STR  the secret is not a never: {why}\n  \
                 APP_SEVERAL   the secret is not a list, each a never: {why}\n  \
                 APP_FILLED    the secret is refused: it must not be empty\n                \
                 it begins or ends with white space; remove that\n  \
                 APP_RANGE     the secret is refused: it must be at least 1 and below 5"
            )
        );
    }
}

#[test]
fn a_reason_that_may_quote_a_secret_is_searched_for_it() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Fields {
        #[env(validate = quoting::rule)]
        rule: Secret<String>,
        #[env(parse = quoting::parser)]
        parser: Secret<u8>,
        #[env(parse = quoting::early)]
        early: Secret<u8>,
        #[env(validate = quoting::middle)]
        middle: Secret<String>,
        #[env(validate = quoting::length)]
        length: Secret<String>,
    }

    let secret = "user1:correcthorse";
    let names = ["RULE", "PARSER", "EARLY", "MIDDLE", "LENGTH"];
    let pairs = names.map(|name| (format!("APP_{name}"), secret));
    assert_eq!(
        Fields::from_source(&pairs).unwrap_err().to_string(),
        "5 problems with the environment:\n  \
         APP_RULE    the secret is refused; the reason is not shown\n  \
         APP_PARSER  the secret is not a u8; the reason is not shown\n  \
         APP_EARLY   the secret is not a u8; the reason is not shown\n  \
         APP_MIDDLE  the secret is refused; the reason is not shown\n  \
         APP_LENGTH  the secret is refused: it has 18 letters"
    );
    let short = names.map(|name| (format!("APP_{name}"), "abc"));
    let report = Fields::from_source(&short).unwrap_err().to_string();
    assert_eq!(
        report.matches("the reason is not shown").count(),
        5,
        "{report}"
    );
}

fn of_the_token(token: &Secret<String>) -> Result<(), Invalid> {
    match token.expose().as_str() {
        "fixed-hunter2" => Err(Invalid::fixed("fixed-hunter2 is a constant")),
        "vouched-hunter2" => Err(Invalid::vouched("vouched- is vouched".to_owned())),
        text => Err(Invalid::new(format_args!("{text} may be quoted"))),
    }
}

fn parsed(text: &str) -> Result<u8, Invalid> {
    text.parse()
        .map_err(|_| Invalid::fixed("a digit is missing"))
}

/// A validator or a parser that returns an `Invalid` decides itself.
#[test]
fn a_reason_is_constant_or_vouched_for_or_searched() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        #[env(validate = of_the_token)]
        token: Secret<String>,
        #[env(secret, plain, parse = parsed)]
        digit: u8,
    }
    for (token, why) in [
        ("fixed-hunter2", ": fixed-hunter2 is a constant"),
        ("vouched-hunter2", ": vouched- is vouched"),
        ("hunter2", "; the reason is not shown"),
    ] {
        assert_eq!(
            problems::<Cfg>(&[("APP_TOKEN", token), ("APP_DIGIT", "x")]),
            format!(
                "  APP_TOKEN  the secret is refused{why}\n  \
                 APP_DIGIT  the secret is not a u8: a digit is missing"
            )
        );
    }
}

/// Rejects the whole config with a reason of the test.
#[derive(Debug, EnvConfig)]
#[env(validate = says)]
#[expect(dead_code, reason = "never loads")]
struct Quoting {
    #[env(default = "nothing")]
    says: String,
    #[env(default = "")]
    key: Secret<String>,
    #[env(default = "")]
    login: Secret<String>,
    #[env(default = "")]
    url: Secret<String>,
}

fn says(quoting: &Quoting) -> Result<(), String> {
    Err(format!("{} is odd", quoting.says))
}

#[test]
fn a_reason_about_a_whole_config_quotes_no_part_of_a_secret() {
    for (text, is_shown) in [
        ("MIIEvQIBADANBgkq", false),
        ("the line hkiG9w0BAQEFAASC", false),
        ("correcthorse", false),
        ("CORRECTH", false),
        ("correct", true),
        ("pa/word1", false),
        ("the key", true),
    ] {
        let report = problems::<Quoting>(&[
            ("APP_SAYS", text),
            ("APP_KEY", PEM),
            ("APP_LOGIN", "me:correcthorse"),
            ("APP_URL", "postgres://me:pa%2Fword1@db"),
        ]);
        let expected = if is_shown {
            format!("  APP_*  refused: {text} is odd")
        } else {
            "  APP_*  refused; the reason is not shown, because it quotes a secret".to_owned()
        };
        assert_eq!(report, expected);
    }
}

#[test]
fn an_error_of_a_store_quotes_no_secret() {
    let pairs = [("APP_TOKEN", "correcthorse")];
    let err = |reason| {
        let loader = Named::loader()
            .source(pairs)
            .secrets(Store("a store", Err(reason)));
        loader.load().unwrap_err().to_string()
    };
    assert!(err("sealed").ends_with("cannot be read from a store: sealed"));
    let report = err("no CorrectHorse here");
    assert!(
        report.contains("the reason is not shown") && !report.contains("Horse"),
        "{report}"
    );
}

/// A type with an error that quotes the text, and seems to be an error of serde.
#[derive(Debug, serde::Deserialize)]
#[serde(try_from = "String")]
struct Name(#[expect(dead_code, reason = "never loads")] u8);

impl TryFrom<String> for Name {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Err(match text.split_once('-') {
            Some(("value", _)) => format!("invalid value: string {text:?}, expected {text}"),
            Some(("field", _)) => format!("missing field `{text}`"),
            _ => text,
        })
    }
}

#[test]
fn errors_about_json_do_not_quote_it() {
    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "never loads")]
    struct Creds {
        name: Option<Name>,
        pin: Option<u8>,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        #[env(json)]
        creds: Option<Creds>,
        #[env(json)]
        list: Option<Vec<Name>>,
        #[env(json)]
        map: Option<BTreeMap<String, Name>>,
        #[env(json, secret, plain)]
        secret: Option<Creds>,
        #[env(group)]
        of: BTreeMap<String, Of>,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Of {
        #[env(json)]
        creds: Creds,
    }

    for quoted in [
        "hunter2",
        "value-hunter2",
        "field-hunter2",
        "invalid hunter2, expected hunter2",
    ] {
        let creds = format!(r#"{{"name": "{quoted}"}}"#);
        let report = problems::<Cfg>(&[
            ("APP_CREDS", &creds),
            ("APP_LIST", &format!(r#"["{quoted}"]"#)),
            ("APP_MAP", &creds),
            ("APP_SECRET", &creds),
            ("APP_OF_A_CREDS", &creds),
        ]);
        assert!(!report.contains("hunter2"), "{report}");
        assert_eq!(report.matches("at line 1 column").count(), 5, "{report}");
    }
    let report = problems::<Cfg>(&[("APP_SECRET", r#"{"pin": "hunter2"}"#)]);
    assert_eq!(
        report,
        "  APP_SECRET  the secret is JSON of another shape, at line 1 column 17; the reason is not shown"
    );
}

/// The value is masked, and the reason quotes the password without its name.
#[test]
fn a_parser_of_a_plain_value_quotes_no_password_in_it() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        #[env(parse = creds)]
        creds: u8,
    }

    fn creds(text: &str) -> Result<u8, serde_json::Error> {
        let creds: BTreeMap<String, u8> = serde_json::from_str(text)?;
        Ok(creds["password"])
    }

    assert_eq!(
        problems::<Cfg>(&[("APP_CREDS", r#"{"password":"hunter2"}"#)]),
        "  APP_CREDS  \"{\\\"password\\\":***}\" is not a u8; the reason is not shown"
    );
}

/// The hint of a number, and the warnings of a text, a secret and a path.
fn told(text: &str) -> (String, Vec<String>) {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only what is told of it counts")]
    struct Cfg {
        text: String,
        token: Secret<String>,
        path: PathBuf,
    }

    let hint = Plain::from_source([("APP_NUMBER", text)]).unwrap_err();
    let hint = hint.problems().next().unwrap().message();
    let pairs = ["TEXT", "TOKEN", "PATH"].map(|name| (format!("APP_{name}"), text));
    let warnings = Cfg::check(&pairs).unwrap();
    assert!(!format!("{warnings:?}").contains("hunter2"));
    let (_, hint) = hint.split_once("; ").unwrap_or_default();
    let warnings = warnings.iter().filter(|one| one.code() != "exposed");
    (hint.to_owned(), warnings.map(ToString::to_string).collect())
}

#[test]
fn an_odd_value_is_pointed_out() {
    for (text, odd, remedy) in [
        (
            "\"hunter2\"",
            "has quotes around it, which are part of it",
            "remove them",
        ),
        (
            "'hunter2'",
            "has quotes around it, which are part of it",
            "remove them",
        ),
        (
            "hunter2 # default",
            "ends with a comment, which is part of it",
            "remove that",
        ),
        (
            "hunter2 #default",
            "ends with a comment, which is part of it",
            "remove that",
        ),
        (
            "\u{feff}hunter2",
            "has a byte order mark, U+FEFF",
            "remove it",
        ),
        (
            "hunter2\u{200b}",
            "has a zero-width space, U+200B",
            "remove it",
        ),
        ("hunter2\u{a0}", "has a no-break space, U+00A0", "remove it"),
        (
            "hun\u{202e}ter2",
            "has a mark that changes the direction of text, U+202E",
            "remove it",
        ),
        ("hunter2\r", "has a carriage return", "remove it"),
        (
            "\u{1b}[31mhunter2",
            "has a control character, U+001B",
            "remove it",
        ),
    ] {
        let (hint, warnings) = told(text);
        assert_eq!(hint, format!("it {odd}; {remedy}"));
        let warned = |name, noun| format!("{name}: the {noun} {odd}; {remedy} if it is a mistake");
        assert_eq!(
            warnings,
            [
                warned("APP_TEXT", "value"),
                warned("APP_TOKEN", "secret"),
                warned("APP_PATH", "value")
            ]
        );
    }
    for text in [
        "Room #5",
        "it's",
        "\"a\" or \"b\"",
        "C#",
        "https://x/#y",
        "é 日本",
        "a\tb",
        "a\r\nb",
    ] {
        assert_eq!(told(text).1, [""; 0], "{text}");
    }
}

#[test]
fn white_space_at_the_end_of_a_path_is_pointed_out() {
    for text in ["/etc/hunter2 ", " /etc/hunter2", "/etc/hunter2\n"] {
        let (_, warnings) = told(text);
        assert_eq!(
            warnings,
            [
                "APP_TOKEN: the secret begins or ends with white space, which is part of it; \
                 remove that if a login is refused",
                "APP_PATH: the path begins or ends with white space, which is part of it; \
                 remove that"
            ]
        );
    }
    assert_eq!(
        problems::<Named>(&[("APP_MOTD_FILE", "/nowhere/motd ")]),
        "  APP_MOTD_FILE  cannot read /nowhere/motd : No such file or directory (os error 2)\n                 \
         the path begins or ends with white space; remove that"
    );
}

#[test]
fn an_odd_file_is_pointed_out() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        key: Secret<String>,
    }

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("secret");
    let path = path.to_str().unwrap();
    let warned = |text: &str| {
        fs::write(path, text).unwrap();
        let loaded = Quoting::loader().source([("APP_KEY_FILE", path)]);
        let err = loaded.load().unwrap_err();
        assert!(!err.to_string().contains("hunter2"));
        let loaded = Cfg::loader()
            .source([("APP_KEY_FILE", path)])
            .load()
            .unwrap();
        assert!(!loaded.config.key.expose().is_empty());
        let warnings = loaded
            .warnings
            .iter()
            .map(|one| (one.code(), one.to_string()));
        warnings
            .map(|(code, text)| format!("{code} {text}"))
            .collect::<Vec<_>>()
    };
    let mark = "odd APP_KEY_FILE: the secret has a byte order mark, U+FEFF; \
                remove it if it is a mistake";
    let windows = "odd APP_KEY_FILE: the file ends with a carriage return and a newline, which \
                   are not part of the secret; end it with a newline alone, or without";
    assert_eq!(warned("\u{feff}hunter2\r\n"), [mark, windows]);
    assert_eq!(warned("\u{feff}hunter2\n"), [mark]);
    assert_eq!(warned("hunter2\r\n"), [windows]);
    assert_eq!(warned("hunter2\n"), [""; 0]);

    fs::write(path, "\u{feff}80\n").unwrap();
    assert_eq!(
        problems::<Named>(&[("APP_NUMBER_FILE", path)]),
        format!(
            "  APP_NUMBER_FILE  \"\\u{{feff}}80\" in {path} is not a u16: \
             it must be a whole number from 0 to 65535\n                   \
             it has a byte order mark, U+FEFF; remove it"
        )
    );
}

/// Docker removes no quotes in an env file: they are around the JSON, and not of it.
#[test]
fn quotes_around_json_are_pointed_out_and_those_of_json_are_not() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only what is told of it counts")]
    struct Cfg {
        #[env(json)]
        list: Option<Vec<u8>>,
        #[env(json)]
        text: Option<String>,
    }

    assert!(problems::<Cfg>(&[("APP_LIST", "'[1]'")]).contains("it has quotes around it"));
    assert!(!problems::<Cfg>(&[("APP_LIST", "\"a\"")]).contains("quotes"));
    assert_eq!(Cfg::check([("APP_TEXT", "\"a\"")]).unwrap(), []);
}

#[test]
fn a_name_with_letters_that_nobody_meant_is_pointed_out() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only what is told of it counts")]
    struct Cfg {
        port: u16,
        #[env(default = 1)]
        size: u16,
    }

    for (name, odd) in [
        ("APP_PORT ", "\"APP_PORT \" is set, with a space at its end"),
        (
            " APP_PORT",
            "\" APP_PORT\" is set, with a space at its start",
        ),
        (
            "APP_PORT\t",
            "\"APP_PORT\\t\" is set, with a tab at its end",
        ),
        (
            "APP_PORT\r",
            "\"APP_PORT\\r\" is set, with a carriage return at its end",
        ),
        (
            "\u{feff}APP_PORT",
            "\"\\u{feff}APP_PORT\" is set, with a byte order mark, U+FEFF at its start",
        ),
        (
            "APP_\u{200b}PORT",
            "\"APP_\\u{200b}PORT\" is set, with a zero-width space, U+200B in it",
        ),
        (
            "APP_PORT\u{a0}",
            "\"APP_PORT\\u{a0}\" is set, with a no-break space, U+00A0 at its end",
        ),
        ("'APP_PORT'", "'APP_PORT' is set, with a quote at its start"),
    ] {
        let strict = Cfg::loader().source([(name, "80")]).strict().load();
        for err in [
            Cfg::from_source([(name, "80")]).unwrap_err(),
            strict.unwrap_err(),
        ] {
            assert_eq!(
                err.to_string(),
                format!(
                    "1 problem with the environment:\n  \
                     APP_PORT  not set; expected a u16\n            \
                     {odd}"
                )
            );
        }
    }
    let pairs = [("APP_PORT", "1"), ("APP_SIZE ", "2")];
    let warnings = Cfg::loader()
        .source(pairs)
        .warn_unknown()
        .load()
        .unwrap()
        .warnings;
    assert_eq!(
        warnings[0].to_string(),
        "\"APP_SIZE \": set, but no field reads it; it is APP_SIZE with a space at its end"
    );
}

#[test]
fn a_secret_is_exposed_only_by_the_environment_of_the_process() {
    let pairs = [("APP_TOKEN", "1")];
    let codes = |loader: environ::Loader<'_, Named>| {
        let warnings = loader.load().unwrap().warnings;
        warnings
            .iter()
            .map(environ::Warning::code)
            .collect::<Vec<_>>()
    };
    let loader = Named::loader;
    assert_eq!(codes(loader().source(pairs)), [""; 0]);
    assert_eq!(codes(loader().source(pairs).deny_env_secrets()), [""; 0]);
    assert_eq!(codes(loader().source(Inherited(pairs))), ["exposed"]);
    // The layer that is read decides.
    let over = || Named::loader().source([("APP_TOKEN", "")]);
    assert_eq!(
        codes(over().source(pairs).source(Inherited(pairs))),
        [""; 0]
    );
    assert_eq!(
        codes(over().source(Inherited(pairs)).source(pairs)),
        ["exposed"]
    );
    let denied = over().source(Inherited(pairs)).deny_env_secrets();
    assert!(denied.load().is_err());
}

/// `process::with` runs this in a process with the secret in its environment.
#[test]
fn a_secret_in_the_environment_of_the_process_is_exposed() {
    let vars = [("APP_TOKEN", "1")];
    with(
        "shown::a_secret_in_the_environment_of_the_process_is_exposed",
        &vars,
        || {
            for loader in [
                Named::loader(),
                Named::loader().source(environ::Process),
                Named::loader()
                    .source([("APP_X", "")])
                    .source(environ::Process),
            ] {
                assert_eq!(loader.load().unwrap().warnings[0].code(), "exposed");
            }
            let pairs = [("APP_TOKEN", "1")];
            assert_eq!(Named::loader().source(pairs).load().unwrap().warnings, []);
            assert!(Named::loader().deny_env_secrets().load().is_err());
        },
    );
}

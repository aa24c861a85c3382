//! The specification in a program: found without running the program.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use demo_service::config::AppConfig;
use environ::deployment::Deployment;
use environ::embedded;
use environ::{EnvConfig, EnvValue, Secret};
use serde_json::Value;

use crate::program::PROGRAM;

/// A field of each kind, with texts that JSON escapes.
#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its specification is read")]
#[env(prefix = "MY_APP", removed("MY_APP_COLOUR", "use MY_APP_THEME"))]
#[env(
    at_most_one_of(sentry, search, motd),
    all_or_none(high, motd),
    at_most_one_of(level, db)
)]
struct Every {
    /// The "port" \\ of the first\tlistener,
    /// in two lines: \u{e9}\u{202e}.
    #[env(default = 8000, alias = "PORT", deprecated = "OLD_PORT", range = 1_024..=65_535)]
    port: u16,
    #[env(range = -5..10)]
    low: i8,
    #[env(range = 5..)]
    high: Option<u64>,
    #[env(default = "", allow_empty)]
    name: String,
    #[env(file, example = "/etc/motd")]
    motd: Option<std::path::PathBuf>,
    #[env(default = "hunter2", key = "the_token")]
    token: Secret<String>,
    level: Option<Level>,
    levels: Vec<Level>,
    #[env(separator = ";")]
    hosts: HashSet<std::net::IpAddr>,
    array: Option<[u8; 12]>,
    pair: (String, Duration),
    map: BTreeMap<String, f64>,
    #[env(json)]
    json: Option<Value>,
    #[env(name = "PLAIN")]
    plain: bool,
    #[env(group)]
    db: Option<Db>,
    #[env(group, flatten)]
    flat: Flat,
    #[env(group)]
    up: Vec<Up>,
    #[env(group)]
    stores: BTreeMap<String, Store>,
    #[env(len = 8.., requires = "db")]
    passphrase: Option<Secret<String>>,
    #[env(len = 1..=3)]
    names: Option<Vec<String>>,
    #[env(unit = "m", range = "1m"..="1h 30m", default = "5m")]
    pause: Duration,
    #[env(default_from = "{name}/\"tmp\"")]
    folder: String,
    #[env(expected = "a cron schedule")]
    schedule: String,
    palette: Vec<Colour>,
    #[env(default_from = "{low}0", range = ..=50)]
    lowest: i64,
    #[env(group, when = "dsn")]
    sentry: Option<Sentry>,
    #[env(group, switch = "ENABLED")]
    search: Option<Tls>,
    #[env(group, selector = "TYPE")]
    store: Backend,
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its specification is read")]
struct Sentry {
    #[env(file, alias = "SENTRY_URL", deprecated = "OLD_DSN")]
    dsn: String,
    #[env(name = "SENTRY_ENV")]
    env: String,
}

/// A type that the program reads by code of its own.
struct Colour;

impl std::str::FromStr for Colour {
    type Err = std::convert::Infallible;

    fn from_str(_: &str) -> Result<Self, Self::Err> {
        Ok(Self)
    }
}

#[derive(EnvValue)]
enum Level {
    Debug,
    #[env(rename = "In \"quotes\"")]
    Info,
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its specification is read")]
struct Db {
    #[env(name = "DATABASE_URL")]
    url: Secret<String>,
    #[env(group)]
    tls: Option<Tls>,
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its specification is read")]
struct Tls {
    ca: String,
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its specification is read")]
struct Flat {
    flat_text: Option<String>,
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its specification is read")]
struct Up {
    host: String,
    #[env(group)]
    tls: Option<Tls>,
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its specification is read")]
enum Store {
    #[env(default)]
    Memory,
    S3(Bucket),
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its specification is read")]
struct Bucket {
    bucket: String,
}

environ::embed!(Every);

/// The document without the conditions of variables, which `groups` has too.
fn without_conditions(spec: &str) -> Value {
    let mut spec: Value = serde_json::from_str(spec).unwrap();
    for variable in spec["variables"].as_array_mut().unwrap() {
        variable.as_object_mut().unwrap().remove("when");
    }
    spec
}

fn read(program: impl AsRef<Path>) -> String {
    embedded::read(File::open(program).unwrap()).unwrap()
}

#[test]
fn the_compiler_writes_what_the_program_prints() {
    let found = read(std::env::current_exe().unwrap());
    assert_eq!(
        without_conditions(&found),
        without_conditions(&Every::help().to_json())
    );
    assert!(Every::help().diff(&found).unwrap().is_empty());
    assert!(!found.contains("hunter2"));
}

#[test]
fn a_stripped_program_holds_its_specification() {
    let dir = tempfile::tempdir().unwrap();
    let stripped = dir.path().join("stripped");
    let strip = Command::new("strip")
        .args(["-s", "-o"])
        .args([stripped.as_path(), Path::new(PROGRAM)])
        .status();
    assert!(strip.unwrap().success());
    let found = read(&stripped);
    assert_eq!(
        without_conditions(&found),
        without_conditions(&AppConfig::help().to_json())
    );
    // The lines of the documentation.
    let script = "grep -azxA1 environ-spec-1 \"$1\" | tail -zn1 | tr -d '\\0'";
    let grep = Command::new("sh")
        .args(["-c", script, "sh"])
        .arg(&stripped)
        .output()
        .unwrap();
    let printed: Value = serde_json::from_slice(&grep.stdout).unwrap();
    assert_eq!(printed["config"], "AppConfig");
}

fn diff(old: &str) -> Output {
    let mut command = Command::new(PROGRAM);
    command.args(["config", "--diff", old]).env_clear();
    command.output().unwrap()
}

#[test]
fn a_program_is_compared_with_another() {
    let same = diff(PROGRAM);
    assert_eq!((same.status.code(), &*same.stdout), (Some(0), &b""[..]));

    // A program in which a variable has another name.
    let dir = tempfile::tempdir().unwrap();
    let other = dir.path().join("other");
    let spec = read(PROGRAM).replace("APP_CHAOS", "APP_MISCHIEF");
    let spec: Value = serde_json::from_str(&spec).unwrap();
    let mut program = fs::read("/bin/true").unwrap();
    program.extend(format!("\0environ-spec-1\0{spec}\0").bytes());
    fs::write(&other, program).unwrap();
    let changed = diff(other.to_str().unwrap());
    assert_eq!(
        (
            changed.status.code(),
            String::from_utf8(changed.stdout).unwrap()
        ),
        (
            Some(1),
            "no longer reads APP_MISCHIEF\nnewly reads APP_CHAOS\n".to_owned()
        )
    );

    let none = diff("/bin/true");
    assert_eq!(none.status.code(), Some(64));
    let said = String::from_utf8(none.stderr).unwrap();
    assert!(said.contains("it holds no specification"), "{said}");
}

/// A text that loads, for each type of `Every`, and a text that does not.
const TEXTS: [&str; 14] = [
    "5", "70000", "x", "yes", "5m", "2h", "1,2", "::1", "debug", "s3", "memory", "a=b", "{}", "",
];

/// Returns an environment that sets a few of the variables.
fn environment(names: &[String], random: &mut impl FnMut(usize) -> usize) -> String {
    let mut lines = String::new();
    let density = random(12) + 2;
    for name in names {
        if random(density) == 0 {
            let text = TEXTS[random(TEXTS.len())];
            writeln!(lines, "{name}={text}").unwrap();
        }
    }
    lines
}

/// Returns the findings of a check, without the words of code of the program.
fn judged(deployment: Deployment<'_>, path: &Path) -> Vec<(usize, String, String, String)> {
    let report = deployment.file(path).check();
    let findings = report.findings().map(|finding| {
        let place = finding.place().line();
        let [name, code, message] =
            [finding.name(), finding.code(), finding.message()].map(str::to_owned);
        (place, name, code, message)
    });
    findings.collect()
}

#[test]
fn the_specification_of_every_kind_of_field_judges_as_the_type_does() {
    let findings = assert_alike::<Every>(&["MY_APP_COLOUR", "MY_APP_PROT", "MY_APP_DB_ULR"]);
    assert!(findings > 2_000, "{findings} findings are too few");
}

#[test]
fn the_specification_with_a_delimiter_judges_as_the_type_does() {
    let findings = assert_alike::<Delimited>(&["APP_DB__ULR", "APP_UP_0_HOST", "APP_DB_URL"]);
    assert!(findings > 500, "{findings} findings are too few");
}

/// A document has no words for a part of a value.
#[test]
fn a_part_of_a_value_that_a_specification_does_not_describe_is_not_judged() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loaded")]
    struct Cfg {
        features: BTreeMap<String, bool>,
        pair: (bool, u16),
    }

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(".env");
    let text = "APP_FEATURES=a=true\nAPP_PAIR=yes,5\n";
    fs::write(&path, text).unwrap();
    let by_spec = judged(
        Deployment::from_spec(&Cfg::help().to_json()).unwrap(),
        &path,
    );
    assert_eq!(
        (judged(Cfg::deployment(), &path), by_spec),
        (vec![], vec![])
    );
}

#[test]
fn debug_output_names_the_config_the_prefix_and_the_files() {
    let spec = r#"{"format": 1, "config": "Shop", "prefix": "SHOP", "variables": [
        {"name": "SHOP_PORT", "field": "port", "type": "u16", "required": true}
    ]}"#;
    let deployment = Deployment::from_spec(spec).unwrap().file("compose.yaml");
    assert_eq!(
        format!("{deployment:?}"),
        "Deployment { config: \"Shop\", prefix: \"SHOP\", files: [\"compose.yaml\"], .. }"
    );
}

#[test]
fn what_a_specification_judges_loads_and_fails_as_the_type_does() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loaded")]
    struct Cfg {
        #[env(allow_empty, default = 5)]
        number: Option<u8>,
        pairs: BTreeMap<String, u8>,
    }

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(".env");
    fs::write(&path, "APP_NUMBER=\nAPP_PAIRS=a=1,a=2\n").unwrap();
    let by_spec = judged(
        Deployment::from_spec(&Cfg::help().to_json()).unwrap(),
        &path,
    );
    assert_eq!(judged(Cfg::deployment(), &path), by_spec);
    assert_eq!(by_spec.len(), 1, "{by_spec:?}");
}

#[test]
fn a_specification_has_what_a_rule_and_a_default_need() {
    #[derive(Debug, EnvConfig)]
    #[env(prefix = "SHOP", at_most_one_of(mail, inbox))]
    #[expect(dead_code, reason = "never loaded")]
    struct Shop {
        title: Option<String>,
        inbox: Option<String>,
        #[env(group)]
        mail: Option<Mail>,
        #[env(default = 1)]
        workers: u16,
        #[env(default_from = "{workers}0", range = ..=500)]
        connections: u16,
        #[env(default_from = "1{workers}", range = ..=150)]
        idle: u16,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loaded")]
    struct Mail {
        #[env(name = "SMTP_HOST")]
        host: String,
        port: Option<u16>,
    }

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(".env");
    fs::write(&path, "SHOP_INBOX=x\nSMTP_HOST=y\nSHOP_WORKERS=90\n").unwrap();
    let document = Shop::help().to_json();
    let report = Deployment::from_spec(&document)
        .unwrap()
        .file(&path)
        .check();
    let findings = report
        .findings()
        .map(|it| format!("{}: {}", it.name(), it.message()));
    assert_eq!(
        findings.collect::<Vec<_>>(),
        [
            "SHOP_CONNECTIONS: the default \"900\" from ${SHOP_WORKERS}0 is refused: it must be at most 500",
            "SHOP_IDLE: the default \"190\" from 1$SHOP_WORKERS is refused: it must be at most 150",
            "SHOP_INBOX: set, although SMTP_HOST is set; remove one of them",
        ]
    );
}

/// Groups of each kind, joined by a delimiter.
#[derive(Debug, EnvConfig)]
#[env(prefix = "APP", delimiter = "__")]
#[expect(dead_code, reason = "never loaded")]
struct Delimited {
    workers: u8,
    #[env(group)]
    up: Vec<Peer>,
    #[env(group)]
    region: BTreeMap<String, Peer>,
    #[env(group)]
    db: Option<Database>,
    #[env(group, switch = "ENABLED")]
    search: Option<Peer>,
    #[env(group, selector = "TYPE")]
    store: Backend,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "never loaded")]
struct Peer {
    host: String,
    #[env(default = 80)]
    port: u16,
}

#[derive(Debug, EnvConfig)]
#[env(all_or_none(user, password))]
#[expect(dead_code, reason = "never loaded")]
struct Database {
    url: String,
    user: Option<String>,
    password: Option<Secret<String>>,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "never loaded")]
enum Backend {
    #[env(default)]
    Memory,
    Disk(Directory),
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "never loaded")]
struct Directory {
    max_files: u16,
}

/// Asserts that random environments have the same findings by the type and by its
/// specification, and returns the number of findings.
fn assert_alike<T: EnvConfig>(more: &[&str]) -> usize {
    let document: Value = serde_json::from_str(&T::help().to_json()).unwrap();
    let variables = document["variables"].as_array().unwrap().iter();
    let mut names: Vec<String> = variables
        .flat_map(|variable| {
            let mut names = vec![variable["name"].as_str().unwrap().to_owned()];
            for key in ["aliases", "deprecated"] {
                let others = variable[key].as_array().into_iter().flatten();
                names.extend(others.map(|name| name.as_str().unwrap().to_owned()));
            }
            names.extend(variable["file"].as_str().map(str::to_owned));
            names
        })
        .flat_map(|name| {
            ["0", "1", "BLUE"].map(|key| name.replace("<N>", key).replace("<KEY>", key))
        })
        .collect();
    names.extend(more.iter().map(|name| (*name).to_owned()));
    names.sort();
    names.dedup();
    let mut state = 20_270_201_u64;
    let mut random = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % limit as u64).unwrap()
    };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(".env");
    let spec = document.to_string();
    let mut findings = 0;
    for _ in 0..200 {
        let text = environment(&names, &mut random);
        fs::write(&path, &text).unwrap();
        let by_type = judged(T::deployment(), &path);
        let by_spec = judged(Deployment::from_spec(&spec).unwrap(), &path);
        findings += by_type.len();
        assert_eq!(by_type, by_spec, "{text}");
    }
    findings
}

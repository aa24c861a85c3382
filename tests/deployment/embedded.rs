//! The specification in a program: found without running the program.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use demo_service::config::AppConfig;
use environ::embedded;
use environ::{EnvConfig, EnvValue, Secret};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_demo-service-under-test");

/// A field of each kind, with texts that JSON escapes.
#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its specification is read")]
#[env(prefix = "MY_APP", removed("MY_APP_COLOUR", "use MY_APP_THEME"))]
#[env(at_most_one_of(sentry, search, motd), all_or_none(high, motd))]
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
    schedule: Option<String>,
    #[env(group, when = "dsn")]
    sentry: Option<Sentry>,
    #[env(group, switch = "ENABLED")]
    search: Option<Tls>,
    #[env(group, selector = "TYPE")]
    store: Store,
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its specification is read")]
struct Sentry {
    #[env(file, alias = "SENTRY_URL", deprecated = "OLD_DSN")]
    dsn: String,
    env: String,
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

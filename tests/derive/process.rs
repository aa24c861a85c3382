//! What is read from the environment of a process is what is read from any other
//! source, although most of it goes another way.

#![expect(clippy::disallowed_methods, reason = "this is what is tested")]

use std::ffi::OsStr;
use std::process::Command;

use environ::{EnvConfig, Process, Source};

/// Runs `check` in a process whose environment is `vars`: `test` once more, as a child,
/// since no test can change the environment that it shares with others.
pub(crate) fn with<V: AsRef<OsStr>>(test: &str, vars: &[(&str, V)], check: impl FnOnce()) {
    const MARK: &str = "TEST_OF_THIS_PROCESS";
    if Process.get(MARK).is_some_and(|marked| *marked == *test) {
        return check();
    }
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test])
        .env_clear()
        .env(MARK, test)
        .envs(vars.iter().map(|(name, value)| (name, value)))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    let complained = String::from_utf8_lossy(&child.stderr);
    assert!(
        child.status.success() && said.contains("1 passed"),
        "{}\n{said}\n{complained}",
        child.status
    );
}

/// A field for each way of reading.
#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    name: String,
    #[env(default_fn = eight)]
    workers: u8,
    #[env(default)]
    retries: u8,
    limit: Option<u16>,
    #[env(default = 10, range = 1..=20)]
    size: u8,
    #[env(default = "644", parse = octal)]
    mode: u32,
    #[env(default = "no", truthy)]
    verbose: bool,
    #[env(default = "a,b")]
    hosts: Vec<String>,
    #[env(group)]
    cache: Cache,
    #[env(group)]
    tls: Option<Tls>,
}

#[derive(Debug, PartialEq, EnvConfig)]
enum Cache {
    #[env(default)]
    Memory,
    Disk(Disk),
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Disk {
    dir: String,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Tls {
    cert: String,
    key: String,
}

fn eight() -> u8 {
    8
}

fn octal(text: &str) -> Result<u32, std::num::ParseIntError> {
    u32::from_str_radix(text, 8)
}

#[test]
fn what_is_set_is_read() {
    let vars = [
        ("APP_NAME", "demo"),
        ("APP_WORKERS", "2"),
        ("APP_RETRIES", "3"),
        ("APP_LIMIT", "4"),
        ("APP_SIZE", "20"),
        ("APP_MODE", "755"),
        ("APP_VERBOSE", "yes"),
        ("APP_HOSTS", "c, d"),
        ("APP_CACHE", "disk"),
        ("APP_CACHE_DISK_DIR", "/tmp"),
        ("APP_TLS_CERT", "cert"),
        ("APP_TLS_KEY", "key"),
    ];
    with("process::what_is_set_is_read", &vars, || {
        let expected = Cfg {
            name: "demo".into(),
            workers: 2,
            retries: 3,
            limit: Some(4),
            size: 20,
            mode: 0o755,
            verbose: true,
            hosts: vec!["c".into(), "d".into()],
            cache: Cache::Disk(Disk { dir: "/tmp".into() }),
            tls: Some(Tls {
                cert: "cert".into(),
                key: "key".into(),
            }),
        };
        assert_eq!(Cfg::from_env().unwrap(), expected);
        assert_eq!(Cfg::from_source(vars).unwrap(), expected);
    });
}

#[test]
fn what_is_not_set_has_its_default() {
    // Set to nothing is not set.
    let vars = [("APP_NAME", "demo"), ("APP_LIMIT", ""), ("APP_SIZE", "")];
    with("process::what_is_not_set_has_its_default", &vars, || {
        let expected = Cfg {
            name: "demo".into(),
            workers: 8,
            retries: 0,
            limit: None,
            size: 10,
            mode: 0o644,
            verbose: false,
            hosts: vec!["a".into(), "b".into()],
            cache: Cache::Memory,
            tls: None,
        };
        assert_eq!(Cfg::from_env().unwrap(), expected);
        assert_eq!(Cfg::from_source(vars).unwrap(), expected);
    });
}

#[test]
fn what_is_wrong_is_reported() {
    let vars = [
        ("APP_WORKERS", "many"),
        ("APP_RETRIES", "-1"),
        ("APP_LIMIT", "x"),
        ("APP_SIZE", "21"),
        ("APP_MODE", "9"),
        ("APP_HOSTS", "a,,b"),
        ("APP_CACHE", "tape"),
        ("APP_TLS_CERT", "cert"),
    ];
    with("process::what_is_wrong_is_reported", &vars, || {
        let report = Cfg::from_env().unwrap_err().to_string();
        let expected = r#"9 problems with the environment:
  APP_NAME     not set
  APP_WORKERS  "many" is not a u8: it must be a whole number from 0 to 255
  APP_RETRIES  "-1" is not a u8: it must be from 0 to 255
  APP_LIMIT    "x" is not a u16: it must be a whole number from 0 to 65535
  APP_SIZE     "21" is refused: it must be from 1 to 20
  APP_MODE     "9" is not a u32: it has a character that is not a digit
  APP_HOSTS    "a,,b": element 2 is empty
  APP_CACHE    "tape" is not one of: memory, disk
  APP_TLS_KEY  not set; required because APP_TLS_CERT is set"#;
        assert_eq!(report, expected);
        assert_eq!(Cfg::from_source(vars).unwrap_err().to_string(), report);
    });
}

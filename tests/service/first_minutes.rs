//! The first minutes with the service: what is fake, a port that is taken, and results of
//! checks that a pipeline reads.

use std::net::TcpListener;

use serde_json::{Value, json};

use crate::process::{Ended, Process};

/// The only line about fakes, of debug builds alone.
pub(crate) const FAKE: &str =
    "debug build with fakes; set APP_SECRETS and APP_DB_URL for real secrets and a database";

#[test]
#[cfg(debug_assertions)]
fn a_debug_build_says_in_one_line_what_is_fake() {
    for (vars, fake) in [
        (&[][..], "secrets, database"),
        (&[("APP_DB_URL", "sqlite::memory:")], "secrets"),
    ] {
        let process = Process::start(vars);
        let line = process.line(FAKE);
        assert_eq!(
            (&line["level"], &line["fake"]),
            (&"INFO".into(), &fake.into())
        );
        process.signal(rustix::process::Signal::TERM);
        assert_eq!(process.wait().stdout.matches(FAKE).count(), 1);
    }
}

#[test]
fn nothing_is_said_of_fakes_where_there_are_none() {
    let dir = tempfile::tempdir().unwrap();
    let vars = [
        ("APP_SECRETS", "dir"),
        ("APP_SECRETS_DIR_PATH", dir.path().to_str().unwrap()),
        ("APP_DB_URL", "sqlite::memory:"),
    ];
    let process = Process::start(&vars);
    process.line("ready");
    process.signal(rustix::process::Signal::TERM);
    assert!(!process.wait().stdout.contains(FAKE));
}

#[test]
fn a_port_in_use_names_the_process() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let port = address.port().to_string();
    let ended = Process::start(&[("PORT", &*port)]).wait();
    assert_eq!(ended.code, Some(71));
    let message = format!(
        "cannot listen on {address} (see APP_HOST and APP_PORT): Address already in use (os \
         error 98); process {} (",
        std::process::id()
    );
    let line = ended.log().pop().unwrap();
    let said = line["message"].as_str().unwrap();
    assert!(said.starts_with(&message), "{said}");
    assert!(
        said.ends_with(") listens there: stop it, or choose another port"),
        "{said}"
    );
}

fn run(arguments: &[&str], vars: &[(&str, &str)]) -> Ended {
    Process::run(arguments, vars)
}

fn json_of(ended: &Ended) -> Value {
    assert_eq!(ended.stderr, "");
    assert_eq!(ended.stdout.lines().count(), 1, "{}", ended.stdout);
    serde_json::from_str(&ended.stdout).unwrap()
}

const VALID: [(&str, &str); 1] = [("APP_STOP_TIMEOUT", "30s")];
const WARNED: [(&str, &str); 2] = [("APP_STOP_TIMEOUT", "30s"), ("APP_PROT", "80")];
const WRONG: [(&str, &str); 2] = [("APP_PORT", "80a0"), ("APP_PROT", "80")];

#[test]
fn a_strict_check_fails_for_warnings() {
    for with_secrets in [&["--check"][..], &["--check", "--with-secrets"]] {
        let check =
            |more: &[&str], vars: &[(&str, &str)]| run(&[with_secrets, more].concat(), vars);
        let lenient = check(&[], &WARNED);
        assert_eq!(
            (lenient.code, &*lenient.stdout),
            (Some(0), "the configuration is valid\n")
        );
        let strict = check(&["--strict"], &WARNED);
        assert_eq!((strict.code, &*strict.stdout), (Some(78), ""));
        assert!(
            strict.stderr.contains("warning: APP_PROT"),
            "{}",
            strict.stderr
        );
        let reason = "demo-service: the configuration has a warning; --strict accepts none\n";
        assert!(strict.stderr.ends_with(reason), "{}", strict.stderr);
        let strict = check(&["--strict"], &VALID);
        assert_eq!((strict.code, &*strict.stderr), (Some(0), ""));

        let format = ["--format", "json"];
        let valid = check(&format, &VALID);
        assert_eq!(valid.code, Some(0));
        assert_eq!(json_of(&valid), json!({"problems": [], "warnings": []}));
        for (arguments, code) in [(&format[..], 0), (&["--format", "json", "--strict"], 78)] {
            let warned = check(arguments, &WARNED);
            assert_eq!(warned.code, Some(code));
            let warning = &json_of(&warned)["warnings"][0];
            assert_eq!(
                (&warning["name"], &warning["code"]),
                (&"APP_PROT".into(), &"unknown".into())
            );
        }
        let wrong = check(&format, &WRONG);
        assert_eq!(wrong.code, Some(78));
        let report = json_of(&wrong);
        assert_eq!(report["problems"][0]["name"], "APP_PORT");
        assert_eq!(report["warnings"][0]["name"], "APP_PROT");
    }
}

#[test]
fn a_store_that_refuses_is_json_too() {
    let vars = [
        ("APP_SECRETS", "vault"),
        ("APP_SECRETS_VAULT_ADDR", "http://127.0.0.1:1"),
        ("APP_SECRETS_VAULT_AUTH", "token"),
        ("APP_SECRETS_VAULT_AUTH_TOKEN_FILE", "/nonexistent"),
        ("APP_START_TIMEOUT", "1s"),
    ];
    let ended = run(&["--check", "--with-secrets", "--format", "json"], &vars);
    assert_eq!(ended.code, Some(78), "{ended:?}");
    let problem = &json_of(&ended)["problems"][0];
    assert_eq!(problem["code"], "failed");
    assert!(
        problem["message"]
            .as_str()
            .unwrap()
            .starts_with("cannot fetch the secrets")
    );
}

#[test]
fn a_strict_doctor_fails_for_warnings() {
    let healthy: Vec<_> = [("APP_STOP_TIMEOUT", "30s"), ("APP_MAX_CONNECTIONS", "100")].into();
    let odd = [&healthy[..], &[("APP_KEEP_ALIVE", "5s")]].concat();
    assert_eq!(run(&["doctor"], &odd).code, Some(0));
    assert_eq!(run(&["doctor", "--strict"], &odd).code, Some(1));
    let ended = run(&["doctor", "--strict", "--format", "json"], &odd);
    assert_eq!(ended.code, Some(1));
    let report = json_of(&ended);
    let findings = report["findings"].as_array().unwrap();
    let result = |check: &str| {
        let finding = findings.iter().find(|finding| finding["check"] == check);
        finding.unwrap()["result"].clone()
    };
    assert_eq!([result("grace"), result("keep-alive")], ["ok", "warning"]);
    // The user of the tests may be root.
    let is_root = result("user") == "warning";
    let strict = run(&["doctor", "--strict"], &healthy);
    assert_eq!(strict.code, Some(i32::from(is_root)), "{}", strict.stdout);
    let wrong = run(&["doctor", "--format", "json"], &WRONG);
    assert_eq!(wrong.code, Some(78));
    assert_eq!(json_of(&wrong)["problems"][0]["name"], "APP_PORT");
}

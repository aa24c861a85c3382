//! An operator sees ages and expiries of Vault leases, never values.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::client::Client;
use crate::fake_vault::{FakeVault, Mode};
use crate::metrics::counts;
use crate::process::Process;

/// A service that waits for a database which is not there, with a user that is
/// lent: what it shows of that does not depend on the database.
fn serve(vault: &FakeVault) -> Process {
    add_document(vault);
    start(vault, &[("APP_START_TIMEOUT", "1h")])
}

fn add_document(vault: &FakeVault) {
    let document = json!({"data": {"db_url": "postgres://127.0.0.1:1/canary"}});
    let documents = &mut vault.state().documents;
    documents.insert("secret/data/dev/app-name".to_owned(), document);
}

fn start(vault: &FakeVault, vars: &[(&str, &str)]) -> Process {
    let (url, secret_id) = (vault.url(), vault.path("secret_id"));
    let mut all = vec![
        ("APP_SECRETS", "vault"),
        ("APP_SECRETS_VAULT_ADDR", &url),
        ("APP_SECRETS_VAULT_AUTH", "approle"),
        ("APP_SECRETS_VAULT_AUTH_APPROLE_ROLE_ID", "role"),
        (
            "APP_SECRETS_VAULT_AUTH_APPROLE_SECRET_ID_FILE",
            secret_id.to_str().unwrap(),
        ),
        ("APP_SECRETS_VAULT_DB_ROLE", "app"),
    ];
    all.extend(vars);
    Process::start(&all)
}

/// Nothing that a test looks at may hold a token, a password or the URL.
fn shown(client: &Client) -> Value {
    let metrics = client.get("/-/metrics").body;
    let config = client.get("/-/config").body;
    assert!(!format!("{metrics} {config}").contains("canary"));
    let config: Value = serde_json::from_str(&config).unwrap();
    config["secrets"].clone()
}

/// A Vault that never answers holds no stop up: there is a report, and its time is kept.
#[test]
fn a_vault_that_hangs_holds_no_stop_up() {
    let vault = FakeVault::start();
    add_document(&vault);
    let vars = [("APP_START_TIMEOUT", "1h"), ("APP_STOP_TIMEOUT", "3s")];
    let process = start(&vault, &vars);
    process.line("listening");
    vault.state().mode = Mode::Hanging;
    process.signal(Signal::TERM);
    let ended = process.wait_or_kill(Duration::from_secs(3));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.log().pop().unwrap()["message"], "drained");
    let lost = ended
        .stdout
        .matches("lease not revoked: the Vault did not answer in time");
    assert_eq!(lost.count(), 2, "{}", ended.stdout);
}

/// Waits until something holds of the counts, and fails if that takes too long.
fn eventually(client: &Client, what: &str, holds: impl Fn(&BTreeMap<String, i64>) -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let counts = counts(client);
        if holds(&counts) {
            return;
        }
        let is_late = Instant::now() >= deadline;
        assert!(!is_late, "not in time: {what}: {counts:#?}");
        thread::sleep(Duration::from_millis(20));
    }
}

fn requests(secret: &str, outcome: &str) -> String {
    format!("demo_service_secret_requests_total{{secret=\"{secret}\",outcome=\"{outcome}\"}}")
}

fn health(secret: &str, health: &str) -> String {
    format!("demo_service_secret_health{{secret=\"{secret}\",health=\"{health}\"}}")
}

/// Seconds since the epoch.
fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    now.as_secs().try_into().unwrap()
}

#[test]
fn what_is_held_is_shown_by_age_and_expiry_and_never_by_value() {
    let vault = FakeVault::start();
    vault.state().token_ttl = 7_200;
    let before = now();
    let process = serve(&vault);
    let client = process.starting_client();
    let counts = counts(&client);
    let mut shown = shown(&client);
    // All is rounded.
    let took = now() - before + 2;

    for (secret, ttl) in [
        ("vault_token", Some(7_200)),
        ("database_credentials", Some(3_600)),
        ("vault_document", None),
    ] {
        let of = |what| {
            let name =
                format!("demo_service_secret_{what}_timestamp_seconds{{secret=\"{secret}\"}}");
            counts.get(&name).copied()
        };
        let obtained = of("obtained").unwrap();
        assert!((0..took).contains(&(obtained - before)), "{obtained}");
        let age = shown[secret]["age_seconds"].take().as_i64().unwrap();
        assert!((0..took).contains(&age), "{secret} is {age} s old");
        let expiry = of("expiry");
        assert_eq!(expiry.is_some(), ttl.is_some());
        if let (Some(expiry), Some(ttl)) = (expiry, ttl) {
            assert!((expiry - obtained - ttl).abs() <= 1, "{secret}: {expiry}");
            let left = shown[secret]["expires_in_seconds"].take();
            let left = left.as_i64().unwrap();
            assert!((ttl - took..=ttl).contains(&left), "{secret}: {left}");
        }
    }
    let kept = json!({
        "age_seconds": null, "expires_in_seconds": null, "health": "fresh", "failure": null,
    });
    let expected = json!({
        "vault_token": kept,
        "database_credentials": kept,
        "vault_document": {"age_seconds": null, "health": "fresh", "failure": null},
    });
    assert_eq!(shown, expected);
}

#[test]
fn renewals_failures_and_replacements_are_counted() {
    let vault = FakeVault::start();
    vault.state().lease_ttl = 3;
    let process = serve(&vault);
    let client = process.starting_client();
    let user = "database_credentials";
    eventually(&client, "renewed", |counts| {
        counts[&requests(user, "renewed")] >= 1 && counts[&health(user, "fresh")] == 1
    });

    vault.state().mode = Mode::Sealed;
    eventually(&client, "stale", |counts| {
        counts[&requests(user, "failed")] >= 1 && counts[&health(user, "stale")] == 1
    });
    assert_eq!(shown(&client)[user]["failure"], "sealed");
    eventually(&client, "expired", |counts| {
        counts[&health(user, "expired")] == 1
    });
    assert_eq!(shown(&client)[user]["health"], "expired");

    vault.state().mode = Mode::Up;
    eventually(&client, "replaced", |counts| {
        counts[&requests(user, "replaced")] == 1 && counts[&health(user, "fresh")] == 1
    });
    let counts = counts(&client);
    for outcome in ["renewed", "replaced", "failed"] {
        assert_eq!(counts[&requests("vault_token", outcome)], 0);
    }
    assert_eq!(counts[&health("vault_token", "fresh")], 1);
}

/// It could be thought to protect.
#[test]
fn a_check_of_what_is_not_held_is_warned_of() {
    let process = Process::start(&[("APP_READY_CHECKS", "database,secrets")]);
    let warning =
        process.line("a check of APP_READY_CHECKS has no effect: no lease of a Vault is in use");
    assert_eq!(warning["check"], "secrets");
    process.line("ready");
}

/// A reader of the log then knows the reason.
#[test]
fn a_signal_while_the_secrets_are_waited_for_is_told() {
    let vault = FakeVault::start();
    vault.state().mode = Mode::Sealed;
    let process = serve(&vault);
    process.line("waiting for the secrets");
    process.signal(Signal::TERM);
    let line = process.line("asked to stop before it could serve");
    assert_eq!(line["signal"], "SIGTERM");
    assert_eq!(process.wait().code, Some(0));
}

#[test]
fn a_token_of_another_program_is_not_said_to_be_revoked() {
    let vault = FakeVault::start();
    add_document(&vault);
    vault.write("token", &vault.issue_token());
    let token_file = vault.path("token");
    let process = start(
        &vault,
        &[
            ("APP_START_TIMEOUT", "1h"),
            ("APP_SECRETS_VAULT_AUTH", "token"),
            (
                "APP_SECRETS_VAULT_AUTH_TOKEN_FILE",
                token_file.to_str().unwrap(),
            ),
        ],
    );
    process.line("listening");
    process.signal(Signal::TERM);
    let ended = process.wait();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let log = ended.log();
    let revoked = log.iter().filter(|line| line["message"] == "lease revoked");
    let revoked: Vec<_> = revoked.map(|line| &line["lease"]).collect();
    assert_eq!(revoked, ["database_credentials"]);
    assert_eq!((vault.live_tokens(), vault.live_leases()), (1, 0));
}

#[test]
fn a_service_that_holds_nothing_shows_nothing() {
    let process = Process::start(&[]);
    let client = process.client();
    let metrics = client.get("/-/metrics").body;
    assert!(!metrics.contains("secret_"), "{metrics}");
    assert_eq!(shown(&client), json!({}));
}

/// Says why a start was given up, which is an outage.
fn given_up(process: Process) -> String {
    let line = process.texts("\"level\":\"ERROR\"", "\"code\":69");
    let ended = process.wait();
    assert_eq!(ended.code, Some(69));
    assert!(!format!("{ended:?}").contains("canary"), "{ended:?}");
    let line: Value = serde_json::from_str(&line).unwrap();
    line["message"].as_str().unwrap().to_owned()
}

/// A request may take an hour, and the start some seconds.
#[test]
fn a_store_that_never_answers_holds_a_start_for_as_long_as_that_may_take() {
    let calls = [
        "POST auth/approle/login",
        "GET secret/data/dev/app-name",
        "GET database/creds/app",
    ];
    let given_up = calls.map(|call| thread::spawn(move || given_up_without_an_answer_to(call)));
    for given_up in given_up {
        given_up.join().unwrap();
    }
}

fn given_up_without_an_answer_to(call: &'static str) {
    let vault = FakeVault::start();
    add_document(&vault);
    vault.state().hanging = Some(call);
    let vars = [
        ("APP_START_TIMEOUT", "5s"),
        ("APP_SECRETS_VAULT_TIMEOUT", "1h"),
    ];
    assert_eq!(
        given_up(start(&vault, &vars)),
        "cannot fetch the secrets (see APP_SECRETS_VAULT_*): \
         no answer within APP_START_TIMEOUT; check the address and the network"
    );
    assert_eq!(vault.count(call), 1);
    // The token that it got is not left behind.
    assert_eq!(vault.live_tokens(), 0);
}

/// The start has a single timeout for all its steps, not a timeout for each step.
#[test]
fn the_secrets_and_the_database_share_the_time_that_a_start_may_take() {
    let vault = FakeVault::start();
    add_document(&vault);
    vault.state().mode = Mode::Sealed;
    let start_of_all = Instant::now();
    let process = start(&vault, &[("APP_START_TIMEOUT", "8s")]);
    process.line("waiting for the secrets");
    thread::sleep(Duration::from_secs(6));
    vault.state().mode = Mode::Up;
    process.line("the secrets are fetched");
    let reason = given_up(process);
    assert!(reason.starts_with("cannot use the database"), "{reason}");
    let elapsed = start_of_all.elapsed();
    assert!(elapsed < Duration::from_secs(12), "{elapsed:?}");
}

#[test]
fn aws_that_never_answers_does_too() {
    // Connections are made, and nobody takes them.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let process = Process::start(&[
        ("APP_SECRETS", "aws"),
        ("APP_SECRETS_AWS_SECRET_ID", "dev/app-name"),
        ("APP_SECRETS_AWS_ENDPOINT_URL", &url),
        ("APP_SECRETS_AWS_REGION", "eu-central-1"),
        ("APP_SECRETS_AWS_TIMEOUT", "1h"),
        ("AWS_ACCESS_KEY_ID", "canary-id"),
        ("AWS_SECRET_ACCESS_KEY", "canary-key"),
        ("APP_START_TIMEOUT", "1s"),
    ]);
    assert_eq!(
        given_up(process),
        "cannot fetch the secrets (see APP_SECRETS_AWS_*): \
         no answer within APP_START_TIMEOUT; check the address and the network"
    );
}

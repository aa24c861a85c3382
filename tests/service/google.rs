//! Secrets from Google Secret Manager: at the start, and while requests are served.

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::client::Client;
use crate::fake_gcp::{FakeGcp, MACHINE, Mode};
use crate::metrics::counts;
use crate::process::{Ended, Process};
use crate::refresh::{AWAY, BACK, SOON, lines};
use crate::reload::{FIRST, SECOND, change, within};

const DOCUMENT: (&str, &str) = ("APP_SECRETS_GCP_SECRET_ID", "app-name");

/// The variables of a service on a machine of Google's; all its servers are that server.
struct Vars {
    url: String,
    host: String,
}

impl Vars {
    fn of(server: &FakeGcp) -> Self {
        Self {
            url: server.url(),
            host: server.address.to_string(),
        }
    }

    fn with<'v>(&'v self, vars: &[(&'v str, &'v str)]) -> Vec<(&'v str, &'v str)> {
        let mut all = vec![
            ("APP_SECRETS", "gcp"),
            ("APP_SECRETS_GCP_ENDPOINT_URL", &*self.url),
            ("GCE_METADATA_HOST", &*self.host),
            ("APP_DRAIN_DELAY", "0s"),
        ];
        all.extend(vars);
        all
    }
}

fn put(server: &FakeGcp, token: &str) {
    let document = json!({"db_url": "sqlite::memory:", "admin_token": token});
    server.put("app-name", &document.to_string());
}

fn check(server: &FakeGcp, vars: &[(&str, &str)]) -> Ended {
    let all = Vars::of(server);
    let ended = Process::run(&["--check", "--with-secrets"], &all.with(vars));
    assert!(!format!("{ended:?}").contains("canary"), "{ended:?}");
    ended
}

#[test]
fn the_database_is_in_a_document_or_in_a_secret_of_its_own() {
    let server = FakeGcp::start();
    server.put("db-url", "sqlite:/nowhere/canary.db");
    server.put("app-name", r#"{"db_url": "sqlite:/nowhere/canary.db"}"#);
    server.put("other", "{}");
    for place in [
        DOCUMENT,
        ("APP_DB_URL_SECRET_ID", "db-url"),
        (
            "APP_DB_URL_SECRET_ID",
            "projects/my-project/secrets/db-url/versions/1",
        ),
    ] {
        let ended = check(&server, &[place]);
        let said = (ended.code, &*ended.stdout, &*ended.stderr);
        assert_eq!(said, (Some(0), "the configuration is valid\n", ""));
    }
    let nothing = check(&server, &[("APP_SECRETS_GCP_SECRET_ID", "other")]);
    assert_eq!(nothing.code, Some(78));
    assert_eq!(
        nothing.stderr,
        "demo-service: cannot use the database: APP_DB_URL is not set, and there is no `db_url` \
         in other; set one of them\n"
    );
}

#[test]
fn a_refusal_is_78_with_the_remedy_and_an_outage_is_69() {
    let server = FakeGcp::start();
    put(&server, FIRST);
    let said = |vars: &[(&str, &str)]| {
        let ended = check(
            &server,
            &[&[DOCUMENT, ("APP_START_TIMEOUT", "1s")], vars].concat(),
        );
        let start = "demo-service: cannot fetch the secrets (see APP_SECRETS_GCP_*): \
                     cannot read the secret app-name: ";
        let reason = ended.stderr.lines().last().unwrap_or_default();
        let reason = reason.strip_prefix(start);
        (
            ended.code,
            reason.unwrap_or_else(|| panic!("{ended:?}")).to_owned(),
        )
    };
    server.state().is_granted = false;
    let (code, reason) = said(&[]);
    assert_eq!(code, Some(78));
    assert!(
        reason.starts_with(&format!("Google denies it to {MACHINE} (403, ")),
        "{reason}"
    );
    assert!(
        reason.ends_with("grant the role roles/secretmanager.secretAccessor"),
        "{reason}"
    );
    server.state().is_granted = true;

    let (code, reason) = said(&[("APP_SECRETS_GCP_PROJECT", "other-project")]);
    assert_eq!(code, Some(78));
    assert!(reason.contains("check project and name"), "{reason}");

    server.set_state("app-name", "DISABLED");
    let (code, reason) = said(&[]);
    assert_eq!(code, Some(78));
    assert!(
        reason.ends_with("; enable the version, or name another"),
        "{reason}"
    );
    server.set_state("app-name", "ENABLED");

    let (code, reason) = said(&[("APP_SECRETS_GCP_METADATA_HOST", "127.0.0.1:1")]);
    assert_eq!(code, Some(69));
    assert!(
        reason.starts_with("http://127.0.0.1:1 cannot be reached: "),
        "{reason}"
    );
    assert!(
        reason.contains("run on Google Cloud with a service account"),
        "{reason}"
    );

    server.state().mode = Mode::Hanging;
    let begun = Instant::now();
    let ended = check(
        &server,
        &[
            DOCUMENT,
            ("APP_START_TIMEOUT", "1s"),
            ("APP_SECRETS_GCP_TIMEOUT", "1h"),
        ],
    );
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(ended.code, Some(69));
    assert_eq!(
        ended.stderr,
        "demo-service: cannot fetch the secrets (see APP_SECRETS_GCP_*): \
         no answer within APP_START_TIMEOUT; check the address and the network\n"
    );
}

/// Each change is a line, and the former values stay in effect.
#[test]
fn a_permission_a_version_and_an_outage_come_and_go_while_requests_are_served() {
    let server = FakeGcp::start();
    put(&server, FIRST);
    let vars = Vars::of(&server);
    let process = Process::start(&vars.with(&[
        DOCUMENT,
        ("APP_SECRETS_REFRESH_INTERVAL", "1s"),
        ("APP_SECRETS_GCP_TIMEOUT", "1s"),
        ("APP_LOG_LEVEL", "trace"),
    ]));
    let client = process.client();
    let secrets = || -> Value {
        let config: Value = serde_json::from_str(&client.get("/-/config").body).unwrap();
        config["secrets"]["gcp_secrets"].clone()
    };
    assert_eq!(secrets()["health"], "fresh");
    let fails = |kind: &str| within(SOON, kind, || secrets()["failure"] == kind);

    server.state().is_granted = false;
    fails("denied");
    put(&server, SECOND);
    thread::sleep(Duration::from_secs(2));
    assert_eq!(change(&client, FIRST), 200);
    assert_eq!(client.get("/-/ready").status, 200);
    server.set_state("app-name", "DISABLED");
    server.state().is_granted = true;
    fails("disabled");
    server.state().mode = Mode::Hanging;
    fails("unreachable");
    assert_eq!(change(&client, FIRST), 200);
    assert_eq!(metric(&client, "health", "health=\"stale\""), 1);
    server.set_state("app-name", "ENABLED");
    server.state().mode = Mode::Up;
    within(SOON, "the new token", || change(&client, SECOND) == 200);
    within(SOON, "the end of the outage", || {
        secrets()["health"] == "fresh"
    });
    assert_eq!(change(&client, FIRST), 401);
    assert!(metric(&client, "requests_total", "outcome=\"failed\"") >= 3);

    process.signal(Signal::TERM);
    let ended = process.wait();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!((lines(&ended, AWAY), lines(&ended, BACK)), (3, 1));
    for secret in [FIRST, SECOND, "canary"] {
        assert!(!format!("{ended:?}").contains(secret), "{secret}");
    }
}

fn metric(client: &Client, name: &str, label: &str) -> i64 {
    let name = format!("demo_service_secret_{name}{{secret=\"gcp_secrets\",{label}}}");
    counts(client)[&name]
}

//! Secrets from Google Secret Manager.

use crate::cloud_server::Server;
use crate::cloud_services::put_document;
use crate::clouds::{self, Versions, check, failure};
use crate::fake_gcp::{FakeGcp, Google, MACHINE};
use crate::reload::FIRST;

const DOCUMENT: (&str, &str) = ("APP_SECRETS_GCP_SECRET_ID", "app-name");

impl Versions for Google {
    fn enable(server: &Server<Self>, id: &str, is_enabled: bool) {
        server.set_state(id, if is_enabled { "ENABLED" } else { "DISABLED" });
    }
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
    put_document(&server, FIRST);
    let said = |vars: &[(&str, &str)]| failure(&server, &[&[DOCUMENT], vars].concat());
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

    clouds::a_server_that_never_answers_is_69(&server, DOCUMENT.0);
}

#[test]
fn a_permission_a_version_and_an_outage_come_and_go_while_requests_are_served() {
    clouds::a_permission_a_version_and_an_outage_come_and_go(&FakeGcp::start(), DOCUMENT.0);
}

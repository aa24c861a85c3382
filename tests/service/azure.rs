//! Secrets from Azure Key Vault.

use std::fs;

use crate::cloud_server::Server;
use crate::cloud_services::put_document;
use crate::clouds::{self, Versions, check, failure};
use crate::fake_azure::{ASSERTION, Azure, CLIENT, CLIENT_SECRET, FakeAzure, OBJECT, TENANT};
use crate::reload::FIRST;

const DOCUMENT: (&str, &str) = ("APP_SECRETS_AZURE_SECRET_ID", "app-name");

impl Versions for Azure {
    fn enable(server: &Server<Self>, id: &str, is_enabled: bool) {
        server.enable(id, is_enabled);
    }
}

#[test]
fn the_database_is_in_a_document_or_in_a_secret_of_its_own() {
    let server = FakeAzure::start();
    server.put("db-url", "sqlite:/nowhere/canary.db");
    server.put("app-name", r#"{"db_url": "sqlite:/nowhere/canary.db"}"#);
    server.put("other", "{}");
    let whole = format!("{}/secrets/db-url/v1", server.url());
    for place in [
        DOCUMENT,
        ("APP_DB_URL_SECRET_ID", "db-url"),
        ("APP_DB_URL_SECRET_ID", "db_url"),
        ("APP_DB_URL_SECRET_ID", &whole),
    ] {
        let ended = check(&server, &[place]);
        let said = (ended.code, &*ended.stdout, &*ended.stderr);
        assert_eq!(said, (Some(0), "the configuration is valid\n", ""));
    }
    let nothing = check(&server, &[("APP_SECRETS_AZURE_SECRET_ID", "other")]);
    assert_eq!(nothing.code, Some(78));
    assert_eq!(
        nothing.stderr,
        "demo-service: cannot use the database: APP_DB_URL is not set, and there is no `db_url` \
         in other; set one of them\n"
    );
}

#[test]
fn a_refusal_is_78_with_the_remedy_and_an_outage_is_69() {
    let server = FakeAzure::start();
    put_document(&server, FIRST);
    let said = |vars: &[(&str, &str)]| failure(&server, &[&[DOCUMENT], vars].concat());
    server.state().is_granted = false;
    let (code, reason) = said(&[]);
    assert_eq!(code, Some(78));
    assert!(
        reason.starts_with(&format!("Azure denies it to {OBJECT} (403, ")),
        "{reason}"
    );
    assert!(
        reason.ends_with("grant the identity the role Key Vault Secrets User on it"),
        "{reason}"
    );
    server.state().is_granted = true;

    server.enable("app-name", false);
    let (code, reason) = said(&[]);
    assert_eq!(code, Some(78));
    assert!(
        reason.ends_with("; enable the version, or name another"),
        "{reason}"
    );
    server.enable("app-name", true);

    let other = [
        ("AZURE_TENANT_ID", "other"),
        ("AZURE_CLIENT_ID", CLIENT),
        ("AZURE_CLIENT_SECRET", CLIENT_SECRET),
    ];
    let (code, reason) = said(&other);
    assert_eq!(code, Some(78));
    assert!(reason.contains("AADSTS90002: Tenant "), "{reason}");

    let (code, reason) = said(&[("APP_SECRETS_AZURE_METADATA_HOST", "127.0.0.1:1")]);
    assert_eq!(code, Some(69));
    assert!(
        reason.starts_with("http://127.0.0.1:1 cannot be reached: "),
        "{reason}"
    );
    assert!(
        reason.contains("run on Azure with a managed identity"),
        "{reason}"
    );

    clouds::a_server_that_never_answers_is_69(&server, DOCUMENT.0);
}

#[test]
fn a_client_secret_in_the_environment_is_a_warning() {
    let server = FakeAzure::start();
    put_document(&server, FIRST);
    let environment = [
        DOCUMENT,
        ("AZURE_TENANT_ID", TENANT),
        ("AZURE_CLIENT_ID", CLIENT),
        ("AZURE_CLIENT_SECRET", CLIENT_SECRET),
    ];
    let ended = check(&server, &environment);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let warning = "AZURE_CLIENT_SECRET: every child process and `/proc` shows it; name a file in \
                   APP_SECRETS_AZURE_CLIENT_SECRET_FILE";
    assert!(ended.stderr.contains(warning), "{ended:?}");
}

/// As AKS sets them in a pod.
#[test]
fn the_variables_of_azure_are_read() {
    let server = FakeAzure::start();
    put_document(&server, FIRST);
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), ASSERTION).unwrap();
    let pod = [
        DOCUMENT,
        ("APP_SECRETS_AZURE_METADATA_HOST", "127.0.0.1:1"),
        ("AZURE_TENANT_ID", TENANT),
        ("AZURE_CLIENT_ID", CLIENT),
        ("AZURE_FEDERATED_TOKEN_FILE", file.path().to_str().unwrap()),
    ];
    let ended = check(&server, &pod);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let none = check(&server, &[DOCUMENT, ("APP_SECRETS_AZURE_VAULT_URL", "")]);
    assert_eq!(none.code, Some(78));
    assert!(
        none.stderr.contains("APP_SECRETS_AZURE_VAULT_URL"),
        "{none:?}"
    );
}

#[test]
fn a_permission_a_version_and_an_outage_come_and_go_while_requests_are_served() {
    clouds::a_permission_a_version_and_an_outage_come_and_go(&FakeAzure::start(), DOCUMENT.0);
}

use std::time::{Duration, Instant};

use environ::secrets::gcp::{GcpClient, GcpError, GcpErrorKind, GcpSecrets};
use serde_json::{Value, json};

use crate::cloud_server::Mode;
use crate::config;
use crate::fake::{FakeGcp, MACHINE, error};
use crate::nobody::nobody;
use crate::store::client;

async fn refused(client: &GcpClient) -> GcpError {
    let fetched = GcpSecrets::document(client, "app-name").await;
    fetched.unwrap_err()
}

#[tokio::test]
async fn each_refusal_has_a_kind_and_a_remedy() {
    let mut disabled_api = error(403, "PERMISSION_DENIED", "It is disabled.");
    disabled_api["error"]["details"] = json!([{"reason": "SERVICE_DISABLED"}]);
    let cases: [(u16, Value, &str, &str); 9] = [
        (
            401,
            error(401, "UNAUTHENTICATED", "canary"),
            "login_denied",
            "the credentials are refused (401, UNAUTHENTICATED)",
        ),
        (
            403,
            disabled_api,
            "api_disabled",
            "the Secret Manager API is disabled (403, PERMISSION_DENIED: It is disabled.)",
        ),
        (
            404,
            error(404, "NOT_FOUND", "Project [x] not found."),
            "not_found",
            "it is not there (404, NOT_FOUND: Project [x] not found.)",
        ),
        (
            429,
            error(429, "RESOURCE_EXHAUSTED", "Quota exceeded"),
            "throttled",
            "there were too many requests (429, RESOURCE_EXHAUSTED: Quota exceeded)",
        ),
        (
            400,
            error(400, "INVALID_ARGUMENT", "It is invalid."),
            "other",
            "Google refuses it (400, INVALID_ARGUMENT: It is invalid.)",
        ),
        (
            500,
            error(500, "INTERNAL", "Internal error"),
            "unreachable",
            "the service fails (500, INTERNAL: Internal error)",
        ),
        (
            503,
            json!("canary"),
            "unreachable",
            "the service fails (503)",
        ),
        (
            403,
            json!("canary"),
            "other",
            "the server is not Google Secret Manager (403)",
        ),
        (
            302,
            json!({}),
            "other",
            "the server is not Google Secret Manager (302)",
        ),
    ];
    let server = FakeGcp::start();
    let client = client(&server).await;
    for (status, body, kind, reason) in cases {
        server.state().mode = Mode::Refusing(status, body);
        let err = refused(&client).await;
        assert_eq!(err.kind().name(), kind, "{err}");
        let remedy = err.kind().remedy();
        assert_eq!(
            err.to_string(),
            format!("cannot read the secret app-name: {reason}; {remedy}")
        );
        let is_transient = ["throttled", "unreachable", "other"].contains(&kind);
        assert_eq!(err.kind().is_transient(), is_transient, "{kind}");
    }
}

#[tokio::test]
async fn a_permission_that_is_taken_and_given_back_names_account_and_role() {
    let server = FakeGcp::start();
    server.put("app-name", "{}");
    let client = client(&server).await;
    GcpSecrets::document(&client, "app-name").await.unwrap();
    server.state().is_granted = false;
    let err = refused(&client).await;
    assert_eq!(err.kind(), GcpErrorKind::Denied);
    assert_eq!(
        err.to_string(),
        format!(
            "cannot read the secret app-name: Google denies it to {MACHINE} \
             (403, PERMISSION_DENIED: Permission 'secretmanager.versions.access' denied for \
             resource 'projects/my-project/secrets/app-name/versions/latest' \
             (or it may not exist).); check project and name, and grant the role \
             roles/secretmanager.secretAccessor"
        )
    );
    server.state().is_granted = true;
    GcpSecrets::document(&client, "app-name").await.unwrap();
}

#[tokio::test]
async fn a_wrong_project_is_denied_as_google_does() {
    let server = FakeGcp::start();
    let mut config = config(&server);
    config.project = Some("other-project".to_owned());
    let err = refused(&config.client().await.unwrap()).await;
    assert_eq!(err.kind(), GcpErrorKind::Denied);
    assert!(err.to_string().contains("check project and name"), "{err}");
}

#[tokio::test]
async fn a_version_that_is_disabled_or_destroyed_is_told() {
    let server = FakeGcp::start();
    server.put("app-name", "{}");
    let client = client(&server).await;
    for state in ["DISABLED", "DESTROYED"] {
        server.set_state("app-name", state);
        let err = refused(&client).await;
        assert_eq!(err.kind(), GcpErrorKind::Disabled);
        assert_eq!(
            err.to_string(),
            format!(
                "cannot read the secret app-name: its version is disabled or destroyed \
                 (400, FAILED_PRECONDITION: Secret Version \
                 [projects/12/secrets/app-name/versions/1] is in {state} state.); \
                 enable the version, or name another"
            )
        );
    }
    server.set_state("app-name", "ENABLED");
    GcpSecrets::document(&client, "app-name").await.unwrap();
}

#[tokio::test]
async fn a_secret_whose_checksum_differs_is_not_used() {
    let server = FakeGcp::start();
    let client = client(&server).await;
    for checksum in [
        json!("1"),
        json!(1),
        json!("-1"),
        json!("canary"),
        json!({}),
    ] {
        server.put_as("app-name", json!({"data": "e30=", "dataCrc32c": checksum}));
        let err = refused(&client).await;
        assert_eq!(err.kind(), GcpErrorKind::Corrupt);
        assert!(err.kind().is_transient());
        assert!(err.to_string().contains("its checksum (CRC32C) differs"));
    }
    // Versions from before Google kept checksums.
    server.put_as("app-name", json!({"data": "e30="}));
    GcpSecrets::document(&client, "app-name").await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_away_or_does_not_answer_is_unreachable() {
    let server = FakeGcp::start();
    server.state().mode = Mode::Hanging;
    let (_bound, away) = nobody();
    let away = format!("http://{away}");
    let mut hanging = config(&server);
    hanging.timeout = Duration::from_millis(300);
    let mut gone = config(&server);
    gone.endpoint_url = Some(away.clone());
    let reasons = [
        (hanging, format!("{} does not answer in time", server.url())),
        (
            gone,
            format!("{away} cannot be reached: Connection refused (os error 111)"),
        ),
    ];
    for (config, reason) in reasons {
        let start = Instant::now();
        let err = refused(&config.client().await.unwrap()).await;
        assert!(start.elapsed() < Duration::from_secs(3));
        assert_eq!(err.kind(), GcpErrorKind::Unreachable);
        assert_eq!(
            err.to_string(),
            format!(
                "cannot read the secret app-name: {reason}; check the endpoint and the network"
            )
        );
    }
}

/// The timeout is that of a secret: a slow login takes its part of it.
#[tokio::test]
async fn a_metadata_server_that_never_answers_takes_no_longer_than_the_timeout() {
    let server = FakeGcp::start();
    server.put("app-name", "{}");
    let mut config = config(&server);
    config.timeout = Duration::from_millis(300);
    let client = config.client().await.unwrap();
    server.state().login = Mode::Hanging;
    assert_eq!(refused(&client).await.kind(), GcpErrorKind::NoIdentity);
    server.state().login = Mode::Up;
    GcpSecrets::document(&client, "app-name").await.unwrap();
}

use std::time::{Duration, Instant};

use environ::secrets::azure::{AzureClient, AzureError, AzureErrorKind, AzureSecrets};
use serde_json::{Value, json};

use crate::cloud_server::Mode;
use crate::config;
use crate::fake::{CLIENT, FakeAzure, OBJECT, error};
use crate::nobody::nobody;
use crate::store::client;

async fn refused(client: &AzureClient) -> AzureError {
    let fetched = AzureSecrets::document(client, "app-name").await;
    fetched.unwrap_err()
}

#[tokio::test]
async fn each_refusal_has_a_kind_and_a_remedy() {
    let firewall = "Client address is not authorized.";
    let cases: [(u16, Value, &str, &str); 10] = [
        (
            401,
            error("Unauthorized", "AKV10032: Invalid issuer.", ""),
            "login_denied",
            "the token is refused (401, Unauthorized: AKV10032: Invalid issuer.)",
        ),
        (
            403,
            error("Forbidden", firewall, "ForbiddenByFirewall"),
            "firewall",
            "the network is not allowed (403, Forbidden: Client address is not authorized.)",
        ),
        (
            403,
            error(
                "Forbidden",
                "Public network access is disabled.",
                "ForbiddenByConnection",
            ),
            "firewall",
            "the network is not allowed (403, Forbidden: Public network access is disabled.)",
        ),
        (
            403,
            error("Forbidden", "The policy requires it.", "AccessDenied"),
            "denied",
            "Azure denies it (403, Forbidden: The policy requires it.)",
        ),
        (
            429,
            error("Throttled", "Request was not processed.", ""),
            "throttled",
            "there were too many requests (429, Throttled: Request was not processed.)",
        ),
        (
            400,
            error("BadParameter", "It is invalid.", ""),
            "other",
            "Azure refuses it (400, BadParameter: It is invalid.)",
        ),
        (
            500,
            error("InternalError", "It failed.", ""),
            "unreachable",
            "the service fails (500, InternalError: It failed.)",
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
            "the server is not Azure Key Vault (403)",
        ),
        (
            302,
            json!({}),
            "other",
            "the server is not Azure Key Vault (302)",
        ),
    ];
    let server = FakeAzure::start();
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
async fn a_permission_that_is_taken_and_given_back_names_identity_and_role() {
    let server = FakeAzure::start();
    server.put("app-name", "{}");
    let client = client(&server).await;
    AzureSecrets::document(&client, "app-name").await.unwrap();
    server.state().is_granted = false;
    let err = refused(&client).await;
    assert_eq!(err.kind(), AzureErrorKind::Denied);
    let shown = err.to_string();
    let start = format!(
        "cannot read the secret app-name: Azure denies it to {OBJECT} (403, Forbidden: \
         Caller is not authorized to perform action on resource. Caller: appid={CLIENT};"
    );
    assert!(shown.starts_with(&start), "{shown}");
    let remedy = "; check the vault, and grant the identity the role Key Vault Secrets User on it";
    assert!(shown.ends_with(remedy), "{shown}");
    server.state().is_granted = true;
    AzureSecrets::document(&client, "app-name").await.unwrap();
}

#[tokio::test]
async fn a_version_that_is_disabled_is_told() {
    let server = FakeAzure::start();
    server.put("app-name", "{}");
    let client = client(&server).await;
    server.enable("app-name", false);
    let err = refused(&client).await;
    assert_eq!(err.kind(), AzureErrorKind::Disabled);
    assert!(!err.kind().is_transient());
    server.enable("app-name", true);
    AzureSecrets::document(&client, "app-name").await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_away_or_does_not_answer_is_unreachable() {
    let server = FakeAzure::start();
    server.state().mode = Mode::Hanging;
    let (_bound, away) = nobody();
    let away = format!("http://{away}");
    let mut hanging = config(&server);
    hanging.timeout = Duration::from_millis(300);
    let mut gone = config(&server);
    gone.vault_url.clone_from(&away);
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
        assert_eq!(err.kind(), AzureErrorKind::Unreachable);
        assert_eq!(
            err.to_string(),
            format!(
                "cannot read the secret app-name: {reason}; \
                 check the URL of the vault and the network"
            )
        );
    }
}

/// The timeout is that of a secret: a slow login takes its part of it.
#[tokio::test]
async fn a_metadata_server_that_never_answers_takes_no_longer_than_the_timeout() {
    let server = FakeAzure::start();
    server.put("app-name", "{}");
    let mut config = config(&server);
    config.timeout = Duration::from_millis(300);
    let client = config.client().await.unwrap();
    server.state().login = Mode::Hanging;
    let start = Instant::now();
    assert_eq!(refused(&client).await.kind(), AzureErrorKind::NoIdentity);
    assert!(start.elapsed() < Duration::from_secs(3));
    server.state().login = Mode::Up;
    AzureSecrets::document(&client, "app-name").await.unwrap();
}

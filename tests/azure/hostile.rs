//! Azure's other servers, if they mean harm.

use std::thread;
use std::time::Duration;

use environ::secrets::azure::{AzureClient, AzureErrorKind, AzureSecrets};
use serde_json::json;

use crate::config;
use crate::fake::{ASSERTION, CLIENT, FakeAzure, TENANT, oauth_error};
use crate::hostile_server::{
    Answer, Hostile, MAX_TAKEN, Request, assert_harmless, harmful_texts, with_length,
};

/// A client of a vault that is right, with the token of another server.
async fn client_with(azure: &FakeAzure, metadata: &Hostile) -> AzureClient {
    let mut config = config(azure);
    config.metadata_host = metadata.url().replace("http://", "");
    config.timeout = Duration::from_secs(2);
    config.client().await.unwrap()
}

#[tokio::test]
async fn a_metadata_server_that_means_harm_is_a_failure_within_limits() {
    let azure = FakeAzure::start();
    azure.state().is_granted = false;
    let endless = Hostile::start(|_: &Request, mut answer: Answer| {
        answer.send(b"HTTP/1.1 200 x\r\n\r\n");
        answer.send_without_end(" ".repeat(0x8000).as_bytes());
    });
    let err = AzureSecrets::document(&client_with(&azure, &endless).await, "app").await;
    assert_eq!(err.unwrap_err().kind(), AzureErrorKind::TooLarge);
    assert!(endless.sent() < MAX_TAKEN, "{}", endless.sent());

    let silent = Hostile::start(|_: &Request, _: Answer| thread::sleep(Duration::from_secs(9)));
    let err = AzureSecrets::document(&client_with(&azure, &silent).await, "app").await;
    assert_eq!(err.unwrap_err().kind(), AzureErrorKind::NoIdentity);

    for token in [
        r#"{"access_token": "canary\r\nX-Evil: 1"}"#,
        r#"{"access_token": ""}"#,
        r#"{"access_token": 7}"#,
        "[]",
        // Longer than any clock, and before any clock.
        r#"{"access_token": "canary-of-the-machine", "expires_in": 18446744073709551615}"#,
        r#"{"access_token": "canary-of-the-machine", "expires_in": "-1", "expires_on": "-1"}"#,
        r#"{"access_token": "canary-of-the-machine", "expires_on": "18446744073709551615"}"#,
        r#"{"access_token": "canary-of-the-machine", "expires_on": 0}"#,
    ] {
        let metadata = Hostile::saying(200, token);
        let err = AzureSecrets::document(&client_with(&azure, &metadata).await, "app").await;
        assert_harmless(&err.unwrap_err().to_string());
    }
}

#[tokio::test]
async fn a_refused_login_is_one_short_line_without_secrets() {
    let azure = FakeAzure::start();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), ASSERTION).unwrap();
    for said in &harmful_texts(ASSERTION) {
        for body in [
            oauth_error("invalid_client", said),
            oauth_error(said, said),
            json!({"message": said}),
        ] {
            for status in [400, 401, 404, 429, 500] {
                let body = body.to_string();
                let entra = Hostile::start(move |_: &Request, mut answer: Answer| {
                    answer.send(&with_length(status, body.as_bytes()));
                });
                let mut config = config(&azure);
                config.authority_host = entra.url().to_owned();
                config.tenant_id = Some(TENANT.to_owned());
                config.client_id = Some(CLIENT.to_owned());
                config.federated_token_file = Some(file.path().to_owned());
                let client = config.client().await.unwrap();
                let err = AzureSecrets::document(&client, "app").await.unwrap_err();
                assert_harmless(&err.to_string());
                assert_harmless(&format!("{err:?}"));
            }
        }
    }
}

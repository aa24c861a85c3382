//! From a machine or a file to a token.

use std::fs;

use environ::secrets::SecretStore;
use environ::secrets::gcp::{GcpClient, GcpConfig, GcpError, GcpErrorKind, GcpSecrets};
use serde_json::{Value, json};
use tempfile::{NamedTempFile, TempDir, tempdir};

use crate::cloud_server::Mode;
use crate::config;
use crate::fake::{FakeGcp, REFRESH, SUBJECT, TOKEN, error};
use crate::nobody::nobody;
use crate::store::client;

/// A client with credentials in a file, and the file.
async fn client_with(server: &FakeGcp, credentials: &Value) -> (GcpClient, NamedTempFile) {
    let file = NamedTempFile::new().unwrap();
    fs::write(file.path(), credentials.to_string()).unwrap();
    let mut config = config(server);
    config.credentials_file = Some(file.path().to_owned());
    "127.0.0.1:1".clone_into(&mut config.metadata_host);
    (config.client().await.unwrap(), file)
}

/// Fetches a secret of the project.
async fn fetch(client: &GcpClient) -> Result<GcpSecrets, GcpError> {
    GcpSecrets::document(client, "projects/my-project/secrets/app").await
}

fn key() -> Value {
    json!({
        "type": "service_account",
        "project_id": "my-project",
        "private_key_id": "key-1",
        "private_key": include_str!("../clouds/key.pem"),
        "client_email": "app@my-project.iam.gserviceaccount.com",
        "token_uri": "http://tokens.example/never/asked",
    })
}

fn federated(server: &FakeGcp, source: &Value) -> Value {
    json!({
        "type": "external_account",
        "audience": "//iam.googleapis.com/projects/12/locations/global/workloadIdentityPools/x",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": format!("{}/sts", server.url()),
        "credential_source": source,
    })
}

fn token_file(text: &str) -> (TempDir, String) {
    let dir = tempdir().unwrap();
    let path = dir.path().join("token");
    fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (dir, path)
}

fn impersonation(server: &FakeGcp) -> String {
    let account = "other@my-project.iam.gserviceaccount.com";
    format!(
        "{}/v2/serviceAccounts/{account}:generateAccessToken",
        server.url()
    )
}

/// The signature is checked by the server. The project is that of the key.
#[tokio::test]
async fn a_key_signs_its_tokens_and_asks_no_server_for_them() {
    let server = FakeGcp::start();
    server.put("app", "{}");
    let (client, _file) = client_with(&server, &key()).await;
    let secrets = GcpSecrets::document(&client, "app").await.unwrap();
    assert_eq!(secrets.name(), "app in Google Secret Manager");
    GcpSecrets::document(&client, "app").await.unwrap();
    let access = "GET /v1/projects/my-project/secrets/app/versions/latest:access";
    assert_eq!(server.lines(), [access, access]);
    // One token for both.
    let requests = server.requests();
    let tokens = requests
        .iter()
        .map(|request| request.header("authorization"));
    let tokens: Vec<_> = tokens.collect();
    assert_eq!(tokens[0], tokens[1]);
}

#[tokio::test]
async fn the_account_of_a_key_is_named_when_it_is_denied() {
    let server = FakeGcp::start();
    server.state().is_granted = false;
    let (client, _file) = client_with(&server, &key()).await;
    let err = fetch(&client).await.unwrap_err();
    let denied = "Google denies it to app@my-project.iam.gserviceaccount.com";
    assert!(err.to_string().contains(denied), "{err}");
}

#[tokio::test]
async fn a_token_of_another_provider_is_exchanged() {
    let server = FakeGcp::start();
    server.put("app", "{}");
    let (_dir, text) = token_file(&format!("{SUBJECT}\n"));
    let (_dir, json) = token_file(&json!({"jwt": SUBJECT}).to_string());
    let url = format!("{}/subject", server.url());
    for source in [
        json!({"file": text}),
        json!({"file": json, "format": {"type": "json", "subject_token_field_name": "jwt"}}),
        json!({
            "url": url,
            "headers": {"Metadata": "True"},
            "format": {"type": "json", "subject_token_field_name": "token"},
        }),
    ] {
        let (client, _file) = client_with(&server, &federated(&server, &source)).await;
        fetch(&client).await.unwrap();
        let requests = server.requests();
        let (access, others) = requests.split_last().unwrap();
        let exchange = others.last().unwrap();
        assert_eq!(exchange.line, "POST /sts");
        assert!(
            exchange
                .body
                .contains("&audience=%2F%2Fiam.googleapis.com%2Fprojects")
        );
        assert_eq!(access.header("authorization"), "Bearer canary-exchanged");
    }
    let asked = server.requests();
    let subject = asked.iter().find(|request| request.line == "GET /subject");
    assert_eq!(subject.unwrap().header("metadata"), "True");
}

/// The other provider replaces its file.
#[tokio::test]
async fn a_token_of_another_provider_is_read_anew_for_each_login() {
    let server = FakeGcp::start();
    server.put("app", "{}");
    server.state().lifetime = 30;
    let (_dir, path) = token_file("expired");
    let credentials = federated(&server, &json!({"file": path}));
    let (client, _file) = client_with(&server, &credentials).await;
    let err = fetch(&client).await.unwrap_err();
    assert_eq!(err.kind(), GcpErrorKind::LoginDenied);
    assert!(
        err.to_string()
            .contains("the login is refused (400, invalid_grant: Bad Request)"),
        "{err}"
    );
    fs::write(&path, SUBJECT).unwrap();
    fetch(&client).await.unwrap();
    // That token is about to expire.
    fs::remove_file(&path).unwrap();
    let err = fetch(&client).await.unwrap_err();
    assert_eq!(err.kind(), GcpErrorKind::File);
    assert!(err.to_string().contains("No such file"), "{err}");
}

#[tokio::test]
async fn a_service_account_is_impersonated() {
    let server = FakeGcp::start();
    server.put("app", "{}");
    let (_dir, path) = token_file(SUBJECT);
    let mut directly = federated(&server, &json!({"file": path}));
    directly["service_account_impersonation_url"] = impersonation(&server).into();
    let by_key = json!({
        "type": "impersonated_service_account",
        "service_account_impersonation_url": impersonation(&server),
        "source_credentials": key(),
    });
    for credentials in [directly, by_key] {
        let (client, _file) = client_with(&server, &credentials).await;
        fetch(&client).await.unwrap();
        let requests = server.requests();
        let access = requests.last().unwrap();
        assert_eq!(access.header("authorization"), "Bearer canary-impersonated");
        server.state().is_granted = false;
        let err = fetch(&client).await.unwrap_err();
        let denied = "Google denies it to other@my-project.iam.gserviceaccount.com";
        assert!(err.to_string().contains(denied), "{err}");
        server.state().is_granted = true;
    }
}

#[tokio::test]
async fn a_developer_logs_in_with_a_refresh_token() {
    let server = FakeGcp::start();
    server.put("app", "{}");
    let mut credentials = json!({
        "type": "authorized_user",
        "client_id": "id",
        "client_secret": "canary-of-a-client",
        "refresh_token": REFRESH,
        "quota_project_id": "paying-project",
        "token_uri": format!("{}/oauth", server.url()),
    });
    let (client, _file) = client_with(&server, &credentials).await;
    fetch(&client).await.unwrap();
    let requests = server.requests();
    let access = requests.last().unwrap();
    assert_eq!(access.header("x-goog-user-project"), "paying-project");
    credentials["refresh_token"] = "expired".into();
    let (client, _file) = client_with(&server, &credentials).await;
    let err = fetch(&client).await.unwrap_err();
    assert_eq!(err.kind(), GcpErrorKind::LoginDenied);
}

#[tokio::test]
async fn without_a_machine_of_googles_the_remedy_is_told() {
    let server = FakeGcp::start();
    let mut config = config(&server);
    let (_bound, away) = nobody();
    config.metadata_host = away.to_string();
    let err = fetch(&config.client().await.unwrap()).await.unwrap_err();
    assert_eq!(err.kind(), GcpErrorKind::NoIdentity);
    // The metadata server of a new pod may be late.
    assert!(err.kind().is_transient());
    assert_eq!(
        err.to_string(),
        format!(
            "cannot read the secret projects/my-project/secrets/app: \
             http://{} cannot be reached: Connection refused (os error 111); \
             run on Google Cloud with a service account, or name a file with credentials \
             (`CREDENTIALS_FILE`)",
            config.metadata_host
        )
    );
    assert_eq!(server.lines(), [""; 0]);
}

#[tokio::test]
async fn a_machine_without_a_service_account_is_told() {
    let server = FakeGcp::start();
    server.state().login = Mode::Refusing(404, json!("not found"));
    let err = fetch(&client(&server).await).await.unwrap_err();
    assert_eq!(err.kind(), GcpErrorKind::Unconfigured);
    assert!(!err.kind().is_transient());
    let reason = "the metadata server knows no service account or project (404); \
                  set the project and the credentials, or attach a service account";
    assert!(err.to_string().ends_with(reason), "{err}");
}

#[tokio::test]
async fn without_a_project_nobody_is_asked() {
    let server = FakeGcp::start();
    let (_dir, path) = token_file(SUBJECT);
    let credentials = federated(&server, &json!({"file": path}));
    let (client, _file) = client_with(&server, &credentials).await;
    let err = GcpSecrets::document(&client, "app").await.unwrap_err();
    assert_eq!(err.kind(), GcpErrorKind::Unconfigured);
    assert!(err.to_string().contains("the project is unknown"), "{err}");
    assert_eq!(server.lines(), [""; 0]);
}

#[tokio::test]
async fn a_token_is_used_until_shortly_before_its_end() {
    let server = FakeGcp::start();
    server.put("app", "{}");
    let logins = || {
        let asked = server.lines();
        asked.iter().filter(|line| line.ends_with("/token")).count()
    };
    let lasting = client(&server).await;
    fetch(&lasting).await.unwrap();
    fetch(&lasting).await.unwrap();
    assert_eq!(logins(), 1);
    server.state().lifetime = 60;
    let ending = client(&server).await;
    fetch(&ending).await.unwrap();
    fetch(&ending).await.unwrap();
    assert_eq!(logins(), 3);
}

#[tokio::test]
async fn a_token_that_was_refused_is_not_sent_again() {
    let server = FakeGcp::start();
    server.put("app", "{}");
    let client = client(&server).await;
    fetch(&client).await.unwrap();
    server.state().revoked = vec![TOKEN];
    let err = fetch(&client).await.unwrap_err();
    assert_eq!(err.kind(), GcpErrorKind::LoginDenied);
    server.state().revoked.clear();
    fetch(&client).await.unwrap();
    let asked = server.lines();
    let logins = asked.iter().filter(|line| line.ends_with("/token"));
    assert_eq!(logins.count(), 2, "{asked:?}");
}

/// A wrong clock is the usual reason for a token that is signed right.
#[tokio::test]
async fn a_clock_that_is_wrong_is_told() {
    for (ahead, words) in [(-7_200, "s ahead of"), (7_200, "s behind")] {
        let server = FakeGcp::start();
        server.put("app", "{}");
        server.state().ahead = ahead;
        let (client, _file) = client_with(&server, &key()).await;
        let err = fetch(&client).await.unwrap_err();
        assert_eq!(err.kind(), GcpErrorKind::Clock, "{err}");
        // Another try may come after the clock is set.
        assert!(err.kind().is_transient());
        let shown = err.to_string();
        assert!(shown.contains("the clock of this machine is 7"), "{shown}");
        assert!(shown.contains(&format!(
            "{words} that of the server: the credentials are refused"
        )));
        assert!(
            shown.ends_with("; set the clock of this machine"),
            "{shown}"
        );
        server.state().ahead = 0;
        fetch(&client).await.unwrap();
    }
    // The clock matters only where a token is refused.
    let server = FakeGcp::start();
    server.state().ahead = 7_200;
    server.state().mode = Mode::Refusing(403, error(403, "PERMISSION_DENIED", "no"));
    let err = fetch(&client(&server).await).await.unwrap_err();
    assert_eq!(err.kind(), GcpErrorKind::Denied);
}

/// The files are read, and no server is asked.
#[tokio::test]
async fn a_check_finds_a_file_without_a_token() {
    let server = FakeGcp::start();
    let (_right, right) = token_file(SUBJECT);
    let (_empty, empty) = token_file("\n");
    let url = format!("{}/subject", server.url());
    for (credentials, failure) in [
        (key(), None),
        (federated(&server, &json!({"file": right})), None),
        (federated(&server, &json!({"url": url})), None),
        (
            federated(&server, &json!({"file": empty})),
            Some(format!("{empty} has no token")),
        ),
        (
            federated(&server, &json!({"file": "/does/not/exist"})),
            Some("No such file or directory (os error 2)".to_owned()),
        ),
    ] {
        let file = NamedTempFile::new().unwrap();
        fs::write(file.path(), credentials.to_string()).unwrap();
        let mut config = config(&server);
        config.credentials_file = Some(file.path().to_owned());
        let checked = config.check::<crate::clouds::ids::AppConfig>(&()).await;
        match (checked, failure) {
            (Ok(()), None) => {}
            (Err(err), Some(failure)) => {
                assert_eq!(err.kind(), GcpErrorKind::File);
                assert!(err.to_string().contains(&failure), "{err}");
            }
            (checked, failure) => unreachable!("{checked:?}, but {failure:?}"),
        }
    }
    config(&server)
        .check::<crate::clouds::ids::AppConfig>(&())
        .await
        .unwrap();
    assert_eq!(server.lines(), [""; 0]);
}

#[test]
fn a_service_that_is_reached_in_plaintext_is_told() {
    for (endpoint, kms_endpoint, host) in [
        (None, None, None),
        (Some("https://a.example"), Some("https://b.example"), None),
        (Some("http://127.0.0.1:1"), None, None),
        (Some("http://a.example:1"), None, Some("a.example")),
        (None, Some("http://b.example"), Some("b.example")),
    ] {
        let mut config = GcpConfig::new();
        config.endpoint_url = endpoint.map(str::to_owned);
        config.kms_endpoint_url = kms_endpoint.map(str::to_owned);
        assert_eq!(config.plaintext_host().as_deref(), host, "{config:?}");
    }
}

#[tokio::test]
async fn a_login_that_fails_has_a_kind() {
    let server = FakeGcp::start();
    let (_dir, path) = token_file(SUBJECT);
    let credentials = federated(&server, &json!({"file": path}));
    for (status, of_machine, of_token) in [
        (403, GcpErrorKind::LoginDenied, GcpErrorKind::LoginDenied),
        (404, GcpErrorKind::Unconfigured, GcpErrorKind::Other),
        (429, GcpErrorKind::NoIdentity, GcpErrorKind::Throttled),
        (500, GcpErrorKind::NoIdentity, GcpErrorKind::Unreachable),
        (503, GcpErrorKind::NoIdentity, GcpErrorKind::Unreachable),
    ] {
        server.state().login = Mode::Refusing(status, json!("no"));
        let err = fetch(&client(&server).await).await.unwrap_err();
        assert_eq!(err.kind(), of_machine, "{err}");
        let (client, _file) = client_with(&server, &credentials).await;
        let err = fetch(&client).await.unwrap_err();
        assert_eq!(err.kind(), of_token, "{err}");
    }
}

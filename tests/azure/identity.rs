//! From a machine or a proof to a token.

use std::fs;

use environ::secrets::azure::{AzureClient, AzureConfig, AzureError, AzureErrorKind, AzureSecrets};
use serde_json::json;
use tempfile::NamedTempFile;

use crate::cloud_server::Mode;
use crate::config;
use crate::fake::{
    ASSERTION, CLIENT, CLIENT_SECRET, FakeAzure, HEADER, OF_APP_SERVICE, OF_APPLICATION,
    OF_CLUSTER, TENANT, TOKEN, error, oauth_error,
};
use crate::nobody::nobody;
use crate::store::client;

async fn fetch(client: &AzureClient) -> Result<AzureSecrets, AzureError> {
    AzureSecrets::document(client, "app").await
}

fn file(text: &str) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    fs::write(file.path(), text).unwrap();
    file
}

/// The configuration of an application, without its proof.
fn application(server: &FakeAzure) -> AzureConfig {
    let mut config = config(server);
    config.tenant_id = Some(TENANT.to_owned());
    config.client_id = Some(CLIENT.to_owned());
    "127.0.0.1:1".clone_into(&mut config.metadata_host);
    config
}

/// Fetches a secret, and returns the request for the token and the token.
async fn login(server: &FakeAzure, config: &AzureConfig) -> (String, String) {
    server.put("app", "{}");
    let client = config.client().await.unwrap();
    fetch(&client).await.unwrap();
    fetch(&client).await.unwrap();
    let requests = server.requests();
    let [login, access, again] = &requests[..] else {
        unreachable!("one login, two secrets: {requests:?}");
    };
    assert_eq!(access.line, "GET /secrets/app/?api-version=7.4");
    let token = access.header("authorization");
    assert_eq!(again.header("authorization"), token);
    let token = token.strip_prefix("Bearer ").unwrap();
    (login.line.clone(), token.to_owned())
}

#[tokio::test]
async fn a_virtual_machine_gives_the_token_of_its_identity() {
    let server = FakeAzure::start();
    let (line, token) = login(&server, &config(&server)).await;
    assert_eq!(
        line,
        "GET /metadata/identity/oauth2/token?api-version=2018-02-01\
         &resource=https%3A%2F%2Fvault.azure.net"
    );
    assert_eq!(token, TOKEN);
    let several = FakeAzure::start();
    let mut config = config(&several);
    config.client_id = Some(CLIENT.to_owned());
    let (line, _) = login(&several, &config).await;
    assert!(line.ends_with(&format!("&client_id={CLIENT}")), "{line}");
}

#[tokio::test]
async fn app_service_gives_the_token_of_its_identity() {
    let server = FakeAzure::start();
    let endpoint = format!("{}/msi/token", server.url());
    let env = [
        ("IDENTITY_ENDPOINT", &*endpoint),
        ("IDENTITY_HEADER", HEADER),
    ];
    let config = config(&server).with_azure_variables(&env);
    let (line, token) = login(&server, &config).await;
    assert_eq!(
        line,
        "GET /msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net"
    );
    assert_eq!(token, OF_APP_SERVICE);
}

#[tokio::test]
async fn an_application_logs_in_with_its_secret() {
    let server = FakeAzure::start();
    let file = file(&format!("{CLIENT_SECRET}\n"));
    let mut config = application(&server);
    config.client_secret_file = Some(file.path().to_owned());
    let (line, token) = login(&server, &config).await;
    assert_eq!(line, format!("POST /{TENANT}/oauth2/v2.0/token"));
    assert_eq!(token, OF_APPLICATION);
}

#[tokio::test]
async fn a_cluster_logs_in_with_a_federated_token() {
    let server = FakeAzure::start();
    let file = file(ASSERTION);
    let mut config = application(&server);
    config.federated_token_file = Some(file.path().to_owned());
    let (line, token) = login(&server, &config).await;
    assert_eq!(line, format!("POST /{TENANT}/oauth2/v2.0/token"));
    assert_eq!(token, OF_CLUSTER);
}

/// AKS sets these variables in each pod.
#[tokio::test]
async fn variables_of_azure_fill_in_unset_fields_only() {
    let server = FakeAzure::start();
    let (url, file) = (server.url(), file(ASSERTION));
    let pod = [
        ("AZURE_TENANT_ID", TENANT),
        ("AZURE_CLIENT_ID", CLIENT),
        ("AZURE_FEDERATED_TOKEN_FILE", file.path().to_str().unwrap()),
        ("AZURE_AUTHORITY_HOST", &url),
    ];
    let of_pod = AzureConfig::new(&url).with_azure_variables(&pod);
    assert_eq!(login(&server, &of_pod).await.1, OF_CLUSTER);

    let server = FakeAzure::start();
    let environment = [
        ("AZURE_TENANT_ID", TENANT),
        ("AZURE_CLIENT_ID", CLIENT),
        ("AZURE_CLIENT_SECRET", CLIENT_SECRET),
    ];
    let config = config(&server).with_azure_variables(&environment);
    assert!(!format!("{config:?}").contains("canary"), "{config:?}");
    assert_eq!(login(&server, &config).await.1, OF_APPLICATION);

    let mut own = application(&server);
    own.client_secret_file = Some("/own".into());
    let before = format!("{own:?}");
    let others = [
        ("AZURE_TENANT_ID", "other"),
        ("AZURE_CLIENT_ID", "other"),
        ("AZURE_CLIENT_SECRET", "other"),
        ("AZURE_FEDERATED_TOKEN_FILE", "other"),
        ("AZURE_AUTHORITY_HOST", "https://other.example"),
        ("IDENTITY_ENDPOINT", ""),
        ("IDENTITY_HEADER", "other"),
    ];
    assert_eq!(format!("{:?}", own.with_azure_variables(&others)), before);
}

/// The other provider replaces its file, and an operator a client secret.
#[tokio::test]
async fn a_file_is_read_anew_for_each_login() {
    let server = FakeAzure::start();
    server.put("app", "{}");
    server.state().lifetime = 30;
    let file = file("expired");
    let mut config = application(&server);
    config.client_secret_file = Some(file.path().to_owned());
    let client = config.client().await.unwrap();
    let err = fetch(&client).await.unwrap_err();
    assert_eq!(err.kind(), AzureErrorKind::LoginDenied);
    assert_eq!(
        err.to_string(),
        "cannot read the secret app: the login is refused (401, invalid_client: AADSTS7000215: \
         Invalid client secret provided.); check tenant, client id and secret, or the federated \
         credential of the identity; the tenant is that of the vault"
    );
    fs::write(file.path(), CLIENT_SECRET).unwrap();
    fetch(&client).await.unwrap();
    // That token is about to expire.
    for (text, reason) in [("", "is empty"), ("\n", "is empty")] {
        fs::write(file.path(), text).unwrap();
        let err = fetch(&client).await.unwrap_err();
        assert_eq!(err.kind(), AzureErrorKind::File);
        assert!(err.to_string().contains(reason), "{err}");
    }
    file.close().unwrap();
    let err = fetch(&client).await.unwrap_err();
    assert_eq!(err.kind(), AzureErrorKind::File);
    assert!(err.to_string().contains("No such file"), "{err}");
}

#[tokio::test]
async fn a_login_that_fails_for_a_while_is_no_mistake_of_the_configuration() {
    let server = FakeAzure::start();
    server.put("app", "{}");
    let file = file(CLIENT_SECRET);
    let mut config = application(&server);
    config.client_secret_file = Some(file.path().to_owned());
    let client = config.client().await.unwrap();
    for (status, kind, reason) in [
        (
            429,
            AzureErrorKind::Throttled,
            "there were too many logins (429)",
        ),
        (503, AzureErrorKind::Unreachable, "the login fails (503)"),
        (
            404,
            AzureErrorKind::Other,
            "the server gives no tokens (404)",
        ),
    ] {
        server.state().login = Mode::Refusing(status, json!({}));
        let err = fetch(&client).await.unwrap_err();
        let said = format!("cannot read the secret app: {reason}; {}", kind.remedy());
        assert_eq!((err.kind(), err.to_string()), (kind, said));
    }
    server.state().login = Mode::Up;
    fetch(&client).await.unwrap();
}

/// The official client would read such a file without end.
#[tokio::test]
async fn a_device_is_no_file_with_a_token() {
    let server = FakeAzure::start();
    let mut config = application(&server);
    config.federated_token_file = Some("/dev/zero".into());
    let err = fetch(&config.client().await.unwrap()).await.unwrap_err();
    assert_eq!(err.kind(), AzureErrorKind::File);
    assert!(
        err.to_string().contains("it is not a regular file"),
        "{err}"
    );
    assert_eq!(server.lines(), [""; 0]);
}

#[tokio::test]
async fn a_proof_without_a_tenant_or_a_client_is_told_before_any_request() {
    let server = FakeAzure::start();
    for (tenant, client) in [
        (None, Some(CLIENT)),
        (Some(TENANT), None),
        (Some("a/b"), Some("c")),
    ] {
        let mut config = config(&server);
        config.federated_token_file = Some("/token".into());
        config.tenant_id = tenant.map(str::to_owned);
        config.client_id = client.map(str::to_owned);
        let err = config.client().await.unwrap_err();
        assert_eq!(err.kind(), AzureErrorKind::Unconfigured);
        assert!(!err.kind().is_transient());
        let remedy = "set tenant and client id (`TENANT_ID`, `CLIENT_ID`), or assign the \
                      identity to the machine";
        assert!(err.to_string().ends_with(remedy), "{err}");
    }
    let plain = [
        ("AZURE_AUTHORITY_HOST", "http://login.example"),
        ("AZURE_CLIENT_SECRET", "x"),
    ];
    let mut config = AzureConfig::new(server.url());
    config.tenant_id = Some(TENANT.to_owned());
    config.client_id = Some(CLIENT.to_owned());
    let err = config
        .with_azure_variables(&plain)
        .client()
        .await
        .unwrap_err();
    let reason = "the authority cannot be used: it must begin with https://; ";
    assert!(err.to_string().contains(reason), "{err}");
    assert_eq!(server.lines(), [""; 0]);
}

#[tokio::test]
async fn a_wrong_tenant_is_told() {
    let server = FakeAzure::start();
    let mut config = application(&server);
    config.tenant_id = Some("other".to_owned());
    let file = file(ASSERTION);
    config.federated_token_file = Some(file.path().to_owned());
    let err = fetch(&config.client().await.unwrap()).await.unwrap_err();
    assert_eq!(err.kind(), AzureErrorKind::LoginDenied);
    assert!(err.to_string().contains("AADSTS90002"), "{err}");
}

#[tokio::test]
async fn without_a_machine_of_azures_the_remedy_is_told() {
    let server = FakeAzure::start();
    let mut config = config(&server);
    let (_bound, away) = nobody();
    config.metadata_host = away.to_string();
    let err = fetch(&config.client().await.unwrap()).await.unwrap_err();
    assert_eq!(err.kind(), AzureErrorKind::NoIdentity);
    // The metadata server of a new machine may be late.
    assert!(err.kind().is_transient());
    assert_eq!(
        err.to_string(),
        format!(
            "cannot read the secret app: http://{} cannot be reached: Connection refused \
             (os error 111); run on Azure with a managed identity, or name a file with a client \
             secret (`CLIENT_SECRET_FILE`) or a federated token (`FEDERATED_TOKEN_FILE`)",
            config.metadata_host
        )
    );
    assert_eq!(server.lines(), [""; 0]);
}

#[tokio::test]
async fn a_machine_without_that_identity_is_told() {
    let server = FakeAzure::start();
    let mut config = config(&server);
    config.client_id = Some("other".to_owned());
    let err = fetch(&config.client().await.unwrap()).await.unwrap_err();
    assert_eq!(err.kind(), AzureErrorKind::Unconfigured);
    let reason = "the machine has no such identity (400, invalid_request: Identity not found); ";
    assert!(err.to_string().contains(reason), "{err}");

    let message = serde_json::json!({"statusCode": 400, "message": "No Managed Identity found"});
    server.state().login = Mode::Refusing(400, message);
    let err = fetch(&client(&server).await).await.unwrap_err();
    let reason = "the machine has no such identity (400: No Managed Identity found); ";
    assert!(err.to_string().contains(reason), "{err}");
}

#[tokio::test]
async fn a_token_is_used_until_shortly_before_its_end() {
    let server = FakeAzure::start();
    server.put("app", "{}");
    server.state().lifetime = 60;
    let endpoint = format!("{}/msi/token", server.url());
    let env = [
        ("IDENTITY_ENDPOINT", &*endpoint),
        ("IDENTITY_HEADER", HEADER),
    ];
    for config in [config(&server), config(&server).with_azure_variables(&env)] {
        let before = server.lines().len();
        let ending = config.client().await.unwrap();
        fetch(&ending).await.unwrap();
        fetch(&ending).await.unwrap();
        assert_eq!(server.lines().len() - before, 4);
    }
}

#[tokio::test]
async fn a_token_that_was_refused_is_not_sent_again() {
    let server = FakeAzure::start();
    server.put("app", "{}");
    let client = client(&server).await;
    fetch(&client).await.unwrap();
    server.state().revoked = vec![TOKEN];
    let err = fetch(&client).await.unwrap_err();
    assert_eq!(err.kind(), AzureErrorKind::LoginDenied);
    server.state().revoked.clear();
    fetch(&client).await.unwrap();
    let lines = server.lines();
    let logins = lines.iter().filter(|line| line.contains("/metadata/"));
    assert_eq!(logins.count(), 2, "{lines:?}");
}

/// A wrong clock is the usual reason for a token that is signed right.
#[tokio::test]
async fn a_clock_that_is_wrong_is_told() {
    let server = FakeAzure::start();
    let client = client(&server).await;
    for (ahead, words) in [(-7_200, "s ahead of"), (7_200, "s behind")] {
        server.state().ahead = ahead;
        server.state().mode = Mode::Refusing(401, error("Unauthorized", "canary", ""));
        let err = fetch(&client).await.unwrap_err();
        assert_eq!(err.kind(), AzureErrorKind::Clock, "{err}");
        // Another try may come after the clock is set.
        assert!(err.kind().is_transient());
        let shown = err.to_string();
        assert!(shown.contains("the clock of this machine is 7"), "{shown}");
        assert!(
            shown.contains(&format!("{words} that of the server: the token is refused")),
            "{shown}"
        );
        assert!(
            shown.ends_with("; set the clock of this machine"),
            "{shown}"
        );
    }
    // The clock matters only where a token is refused.
    server.state().mode = Mode::Refusing(403, error("Forbidden", "no", ""));
    assert_eq!(
        fetch(&client).await.unwrap_err().kind(),
        AzureErrorKind::Denied
    );

    // The clock of a cluster that signs tokens may be wrong, too.
    let server = FakeAzure::start();
    let said = "AADSTS700024: Client assertion is not within its valid time range.";
    server.state().login = Mode::Refusing(401, oauth_error("invalid_client", said));
    let file = file(ASSERTION);
    let mut config = application(&server);
    config.federated_token_file = Some(file.path().to_owned());
    let err = fetch(&config.client().await.unwrap()).await.unwrap_err();
    assert_eq!(err.kind(), AzureErrorKind::Clock);
}

/// The files are read, and no server is asked.
#[tokio::test]
async fn a_check_finds_a_file_without_a_proof() {
    let server = FakeAzure::start();
    let (right, empty) = (file("canary\n"), file("\n"));
    let check = async |config: AzureConfig| {
        let checked = config.check::<crate::clouds::ids::AppConfig>(&()).await;
        checked.map_err(|err| (err.kind(), err.to_string()))
    };
    assert_eq!(check(config(&server)).await, Ok(()));
    for (path, failure) in [
        (right.path(), None),
        (
            empty.path(),
            Some(format!("{} is empty", empty.path().display())),
        ),
        (
            "/does/not/exist".as_ref(),
            Some("No such file or directory (os error 2)".to_owned()),
        ),
    ] {
        let mut with_secret = application(&server);
        with_secret.client_secret_file = Some(path.to_owned());
        let mut with_token = application(&server);
        with_token.federated_token_file = Some(path.to_owned());
        for config in [with_secret, with_token] {
            match (check(config).await, &failure) {
                (Ok(()), None) => {}
                (Err((kind, shown)), Some(failure)) => {
                    assert_eq!(kind, AzureErrorKind::File);
                    assert!(shown.contains(failure), "{shown}");
                }
                (checked, failure) => unreachable!("{checked:?}, but {failure:?}"),
            }
        }
    }
    let env = [("IDENTITY_ENDPOINT", "canary"), ("IDENTITY_HEADER", HEADER)];
    let checked = check(config(&server).with_azure_variables(&env)).await;
    assert_eq!(checked.unwrap_err().0, AzureErrorKind::Unconfigured);
    assert_eq!(server.lines(), [""; 0]);
}

#[test]
fn a_vault_that_is_reached_in_plaintext_is_told() {
    for (url, host) in [
        ("https://x.vault.azure.net", None),
        ("http://127.0.0.1:1", None),
        ("http://secrets.example:1", Some("secrets.example")),
    ] {
        let config = AzureConfig::new(url);
        assert_eq!(config.plaintext_host().as_deref(), host, "{url}");
    }
}

#[tokio::test]
async fn a_machine_that_gives_no_token_has_a_kind() {
    let server = FakeAzure::start();
    for (status, kind) in [
        (400, AzureErrorKind::Unconfigured),
        (401, AzureErrorKind::LoginDenied),
        (403, AzureErrorKind::LoginDenied),
        (404, AzureErrorKind::NoIdentity),
        (500, AzureErrorKind::NoIdentity),
    ] {
        server.state().login = Mode::Refusing(status, error("x", "no", ""));
        let err = fetch(&client(&server).await).await.unwrap_err();
        assert_eq!(err.kind(), kind, "{err}");
    }
}

/// A token of Azure may last for a day, and is revoked when the identity is.
#[tokio::test]
async fn a_token_is_used_for_twelve_hours_at_most() {
    let server = FakeAzure::start();
    server.put("app", "{}");
    server.state().lifetime = 86_400;
    let client = client(&server).await;
    let logins = async || {
        fetch(&client).await.unwrap();
        let asked = server.lines();
        asked
            .iter()
            .filter(|line| line.contains("/metadata/"))
            .count()
    };
    assert_eq!(logins().await, 1);
    // Only between requests, because time that is paused runs ahead of the server.
    for (hours, expected) in [(11, 1), (1, 2)] {
        tokio::time::pause();
        tokio::time::advance(std::time::Duration::from_hours(hours)).await;
        tokio::time::resume();
        assert_eq!(logins().await, expected);
    }
}

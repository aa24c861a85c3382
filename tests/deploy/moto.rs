//! Secrets from moto's server, which stands in for AWS.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::Credentials;
use aws_sdk_secretsmanager::primitives::Blob;
use environ::secrets::aws::{AwsClient, AwsConfig, AwsErrorKind, AwsSecrets};
use environ::{EnvConfig, Secret};

use crate::component::component;
use crate::openbao_server::certificates;
use crate::process::{Ended, Process};
use crate::prometheus;

/// A running server with no secrets, killed when it is dropped.
pub(crate) struct Moto {
    child: Child,
    pub(crate) url: String,
}

impl Moto {
    /// Starts it on a free port.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts it with TLS, and the certificate of a test's own CA, which are in the
    /// directory.
    fn start_with_tls(dir: &Path) -> Self {
        certificates(dir);
        let [certificate, key] = ["server.pem", "server.key"].map(|name| dir.join(name));
        let files = [&certificate, &key].map(|path| path.to_str().unwrap());
        Self::start_with(&["-s", "-c", files[0], "-k", files[1]])
    }

    fn start_with(more: &[&str]) -> Self {
        let mut child = Command::new(component("python/bin/moto_server"))
            .args(["-H", "127.0.0.1", "-p", "0"])
            .args(more)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (sender, urls) = mpsc::channel();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some((_, url)) = line.split_once("Running on ") {
                    sender.send(url.trim().to_owned()).unwrap();
                }
            }
        });
        let url = urls.recv_timeout(Duration::from_mins(1));
        let url = url.inspect_err(|_| child.kill().unwrap()).unwrap();
        Self { child, url }
    }

    pub(crate) async fn client(&self) -> AwsClient {
        let pairs = [
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ENDPOINT_URL", self.url.as_str()),
            ("AWS_TIMEOUT", "20s"),
        ];
        let client = Config::from_source(pairs)
            .unwrap()
            .aws
            .client()
            .await
            .unwrap();
        let credentials = Credentials::new("canary-id", "canary-key", None, None, "test");
        let conf = client.conf().to_builder();
        AwsClient::from_conf(conf.credentials_provider(credentials).build())
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        // It has nothing to tidy up.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug, EnvConfig)]
#[env(prefix = "")]
struct Config {
    #[env(group)]
    aws: AwsConfig,
}

#[derive(Debug, EnvConfig)]
struct AppConfig {
    db_url: Secret<String>,
    pin: Option<Secret<String>>,
}

/// The SDK's own client, which can do more than fetch.
fn sdk(client: &AwsClient) -> Client {
    Client::from_conf(client.conf().clone())
}

pub(crate) async fn put(client: &AwsClient, id: &str, text: &str) {
    let request = sdk(client).create_secret().name(id).secret_string(text);
    request.send().await.unwrap();
}

#[tokio::test]
async fn a_document_of_moto_is_a_store_and_the_newest_version_of_it_counts() {
    let moto = Moto::start();
    let client = moto.client().await;
    put(&client, "prod/app", r#"{"db_url": "old", "pin": 7}"#).await;
    let newer = sdk(&client).put_secret_value().secret_id("prod/app");
    let newer = newer.secret_string(r#"{"db_url": "canary", "pin": 8}"#);
    let arn = newer.send().await.unwrap().arn.unwrap();
    for id in ["prod/app", &arn] {
        let secrets = AwsSecrets::document(&client, id).await.unwrap();
        assert!(!format!("{secrets:?}").contains("canary"));
        let loaded = AppConfig::loader().source(()).secrets(secrets).load();
        let loaded = loaded.unwrap();
        assert_eq!(loaded.config.db_url.expose(), "canary");
        assert_eq!(loaded.config.pin.unwrap().expose(), "8");
        assert_eq!(
            loaded.origins.get("APP_PIN").unwrap().to_string(),
            format!("{id} in AWS Secrets Manager")
        );
    }
}

#[tokio::test]
async fn each_secret_of_moto_is_had_by_the_id_in_its_variable() {
    let moto = Moto::start();
    let client = moto.client().await;
    put(&client, "prod/db", "canary").await;
    put(&client, "prod/pin", "7").await;
    let pairs = [
        ("APP_DB_URL_SECRET_ID", "prod/db"),
        ("APP_PIN_SECRET_ID", "prod/pin"),
    ];
    let secrets = AwsSecrets::named_by_variables::<AppConfig>(&client, &pairs).await;
    let load = AppConfig::loader().source(pairs).secrets(secrets.unwrap());
    let loaded = load.strict().load().unwrap();
    assert_eq!(loaded.config.db_url.expose(), "canary");
    assert_eq!(loaded.config.pin.unwrap().expose(), "7");
    assert_eq!(loaded.warnings, []);
}

#[tokio::test]
async fn what_moto_does_not_give_is_explained() {
    let moto = Moto::start();
    let client = moto.client().await;
    put(&client, "text", "canary").await;
    put(&client, "gone", "canary").await;
    let deleted = sdk(&client).delete_secret().secret_id("gone").send().await;
    deleted.unwrap();
    let bytes = sdk(&client).create_secret().name("bytes");
    let bytes = bytes.secret_binary(Blob::new("canary"));
    bytes.send().await.unwrap();
    let cases = [
        (
            "nowhere",
            AwsErrorKind::NotFound,
            "it is not there (404, ResourceNotFoundException: \
             Secrets Manager can't find the specified secret.)",
        ),
        (
            "gone",
            AwsErrorKind::Deleted,
            "it is marked for deletion (400, InvalidRequestException: An error occurred \
             (InvalidRequestException) when calling the GetSecretValue operation: You tried \
             to                 perform the operation on a secret that's currently marked \
             deleted.)",
        ),
        ("bytes", AwsErrorKind::Malformed, "it holds bytes, not text"),
        ("text", AwsErrorKind::Malformed, "it is not a JSON object"),
    ];
    for (id, kind, reason) in cases {
        let err = AwsSecrets::document(&client, id).await.unwrap_err();
        assert_eq!(
            err.to_string(),
            format!("cannot read the secret {id}: {reason}; {}", kind.remedy())
        );
        assert_eq!(err.kind(), kind);
        assert!(!format!("{err:?}").contains("canary"));
    }
}

#[tokio::test]
async fn credentials_that_moto_does_not_know_are_denied() {
    let moto = Moto::start();
    let client = moto.client().await;
    put(&client, "prod/app", r#"{"db_url": "canary"}"#).await;
    // From now on moto authenticates each request.
    let strict = ureq::post(format!("{}/moto-api/reset-auth", moto.url));
    strict.send("0").unwrap();
    let err = AwsSecrets::document(&client, "prod/app").await.unwrap_err();
    assert_eq!(
        err.to_string(),
        format!(
            "cannot read the secret prod/app: the credentials are refused (403); {}",
            AwsErrorKind::Denied.remedy()
        )
    );
}

/// Runs the check of the service, with the SDK's variables in the environment.
fn check(moto: &Moto, vars: &[(&str, &str)]) -> Ended {
    let mut all = vec![
        ("APP_SECRETS", "aws"),
        ("APP_SECRETS_AWS_ENDPOINT_URL", moto.url.as_str()),
        ("APP_START_TIMEOUT", "20s"),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "canary-id"),
        ("AWS_SECRET_ACCESS_KEY", "canary-key"),
    ];
    all.extend(vars);
    let ended = Process::run(&["--check", "--with-secrets"], &all);
    assert!(!format!("{ended:?}").contains("canary"), "{ended:?}");
    ended
}

#[tokio::test]
async fn the_service_has_its_database_from_moto_in_either_way() {
    let moto = Moto::start();
    let client = moto.client().await;
    let url = "sqlite:/nowhere/canary.db";
    put(&client, "dev/db", url).await;
    let document = format!(r#"{{"db_url": "{url}"}}"#);
    put(&client, "dev/app-name", &document).await;
    put(&client, "dev/other", "{}").await;
    let valid = Ended {
        code: Some(0),
        stdout: "the configuration is valid\n".to_owned(),
        stderr: String::new(),
    };
    for place in [
        ("APP_SECRETS_AWS_SECRET_ID", "dev/app-name"),
        ("APP_DB_URL_SECRET_ID", "dev/db"),
    ] {
        assert_eq!(check(&moto, &[place]), valid);
    }
    let nothing = check(&moto, &[("APP_SECRETS_AWS_SECRET_ID", "dev/other")]);
    assert_eq!(
        (nothing.code, &*nothing.stderr),
        (
            Some(78),
            "demo-service: cannot use the database: APP_DB_URL is not set, \
             and there is no `db_url` in dev/other; set one of them\n"
        )
    );
    let missing = check(&moto, &[("APP_DB_URL_SECRET_ID", "dev/bd")]);
    assert_eq!(
        (missing.code, &*missing.stderr),
        (
            Some(78),
            "demo-service: cannot fetch the secrets (see APP_SECRETS_AWS_*): \
             APP_DB_URL_SECRET_ID: cannot read the secret dev/bd: it is not there \
             (404, ResourceNotFoundException: \
             Secrets Manager can't find the specified secret.); \
             check the id, the region and the account\n"
        )
    );
}

/// `SSL_CERT_FILE` takes the place of the system's, of which none signs for a test.
#[test]
fn who_is_vouched_for_by_nobody_whom_the_system_trusts_is_told_to_be_so() {
    let dir = tempfile::tempdir().unwrap();
    let moto = Moto::start_with_tls(dir.path());
    let id = ("APP_SECRETS_AWS_SECRET_ID", "dev/app-name");
    for no_certificate_of_it in ["/etc/ssl/certs/ca-certificates.crt", "/dev/null"] {
        let ended = check(&moto, &[id, ("SSL_CERT_FILE", no_certificate_of_it)]);
        assert_eq!(
            (ended.code, &*ended.stderr),
            (
                Some(78),
                "demo-service: cannot fetch the secrets (see APP_SECRETS_AWS_*): \
                 cannot read the secret dev/app-name: \
                 the certificate of the server has no trusted issuer; \
                 install the system's CA certificates, or name a file of them in SSL_CERT_FILE\n"
            )
        );
    }
    let ca = dir.path().join("ca.pem");
    let ended = check(&moto, &[id, ("SSL_CERT_FILE", ca.to_str().unwrap())]);
    assert!(ended.stderr.contains("it is not there"), "{ended:?}");
}

#[tokio::test]
async fn the_service_serves_visits_from_the_database_that_moto_names() {
    let moto = Moto::start();
    let client = moto.client().await;
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}?mode=rwc", dir.path().join("db").display());
    put(&client, "dev/db", &url).await;
    let service = Process::start(&[
        ("APP_SECRETS", "aws"),
        ("APP_SECRETS_AWS_ENDPOINT_URL", &moto.url),
        ("APP_SECRETS_AWS_REGION", "eu-central-1"),
        ("APP_DB_URL_SECRET_ID", "dev/db"),
        ("APP_LOG_LEVEL", "trace"),
        ("APP_DRAIN_DELAY", "0s"),
        ("AWS_ACCESS_KEY_ID", "canary-id"),
        ("AWS_SECRET_ACCESS_KEY", "canary-key"),
    ]);
    let operator = service.client();
    let visits = operator.send("POST", "/visits");
    assert_eq!((visits.status, &*visits.body), (200, "{\"visits\":1}"));
    let config = operator.get("/-/config").body;
    let config: serde_json::Value = serde_json::from_str(&config).unwrap();
    let age = config["secrets"]["aws_secrets"]["age_seconds"].as_u64();
    assert!(age.is_some_and(|age| age < 60), "{config}");
    let metrics = operator.get("/-/metrics").body;
    let obtained = "\ndemo_service_secret_obtained_timestamp_seconds{secret=\"aws_secrets\"} ";
    assert!(metrics.contains(obtained), "{metrics}");
    assert_eq!(prometheus::check(&metrics), (true, String::new()));
    drop(client);
    service.signal(rustix::process::Signal::TERM);
    let ended = service.wait();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    for secret in ["canary", &url] {
        assert!(!ended.stdout.contains(secret), "{}", ended.stdout);
    }
}

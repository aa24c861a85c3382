//! The secrets of Google Secret Manager, against servers that fail on demand.

#![expect(clippy::unwrap_used, reason = "a test that goes wrong ends in a panic")]

mod ciphertexts;
#[path = "../clouds/server.rs"]
mod cloud_server;
#[path = "../clouds/mod.rs"]
mod clouds;
mod failures;
mod fake;
mod hostile;
#[path = "../hostile.rs"]
mod hostile_server;
mod identity;
#[path = "../logged.rs"]
mod logged;
#[path = "../nobody.rs"]
mod nobody;
mod store;
#[path = "../clouds/tls.rs"]
mod tls;

use environ::EnvConfig;
use environ::secrets::SecretStore;
use environ::secrets::gcp::{GcpConfig, GcpSecrets};
use fake::FakeGcp;
use store::client;

#[derive(Debug, EnvConfig)]
#[env(prefix = "")]
struct Config {
    #[env(group)]
    gcp: GcpConfig,
}

/// The configuration of a machine at Google's; all its servers are that server.
fn config(server: &FakeGcp) -> GcpConfig {
    let (url, host) = (server.url(), server.address.to_string());
    let pairs = [
        ("GCP_ENDPOINT_URL", &*url),
        ("GCP_METADATA_HOST", &*host),
        ("GCP_TIMEOUT", "5s"),
    ];
    Config::from_source(pairs).unwrap().gcp
}

/// The project and a token are asked for once.
#[tokio::test]
async fn the_machine_gives_project_and_token() {
    let server = FakeGcp::start();
    server.put("app-name", "{}");
    let client = client(&server).await;
    GcpSecrets::document(&client, "app-name").await.unwrap();
    assert_eq!(
        server.lines(),
        [
            "GET /computeMetadata/v1/project/project-id",
            "GET /computeMetadata/v1/instance/service-accounts/default/token",
            "GET /v1/projects/my-project/secrets/app-name/versions/latest:access",
        ]
    );
}

#[tokio::test]
async fn the_version_is_the_latest_or_that_of_the_name() {
    let server = FakeGcp::start();
    let client = client(&server).await;
    let version = async |name| {
        let secrets = GcpSecrets::document(&client, name).await.unwrap();
        secrets.version(&()).unwrap()
    };
    server.put("app", "{}");
    assert_eq!(version("app").await, "projects/12/secrets/app/versions/1");
    server.put("app", "{}");
    assert_eq!(version("app").await, "projects/12/secrets/app/versions/2");
    let first = version("projects/12/secrets/app/versions/1").await;
    assert_eq!(first, "projects/12/secrets/app/versions/1");
}

#[test]
fn the_configuration_says_what_is_wrong_with_it() {
    let problem = |(name, value)| {
        let err = Config::from_source([(name, value)]).unwrap_err();
        let problems = err.problems().map(ToString::to_string);
        problems.collect::<Vec<_>>().join("\n")
    };
    let shown = [
        ("GCP_PROJECT", "my project"),
        ("GCP_ENDPOINT_URL", "localhost:5000"),
        ("GCP_ENDPOINT_URL", "http://user:canary@localhost"),
        ("GCP_KMS_KEY", "my-key"),
        (
            "GCP_KMS_KEY",
            "projects/p/locations/global/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1",
        ),
        ("GCP_KMS_ENDPOINT_URL", "localhost:5000"),
        ("GCP_METADATA_HOST", "http://metadata"),
        ("GCP_METADATA_HOST", "metadata/path"),
        ("GCP_TIMEOUT", "0s"),
    ]
    .map(problem);
    assert_eq!(
        shown,
        [
            "GCP_PROJECT: \"my project\" is refused: it must be the id or the number of a project",
            "GCP_ENDPOINT_URL: \"localhost:5000\" is refused: \
             it must begin with https:// or http://",
            "GCP_ENDPOINT_URL: \"http://user:***@localhost\" is refused: \
             it must not hold a user or a password",
            "GCP_KMS_KEY: \"my-key\" is refused: it must be like \
             projects/my-project/locations/global/keyRings/my-ring/cryptoKeys/my-key",
            "GCP_KMS_KEY: \
             \"projects/p/locations/global/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1\" is \
             refused: it must end after the key: Google knows the version of a ciphertext",
            "GCP_KMS_ENDPOINT_URL: \"localhost:5000\" is refused: \
             it must begin with https:// or http://",
            "GCP_METADATA_HOST: \"http://metadata\" is refused: \
             it must be a host, or a host and a port",
            "GCP_METADATA_HOST: \"metadata/path\" is refused: \
             it must be a host, or a host and a port",
            "GCP_TIMEOUT: \"0s\" is refused: it must be more than 0s and at most 1h",
        ]
    );
}

#[test]
fn variables_of_google_fill_in_unset_fields_only() {
    let env = [
        ("GOOGLE_APPLICATION_CREDENTIALS", "/run/key.json"),
        ("GOOGLE_CLOUD_PROJECT", "their-project"),
        ("GCE_METADATA_HOST", "127.0.0.1:1"),
    ];
    let filled = GcpConfig::new().with_google_variables(&env);
    assert_eq!(
        filled.credentials_file.unwrap().to_str(),
        Some("/run/key.json")
    );
    assert_eq!(filled.project.as_deref(), Some("their-project"));
    assert_eq!(filled.metadata_host, "127.0.0.1:1");
    let mut own = GcpConfig::new();
    own.credentials_file = Some("/own.json".into());
    own.project = Some("own".to_owned());
    own.metadata_host = "own".to_owned();
    let before = format!("{own:?}");
    assert_eq!(format!("{:?}", own.with_google_variables(&env)), before);
    let nothing = [("GOOGLE_CLOUD_PROJECT", "")];
    let empty = GcpConfig::new().with_google_variables(&nothing);
    assert_eq!(empty.project, None);
}

#[derive(Debug, EnvConfig)]
struct Db {
    #[env(secret)]
    #[expect(dead_code, reason = "only its name is used")]
    url: environ::Secret<String>,
}

#[tokio::test]
async fn a_url_in_place_of_a_name_is_not_sent() {
    let server = FakeGcp::start();
    let pairs = [("APP_URL_SECRET_ID", "postgres://app:canary@db/app")];
    let client = client(&server).await;
    let err = GcpSecrets::named_by_variables::<Db>(&client, &pairs).await;
    assert_eq!(
        err.unwrap_err().to_string(),
        "APP_URL_SECRET_ID: cannot read the secret postgres://app:***@db/app: \
         it is not the name of a secret; check the name, the version and the project"
    );
    assert_eq!(server.lines(), [""; 0]);
}

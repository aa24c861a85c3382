//! The types and words of Google, for the tests that the stores of all clouds share.

use std::path::Path;
use std::time::Duration;

use environ::EnvConfig;
use serde_json::Value;

pub(crate) use environ::secrets::gcp::{
    GcpClient as Client, GcpError as Error, GcpErrorKind as ErrorKind, GcpSecrets as Secrets,
};

use crate::fake::error;
pub(crate) use crate::fake::{FakeGcp as Fake, TOKEN};
use crate::{Config, config};

pub(crate) const NAME: &str = "Google Secret Manager";
/// The number of requests of a login: the project, and a token.
pub(crate) const LOGIN_REQUESTS: usize = 2;
pub(crate) const DENIED: (u16, &str) = (403, "PERMISSION_DENIED");
pub(crate) const LOGIN_REFUSED: (u16, &str) = (401, "UNAUTHENTICATED");
pub(crate) const STATUSES: [u16; 6] = [400, 401, 403, 404, 429, 500];

pub(crate) const LATE: &str = "does not answer in time";
pub(crate) const TOO_LARGE: &str = "check that Google is at the endpoint";
pub(crate) const MALFORMED: &str = "store it as text; a document is a JSON object";
pub(crate) const GARBAGE: &str =
    "the server is not Google Secret Manager (200); check the name and the endpoint";
pub(crate) const NOWHERE: &str = "it is not there \
    (404, NOT_FOUND: Secret [projects/12/secrets/nowhere] not found.); \
    check the name, the version and the project";
pub(crate) const UNREADABLE: &str =
    "it holds bytes, not text; store it as text; a document is a JSON object";

/// The answer with a secret.
pub(crate) const ANSWER: &str = r#"{"payload": {"data": "e30="}}"#;
/// Texts that are no answer.
pub(crate) const NO_ANSWERS: [&[u8]; 3] = [
    b"{\"payload\": \"\xff\"}",
    br#"{"payload": {"data": "canary!"}}"#,
    br#"{"payload": {"data": 7}}"#,
];
pub(crate) const NO_ANSWER_KINDS: [ErrorKind; 1] = [ErrorKind::Other];

pub(crate) fn refusal(code: &str, message: &str) -> Value {
    error(0, code, message)
}

pub(crate) async fn client(server: &Fake) -> Client {
    config(server).client().await.unwrap()
}

pub(crate) async fn client_with_timeout(server: &Fake, timeout: Duration) -> Client {
    let mut config = config(server);
    config.timeout = timeout;
    config.client().await.unwrap()
}

/// A client that gets its token from a server that is right.
pub(crate) async fn client_at(url: &str) -> Client {
    let metadata = Fake::start().address.to_string();
    let pairs = [
        ("GCP_PROJECT", "my-project"),
        ("GCP_ENDPOINT_URL", url),
        ("GCP_METADATA_HOST", &metadata),
        ("GCP_TIMEOUT", "2s"),
    ];
    let config = Config::from_source(pairs).unwrap();
    config.gcp.client().await.unwrap()
}

/// A client of the service at a URL, with a token of another server.
pub(crate) async fn client_with_ca(
    metadata: &Fake,
    url: &str,
    ca_file: Option<&Path>,
) -> Result<Client, Error> {
    let mut config = config(metadata);
    config.endpoint_url = Some(url.to_owned());
    config.ca_file = ca_file.map(Path::to_owned);
    config.client().await
}

//! The types and words of Azure, for the tests that the stores of all clouds share.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

pub(crate) use environ::secrets::azure::{
    AzureClient as Client, AzureError as Error, AzureErrorKind as ErrorKind,
    AzureSecrets as Secrets,
};

use crate::config;
use crate::fake::error;
pub(crate) use crate::fake::{FakeAzure as Fake, TOKEN};

pub(crate) const NAME: &str = "Azure Key Vault";
/// The number of requests of a login.
pub(crate) const LOGIN_REQUESTS: usize = 1;
pub(crate) const DENIED: (u16, &str) = (403, "Forbidden");
pub(crate) const LOGIN_REFUSED: (u16, &str) = (401, "Unauthorized");
pub(crate) const STATUSES: [u16; 6] = [400, 401, 403, 404, 429, 500];

pub(crate) const LATE: &str = "does not answer in time";
pub(crate) const TOO_LARGE: &str = "check that Azure is at the URL of the vault";
pub(crate) const MALFORMED: &str = "store a JSON object, or name each secret by itself";
pub(crate) const GARBAGE: &str =
    "the server is not Azure Key Vault (200); check the name and the URL of the vault";
pub(crate) const NOWHERE: &str = "it is not there (404, SecretNotFound: \
    A secret with (name/id) nowhere was not found in this key vault.); \
    check the name, the version and the vault";
pub(crate) const UNREADABLE: &str = "its version is disabled (403, Forbidden: \
    Operation get is not allowed on a disabled secret.); enable the version, or name another";

/// The answer with a secret.
pub(crate) const ANSWER: &str = r#"{"value": "{}"}"#;
/// Texts that are no answer.
pub(crate) const NO_ANSWERS: [&[u8]; 3] = [
    b"{\"value\": \"\xff\"}",
    br#"{"value": 7}"#,
    br#"{"value": null}"#,
];
pub(crate) const NO_ANSWER_KINDS: [ErrorKind; 1] = [ErrorKind::Other];

pub(crate) fn refusal(code: &str, message: &str) -> Value {
    error(code, message, "AccessDenied")
}

pub(crate) async fn client(server: &Fake) -> Client {
    client_with_timeout(server, Duration::from_secs(5)).await
}

pub(crate) async fn client_with_timeout(server: &Fake, timeout: Duration) -> Client {
    let mut config = config(server);
    config.timeout = timeout;
    config.client().await.unwrap()
}

/// A client that gets its token from a server that is right.
pub(crate) async fn client_at(url: &str) -> Client {
    let mut config = config(&Fake::start());
    config.vault_url = url.to_owned();
    config.timeout = Duration::from_secs(2);
    config.client().await.unwrap()
}

/// A client of the vault at a URL, with a token of another server.
pub(crate) async fn client_with_ca(
    metadata: &Fake,
    url: &str,
    ca_file: Option<&Path>,
) -> Result<Client, Error> {
    let mut config = config(metadata);
    config.vault_url = url.to_owned();
    config.ca_file = ca_file.map(Path::to_owned);
    config.client().await
}

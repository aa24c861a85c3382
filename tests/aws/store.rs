//! The types and words of AWS, for the tests that the stores of all clouds share.

use std::time::Duration;

use aws_sdk_secretsmanager::config::Credentials;
use environ::EnvConfig;
pub(crate) use environ::secrets::aws::{
    AwsClient as Client, AwsError as Error, AwsErrorKind as ErrorKind, AwsSecrets as Secrets,
};

use crate::Config;
pub(crate) use crate::fake::{FakeAws as Fake, refusal};

pub(crate) const NAME: &str = "AWS Secrets Manager";
/// The number of requests of a login.
pub(crate) const LOGIN_REQUESTS: usize = 0;
/// A secret that each request has.
pub(crate) const TOKEN: &str = "canary-of-a-session/token+=";
pub(crate) const DENIED: (u16, &str) = (400, "AccessDeniedException");
pub(crate) const LOGIN_REFUSED: (u16, &str) = (403, "SignatureDoesNotMatch");
/// The statuses of refusals, without those that the SDK tries again.
pub(crate) const STATUSES: [u16; 1] = [400];

pub(crate) const LATE: &str = "there is no answer in time";
pub(crate) const TOO_LARGE: &str = "check that AWS is at the endpoint";
pub(crate) const MALFORMED: &str = "store it as text; a document is a JSON object";
pub(crate) const GARBAGE: &str =
    "the server is not AWS Secrets Manager (200); check the id and the endpoint";
pub(crate) const NOWHERE: &str = "it is not there \
    (400, ResourceNotFoundException: Secrets Manager can't find the specified secret.); \
    check the id, the region and the account";
pub(crate) const UNREADABLE: &str =
    "it holds bytes, not text; store it as text; a document is a JSON object";

/// The answer with a secret.
pub(crate) const ANSWER: &str = r#"{"SecretString": "x"}"#;
/// Texts that are no answer.
pub(crate) const NO_ANSWERS: [&[u8]; 1] = [b"{\"SecretString\": \"\xff\"}"];
pub(crate) const NO_ANSWER_KINDS: [ErrorKind; 2] = [ErrorKind::Other, ErrorKind::Malformed];

/// A client of that server, with credentials that it needs not find.
pub(crate) async fn client(server: &Fake) -> Client {
    client_with_timeout(server, Duration::from_secs(5)).await
}

pub(crate) async fn client_at(url: &str) -> Client {
    client_of(url, Duration::from_secs(2)).await
}

pub(crate) async fn client_with_timeout(server: &Fake, timeout: Duration) -> Client {
    client_of(&server.url(), timeout).await
}

async fn client_of(url: &str, timeout: Duration) -> Client {
    let pairs = [("AWS_REGION", "eu-central-1"), ("AWS_ENDPOINT_URL", url)];
    let mut config = Config::from_source(pairs).unwrap().aws;
    config.timeout = timeout;
    let client = config.client().await.unwrap();
    let session = Some(TOKEN.to_owned());
    let credentials = Credentials::new("AKIDCANARY", "canary-key", session, None, "test");
    let config = client.conf().to_builder();
    Client::from_conf(config.credentials_provider(credentials).build())
}

//! The stores of clouds, as the service under test is configured for them. All servers of a cloud
//! are one.

use serde_json::json;

use crate::cloud_server::{Cloud, Mode, Server};
use crate::fake_aws::{Aws, refusal};
use crate::fake_azure::Azure;
use crate::fake_gcp::Google;

/// A cloud with an identity and secrets that a test can change.
pub(crate) trait Store: Cloud {
    /// The word of `APP_SECRETS`.
    const WORD: &'static str;

    /// Returns the variables of a service on a machine of the cloud, and their values.
    fn vars(server: &Server<Self>) -> Vec<(&'static str, String)>;

    /// Adds a version to a secret.
    fn put(server: &Server<Self>, id: &str, text: &str);

    /// Allows the identity to read the secrets, or denies it.
    fn grant(server: &Server<Self>, is_granted: bool);
}

impl Store for Aws {
    const WORD: &'static str = "aws";

    fn vars(server: &Server<Self>) -> Vec<(&'static str, String)> {
        vec![
            ("APP_SECRETS_AWS_ENDPOINT_URL", server.url()),
            ("APP_SECRETS_AWS_REGION", "eu-central-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "canary-id".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "canary-key".to_owned()),
        ]
    }

    fn put(server: &Server<Self>, id: &str, text: &str) {
        server.put(id, text);
    }

    fn grant(server: &Server<Self>, is_granted: bool) {
        let denied = refusal("AccessDeniedException", "not authorized");
        server.state().mode = if is_granted {
            Mode::Up
        } else {
            Mode::Refusing(400, denied)
        };
    }
}

impl Store for Azure {
    const WORD: &'static str = "azure";

    fn vars(server: &Server<Self>) -> Vec<(&'static str, String)> {
        vec![
            ("APP_SECRETS_AZURE_VAULT_URL", server.url()),
            (
                "APP_SECRETS_AZURE_METADATA_HOST",
                server.address.to_string(),
            ),
            ("AZURE_AUTHORITY_HOST", server.url()),
        ]
    }

    fn put(server: &Server<Self>, id: &str, text: &str) {
        server.put(id, text);
    }

    fn grant(server: &Server<Self>, is_granted: bool) {
        server.state().is_granted = is_granted;
    }
}

impl Store for Google {
    const WORD: &'static str = "gcp";

    fn vars(server: &Server<Self>) -> Vec<(&'static str, String)> {
        vec![
            ("APP_SECRETS_GCP_ENDPOINT_URL", server.url()),
            ("GCE_METADATA_HOST", server.address.to_string()),
        ]
    }

    fn put(server: &Server<Self>, id: &str, text: &str) {
        server.put(id, text);
    }

    fn grant(server: &Server<Self>, is_granted: bool) {
        server.state().is_granted = is_granted;
    }
}

/// Adds a version of the document with all secrets.
pub(crate) fn put_document<S: Store>(server: &Server<S>, token: &str) {
    let document = json!({"db_url": "sqlite::memory:", "admin_token": token});
    S::put(server, "app-name", &document.to_string());
}

/// Returns the variables of a store, and further variables.
pub(crate) fn all<'v, S: Store>(
    own: &'v [(&'static str, String)],
    vars: &[(&'v str, &'v str)],
) -> Vec<(&'v str, &'v str)> {
    let mut all = vec![("APP_SECRETS", S::WORD), ("APP_DRAIN_DELAY", "0s")];
    all.extend(own.iter().map(|(name, value)| (*name, &**value)));
    all.extend(vars);
    all
}

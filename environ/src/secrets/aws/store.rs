//! The store: secrets as fetched, and the requests for them.

use std::borrow::Cow;
use std::future::Future;

use futures_util::stream::{self, StreamExt};

use super::client::AwsClient;
use super::error::{AwsError, AwsErrorKind, AwsFailure};
use super::fetch::{self, Fetched};
use super::ids::{self, Named};
use crate::config::EnvConfig;
use crate::secrets::snapshot::{self, Snapshot};
use crate::source::Source;
use crate::source::{Found, Request, SecretStore, StoreError};

/// Secrets from AWS Secrets Manager, as fetched.
///
/// See the [module](super).
#[derive(Clone, Debug)]
pub struct AwsSecrets {
    name: String,
    secrets: Snapshot,
    /// Variables that hold ids.
    variables: Vec<String>,
    /// The ids of the versions of all secrets.
    version: Option<String>,
}

/// Maximum number of requests at a time.
const MAX_CONCURRENT_FETCHES: usize = 8;

impl AwsSecrets {
    /// Fetches one secret that is a JSON object. Each member is a secret, under its
    /// key.
    ///
    /// Numbers and truth values keep their spelling, objects and lists become JSON,
    /// and `null` counts as absent.
    ///
    /// # Errors
    ///
    /// If the secret cannot be fetched, or is not a JSON object.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe: it changes nothing.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with time and I/O.
    pub async fn document(client: &AwsClient, secret_id: &str) -> Result<Self, AwsError> {
        let failed = |failure| AwsError::new(vec![failure]);
        let Fetched { text, version } = fetch::secret(client, secret_id).await.map_err(failed)?;
        // The error of serde would quote the secret.
        let members = serde_json::from_str(text.expose())
            .ok()
            .and_then(snapshot::members);
        let secrets = members.ok_or_else(|| {
            let reason = "it is not a JSON object";
            failed(AwsFailure::new(secret_id, AwsErrorKind::Malformed, reason))
        })?;
        Ok(Self {
            name: format!("{secret_id} in AWS Secrets Manager"),
            secrets,
            variables: Vec::new(),
            version,
        })
    }

    /// Fetches each secret of a config whose id is in a variable: that of
    /// `APP_DB_URL` in `APP_DB_URL_SECRET_ID`. Secrets without an id are left to
    /// other stores.
    ///
    /// The whole text of an AWS secret is the value. The prefix is that of the type.
    ///
    /// # Errors
    ///
    /// All secrets that cannot be fetched.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe: it changes nothing.
    ///
    /// # Panics
    ///
    /// The future, outside of a tokio runtime with time and I/O.
    pub fn named_by_variables<T: EnvConfig>(
        client: &AwsClient,
        source: &dyn Source,
    ) -> impl Future<Output = Result<Self, AwsError>> + Send {
        let named = ids::of::<T>(source);
        let client = client.clone();
        async move { Self::named(&client, named).await }
    }

    async fn named(client: &AwsClient, named: Vec<Named>) -> Result<Self, AwsError> {
        let variables = named.iter().map(|named| named.variable.clone()).collect();
        let fetches = named.into_iter().map(|named| async move {
            let fetched = match &named.id {
                Ok(id) => fetch::secret(client, id).await,
                Err(failure) => Err(failure.clone()),
            };
            match fetched {
                Ok(fetched) => Ok((named.key, fetched)),
                Err(failure) => Err(failure.of_variable(&named.variable)),
            }
        });
        let results: Vec<_> = stream::iter(fetches)
            .buffered(MAX_CONCURRENT_FETCHES)
            .collect()
            .await;
        let (mut secrets, mut failures) = (Snapshot::new(), Vec::new());
        let mut versions = Vec::new();
        for result in results {
            match result {
                Ok((key, Fetched { text, version })) => {
                    secrets.insert(key, text);
                    versions.push(version);
                }
                Err(failure) => failures.push(failure),
            }
        }
        if !failures.is_empty() {
            return Err(AwsError::new(failures));
        }
        let versions: Option<Vec<String>> = versions.into_iter().collect();
        Ok(Self {
            name: "AWS Secrets Manager".to_owned(),
            secrets,
            variables,
            version: versions.map(|versions| versions.join(" ")),
        })
    }
}

impl SecretStore for AwsSecrets {
    fn name(&self) -> Cow<'_, str> {
        self.name.as_str().into()
    }

    fn get(&self, request: &Request<'_>) -> Result<Option<Found>, StoreError> {
        let secret = self.secrets.get(request.key()).cloned();
        Ok(secret.map(Found::from))
    }

    fn keys(&self, _: &dyn Source) -> Result<Vec<String>, StoreError> {
        Ok(self.secrets.keys().cloned().collect())
    }

    fn reads(&self, name: &str, _: &dyn Source) -> bool {
        self.variables.iter().any(|variable| variable == name)
    }

    fn version(&self, _: &dyn Source) -> Option<String> {
        self.version.clone()
    }
}

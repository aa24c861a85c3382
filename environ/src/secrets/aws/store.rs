//! The store: secrets as fetched, and the requests for them.

use std::borrow::Cow;
use std::future::Future;

use aws_sdk_secretsmanager::Client;
use futures_util::stream::{self, StreamExt};

use super::error::{AwsError, AwsErrorKind, AwsFailure};
use super::fetch;
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
    pub async fn document(client: &Client, secret_id: &str) -> Result<Self, AwsError> {
        let failed = |failure| AwsError::new(vec![failure]);
        let text = fetch::text(client, secret_id).await.map_err(failed)?;
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
    pub fn named_by_variables<T: EnvConfig>(
        client: &Client,
        source: &dyn Source,
    ) -> impl Future<Output = Result<Self, AwsError>> + Send {
        let named = ids::of::<T>(source);
        let client = client.clone();
        async move { Self::named(&client, named).await }
    }

    async fn named(client: &Client, named: Vec<Named>) -> Result<Self, AwsError> {
        let variables = named.iter().map(|named| named.variable.clone()).collect();
        let fetches = named.into_iter().map(|named| async move {
            let text = match &named.id {
                Ok(id) => fetch::text(client, id).await,
                Err(failure) => Err(failure.clone()),
            };
            match text {
                Ok(text) => Ok((named.key, text)),
                Err(failure) => Err(failure.of_variable(&named.variable)),
            }
        });
        let results: Vec<_> = stream::iter(fetches)
            .buffered(MAX_CONCURRENT_FETCHES)
            .collect()
            .await;
        let (mut secrets, mut failures) = (Snapshot::new(), Vec::new());
        for result in results {
            match result {
                Ok((key, text)) => drop(secrets.insert(key, text)),
                Err(failure) => failures.push(failure),
            }
        }
        if !failures.is_empty() {
            return Err(AwsError::new(failures));
        }
        Ok(Self {
            name: "AWS Secrets Manager".to_owned(),
            secrets,
            variables,
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
}

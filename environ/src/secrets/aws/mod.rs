//! Secrets from AWS Secrets Manager, fetched before anything is loaded.
//!
//! They are kept there in one of two ways:
//!
//! - [`AwsSecrets::document`]: one secret is a JSON object, and has a member for
//!   each key. One request, one thing to rotate.
//! - [`AwsSecrets::named_by_variables`]: each is a secret of its own, and a
//!   variable holds its id. The variable is called like that of the secret, with
//!   `_SECRET_ID` after it: `APP_DB_URL_SECRET_ID=prod/db` for `APP_DB_URL`.
//!
//! The second is environ-config's `SecretsManagerSecrets`, but for the name of
//! the variable: there, `APP_DB_URL` itself holds the id. With a name of its own
//! an id is never taken for the secret, where the store was forgotten; and a
//! secret that somebody has left in `APP_DB_URL` is not sent as an id, and not
//! quoted as one.
//!
//! ```no_run
//! use environ::secrets::aws::{AwsConfig, AwsSecrets};
//! use environ::{EnvConfig, Process, Secret};
//!
//! #[derive(Debug, EnvConfig)]
//! #[env(prefix = "APP")]
//! struct Bootstrap {
//!     /// `APP_AWS_REGION`, `APP_AWS_SECRET_ID`, ...
//!     #[env(group)]
//!     aws: AwsConfig,
//! }
//!
//! #[derive(Debug, EnvConfig)]
//! #[env(prefix = "APP")]
//! struct AppConfig {
//!     db_url: Secret<String>,
//! }
//!
//! # async fn boot() -> Result<(), Box<dyn std::error::Error>> {
//! let aws = Bootstrap::from_env()?.aws;
//! let client = aws.client().await;
//! let secrets = match &aws.secret_id {
//!     Some(id) => AwsSecrets::document(&client, id).await?,
//!     None => AwsSecrets::named_by_variables::<AppConfig>(&client, &Process).await?,
//! };
//! let loaded = AppConfig::loader().secrets(secrets).load()?;
//! # Ok(())
//! # }
//! ```
//!
//! The client is the SDK's own, [`Client`]: one that is made otherwise than by
//! [`AwsConfig`] is as good. It needs tokio's runtime, with time and I/O.

mod config;
mod error;
mod fetch;
mod ids;

use std::borrow::Cow;
use std::future::Future;

use futures_util::stream::{self, StreamExt};

pub use aws_sdk_secretsmanager::{self as sdk, Client};
pub use config::AwsConfig;
pub use error::{AwsError, AwsErrorKind, AwsFailure};

use crate::config::EnvConfig;
use crate::redact::Secret;
use crate::secrets::snapshot::{self as remote, Snapshot};
use crate::source::{SecretStore, Source, StoreError};
use ids::Named;

/// Secrets from AWS Secrets Manager, as they were when they were fetched.
///
/// See the [module](self).
#[derive(Clone, Debug)]
pub struct AwsSecrets {
    name: String,
    secrets: Snapshot,
    /// The variables that hold ids.
    variables: Vec<String>,
}

/// How many secrets are asked for at a time.
const AT_A_TIME: usize = 8;

impl AwsSecrets {
    /// Fetches one secret that is a JSON object: each secret is a member, called
    /// after its key.
    ///
    /// A number or a truth value is given as it is written, an object or a list
    /// as JSON, and `null` counts as none.
    ///
    /// # Errors
    ///
    /// If it cannot be had, or is something else.
    pub async fn document(client: &Client, secret_id: &str) -> Result<Self, AwsError> {
        let failed = |failure| AwsError::new(vec![failure]);
        let text = fetch::text(client, secret_id).await.map_err(failed)?;
        // What serde says would quote it.
        let members = serde_json::from_str(text.expose())
            .ok()
            .and_then(remote::members);
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

    /// Fetches each secret of a config whose id is in a variable: of `APP_DB_URL`
    /// in `APP_DB_URL_SECRET_ID`. Those of which it is not set are left to other
    /// stores.
    ///
    /// Its whole text is the secret. The prefix is that of the type.
    ///
    /// # Errors
    ///
    /// All that cannot be had.
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
        let results: Vec<_> = stream::iter(fetches).buffered(AT_A_TIME).collect().await;
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

    fn get(&self, key: &str, _: &dyn Source) -> Result<Option<Secret<String>>, StoreError> {
        Ok(self.secrets.get(key).cloned())
    }

    fn reads(&self, name: &str) -> bool {
        self.variables.iter().any(|variable| variable == name)
    }
}

//! Secrets from AWS Secrets Manager, fetched before the configuration is loaded.
//!
//! Two layouts are supported:
//!
//! - [`AwsSecrets::document`]: one secret is a JSON object with a member for each
//!   key. One request, one secret to rotate.
//! - [`AwsSecrets::named_by_variables`]: each key is a secret of its own, whose id
//!   stands in a variable with the suffix `_SECRET_ID`:
//!   `APP_DB_URL_SECRET_ID=prod/db` for `APP_DB_URL`.
//!
//! The second layout is environ-config's `SecretsManagerSecrets` with other names:
//! there, `APP_DB_URL` itself holds the id. The suffix keeps ids and secrets apart:
//! a service without the store never uses an id as a secret, and a secret left in
//! `APP_DB_URL` is neither sent nor quoted as an id.
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
//! let client = aws.client().await?;
//! let secrets = match &aws.secret_id {
//!     Some(id) => AwsSecrets::document(&client, id).await?,
//!     None => AwsSecrets::named_by_variables::<AppConfig>(&client, &Process).await?,
//! };
//! let loaded = AppConfig::loader().secrets(secrets).load()?;
//! # Ok(())
//! # }
//! ```
//!
//! The module needs tokio's runtime, with time and I/O.

mod check;
mod client;
mod config;
mod credentials;
mod error;
mod fetch;
mod files;
mod refusal;
mod store;
mod transport;

pub use client::AwsClient;
pub use config::AwsConfig;
pub use error::{AwsError, AwsErrorKind, AwsFailure};
pub use store::AwsSecrets;

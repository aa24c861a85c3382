//! Secrets from Azure Key Vault, fetched before the configuration is loaded.
//!
//! Two layouts are supported:
//!
//! - [`AzureSecrets::document`]: one secret is a JSON object with a member for each
//!   key. One request, one secret to rotate.
//! - [`AzureSecrets::named_by_variables`]: each key is a secret of its own, and its name
//!   stands in a variable with the suffix `_SECRET_ID`:
//!   `APP_DB_URL_SECRET_ID=db-url` for `APP_DB_URL`.
//!
//! A secret is named `db-url`, or `db-url/VERSION`, or by its whole identifier,
//! `https://my-vault.vault.azure.net/secrets/db-url`. Key Vault has no `_` in names: `db_url` is
//! read as `db-url`. The version is the latest, unless the name ends in another.
//!
//! ```no_run
//! use environ::secrets::azure::{AzureConfig, AzureSecrets};
//! use environ::{EnvConfig, Process, Secret};
//!
//! #[derive(Debug, EnvConfig)]
//! #[env(prefix = "APP")]
//! struct Bootstrap {
//!     /// `APP_AZURE_VAULT_URL`, `APP_AZURE_SECRET_ID`, ...
//!     #[env(group)]
//!     azure: AzureConfig,
//! }
//!
//! #[derive(Debug, EnvConfig)]
//! #[env(prefix = "APP")]
//! struct AppConfig {
//!     db_url: Secret<String>,
//! }
//!
//! # async fn boot() -> Result<(), Box<dyn std::error::Error>> {
//! let azure = Bootstrap::from_env()?.azure.with_azure_variables(&Process);
//! let client = azure.client().await?;
//! let secrets = match &azure.secret_id {
//!     Some(id) => AzureSecrets::document(&client, id).await?,
//!     None => AzureSecrets::named_by_variables::<AppConfig>(&client, &Process).await?,
//! };
//! let loaded = AppConfig::loader().secrets(secrets).load()?;
//! # Ok(())
//! # }
//! ```
//!
//! # Identity
//!
//! The identity is the first of this table that is configured:
//!
//! | identity | configured by |
//! |---|---|
//! | an application with a client secret | [`client_secret_file`](AzureConfig::client_secret_file) or `AZURE_CLIENT_SECRET` |
//! | workload identity of a Kubernetes cluster (AKS) | [`federated_token_file`](AzureConfig::federated_token_file) or `AZURE_FEDERATED_TOKEN_FILE` |
//! | managed identity of App Service, Functions or Container Apps | `IDENTITY_ENDPOINT` and `IDENTITY_HEADER` |
//! | managed identity of a virtual machine | nothing |
//!
//! The first two need a tenant and a client id; the last two take the client id of an identity
//! if the machine has several. The identity needs the role Key Vault Secrets User on the vault.
//!
//! # Requests
//!
//! No request is repeated: retry as [`AzureErrorKind::is_transient`] says. An answer is limited
//! to 4 MiB.
//!
//! The module needs tokio's runtime, with time and I/O.

mod check;
mod client;
mod config;
mod credentials;
mod error;
mod fetch;
mod name;
mod refusal;
mod store;

pub use client::AzureClient;
pub use config::AzureConfig;
pub use error::{AzureError, AzureErrorKind, AzureFailure};
pub use store::AzureSecrets;

//! Secrets from HashiCorp Vault or OpenBao, for the lifetime of a service.
//!
//! [`Vault::connect`] logs in as [`VaultConfig`] says, and renews the token.
//! [`Vault::kv1`] and [`Vault::kv2`] fetch one document into a snapshot,
//! [`VaultSecrets`], which a loader takes as a store. [`Vault::credentials`] issues
//! a user of a database: its lease is renewed while that is possible, then rotated.
//! [`Vault::close`] revokes the token.
//!
//! ```no_run
//! use environ::secrets::vault::{Vault, VaultConfig};
//! use environ::{EnvConfig, Secret};
//!
//! #[derive(Debug, EnvConfig)]
//! #[env(prefix = "APP")]
//! struct Bootstrap {
//!     /// `APP_VAULT_ADDR`, `APP_VAULT_AUTH`, ...
//!     #[env(group)]
//!     vault: VaultConfig,
//! }
//!
//! #[derive(Debug, EnvConfig)]
//! #[env(prefix = "APP")]
//! struct AppConfig {
//!     db_url: Secret<String>,
//! }
//!
//! # async fn boot() -> Result<(), Box<dyn std::error::Error>> {
//! let vault = Vault::connect(&Bootstrap::from_env()?.vault).await?;
//! let secrets = vault.kv2("secret", "prod/app-name").await?;
//! let loaded = AppConfig::loader().secrets(secrets).load()?;
//! # Ok(())
//! # }
//! ```
//!
//! # While the server is away
//!
//! A token or a lease is renewed after two thirds of its time, or up to a tenth of
//! that time earlier, at random. A lease that cannot be renewed, or not for its whole
//! time, is rotated at the same point. After a failure the next try follows after 1 s,
//! then 2 s, then 4 s, up to 30 s, each wait up to half shorter at random. The current
//! value stays in use until it expires: a failed renewal requests no new value, unless
//! the server says that the lease is gone, or refuses to renew it until shortly before
//! its end. Credentials are rotated together with their token, because they end with
//! it. A replaced token is revoked after the last of its leases.
//!
//! A server that always fails gets at most 10 requests in the first minute and 5 in
//! each minute after that, for the token and for each lease. A lease that is gone is
//! rotated at once; if the next is gone as well, after 1 s, then 2 s, then 4 s, up to a
//! tenth of its time to live. No layer below this retries a request.
//!
//! The module needs tokio's runtime, with time and I/O.

mod check;
mod client;
mod config;
mod credentials;
mod document;
mod login;
mod renewal;
mod session;
mod token;
mod uninterrupted;

pub use client::{ObserveVault, ObservedRequest, VaultError, VaultErrorKind};
pub use config::{AppRoleAuth, KubernetesAuth, TokenAuth, UserpassAuth, VaultAuth, VaultConfig};
pub use credentials::Credentials;
pub use document::VaultSecrets;
pub use renewal::{Answers, Follow, Health, Leased, Renewal, Status};
pub use session::Vault;

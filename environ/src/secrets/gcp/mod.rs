//! Secrets from Google Secret Manager and Cloud KMS, fetched and decrypted before the
//! configuration is loaded.
//!
//! Two layouts are supported:
//!
//! - [`GcpSecrets::document`]: one secret is a JSON object with a member for each
//!   key. One request, one secret to rotate.
//! - [`GcpSecrets::named_by_variables`]: each key is a secret of its own. Its name
//!   stands in a variable with the suffix `_SECRET_ID`, such as
//!   `APP_DB_URL_SECRET_ID=db-url` for `APP_DB_URL`; or [its ciphertext](#ciphertexts) stands in
//!   a variable with the suffix `_KMS`, or in a file that `APP_DB_URL_KMS_FILE` names.
//!
//! A secret is named `db-url`, or `projects/my-project/secrets/db-url`. Its version is
//! `latest`, unless the name ends in `/versions/7` or in an alias of a version. The project
//! is that of the configuration, of the credentials, or of the machine.
//!
//! ```no_run
//! use environ::secrets::gcp::{GcpConfig, GcpSecrets};
//! use environ::{EnvConfig, Process, Secret};
//!
//! #[derive(Debug, EnvConfig)]
//! #[env(prefix = "APP")]
//! struct Bootstrap {
//!     /// `APP_GCP_PROJECT`, `APP_GCP_SECRET_ID`, ...
//!     #[env(group)]
//!     gcp: GcpConfig,
//! }
//!
//! #[derive(Debug, EnvConfig)]
//! #[env(prefix = "APP")]
//! struct AppConfig {
//!     db_url: Secret<String>,
//! }
//!
//! # async fn boot() -> Result<(), Box<dyn std::error::Error>> {
//! let gcp = Bootstrap::from_env()?.gcp.with_google_variables(&Process);
//! let client = gcp.client().await?;
//! let secrets = match &gcp.secret_id {
//!     Some(id) => GcpSecrets::document(&client, id).await?,
//!     None => GcpSecrets::named_by_variables::<AppConfig>(&client, &Process).await?,
//! };
//! let loaded = AppConfig::loader().secrets(secrets).load()?;
//! # Ok(())
//! # }
//! ```
//!
//! # Identity
//!
//! Without a file, the metadata server of Compute Engine, GKE or Cloud Run gives the token of
//! the service account there. [`GcpConfig::credentials_file`] is JSON of one of these types:
//!
//! | `type` | identity |
//! |---|---|
//! | `service_account` | a service account; its key signs the tokens, and is never sent |
//! | `external_account` | workload identity federation; the foreign token comes from a file or a URL |
//! | `impersonated_service_account` | a service account that another identity of this table may impersonate |
//! | `authorized_user` | a developer, after `gcloud auth application-default login` |
//!
//! The identity needs the role `roles/secretmanager.secretAccessor` on the secrets, and
//! `roles/cloudkms.cryptoKeyDecrypter` on the key.
//!
//! # Ciphertexts
//!
//! [`GcpConfig::kms_key`] names the symmetric key of Cloud KMS that decrypts all ciphertexts, without a
//! version: Google knows the version that encrypted a secret. Without additional authenticated
//! data, a ciphertext is made by
//!
//! ```sh
//! printf %s 'postgres://app:password@db/app' |
//!     gcloud kms encrypt --location global --keyring my-ring --key my-key \
//!         --plaintext-file - --ciphertext-file - | base64 -w 0
//! ```
//!
//! A variable holds base64, in which spaces and line ends are ignored. A file may hold base64, or
//! the bytes that `gcloud` writes. A text that is not base64 is not sent, because it may be the secret
//! itself by mistake. A secret may be set in a single way: `APP_DB_URL_KMS` beside `APP_DB_URL`,
//! `APP_DB_URL_FILE`, `APP_DB_URL_KMS_FILE` or `APP_DB_URL_SECRET_ID` is an error that names both.
//!
//! A client decrypts a ciphertext once, so that an outage of Cloud KMS or a disabled key after the
//! start changes no value. If a file has another ciphertext at a later fetch, it is decrypted.
//!
//! # Requests
//!
//! No request is repeated: retry as [`GcpErrorKind::is_transient`] says. An answer is limited to
//! 4 MiB, and the CRC32C of each secret is checked. That of a ciphertext is sent to Cloud KMS.
//!
//! The module needs tokio's runtime, with time and I/O.

mod check;
mod checksum;
mod ciphertext;
mod client;
mod config;
mod credentials;
mod decrypt;
mod error;
mod fetch;
mod jwt;
mod name;
mod place;
mod refusal;
mod store;

pub use client::GcpClient;
pub use config::GcpConfig;
pub use error::{GcpError, GcpErrorKind, GcpFailure};
pub use store::GcpSecrets;

//! Where secrets come from, if not from the environment.

#[cfg(any(feature = "azure", feature = "gcp"))]
mod address;
#[cfg(feature = "aws")]
pub mod aws;
#[cfg(feature = "azure")]
pub mod azure;
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
mod causes;
mod dir;
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
mod failure;
#[cfg(feature = "gcp")]
pub mod gcp;
#[cfg(any(feature = "azure", feature = "gcp"))]
mod http;
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
mod ids;
#[cfg(feature = "ini")]
mod ini;
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp", feature = "vault"))]
mod limit;
#[cfg(feature = "watch")]
mod newest;
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp", feature = "vault"))]
mod off_thread;
mod path;
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp", feature = "vault"))]
mod plaintext;
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
mod remote;
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp", feature = "vault"))]
mod server_text;
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp", feature = "vault"))]
mod snapshot;
#[cfg(any(feature = "azure", feature = "gcp", feature = "vault"))]
mod tls;
#[cfg(any(feature = "azure", feature = "gcp"))]
mod token;
#[cfg(feature = "vault")]
pub mod vault;
mod vault_env;

pub use dir::DirSecrets;
#[cfg(feature = "ini")]
pub use ini::IniSecrets;
#[cfg(feature = "watch")]
pub use newest::Newest;
pub use vault_env::VaultEnvSecrets;

pub use crate::source::{Found, Request, SecretStore, StoreError};

//! Where secrets come from, if not from the environment.

#[cfg(feature = "aws")]
pub mod aws;
mod dir;
#[cfg(feature = "ini")]
mod ini;
#[cfg(any(feature = "aws", feature = "vault"))]
mod snapshot;
#[cfg(feature = "vault")]
pub mod vault;
mod vault_env;

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

pub use dir::DirSecrets;
#[cfg(feature = "ini")]
pub use ini::IniSecrets;
pub use vault_env::VaultEnvSecrets;

use crate::redact::Secret;
use crate::source::Source;

/// Where secrets come from, if not from the environment.
///
/// A loader asks its stores in the order in which they were given. A store that
/// is far away is fetched first, into a snapshot that implements this: loading
/// itself waits for nothing.
///
/// # Examples
///
/// ```
/// use std::borrow::Cow;
///
/// use environ::secrets::{SecretStore, StoreError};
/// use environ::{EnvConfig, Secret, Source};
///
/// /// Always the same.
/// struct Fake;
///
/// impl SecretStore for Fake {
///     fn name(&self) -> Cow<'_, str> {
///         "the fake store".into()
///     }
///
///     fn get(&self, key: &str, _: &dyn Source) -> Result<Option<Secret<String>>, StoreError> {
///         Ok((key == "db_password").then(|| Secret::new("hunter2".to_owned())))
///     }
/// }
///
/// #[derive(Debug, EnvConfig)]
/// struct AppConfig {
///     #[env(group)]
///     db: Db,
/// }
///
/// #[derive(Debug, EnvConfig)]
/// struct Db {
///     password: Secret<String>,
/// }
///
/// let none: [(&str, &str); 0] = [];
/// let loaded = AppConfig::loader().source(none).secrets(Fake).load()?;
/// assert_eq!(loaded.config.db.password.expose(), "hunter2");
/// assert_eq!(
///     loaded.origins.get("APP_DB_PASSWORD").unwrap().to_string(),
///     "the fake store"
/// );
/// # Ok::<(), environ::Error>(())
/// ```
pub trait SecretStore {
    /// Names the store, for origins and errors: `the files in /run/secrets`.
    fn name(&self) -> Cow<'_, str>;

    /// Gives the secret that is called `key`, or `None` if there is none.
    ///
    /// The key is the field's path below the prefix, in lower case and joined by
    /// `_`, or what `#[env(key = "...")]` says. `env` is where the loader takes
    /// variables from, for a store that is configured by one.
    ///
    /// # Errors
    ///
    /// If it cannot be told whether there is one, or what it is.
    fn get(&self, key: &str, env: &dyn Source) -> Result<Option<Secret<String>>, StoreError>;

    /// Tells whether the variable `name` is one that this store reads, so that
    /// strict mode does not call it unknown.
    fn reads(&self, name: &str) -> bool {
        let _ = name;
        false
    }

    /// Gives the variable that the secret itself is in, for a store that is but
    /// variables: it is as exposed as any other.
    fn variable(&self, key: &str, env: &dyn Source) -> Option<String> {
        let _ = (key, env);
        None
    }
}

/// For a store that is chosen at run time, or that several loads share.
macro_rules! ask {
    ($($ty:ty)*) => {$(
        impl<S: SecretStore + ?Sized> SecretStore for $ty {
            fn name(&self) -> Cow<'_, str> {
                (**self).name()
            }

            fn get(
                &self,
                key: &str,
                env: &dyn Source,
            ) -> Result<Option<Secret<String>>, StoreError> {
                (**self).get(key, env)
            }

            fn reads(&self, name: &str) -> bool {
                (**self).reads(name)
            }

            fn variable(&self, key: &str, env: &dyn Source) -> Option<String> {
                (**self).variable(key, env)
            }
        }
    )*};
}

ask! {
    &S
    Arc<S>
    Box<S>
}

/// Why a store cannot say what a secret is. It must not quote the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError(String);

impl StoreError {
    /// Takes the reason: what follows `cannot be read from ...: ` in the report.
    pub fn new(reason: impl fmt::Display) -> Self {
        Self(reason.to_string())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StoreError {}

/// A path: a given one, or one that a variable names.
#[derive(Clone, Debug)]
struct PathFrom {
    variable: Option<String>,
    default: PathBuf,
}

impl PathFrom {
    fn fixed(path: PathBuf) -> Self {
        Self {
            variable: None,
            default: path,
        }
    }

    fn variable(name: &str, default: PathBuf) -> Self {
        Self {
            variable: Some(name.to_owned()),
            default,
        }
    }

    fn is_named_by(&self, name: &str) -> bool {
        self.variable.as_deref() == Some(name)
    }

    fn get(&self, env: &dyn Source) -> PathBuf {
        let text = self.variable.as_ref().and_then(|name| env.get(name));
        match text {
            Some(text) if !text.is_empty() => PathBuf::from(text.into_owned()),
            _ => self.default.clone(),
        }
    }
}

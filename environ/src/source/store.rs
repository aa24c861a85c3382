//! Where secrets come from, if not from the environment. The stores themselves are in
//! `secrets`: a load knows only this trait.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::delegate::delegate;
use super::Source;
use crate::redact::Secret;

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

// For a store that is chosen at run time, or that several loads share.
delegate! {
    SecretStore {
        fn name(&self) -> Cow<'_, str>;
        fn get(&self, key: &str, env: &dyn Source) -> Result<Option<Secret<String>>, StoreError>;
        fn reads(&self, name: &str) -> bool;
        fn variable(&self, key: &str, env: &dyn Source) -> Option<String>;
    }
    [S: SecretStore + ?Sized] &S, |this| &**this;
    [S: SecretStore + ?Sized] Arc<S>, |this| &**this;
    [S: SecretStore + ?Sized] Box<S>, |this| &**this;
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

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
/// use environ::secrets::{Found, Request, SecretStore, StoreError};
/// use environ::{EnvConfig, Secret};
///
/// /// A store for a test.
/// struct Fake;
///
/// impl SecretStore for Fake {
///     fn name(&self) -> Cow<'_, str> {
///         "the fake store".into()
///     }
///
///     fn get(&self, request: &Request<'_>) -> Result<Option<Found>, StoreError> {
///         let secret = || Secret::new("hunter2".to_owned());
///         Ok((request.key() == "db_password").then(|| secret().into()))
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
/// let loaded = AppConfig::loader().source(()).secrets(Fake).load()?;
/// assert_eq!(loaded.config.db.password.expose(), "hunter2");
/// assert_eq!(
///     loaded.origins.get("APP_DB_PASSWORD").unwrap().to_string(),
///     "the fake store"
/// );
/// # Ok::<(), environ::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a store of secrets",
    label = "does not implement `SecretStore`"
)]
pub trait SecretStore {
    /// Names the store, for origins and errors: `the files in /run/secrets`.
    fn name(&self) -> Cow<'_, str>;

    /// Returns the requested secret, or `None` if the store has no such secret.
    ///
    /// # Errors
    ///
    /// If the store cannot tell whether it has the secret, or cannot read it.
    fn get(&self, request: &Request<'_>) -> Result<Option<Found>, StoreError>;

    /// Returns the keys of all secrets, for a hint where a required secret is missing. A
    /// store that cannot list them returns none.
    ///
    /// # Errors
    ///
    /// If the store is not there at all, as a directory that is not mounted. The reason is a
    /// hint: `cannot list /run/secrets: No such file or directory`.
    fn keys(&self, env: &dyn Source) -> Result<Vec<String>, StoreError> {
        let _ = env;
        Ok(Vec::new())
    }

    /// Returns whether this store reads the variable `name`, so that strict mode does not
    /// report it as unknown. `env` is the source of the load.
    fn reads(&self, name: &str, env: &dyn Source) -> bool {
        let _ = (name, env);
        false
    }

    /// Returns the variable that holds the secret itself, for a store that is but variables:
    /// it is as exposed as any other variable.
    fn variable(&self, request: &Request<'_>) -> Option<String> {
        let _ = request;
        None
    }

    /// Returns a text that differs after each change of a secret, or `None` if no secret of the
    /// store can change.
    ///
    /// Where a config is [watched](crate#values-that-change), the store is asked a few times a
    /// second, so that this must be quick. A number of a version, an entity tag, or the time of
    /// the last change are such texts; `env` is the source of the load.
    fn version(&self, env: &dyn Source) -> Option<String> {
        let _ = env;
        None
    }
}

// For a store that is chosen at run time, or that several loads share.
delegate! {
    SecretStore {
        fn name(&self) -> Cow<'_, str>;
        fn get(&self, request: &Request<'_>) -> Result<Option<Found>, StoreError>;
        fn keys(&self, env: &dyn Source) -> Result<Vec<String>, StoreError>;
        fn reads(&self, name: &str, env: &dyn Source) -> bool;
        fn variable(&self, request: &Request<'_>) -> Option<String>;
        fn version(&self, env: &dyn Source) -> Option<String>;
    }
    [S: SecretStore + ?Sized] &S, |this| &**this;
    [S: SecretStore + ?Sized] Arc<S>, |this| &**this;
    [S: SecretStore + ?Sized] Box<S>, |this| &**this;
}

/// The secret that a load asks a store for.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    key: &'a str,
    env: &'a dyn Source,
}

impl<'a> Request<'a> {
    /// Creates a request, for a test of a store, or for a store that asks another.
    #[must_use]
    pub fn new(key: &'a str, env: &'a dyn Source) -> Self {
        Self { key, env }
    }

    /// Returns the key: the field's path below the prefix, in lower case and joined by `_`,
    /// unless the field has `#[env(key = "...")]`.
    #[must_use]
    pub fn key(&self) -> &'a str {
        self.key
    }

    /// Returns the source of the load, for a store that is configured by a variable.
    #[must_use]
    pub fn env(&self) -> &'a dyn Source {
        self.env
    }
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// A secret that a store has.
#[derive(Clone, Debug)]
pub struct Found {
    pub(crate) secret: Secret<String>,
}

impl From<Secret<String>> for Found {
    fn from(secret: Secret<String>) -> Self {
        Self { secret }
    }
}

/// Why a store cannot read a secret. It must not quote the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError(String);

impl StoreError {
    /// Creates the error with a reason, which follows `cannot be read from ...: ` in the
    /// report.
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

//! The variables that envconsul sets from Vault.

use std::borrow::Cow;
use std::sync::Arc;

use crate::name;
use crate::redact::Secret;
use crate::source::{Found, Request, SecretStore, Source, StoreError};

/// Variables under a prefix of their own, which replaces the prefix of the config, as envconsul
/// and Vault Agent set variables from a path in Vault.
///
/// The store is `VaultEnvSecrets` of environ-config. A secret in such a variable is exposed like a
/// secret in its own variable: a warning, and an error with
/// [`deny_env_secrets`](crate::Loader::deny_env_secrets).
///
/// # Examples
///
/// ```
/// use environ::secrets::VaultEnvSecrets;
/// use environ::{EnvConfig, Secret};
///
/// #[derive(Debug, EnvConfig)]
/// #[env(prefix = "APP")]
/// struct Db {
///     password: Secret<String>,
/// }
///
/// let loaded = Db::loader()
///     .source([("SECRET_DB_PROD_PASSWORD", "hunter2")])
///     .secrets(VaultEnvSecrets::new("SECRET_DB_PROD"))
///     .load()?;
/// assert_eq!(loaded.config.password.expose(), "hunter2");
/// # Ok::<(), environ::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct VaultEnvSecrets {
    prefix: Prefix,
}

#[derive(Clone)]
enum Prefix {
    Fixed(String),
    From(Arc<PrefixFrom>),
}

/// Makes the prefix from other variables.
type PrefixFrom = dyn Fn(&dyn Source) -> String + Send + Sync;

impl std::fmt::Debug for Prefix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Fixed(prefix) => prefix.fmt(f),
            Self::From(_) => f.write_str("a function of the environment"),
        }
    }
}

impl VaultEnvSecrets {
    /// Takes the prefix, in any letter case, with or without a `_` at its end.
    #[must_use]
    pub fn new(prefix: &str) -> Self {
        Self {
            prefix: Prefix::Fixed(name::prefix(prefix)),
        }
    }

    /// Makes the prefix from other variables, for example the name of the
    /// deployment.
    #[must_use]
    pub fn with_prefix_from(
        prefix: impl Fn(&dyn Source) -> String + Send + Sync + 'static,
    ) -> Self {
        Self {
            prefix: Prefix::From(Arc::new(prefix)),
        }
    }

    fn joined(&self, key: &str, env: &dyn Source) -> String {
        name::join(&self.prefix(env), &key.to_uppercase())
    }

    fn prefix(&self, env: &dyn Source) -> Cow<'_, str> {
        match &self.prefix {
            Prefix::Fixed(prefix) => prefix.into(),
            Prefix::From(prefix) => name::prefix(&prefix(env)).into(),
        }
    }
}

impl SecretStore for VaultEnvSecrets {
    fn name(&self) -> Cow<'_, str> {
        match &self.prefix {
            Prefix::Fixed(prefix) => format!("the variables {prefix}_*").into(),
            Prefix::From(_) => "the variables from Vault".into(),
        }
    }

    fn get(&self, request: &Request<'_>) -> Result<Option<Found>, StoreError> {
        let variable = self.joined(request.key(), request.env());
        match request.env().get(&variable).map(Cow::into_owned) {
            Some(text) => match text.into_string() {
                Ok(text) => Ok(Some(Secret::new(text).into())),
                Err(_) => Err(StoreError::new(format_args!("{variable} is not UTF-8"))),
            },
            None => Ok(None),
        }
    }

    fn keys(&self, env: &dyn Source) -> Result<Vec<String>, StoreError> {
        let prefix = self.joined("", env);
        let names = env.names().unwrap_or_default().into_iter();
        let names = names.filter_map(|name| name.into_string().ok());
        let keys = names.filter(|name| name::is_under(&prefix, name));
        let keys = keys.map(|name| name[prefix.len()..].trim_start_matches('_').to_lowercase());
        let mut keys: Vec<String> = keys.collect();
        keys.sort_unstable();
        Ok(keys)
    }

    fn reads(&self, name: &str, env: &dyn Source) -> bool {
        name::is_under(&self.prefix(env), name)
    }

    fn variable(&self, request: &Request<'_>) -> Option<String> {
        Some(self.joined(request.key(), request.env()))
    }
}

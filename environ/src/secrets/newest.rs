//! A store with a snapshot that newer snapshots replace.

use std::borrow::Cow;
use std::sync::{Arc, PoisonError, RwLock};

use crate::source::{Found, Request, SecretStore, Source, StoreError};

/// A store with a snapshot that is replaced, such as a document of a Vault that is fetched
/// again.
///
/// Give one clone to the loader and [replace](Self::replace) the snapshot in another. A
/// [watched](crate::watch) config is loaded again after each replacement, and once the
/// [`version`](SecretStore::version) of the snapshot differs. Versions are not compared across
/// replacements, because a document that was deleted and created again begins with version 1.
/// A load that finds the same texts reports nothing.
/// [`Refresh`](crate::watch::Refresh) says when to fetch.
///
/// # Examples
///
/// ```
/// use std::borrow::Cow;
/// use std::time::Instant;
///
/// use environ::secrets::{Found, Newest, Request, SecretStore, StoreError};
/// use environ::watch::Reload;
/// use environ::{EnvConfig, Live, Secret, Source};
///
/// /// A snapshot, as `VaultSecrets` is.
/// struct Document {
///     token: &'static str,
///     version: u64,
/// }
///
/// impl SecretStore for Document {
///     fn name(&self) -> Cow<'_, str> {
///         "the document".into()
///     }
///
///     fn get(&self, request: &Request<'_>) -> Result<Option<Found>, StoreError> {
///         let secret = || Secret::new(self.token.to_owned());
///         Ok((request.key() == "token").then(|| secret().into()))
///     }
///
///     fn version(&self, _: &dyn Source) -> Option<String> {
///         Some(self.version.to_string())
///     }
/// }
///
/// #[derive(EnvConfig)]
/// struct AppConfig {
///     #[env(live)]
///     token: Live<Secret<String>>,
/// }
///
/// let store = Newest::new(Document { token: "one", version: 1 });
/// let loader = AppConfig::loader().source(()).secrets(store.clone());
/// let (loaded, mut watcher) = loader.watch()?;
/// store.replace(Document { token: "two", version: 2 });
/// watcher.ask(); // or wait for half a second
/// if let Some(Reload::Update(update)) = watcher.poll(Instant::now()) {
///     update.apply();
/// }
/// assert_eq!(loaded.config.token.get().expose(), "two");
/// # Ok::<(), environ::Error>(())
/// ```
#[derive(Debug)]
pub struct Newest<S>(Arc<RwLock<Snapshot<S>>>);

#[derive(Debug)]
struct Snapshot<S> {
    store: Arc<S>,
    /// The number of replacements.
    replaced: u64,
}

impl<S> Newest<S> {
    /// Creates the store with its first snapshot.
    #[must_use]
    pub fn new(store: S) -> Self {
        Self(Arc::new(RwLock::new(Snapshot {
            store: Arc::new(store),
            replaced: 0,
        })))
    }

    /// Replaces the snapshot in all clones.
    pub fn replace(&self, store: S) {
        let mut snapshot = self.0.write().unwrap_or_else(PoisonError::into_inner);
        snapshot.store = Arc::new(store);
        snapshot.replaced += 1;
    }

    fn snapshot(&self) -> (Arc<S>, u64) {
        let snapshot = self.0.read().unwrap_or_else(PoisonError::into_inner);
        (Arc::clone(&snapshot.store), snapshot.replaced)
    }
}

impl<S> Clone for Newest<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: SecretStore> SecretStore for Newest<S> {
    fn name(&self) -> Cow<'_, str> {
        self.snapshot().0.name().into_owned().into()
    }

    fn get(&self, request: &Request<'_>) -> Result<Option<Found>, StoreError> {
        self.snapshot().0.get(request)
    }

    fn keys(&self, env: &dyn Source) -> Result<Vec<String>, StoreError> {
        self.snapshot().0.keys(env)
    }

    fn reads(&self, name: &str, env: &dyn Source) -> bool {
        self.snapshot().0.reads(name, env)
    }

    fn variable(&self, request: &Request<'_>) -> Option<String> {
        self.snapshot().0.variable(request)
    }

    fn version(&self, env: &dyn Source) -> Option<String> {
        let (store, replaced) = self.snapshot();
        let version = store.version(env).unwrap_or_default();
        Some(format!("{replaced} {version}"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Cow, Found, Newest, Request, SecretStore, Source, StoreError};
    use crate::redact::Secret;

    /// Answers each question with its text.
    struct Snapshot(&'static str);

    impl SecretStore for Snapshot {
        fn name(&self) -> Cow<'_, str> {
            self.0.into()
        }

        fn get(&self, _: &Request<'_>) -> Result<Option<Found>, StoreError> {
            Ok(Some(Secret::new(self.0.to_owned()).into()))
        }

        fn keys(&self, _: &dyn Source) -> Result<Vec<String>, StoreError> {
            Ok(vec![self.0.to_owned()])
        }

        fn reads(&self, name: &str, _: &dyn Source) -> bool {
            name == self.0
        }

        fn variable(&self, _: &Request<'_>) -> Option<String> {
            Some(self.0.to_owned())
        }

        fn version(&self, _: &dyn Source) -> Option<String> {
            Some(self.0.to_owned())
        }
    }

    #[test]
    fn every_question_is_answered_by_the_newest_snapshot() {
        let store = Newest::new(Snapshot("before"));
        store.clone().replace(Snapshot("newest"));
        let request = Request::new("key", &());
        let found = store.get(&request).unwrap().unwrap();
        assert_eq!(found.secret.expose(), "newest");
        assert_eq!(store.name(), "newest");
        assert_eq!(store.keys(&()), Ok(vec!["newest".to_owned()]));
        assert!(store.reads("newest", &()) && !store.reads("before", &()));
        assert_eq!(store.variable(&request).as_deref(), Some("newest"));
        assert_eq!(store.version(&()).as_deref(), Some("1 newest"));
    }
}

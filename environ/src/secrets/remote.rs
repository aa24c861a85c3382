//! Secrets of a remote store, as fetched: a document, or a secret for each key.

use std::borrow::Cow;
use std::future::Future;

use futures_util::stream::{self, StreamExt};

use super::failure::Failure;
use super::ids::Named;
use super::snapshot::{self, Snapshot};
use crate::redact::Secret;
use crate::source::{Found, Request, SecretStore, Source, StoreError};

/// Maximum number of requests at a time.
const MAX_CONCURRENT_FETCHES: usize = 8;

/// A secret as fetched.
pub(super) struct Fetched {
    pub(super) text: Secret<String>,
    /// The name of its version.
    pub(super) version: Option<String>,
}

/// The secrets of a store, as fetched.
#[derive(Clone, Debug)]
pub(super) struct Remote {
    name: String,
    secrets: Snapshot,
    /// Variables that hold ids.
    variables: Vec<String>,
    /// The versions of all secrets.
    version: Option<String>,
}

impl Remote {
    /// Creates the store of one secret that is a JSON object, or `None` if it is none: the
    /// error of serde would quote the secret.
    pub(super) fn document(name: String, fetched: Fetched) -> Option<Self> {
        let document = serde_json::from_str(fetched.text.expose()).ok()?;
        Some(Self {
            name,
            secrets: snapshot::members(document)?,
            variables: Vec::new(),
            version: fetched.version,
        })
    }

    /// Creates the store of secrets that are fetched each by itself, or returns all failures.
    pub(super) async fn each<I, F, R>(
        name: &str,
        named: Vec<Named<I>>,
        fetch: impl Fn(I) -> R,
    ) -> Result<Self, Vec<F>>
    where
        F: Failure,
        R: Future<Output = Result<Fetched, F>>,
    {
        let variables = named.iter().map(|named| named.variable.clone()).collect();
        let (mut secrets, mut versions) = (Snapshot::new(), Vec::new());
        for (key, Fetched { text, version }) in each(named, fetch).await? {
            secrets.insert(key, text);
            versions.push(version);
        }
        let versions: Option<Vec<String>> = versions.into_iter().collect();
        Ok(Self {
            name: name.to_owned(),
            secrets,
            variables,
            version: versions.map(|versions| versions.join(" ")),
        })
    }
}

/// Does the work for each secret. Returns the results, each with the key of its secret, or all
/// failures, each with its variable.
pub(super) async fn each<I, T, F, R>(
    named: Vec<Named<I>>,
    work: impl Fn(I) -> R,
) -> Result<Vec<(String, T)>, Vec<F>>
where
    F: Failure,
    R: Future<Output = Result<T, F>>,
{
    let work = &work;
    let works = named.into_iter().map(|named| async move {
        let done = match named.id {
            Ok(id) => work(id).await,
            Err(shown) => Err(F::not_utf8(&shown)),
        };
        match done {
            Ok(done) => Ok((named.key, done)),
            Err(failure) => Err(failure.of_variable(&named.variable)),
        }
    });
    let results: Vec<_> = stream::iter(works)
        .buffered(MAX_CONCURRENT_FETCHES)
        .collect()
        .await;
    let (mut all, mut failures) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(done) => all.push(done),
            Err(failure) => failures.push(failure),
        }
    }
    if failures.is_empty() {
        Ok(all)
    } else {
        Err(failures)
    }
}

impl SecretStore for Remote {
    fn name(&self) -> Cow<'_, str> {
        self.name.as_str().into()
    }

    fn get(&self, request: &Request<'_>) -> Result<Option<Found>, StoreError> {
        let secret = self.secrets.get(request.key()).cloned();
        Ok(secret.map(Found::from))
    }

    fn keys(&self, _: &dyn Source) -> Result<Vec<String>, StoreError> {
        Ok(self.secrets.keys().cloned().collect())
    }

    fn reads(&self, name: &str, _: &dyn Source) -> bool {
        self.variables.iter().any(|variable| variable == name)
    }

    fn version(&self, _: &dyn Source) -> Option<String> {
        self.version.clone()
    }
}

/// Makes a public type around a [`Remote`] a store.
macro_rules! store {
    ($Secrets:ident) => {
        impl $crate::source::SecretStore for $Secrets {
            fn name(&self) -> ::std::borrow::Cow<'_, str> {
                self.0.name()
            }

            fn get(
                &self,
                request: &$crate::source::Request<'_>,
            ) -> Result<Option<$crate::source::Found>, $crate::source::StoreError> {
                self.0.get(request)
            }

            fn keys(
                &self,
                env: &dyn $crate::source::Source,
            ) -> Result<Vec<String>, $crate::source::StoreError> {
                self.0.keys(env)
            }

            fn reads(&self, name: &str, env: &dyn $crate::source::Source) -> bool {
                self.0.reads(name, env)
            }

            fn version(&self, env: &dyn $crate::source::Source) -> Option<String> {
                self.0.version(env)
            }
        }
    };
}
pub(super) use store;

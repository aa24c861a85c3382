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
        let fetch = &fetch;
        let fetches = named.into_iter().map(|named| async move {
            let fetched = match named.id {
                Ok(id) => fetch(id).await,
                Err(shown) => Err(F::not_utf8(&shown)),
            };
            match fetched {
                Ok(fetched) => Ok((named.key, fetched)),
                Err(failure) => Err(failure.of_variable(&named.variable)),
            }
        });
        let results: Vec<_> = stream::iter(fetches)
            .buffered(MAX_CONCURRENT_FETCHES)
            .collect()
            .await;
        let (mut secrets, mut failures) = (Snapshot::new(), Vec::new());
        let mut versions = Vec::new();
        for result in results {
            match result {
                Ok((key, Fetched { text, version })) => {
                    secrets.insert(key, text);
                    versions.push(version);
                }
                Err(failure) => failures.push(failure),
            }
        }
        if !failures.is_empty() {
            return Err(failures);
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

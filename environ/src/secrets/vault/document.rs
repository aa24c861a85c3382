//! A document of a KV engine, as fetched.

use std::borrow::Cow;

use serde_json::Value;

use crate::secrets::snapshot::{self, Snapshot};
use crate::source::Source;
use crate::source::{Found, Request, SecretStore, StoreError};

/// A document of a KV engine, as [`Vault`](super::Vault) fetched it. Each member is
/// a secret, under its key.
///
/// Numbers and truth values keep their spelling, objects and lists become JSON, and
/// `null` counts as absent.
#[derive(Clone, Debug)]
pub struct VaultSecrets {
    name: String,
    members: Snapshot,
    /// Of a KV engine of version 2.
    version: Option<u64>,
}

impl VaultSecrets {
    pub(super) fn new(addr: &str, path: &str, document: Option<Value>) -> Self {
        Self {
            name: format!("{path} at {addr}"),
            members: document.and_then(snapshot::members).unwrap_or_default(),
            version: None,
        }
    }

    pub(super) fn of_version(self, version: Option<u64>) -> Self {
        Self { version, ..self }
    }
}

impl SecretStore for VaultSecrets {
    fn name(&self) -> Cow<'_, str> {
        self.name.as_str().into()
    }

    fn get(&self, request: &Request<'_>) -> Result<Option<Found>, StoreError> {
        let secret = self.members.get(request.key()).cloned();
        Ok(secret.map(Found::from))
    }

    fn keys(&self, _: &dyn Source) -> Result<Vec<String>, StoreError> {
        Ok(self.members.keys().cloned().collect())
    }

    /// The version of the document. An engine of version 1 has none.
    fn version(&self, _: &dyn Source) -> Option<String> {
        self.version.map(|version| version.to_string())
    }
}

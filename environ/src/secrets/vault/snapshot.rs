//! One document of a KV engine, as it was when it was fetched.

use std::borrow::Cow;

use serde_json::Value;

use crate::redact::Secret;
use crate::secrets::snapshot::{self as remote, Snapshot};
use crate::source::{SecretStore, Source, StoreError};

/// One document of a KV engine, as it was when [`Vault`](super::Vault) fetched
/// it. Each secret is a member, called after its key.
///
/// A number or a truth value is given as it is written, an object or a list as
/// JSON, and `null` counts as none.
#[derive(Clone, Debug)]
pub struct VaultSecrets {
    name: String,
    members: Snapshot,
}

impl VaultSecrets {
    pub(super) fn new(addr: &str, path: &str, document: Option<Value>) -> Self {
        Self {
            name: format!("{path} at {addr}"),
            members: document.and_then(remote::members).unwrap_or_default(),
        }
    }
}

impl SecretStore for VaultSecrets {
    fn name(&self) -> Cow<'_, str> {
        self.name.as_str().into()
    }

    fn get(&self, key: &str, _: &dyn Source) -> Result<Option<Secret<String>>, StoreError> {
        Ok(self.members.get(key).cloned())
    }
}

//! One document of a KV engine, as it was when it was fetched.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::secret::Secret;
use crate::secrets::{SecretStore, StoreError};
use crate::source::Source;

/// One document of a KV engine, as it was when [`Vault`](super::Vault) fetched
/// it. Each secret is a member, called after its key.
///
/// A number or a truth value is given as it is written, an object or a list as
/// JSON, and `null` counts as none.
#[derive(Clone, Debug)]
pub struct VaultSecrets {
    name: String,
    members: BTreeMap<String, Secret<String>>,
}

impl VaultSecrets {
    pub(super) fn new(addr: &str, path: &str, document: Option<Value>) -> Self {
        let members = match document {
            Some(Value::Object(members)) => members,
            _ => serde_json::Map::new(),
        };
        Self {
            name: format!("{path} at {addr}"),
            members: members
                .into_iter()
                .filter_map(|(key, value)| Some((key, Secret::new(text(value)?))))
                .collect(),
        }
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
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

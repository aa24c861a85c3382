//! A variable that holds JSON.

use serde::de::{Deserialize, DeserializeOwned, Deserializer};

use super::{Invalid, Text};
use crate::secret::Secret;

/// For `#[env(json)]`.
pub fn json<T: DeserializeOwned>(text: &mut Text<'_>) -> Result<T, Invalid> {
    serde_json::from_str(text.as_str()?).map_err(Invalid::new)
}

/// There is no `Serialize`: that would show it.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::new)
    }
}

//! Shared by the remote stores, which are fetched before a load: secrets by key, from the
//! members of a JSON object.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::redact::Secret;

/// Secrets by their keys, as they were when they were fetched.
pub(super) type Snapshot = BTreeMap<String, Secret<String>>;

/// The members of a JSON object, if it is one. A number or a truth value is
/// given as it is written, an object or a list as JSON, and `null` counts as
/// none.
pub(super) fn members(document: Value) -> Option<Snapshot> {
    let Value::Object(members) = document else {
        return None;
    };
    let members = members.into_iter();
    Some(
        members
            .filter_map(|(key, value)| Some((key, Secret::new(text(value)?))))
            .collect(),
    )
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// Whether it is a time that a request may take.
pub(super) fn is_some_time(time: &Duration) -> Result<(), &'static str> {
    let most = Duration::from_secs(3_600);
    if time.is_zero() || *time > most {
        return Err("it must be more than 0s and at most 1h");
    }
    Ok(())
}

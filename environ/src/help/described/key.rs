//! The key by which stores are asked for a secret.

use serde_json::Value;

/// Returns the key of a variable, as `variables::store_key` does for a table. `None` for a
/// variable that no store is asked for, and if an earlier release wrote the document and the
/// name does not tell.
pub(super) fn of(variable: &Value, document: &Value) -> Option<String> {
    if variable["secret"] != true {
        return None;
    }
    if let Some(key) = variable["key"].as_str() {
        return Some(key.to_owned());
    }
    let prefix = document["prefix"].as_str()?;
    let below = |name: &str| {
        let rest = name.strip_prefix(prefix);
        rest.map(|rest| rest.trim_start_matches('_').to_owned())
    };
    if variable["whole_name"] != true {
        return Some(below(variable["name"].as_str()?)?.to_lowercase());
    }
    let fields = variable["field"].as_str()?;
    let Some((group, field)) = fields.rsplit_once('.') else {
        return Some(fields.to_lowercase());
    };
    let delimiter = document["delimiter"].as_str().unwrap_or("_");
    let mut path = below(document["paths"][group].as_str()?)?;
    if !path.is_empty() {
        path.push_str(delimiter);
    }
    Some((path + field).to_lowercase())
}

//! A variable that holds JSON.

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;

use super::{Invalid, Reason, Text, Why};
use crate::redact::Secret;

/// For `#[env(json)]`.
pub fn json<T: DeserializeOwned>(text: &mut Text<'_>) -> Result<T, Invalid> {
    serde_json::from_str(text.as_str()?).map_err(|err| reason(&err))
}

/// Returns the reason without the parts of the text that serde quotes: any part of the
/// type may be a secret.
fn reason(err: &serde_json::Error) -> Invalid {
    let at = format!("line {} column {}", err.line(), err.column());
    let mut message = err.to_string();
    // Where the whole text is of another shape, there is no place.
    let place = (err.column() > 0).then_some(at.clone());
    if let (None, Some(whole)) = (&place, message.strip_suffix(&format!(" at {at}"))) {
        message.truncate(whole.len());
    }
    // The words are from serde_json, unless the error is about the data.
    let is_own = !err.is_data();
    let text = match message.rsplit_once(", expected ") {
        _ if is_own || message.starts_with("missing field `") => message,
        // `invalid type: string "x", expected u16 at line 1 column 9`
        Some((found, expected)) if found.starts_with("invalid ") => format!("expected {expected}"),
        _ => does_not_fit(&at),
    };
    Why::Because(Reason {
        text: text.into(),
        is_constant: false,
        place,
        verdict: (!is_own).then_some("is JSON of another shape"),
    })
    .into()
}

/// Returns the text in place of a reason about JSON that is not shown.
pub(crate) fn does_not_fit(place: &str) -> String {
    format!("what ends at {place} does not fit the type")
}

/// All texts and numbers in some JSON, but for the names of its members.
pub(crate) fn scalars(text: &str) -> Vec<String> {
    let mut scalars = Vec::new();
    let mut values: Vec<Value> = serde_json::from_str(text).into_iter().collect();
    while let Some(value) = values.pop() {
        match value {
            Value::String(text) => scalars.push(text),
            Value::Array(elements) => values.extend(elements),
            Value::Object(members) => values.extend(members.into_iter().map(|(_, value)| value)),
            Value::Number(number) => {
                let number = number.to_string();
                // A shorter one is in many a reason.
                if number.len() > 2 {
                    scalars.push(number);
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }
    scalars
}

/// There is no `Serialize`: that would show it.
///
/// Of a field that is read as JSON, nothing is shown either. But only
/// `#[env(json, secret, plain)]` makes it a secret, which stores and files may hold.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::scalars;

    #[test]
    fn texts_and_numbers_of_three_characters_are_scalars() {
        let json = r#"{"a": "x", "b": [12, 123, -1.5], "c": {"d": true, "e": null, "f": 4567}}"#;
        let mut found = scalars(json);
        found.sort();
        assert_eq!(found, ["-1.5", "123", "4567", "x"]);
        assert_eq!(scalars("{"), [""; 0]);
    }
}

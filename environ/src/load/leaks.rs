//! Whether a reason gives away a hidden value: a validator has seen the value and may
//! quote it.

use std::borrow::Cow;

use crate::redact::password;
use crate::spec::Var;
use crate::value;
#[cfg(feature = "json")]
use crate::value::Form;

/// Returns whether a reason quotes the text of a hidden variable: all of it, an element, a
/// password in it or a text in its JSON, as it is or as `{:?}` has it.
pub(crate) fn quotes(reason: &str, text: &str, var: &Var) -> bool {
    let reason = reason.to_lowercase();
    parts(text, var).iter().any(|part| {
        let part = part.trim().to_lowercase();
        let escaped = format!("{part:?}");
        !part.is_empty() && (reason.contains(&part) || reason.contains(escaped.trim_matches('"')))
    })
}

/// Returns the parts of a text that give it away.
fn parts<'t>(text: &'t str, var: &Var) -> Vec<Cow<'t, str>> {
    let mut parts = vec![Cow::Borrowed(text)];
    parts.extend(
        password::places(text, password::Names::All)
            .into_iter()
            .map(|place| text[place].into()),
    );
    #[cfg(feature = "json")]
    if var.form == Form::JSON {
        parts.extend(value::scalars(text).into_iter().map(Cow::Owned));
    }
    if var.form.may_be_list() {
        for element in value::split(text, var.separator) {
            if let Some((_, value)) = element.split_once('=') {
                parts.push(Cow::Owned(value.to_owned()));
            }
            parts.push(element);
        }
    }
    let numbers: Vec<_> = parts.iter().filter_map(|part| number(part)).collect();
    parts.extend(numbers.into_iter().map(Cow::Owned));
    parts
}

/// A number as it is shown once it was read, if that is not as it was written.
fn number(text: &str) -> Option<String> {
    let shown = match text.parse::<i128>() {
        Ok(whole) => whole.to_string(),
        Err(_) => text.parse::<f64>().ok()?.to_string(),
    };
    (shown != text).then_some(shown)
}

//! Which parts of a variable's text give it away, where a reason quotes them.

use std::borrow::Cow;

use crate::redact::leak::Reason;
use crate::redact::password;
use crate::spec::Var;
use crate::value;

/// Returns whether a reason quotes the text of a variable: of a hidden text all of it, a
/// run of it, an element, a password in it or a text in its JSON; of a plain text a
/// password in it.
pub(crate) fn quotes(reason: &Reason, text: &str, var: &Var) -> bool {
    let mut passwords = password::places_at_start(text);
    if passwords.any(|place| reason.quotes(&text[place])) {
        return true;
    }
    var.is_hidden() && quotes_hidden(reason, text, var)
}

fn quotes_hidden(reason: &Reason, text: &str, var: &Var) -> bool {
    // The names of members are names of fields, and a reason may name a field.
    let is_json = var.form().is_json();
    let whole = if is_json {
        reason.quotes_whole(text)
    } else {
        reason.quotes(text)
    };
    whole || parts(text, var).iter().any(|part| reason.quotes(part))
}

/// Returns the parts of a text that give it away, beside all of it.
fn parts<'t>(text: &'t str, var: &Var) -> Vec<Cow<'t, str>> {
    let mut parts = Vec::new();
    #[cfg(feature = "json")]
    if var.form().is_json() {
        parts.extend(value::scalars(text).into_iter().map(Cow::Owned));
    }
    if var.form().may_be_list() {
        for element in value::split(text, var.separator()) {
            if let Some((_, value)) = element.split_once('=') {
                parts.push(Cow::Owned(value.to_owned()));
            }
            parts.push(element);
        }
    }
    let texts = parts.iter().map(|part| &**part).chain([text]);
    let numbers: Vec<_> = texts.filter_map(number).collect();
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

//! How a text that is not a value is worded: a subject, the reason, a hint. A hidden text
//! is in none of them.

use std::ffi::OsStr;
use std::path::Path;

use crate::lookup::{Contents, Place};
use crate::redact::display;
use crate::redact::oddity::Oddity;
use crate::spec::Var;
use crate::value::{self, Form, Invalid, Reason, Why};

/// Returns the subject of a sentence about the text.
pub(super) fn subject(place: &Place<'_>, var: &Var, is_hidden: bool) -> String {
    let text = match place.contents.text() {
        Some(text) if !is_hidden => display::quoted(text),
        Some(_) if !var.secret => "the text".to_owned(),
        _ => "the secret".to_owned(),
    };
    match &place.contents {
        Contents::Variable {
            layer: Some(layer), ..
        } => format!("{text} in {}", display::reason(layer)),
        Contents::Variable { layer: None, .. } => text,
        Contents::File { path, .. } => format!("{text} in {}", display::path(path)),
        Contents::Store { store, .. } => format!("{text} from {}", display::reason(store)),
    }
}

/// Returns the code and the sentence, with the reason as it is shown.
pub(super) fn shown(
    subject: &str,
    invalid: &Invalid,
    var: &Var,
    reason: &str,
) -> (&'static str, String) {
    let (form, is_secret) = (var.form(), var.secret);
    match &*invalid.0 {
        Why::NotUnicode => ("not_unicode", format!("{subject} is not UTF-8")),
        Why::NotThat => ("invalid", format!("{subject} is not {form}")),
        Why::Because(_) => {
            let is_not = verdict(invalid, form);
            ("invalid", format!("{subject} {is_not}: {reason}"))
        }
        // The place quotes the element.
        Why::OfElement(..) if is_secret => {
            ("invalid", format!("{subject} is not {form}: {reason}"))
        }
        // Place and reason are masked apart: masked together, too much or too little is.
        Why::OfElement(place, None) => ("invalid", format!("{subject}: {place}")),
        Why::OfElement(place, Some(_)) => ("invalid", format!("{subject}: {place}: {reason}")),
        Why::Refused(_) | Why::At(..) => ("constraint", format!("{subject} is refused: {reason}")),
    }
}

/// Returns the code and the sentence without the reason, which may quote the text.
pub(super) fn withheld(subject: &str, invalid: &Invalid, form: Form) -> (&'static str, String) {
    match &*invalid.0 {
        Why::NotUnicode => ("not_unicode", format!("{subject} is not UTF-8")),
        Why::Refused(_) | Why::At(..) => (
            "constraint",
            format!("{subject} is refused; the reason is not shown"),
        ),
        Why::NotThat | Why::Because(_) | Why::OfElement(..) => {
            let place = match &*invalid.0 {
                Why::Because(reason) => reason.place.as_deref(),
                _ => None,
            };
            let at = place
                .map(|place| format!(", at {place}"))
                .unwrap_or_default();
            let is_not = verdict(invalid, form);
            (
                "invalid",
                format!("{subject} {is_not}{at}; the reason is not shown"),
            )
        }
    }
}

/// Returns the words that say that a text is no value of the form.
fn verdict(invalid: &Invalid, form: Form) -> String {
    match &*invalid.0 {
        Why::Because(Reason {
            verdict: Some(words),
            ..
        }) => (*words).to_owned(),
        _ => format!("is not {form}"),
    }
}

/// Returns a likely cause of a wrong text.
pub(super) fn hint(text: &OsStr, form: Form) -> Option<String> {
    let text = text.to_string_lossy();
    // A text in JSON has quotes around it.
    let may_be_quoted = !form.is_json() || !text.trim_start().starts_with('"');
    let oddity = Oddity::of_failed(&text).filter(|odd| *odd != Oddity::Quoted || may_be_quoted);
    oddity
        .map(|oddity| format!("it {oddity}; {}", oddity.remedy()))
        .or_else(|| {
            // White space alone is an empty list.
            let is_empty_list = form.is_separated() && text.trim().is_empty();
            let is_wrong = is_padded(&text) && !is_empty_list;
            is_wrong.then(|| "it begins or ends with white space; remove that".to_owned())
        })
}

/// Returns a likely cause of a path that leads to no file.
pub(super) fn hint_of_path(path: &Path) -> Option<String> {
    let hint = hint(path.as_os_str(), Form::path())?;
    hint.strip_prefix("it")
        .map(|clause| format!("the path{clause}"))
}

/// Returns the code of a warning and the warning of a text that loads, although a person
/// hardly meant it.
pub(super) fn oddity(text: &OsStr, var: &Var) -> Option<(&'static str, String)> {
    if var.form().is_json() {
        return None;
    }
    let text = text.to_string_lossy();
    let noun = if var.secret { "secret" } else { "value" };
    if let Some(oddity) = Oddity::of_loaded(&text) {
        let remedy = oddity.remedy();
        return Some((
            "odd",
            format!("the {noun} {oddity}; {remedy} if it is a mistake"),
        ));
    }
    let (noun, reason) = match (var.secret, var.form().is_path()) {
        (true, _) if is_padded_line(&text) => ("secret", " if a login is refused"),
        (false, true) if is_padded(&text) => ("path", ""),
        _ => return None,
    };
    let message = format!(
        "the {noun} begins or ends with white space, which is part of it; remove that{reason}"
    );
    Some(("padded", message))
}

/// Returns the hint at a variable that is set, but to nothing.
pub(super) fn set_to_nothing(name: &str) -> String {
    let shown = display::name(name);
    format!("{shown} is set to nothing, which counts as not set")
}

/// Returns the sentence about a variable that Kubernetes set for a Service.
pub(super) fn of_service(service: &str) -> String {
    format!(
        "Kubernetes sets it for the Service `{service}`; \
         set `enableServiceLinks: false` in the pod, or rename the Service"
    )
}

/// Returns the warning about a list that loads in the syntax of another format. The text
/// to write is left out if it is hidden.
pub(super) fn list_oddity(text: &OsStr, var: &Var) -> Option<String> {
    let hint = value::list_oddity(text.to_str()?, &var.form(), var.separator())?;
    if !var.is_hidden() {
        return Some(hint);
    }
    hint.split("; write ").next().map(str::to_owned)
}

/// Returns whether a text of one line is padded. A text of several lines, like a key, ends
/// with a newline by nature.
fn is_padded_line(text: &str) -> bool {
    is_padded(text) && !text.trim().contains('\n')
}

fn is_padded(text: &str) -> bool {
    text.trim() != text
}

//! How a text that is not a value is worded: a subject, the reason, a hint. A hidden text
//! is in none of them.

use std::ffi::OsStr;

use crate::lookup::{Contents, Place};
use crate::redact::display;
use crate::spec::Var;
use crate::value::{self, Form, Invalid, Why};

/// Returns the subject of a sentence about the text.
pub(super) fn subject(place: &Place<'_>, var: &Var, is_hidden: bool) -> String {
    let text = match place.contents.text() {
        Some(text) if !is_hidden => display::quoted(text),
        Some(_) if !var.secret => "the text".to_owned(),
        _ => "the secret".to_owned(),
    };
    match &place.contents {
        Contents::Variable(_) => text,
        Contents::File { path, .. } => format!("{text} in {}", path.display()),
        Contents::Store { store, .. } => format!("{text} from {store}"),
    }
}

/// Returns the code and the sentence, with the reason.
pub(super) fn shown(subject: &str, invalid: Invalid, form: Form) -> (&'static str, String) {
    match *invalid.0 {
        Why::NotUnicode => ("not_unicode", format!("{subject} is not UTF-8")),
        Why::NotThat => ("invalid", format!("{subject} is not {form}")),
        Why::Because(reason) => {
            let reason = display::reason(&reason);
            ("invalid", format!("{subject} is not {form}: {reason}"))
        }
        // Place and reason are masked apart: masked together, too much or too little is.
        Why::OfElement(place, reason) => {
            let reason = reason
                .map(|reason| format!(": {}", display::reason(&reason)))
                .unwrap_or_default();
            ("invalid", format!("{subject}: {place}{reason}"))
        }
        Why::Refused(reason) => {
            let reason = display::reason(&reason);
            ("constraint", format!("{subject} is refused: {reason}"))
        }
    }
}

/// Returns the code and the sentence without the reason, which may quote the text.
pub(super) fn withheld(subject: &str, invalid: &Invalid, form: Form) -> (&'static str, String) {
    match *invalid.0 {
        Why::NotUnicode => ("not_unicode", format!("{subject} is not UTF-8")),
        Why::Refused(_) => (
            "constraint",
            format!("{subject} is refused; why is not shown"),
        ),
        Why::NotThat | Why::Because(_) | Why::OfElement(..) => (
            "invalid",
            format!("{subject} is not {form}; why is not shown"),
        ),
    }
}

/// Returns a likely cause of a wrong text.
pub(super) fn hint(text: &OsStr) -> Option<String> {
    is_padded(text).then(|| "it begins or ends with white space; remove that".to_owned())
}

/// Returns the sentence about a variable that Kubernetes set for a Service.
pub(super) fn of_service(service: &str) -> String {
    format!(
        "Kubernetes sets it for the Service `{service}`; \
         set `enableServiceLinks: false` in the pod, or rename one of them"
    )
}

/// Returns the warning about a list that loads in the syntax of another format. The text
/// to write is left out if it is hidden.
pub(super) fn list_oddity(text: &OsStr, var: &Var) -> Option<String> {
    let hint = value::list_oddity(text.to_str()?, &var.form, var.separator)?;
    if !var.is_hidden() {
        return Some(hint);
    }
    hint.split(';').next().map(str::to_owned)
}

/// Returns whether a text of one line is padded. A text of several lines, like a key, ends
/// with a newline by nature.
pub(super) fn is_padded_line(text: &OsStr) -> bool {
    is_padded(text) && !text.to_string_lossy().trim().contains('\n')
}

fn is_padded(text: &OsStr) -> bool {
    let text = text.to_string_lossy();
    text.trim() != text
}

//! Help for a terminal: environ-config's lines.

use std::fmt;

use super::Help;
use crate::value::Form;
use crate::walk::Variable;

/// `APP_PORT (Optional, Default=8000): Port to listen on.`
impl fmt::Display for Help {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut end = "";
        for variable in self.variables() {
            f.write_str(end)?;
            line(f, &variable)?;
            end = "\n";
        }
        Ok(())
    }
}

fn line(f: &mut fmt::Formatter<'_>, variable: &Variable) -> fmt::Result {
    write!(f, "{} (", variable.name)?;
    match (variable.is_required(), &variable.when) {
        (true, None) => f.write_str("Required")?,
        (true, Some(when)) => write!(f, "Required if {when}")?,
        (false, _) => f.write_str("Optional")?,
    }
    match variable.shown_default() {
        Some("") => f.write_str(", Default=\"\"")?,
        Some(text) => write!(f, ", Default={text}")?,
        None => {}
    }
    if variable.var.ways.secret {
        f.write_str(", Secret")?;
    }
    f.write_str(")")?;
    let remarks = remarks(variable);
    if !remarks.is_empty() {
        write!(f, ": {}", remarks.join(" "))?;
    }
    Ok(())
}

/// What is said of a variable: its documentation, and what else is worth
/// knowing, a sentence each.
pub(super) fn remarks(variable: &Variable) -> Vec<String> {
    let var = variable.var;
    let words = match var.form {
        Form::Words(words) => Some(format!("One of: {}.", words.join(", "))),
        _ => None,
    };
    let doc = variable.item.doc;
    let file = variable
        .file_name()
        .map(|name| format!("Or a file: {name}."));
    let remarks = [
        (!doc.is_empty()).then(|| doc.to_owned()),
        words,
        var.range.map(|range| format!("In {range}.")),
        listed("Also", var.ways.aliases),
        listed("Deprecated", var.ways.deprecated),
        file,
    ];
    remarks.into_iter().flatten().collect()
}

fn listed(label: &str, names: &[&str]) -> Option<String> {
    (!names.is_empty()).then(|| format!("{label}: {}.", names.join(", ")))
}

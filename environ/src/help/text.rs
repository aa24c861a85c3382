//! Help for a terminal: environ-config's lines.

use std::fmt;

use super::Help;
use crate::spec::variables::Variable;

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
    if variable.var.secret {
        f.write_str(", Secret")?;
    }
    f.write_str(")")?;
    let remarks = remarks(variable);
    if !remarks.is_empty() {
        write!(f, ": {remarks}")?;
    }
    Ok(())
}

/// Returns the documentation of a variable and its other properties, a sentence each.
pub(super) fn remarks(variable: &Variable) -> String {
    let var = variable.var;
    let mut remarks = variable.item.doc.to_owned();
    if let Some(words) = var.form.words() {
        let several = var.form.is_several();
        let label = if several { "Each one of: " } else { "One of: " };
        remark(&mut remarks, label, &words.join(", "));
    }
    if let Some(range) = var.range() {
        let (first, rest) = range.words.split_at(1);
        remark(&mut remarks, &first.to_uppercase(), rest);
    }
    for (label, names) in [("Also: ", var.aliases), ("Deprecated: ", var.deprecated)] {
        if !names.is_empty() {
            remark(&mut remarks, label, &names.join(", "));
        }
    }
    if let Some(name) = variable.file_name() {
        remark(&mut remarks, "Or a file: ", &name);
    }
    remarks
}

/// Adds a sentence.
pub(super) fn remark(remarks: &mut String, label: &str, what: &str) {
    if !remarks.is_empty() {
        remarks.push(' ');
    }
    remarks.push_str(label);
    remarks.push_str(what);
    remarks.push('.');
}

//! Help for a terminal: environ-config's lines.

use std::fmt;

use super::Help;
use crate::spec::{self, Presence, Variable, When};
use crate::value::Form;

/// `APP_PORT (Optional, Default=8000): Port to listen on.`
impl fmt::Display for Help {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variables = spec::variables(self.spec.items, self.spec.root());
        for (index, variable) in variables.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            line(f, variable)?;
        }
        Ok(())
    }
}

fn line(f: &mut fmt::Formatter<'_>, variable: &Variable) -> fmt::Result {
    let Variable {
        name,
        item,
        var,
        when,
    } = variable;
    write!(f, "{name} (")?;
    match (item.presence, when) {
        (Presence::Required | Presence::Variant(_), None) => f.write_str("Required")?,
        (Presence::Required | Presence::Variant(_), Some(when)) => {
            write!(f, "Required if {when}")?;
        }
        (Presence::Default(""), _) => f.write_str("Optional, Default=\"\"")?,
        (Presence::Default(text), _) if !var.secret => write!(f, "Optional, Default={text}")?,
        (Presence::Default(_) | Presence::Optional, _) => f.write_str("Optional")?,
    }
    if var.secret {
        f.write_str(", Secret")?;
    }
    f.write_str(")")?;
    let words = match var.form {
        Form::Words(words) => Some(format!("One of: {}.", words.join(", "))),
        _ => None,
    };
    let aliases = (!var.aliases.is_empty()).then(|| format!("Also: {}.", var.aliases.join(", ")));
    let doc = (!item.doc.is_empty()).then(|| item.doc.to_owned());
    let remarks: Vec<_> = [doc, words, aliases].into_iter().flatten().collect();
    if !remarks.is_empty() {
        write!(f, ": {}", remarks.join(" "))?;
    }
    Ok(())
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AnySet(path) => write!(f, "any {path}_* is set"),
            Self::Chosen(name, word) => write!(f, "{name}={word}"),
        }
    }
}

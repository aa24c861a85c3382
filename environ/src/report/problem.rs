//! One problem of the report: a variable, its fault, and a hint.

use std::fmt;

use super::Warning;
use crate::redact::display;
use crate::value::Form;

/// A problem with one variable.
///
/// Displays as `NAME: message`, on one line.
#[derive(Clone, PartialEq, Eq)]
pub struct Problem {
    /// As it is shown.
    name: String,
    /// As it is in the environment.
    variable: String,
    fault: Fault,
    /// Likely causes, and remedies.
    hints: Vec<String>,
    doc: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Not set, or set to nothing.
    Missing {
        absence: Absence,
        /// The clause that makes it required, if not its field alone: `APP_DB_TTL is set`.
        because: Option<String>,
        form: Form,
    },
    /// Set, but not to something that can be used.
    Wrong { code: &'static str, why: String },
}

/// How a variable that counts as not set is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Absence {
    Unset,
    /// A group whose switch is set, and off.
    SwitchedOff,
    /// Nor in a store: the clause that says in which.
    NotStored(String),
    EmptyVariable,
    /// The file that it names, as it is shown.
    EmptyFile(String),
}

impl Problem {
    pub(crate) fn new(name: String, fault: Fault, doc: &'static str) -> Self {
        Self {
            name: display::name(&name).into_owned(),
            variable: name,
            fault,
            hints: Vec::new(),
            doc,
        }
    }

    /// Returns the full name of the variable. A name with letters that nobody sees, such as
    /// a space at its end or a newline, is in quotes and escaped.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns whether the problem has the cause that the warning has, too: a value with quotes
    /// around it does not load, and the reader needs the remedy once.
    pub(crate) fn repeats(&self, warning: &Warning) -> bool {
        self.name == warning.name()
            && warning.code() == "odd"
            && (!self.hints.is_empty() || self.fault.to_string().ends_with(warning.message()))
    }

    /// Returns the name as it is in the environment, to be compared and not to be shown.
    pub(crate) fn variable(&self) -> &str {
        &self.variable
    }

    /// Returns the kind of problem, for programs.
    ///
    /// A code keeps its meaning in later releases. Releases may add codes, so that your
    /// program must expect unknown codes. Texts may change in any release.
    ///
    /// | code | meaning |
    /// |---|---|
    /// | `missing` | required, and not set |
    /// | `empty` | required, and set to an empty text or to the name of an empty file, which counts as unset |
    /// | `invalid` | not a value of the field's type |
    /// | `not_unicode` | not UTF-8 |
    /// | `constraint` | rejected by a validator, a range, or `deny_env_secrets` |
    /// | `conflict` | set in two ways that contradict each other, or beside a field that a rule excludes |
    /// | `unknown` | set, and no field reads it, in strict mode; or the source cannot list its variables |
    /// | `gap` | a list of groups leaves a number out |
    /// | `file` | a file that a variable names, a line of a `.env` file, or a document or its member cannot be read; the problem of a line has the name `.env:3`, that of a document its name |
    /// | `store` | a store cannot read the secret |
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.fault {
            Fault::Missing { absence, .. } => match absence {
                Absence::Unset | Absence::SwitchedOff | Absence::NotStored(_) => "missing",
                Absence::EmptyVariable | Absence::EmptyFile(_) => "empty",
            },
            Fault::Wrong { code, .. } => code,
        }
    }

    /// Returns the problem in words, on one line, without the name.
    #[must_use]
    pub fn message(&self) -> String {
        let mut message = display::line(&self.fault.to_string());
        for hint in &self.hints {
            message.push_str("; ");
            message.push_str(hint);
        }
        message
    }

    /// Returns whether another variable makes this missing variable required.
    #[cfg(feature = "deployment")]
    pub(crate) fn is_of_a_group(&self) -> bool {
        matches!(
            &self.fault,
            Fault::Missing {
                because: Some(_),
                ..
            }
        )
    }

    /// Returns the clause that says how to mend a missing variable.
    #[cfg(feature = "deployment")]
    pub(crate) fn remedy_of_missing(&self) -> &'static str {
        match &self.fault {
            Fault::Missing {
                absence: Absence::SwitchedOff,
                ..
            } => "; switch it on",
            _ => "; set it",
        }
    }

    pub(crate) fn is_missing(&self) -> bool {
        matches!(self.fault, Fault::Missing { .. })
    }

    /// Sets the clause that makes a missing variable required, unless an inner group has.
    pub(crate) fn required_because(&mut self, clause: &str) {
        if let Fault::Missing { because, .. } = &mut self.fault {
            because.get_or_insert_with(|| clause.to_owned());
        }
    }

    pub(crate) fn hint(&mut self, hint: &str) {
        let hint = display::line(hint);
        if !self.hints.contains(&hint) {
            self.hints.push(hint);
        }
    }

    /// Returns the lines of the report after the name.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![display::line(&self.fault.to_string())];
        lines.extend(self.hints.iter().cloned());
        if !self.doc.is_empty() {
            lines.push(display::line(&self.doc.replace('\n', " ")));
        }
        lines
    }
}

#[expect(
    clippy::missing_fields_in_debug,
    reason = "the name as it is in the environment may be any text"
)]
impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Problem")
            .field("name", &self.name)
            .field("fault", &self.fault)
            .field("hints", &self.hints)
            .field("doc", &self.doc)
            .finish()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.message())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing {
                absence,
                because,
                form,
            } => {
                match absence {
                    Absence::Unset => f.write_str("not set"),
                    Absence::SwitchedOff => f.write_str("switched off"),
                    Absence::NotStored(nowhere) => write!(f, "not set, and {nowhere}"),
                    Absence::EmptyVariable => {
                        f.write_str("set to nothing, which counts as not set")
                    }
                    Absence::EmptyFile(path) => {
                        write!(f, "the file {path} is empty, which counts as not set")
                    }
                }?;
                if let Some(clause) = because {
                    write!(f, "; required because {clause}")?;
                }
                if !form.is_any_text() {
                    write!(f, "; expected {form}")?;
                }
                Ok(())
            }
            Self::Wrong { why, .. } => f.write_str(why),
        }
    }
}

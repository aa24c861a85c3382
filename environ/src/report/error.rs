//! What is wrong with the environment: everything, at once.

use std::fmt;
use std::path::PathBuf;

use crate::value::Form;

/// Everything that is wrong with an environment, in the order of the fields.
///
/// `Display` is the report for a person; [`problems`](Self::problems) is for a
/// program. `Debug` is the same report, so that `fn main() -> Result<(), Error>`
/// prints it too. No value of a secret is in either.
///
/// # Examples
///
/// ```
/// use environ::EnvConfig;
///
/// #[derive(Debug, EnvConfig)]
/// struct Http {
///     /// Port to listen on; 0 picks a free one.
///     port: u16,
///     workers: usize,
/// }
///
/// let err = Http::from_source(&[("APP_PORT", "80a0")]).unwrap_err();
/// assert_eq!(
///     err.to_string(),
///     "\
/// 2 problems with the environment:
///   APP_PORT     \"80a0\" is not a u16: invalid digit found in string
///                Port to listen on; 0 picks a free one.
///   APP_WORKERS  not set; expected a usize"
/// );
/// let codes: Vec<_> = err.problems().map(|problem| problem.code()).collect();
/// assert_eq!(codes, ["invalid", "missing"]);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    /// Never empty.
    problems: Vec<Problem>,
}

impl Error {
    /// The exit code for a configuration error: `EX_CONFIG` of `sysexits.h`.
    pub const EXIT_CODE: u8 = 78;

    pub(crate) fn new(problems: Vec<Problem>) -> Self {
        debug_assert!(!problems.is_empty(), "an error has a problem");
        Self { problems }
    }

    /// Gives the report as JSON on one line, for a log: each problem with its
    /// `name`, `code` and `message`.
    ///
    /// ```
    /// # #[derive(Debug, environ::EnvConfig)]
    /// # #[expect(dead_code, reason = "never loads")]
    /// # struct Http { port: u16 }
    /// use environ::EnvConfig;
    ///
    /// let err = Http::from_source(&[("APP_PORT", "80a0")]).unwrap_err();
    /// assert_eq!(
    ///     err.to_json(),
    ///     r#"{"problems":[{"code":"invalid","message":"\"80a0\" is not a u16: invalid digit found in string","name":"APP_PORT"}]}"#
    /// );
    /// ```
    #[cfg(feature = "json")]
    #[must_use]
    pub fn to_json(&self) -> String {
        let problems = self.problems().map(|problem| {
            serde_json::json!({
                "name": problem.name(),
                "code": problem.code(),
                "message": problem.message(),
            })
        });
        serde_json::json!({ "problems": problems.collect::<Vec<_>>() }).to_string()
    }

    /// Gives each problem, in the order of the fields. There is at least one.
    pub fn problems(&self) -> std::slice::Iter<'_, Problem> {
        self.problems.iter()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.len() {
            1 => f.write_str("1 problem with the environment:")?,
            count => write!(f, "{count} problems with the environment:")?,
        }
        let names = self.problems.iter().map(|problem| problem.name.len());
        let width = names.max().unwrap_or_default();
        for problem in &self.problems {
            let mut name = problem.name.as_str();
            for line in problem.lines() {
                write!(f, "\n  {name:width$}  {line}")?;
                name = "";
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

/// What is wrong with one variable.
///
/// Displays as `NAME: what is wrong`, on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    name: String,
    what: What,
    /// What may be the cause, or the remedy.
    hint: Option<String>,
    doc: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// Not set, or set to nothing.
    Missing {
        absence: Absence,
        /// What makes it required, if not its field alone: `APP_DB_TTL is set`.
        because: Option<String>,
        form: Form,
    },
    /// Set, but not to something that can be used.
    Wrong { code: &'static str, why: String },
}

/// What there is of a variable that counts as not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Absence {
    Unset,
    EmptyVariable,
    /// The file that it names.
    EmptyFile(PathBuf),
}

impl Problem {
    pub(crate) fn new(name: String, what: What, doc: &'static str) -> Self {
        Self {
            name,
            what,
            hint: None,
            doc,
        }
    }

    /// Gives the full name of the variable.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Gives the kind of problem, for programs. It does not change between
    /// releases:
    ///
    /// | code | meaning |
    /// |---|---|
    /// | `missing` | required, and not set |
    /// | `empty` | required, and set to nothing or to the name of an empty file, which counts as not set |
    /// | `invalid` | not a value of the field's type |
    /// | `not_unicode` | not UTF-8 |
    /// | `constraint` | refused by a validator, a range, or `deny_env_secrets` |
    /// | `conflict` | set in two ways that contradict each other |
    /// | `unknown` | set, and no field reads it; in strict mode |
    /// | `gap` | a list of groups leaves a number out |
    /// | `file` | the file that it names cannot be read |
    /// | `store` | a store cannot say what it is |
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.what {
            What::Missing { absence, .. } => match absence {
                Absence::Unset => "missing",
                Absence::EmptyVariable | Absence::EmptyFile(_) => "empty",
            },
            What::Wrong { code, .. } => code,
        }
    }

    /// Gives what is wrong, on one line, without the name.
    #[must_use]
    pub fn message(&self) -> String {
        match &self.hint {
            Some(hint) => format!("{}; {hint}", self.what),
            None => self.what.to_string(),
        }
    }

    pub(crate) fn is_missing(&self) -> bool {
        matches!(self.what, What::Missing { .. })
    }

    /// Says what makes a missing variable required, unless an inner group has.
    pub(crate) fn required_because(&mut self, clause: &str) {
        if let What::Missing { because, .. } = &mut self.what {
            because.get_or_insert_with(|| clause.to_owned());
        }
    }

    pub(crate) fn hint(&mut self, hint: String) {
        self.hint = Some(hint);
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.what.to_string()];
        lines.extend(self.hint.clone());
        if !self.doc.is_empty() {
            lines.push(self.doc.to_owned());
        }
        lines
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.message())
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing {
                absence,
                because,
                form,
            } => {
                match absence {
                    Absence::Unset => f.write_str("not set"),
                    Absence::EmptyVariable => {
                        f.write_str("set to nothing, which counts as not set")
                    }
                    Absence::EmptyFile(path) => write!(
                        f,
                        "the file {} is empty, which counts as not set",
                        path.display()
                    ),
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

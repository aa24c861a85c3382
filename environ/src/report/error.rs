//! The report: everything that is wrong with an environment, at once.

use std::fmt;

use super::problem::Problem;

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
/// let err = Http::from_source([("APP_PORT", "80a0")]).unwrap_err();
/// assert_eq!(
///     err.to_string(),
///     "\
/// 2 problems with the environment:
///   APP_PORT     \"80a0\" is not a u16: it must be a whole number from 0 to 65535
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

    /// Returns the report as JSON on one line, for a log: each problem with its
    /// `name`, `code` and `message`.
    ///
    /// ```
    /// # #[derive(Debug, environ::EnvConfig)]
    /// # #[expect(dead_code, reason = "never loads")]
    /// # struct Http { port: u16 }
    /// use environ::EnvConfig;
    ///
    /// let err = Http::from_source([("APP_PORT", "80a0")]).unwrap_err();
    /// assert_eq!(
    ///     err.to_json(),
    ///     r#"{"problems":[{"code":"invalid","message":"\"80a0\" is not a u16: it must be a whole number from 0 to 65535","name":"APP_PORT"}]}"#
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

    /// Returns each problem, in the order of the fields. There is at least one.
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
        let names = self.problems.iter().map(|problem| problem.name().len());
        let width = names.max().unwrap_or_default();
        for problem in &self.problems {
            let mut name = problem.name();
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

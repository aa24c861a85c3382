//! The report: everything that is wrong with an environment, at once.

use std::fmt;
use std::io::{self, Write as _};
use std::process;

use super::problem::Problem;
use super::warning::Warning;

use crate::items::Items;

/// Every problem of an environment, in the order of the fields.
///
/// `Display` is the report for a person, and with `{:#}` the warnings stand below the
/// problems; [`problems`](Self::problems) and [`warnings`](Self::warnings) are for a
/// program. No value of a secret is in either.
///
/// `Debug` is the report too, so that `fn main() -> Result<(), Error>` prints it. Such a
/// `main` exits with 1; [`exit`](Self::exit) exits with 78.
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
    warnings: Vec<Warning>,
}

impl Error {
    /// The exit code for a configuration error: `EX_CONFIG` of `sysexits.h`.
    pub const EXIT_CODE: u8 = 78;

    pub(crate) fn new(problems: Vec<Problem>, warnings: Vec<Warning>) -> Self {
        debug_assert!(!problems.is_empty(), "an error has a problem");
        Self { problems, warnings }
    }

    /// Prints the report, then the warnings, on stderr, and exits with
    /// [`EXIT_CODE`](Self::EXIT_CODE). No destructor runs.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # #[derive(environ::EnvConfig)]
    /// # struct AppConfig { port: u16 }
    /// use environ::EnvConfig;
    ///
    /// fn main() {
    ///     let config = AppConfig::from_env().unwrap_or_else(|err| err.exit());
    ///     println!("port {}", config.port);
    /// }
    /// ```
    pub fn exit(&self) -> ! {
        // An error of stderr has no place to go.
        let _ = writeln!(io::stderr(), "{self:#}");
        process::exit(Self::EXIT_CODE.into())
    }

    /// Returns the report as JSON on one line, for a log: each problem and each warning
    /// with its `name`, `code` and `message`.
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
    ///     r#"{"problems":[{"code":"invalid","message":"\"80a0\" is not a u16: it must be a whole number from 0 to 65535","name":"APP_PORT"}],"warnings":[]}"#
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
        let warnings = self.warnings().map(|warning| {
            serde_json::json!({
                "name": warning.name(),
                "code": warning.code(),
                "message": warning.message(),
            })
        });
        serde_json::json!({
            "problems": problems.collect::<Vec<_>>(),
            "warnings": warnings.collect::<Vec<_>>(),
        })
        .to_string()
    }

    /// Returns each problem, in the order of the fields. There is at least one.
    #[must_use]
    pub fn problems(
        &self,
    ) -> impl ExactSizeIterator<Item = &Problem> + DoubleEndedIterator + Clone {
        self.problems.iter()
    }

    /// Returns each oddity that is no problem, in the order of the fields.
    ///
    /// ```
    /// # #[derive(Debug, environ::EnvConfig)]
    /// # #[expect(dead_code, reason = "never loads")]
    /// # struct Http { port: u16, #[env(default = "30s")] timeout: std::time::Duration }
    /// use environ::EnvConfig;
    ///
    /// let pairs = [("APP_PORT", "80a0"), ("APP_TIMEUOT", "5s")];
    /// let err = Http::loader().source(pairs).warn_unknown().load().unwrap_err();
    /// assert_eq!(err.warnings().count(), 1);
    /// assert_eq!(
    ///     format!("{err:#}"),
    ///     "\
    /// 1 problem with the environment:
    ///   APP_PORT  \"80a0\" is not a u16: it must be a whole number from 0 to 65535
    /// 1 warning:
    ///   APP_TIMEUOT  set, but no field reads it; is APP_TIMEOUT meant?"
    /// );
    /// ```
    #[must_use]
    pub fn warnings(
        &self,
    ) -> impl ExactSizeIterator<Item = &Warning> + DoubleEndedIterator + Clone {
        self.warnings.iter()
    }
}

/// The problems, as [`problems`](Error::problems) returns them.
#[expect(
    clippy::into_iter_without_iter,
    reason = "the method has a name: `problems`"
)]
impl<'a> IntoIterator for &'a Error {
    type Item = &'a Problem;
    type IntoIter = Items<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        Items::new(&self.problems)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.len() {
            1 => f.write_str("1 problem with the environment:")?,
            count => write!(f, "{count} problems with the environment:")?,
        }
        let problems = self.problems.iter();
        write_rows(f, problems.map(|problem| (problem.name(), problem.lines())))?;
        if !f.alternate() || self.warnings.is_empty() {
            return Ok(());
        }
        match self.warnings.len() {
            1 => f.write_str("\n1 warning:")?,
            count => write!(f, "\n{count} warnings:")?,
        }
        let warnings = self.warnings.iter();
        write_rows(
            f,
            warnings.map(|warning| (warning.name(), vec![warning.message().to_owned()])),
        )
    }
}

/// Writes each name, with its lines beside it.
fn write_rows<'a>(
    f: &mut fmt::Formatter<'_>,
    rows: impl Iterator<Item = (&'a str, Vec<String>)> + Clone,
) -> fmt::Result {
    let names = rows.clone().map(|(name, _)| name.len());
    let width = names.max().unwrap_or_default();
    for (mut name, lines) in rows {
        for line in lines {
            write!(f, "\n  {name:width$}  {line}")?;
            name = "";
        }
    }
    Ok(())
}

/// The report, as `Display` shows it: a `main` that returns this error prints it by `Debug`.
///
/// Such a process exits with 1, because the standard library chooses the code. For
/// [`EXIT_CODE`](Error::EXIT_CODE), and for the warnings, write
/// `unwrap_or_else(|err| err.exit())` in place of `?`.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

//! The check of several files: reads the files, chooses the workloads of this program, judges
//! these workloads.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use super::files::Files;
use super::finding::Finding;
use super::judge::{Judge, Problems};
use super::report::Report;
use super::workload::Workload;
use crate::help::{self, ParseSpecError};
use crate::load::untyped;
use crate::name;
use crate::spec::{parsed, Spec};

/// A check that a program adds.
type Check<'c> = Box<dyn Fn(&Workload) -> Vec<Finding> + Send + Sync + 'c>;

/// A check of deployment files; made by
/// [`EnvConfig::deployment`](crate::EnvConfig::deployment).
///
/// The format of a file is known by its name: `.yaml`, `.yml` and `.json` for Kubernetes,
/// kustomize, Compose and `app.json`; `.service` and `.container`, with the drop-ins beside it;
/// `.env`; `Dockerfile`; `Procfile`. `-` is standard input.
pub struct Deployment<'c> {
    pub(super) spec: &'static Spec,
    pub(super) problems: Problems,
    pub(super) prefix: Cow<'static, str>,
    pub(super) files: Vec<PathBuf>,
    pub(super) program: Option<String>,
    pub(super) container: Option<String>,
    pub(super) known: Vec<String>,
    pub(super) is_strict: bool,
    pub(super) has_secrets_elsewhere: bool,
    pub(super) checks: Vec<Check<'c>>,
}

impl<'c> Deployment<'c> {
    /// Creates a check by the specification of another build, or of another program: the text
    /// that [`embedded::read`](fn@crate::embedded::read) found in a program, or that
    /// [`Help::to_json`](crate::Help::to_json) returned.
    ///
    /// The specification has the names, the conditions and the rules of all variables, so that
    /// these are judged as the type itself judges them. A specification lacks these demands:
    ///
    /// - functions of `validate`, and `non_empty`
    /// - ranges whose ends the code calculates
    /// - defaults of secrets
    /// - the elements of a list of tuples, and the words of a part of a map or a tuple
    /// - the syntax of types that the program reads by code of its own, except that a number
    ///   must be a number, and of fields with `expected`
    ///
    /// The specification is kept until the process ends.
    ///
    /// # Errors
    ///
    /// If `spec` is no specification.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::deployment::Deployment;
    ///
    /// let spec = r#"{"format": 1, "config": "AppConfig", "prefix": "APP", "variables": [
    ///     {"name": "APP_PORT", "field": "port", "type": "u16", "required": true}
    /// ]}"#;
    /// # let dir = std::env::temp_dir().join(format!("environ-spec-{}", std::process::id()));
    /// # std::fs::create_dir_all(&dir).unwrap();
    /// # let path = dir.join("compose.yaml");
    /// std::fs::write(&path, "services:\n  app:\n    environment:\n      APP_PORT: http\n").unwrap();
    /// let report = Deployment::from_spec(spec)?.file(&path).check();
    /// # std::fs::remove_dir_all(dir).unwrap();
    /// let finding = report.findings().next().unwrap();
    /// assert_eq!(
    ///     finding.message(),
    ///     "\"http\" is not a u16: it must be a whole number from 0 to 65535"
    /// );
    /// # Ok::<(), environ::ParseSpecError>(())
    /// ```
    pub fn from_spec(spec: &str) -> Result<Self, ParseSpecError> {
        let document = help::parsed(spec)?;
        let spec = parsed::spec(&document).ok_or_else(ParseSpecError::empty)?;
        Ok(Self::new(spec, |loading| loading.problems(untyped::load)))
    }

    pub(crate) fn new(spec: &'static Spec, problems: Problems) -> Self {
        Self {
            spec,
            problems,
            prefix: spec.root().into(),
            files: Vec::new(),
            program: None,
            container: None,
            known: Vec::new(),
            is_strict: false,
            has_secrets_elsewhere: false,
            checks: Vec::new(),
        }
    }

    /// Adds a file, or standard input if the path is `-`. Files may refer to each other.
    #[must_use]
    pub fn file(mut self, path: impl AsRef<Path>) -> Self {
        self.files.push(path.as_ref().to_owned());
        self
    }

    /// Begins all names with `prefix`, as [`Loader::prefix`](crate::Loader::prefix) does.
    #[must_use]
    pub fn prefix(mut self, prefix: impl AsRef<str>) -> Self {
        self.prefix = name::prefix(prefix.as_ref()).into();
        self
    }

    /// Sets the name of the program, by which a container is known: by its own name, or by
    /// that of its image; a unit is known by the name anywhere in the unit. Other containers and
    /// units count if they set a variable under the prefix.
    #[must_use]
    pub fn program(mut self, name: impl Into<String>) -> Self {
        self.program = Some(name.into());
        self
    }

    /// Judges the containers and services of this name only.
    #[must_use]
    pub fn container(mut self, name: impl Into<String>) -> Self {
        self.container = Some(name.into());
        self
    }

    /// Reports every unread variable under the prefix as an error. Without this, a name that
    /// no field has is a warning unless it is near a name of a field.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.is_strict = true;
        self
    }

    /// Adds names that the program reads by other means. A name may end in `*`.
    #[must_use]
    pub fn known<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.known.extend(names.into_iter().map(Into::into));
        self
    }

    /// Counts each secret as set, for a program that takes its secrets from a store.
    #[must_use]
    pub fn secrets_elsewhere(mut self) -> Self {
        self.has_secrets_elsewhere = true;
        self
    }

    /// Adds a check of each workload, for facts that the table does not hold, such as the
    /// time that a stop takes.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # #[derive(environ::EnvConfig)]
    /// # #[expect(dead_code, reason = "only checked")]
    /// # struct AppConfig { port: u16 }
    /// use environ::deployment::Finding;
    /// use environ::EnvConfig;
    ///
    /// let report = AppConfig::deployment()
    ///     .file("deploy/app.yaml")
    ///     .with(|workload| {
    ///         let short = workload.grace.iter().filter(|grace| grace.value.as_secs() < 45);
    ///         let finding = |grace: &environ::deployment::At<_>| {
    ///             let message = "stopping takes 45s; raise it";
    ///             Finding::error(grace.place.clone(), "grace", "grace", message)
    ///         };
    ///         short.map(finding).collect()
    ///     })
    ///     .check();
    /// ```
    #[must_use]
    pub fn with(mut self, check: impl Fn(&Workload) -> Vec<Finding> + Send + Sync + 'c) -> Self {
        self.checks.push(Box::new(check));
        self
    }

    /// Reads and judges all files.
    #[must_use]
    pub fn check(&self) -> Report {
        let judge = self.judge();
        let mut files = Files::read(&self.files);
        let workloads = files.workloads();
        let chosen = self.chosen(&judge, &files.inputs, &workloads);
        let mut findings = files.findings;
        for workload in &chosen {
            findings.extend(judge.judge(workload));
            let extra = self.checks.iter().flat_map(|check| check(workload));
            findings.extend(extra);
        }
        self.add_left_out(&files.inputs, &workloads, &chosen, &mut findings);
        Report::new(findings)
    }

    pub(super) fn judge(&self) -> Judge<'_> {
        Judge {
            spec: self.spec,
            prefix: &self.prefix,
            problems: self.problems,
            known: &self.known,
            is_strict: self.is_strict,
            has_secrets_elsewhere: self.has_secrets_elsewhere,
        }
    }
}

impl fmt::Debug for Deployment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deployment")
            .field("config", &self.spec.ident)
            .field("prefix", &self.prefix)
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

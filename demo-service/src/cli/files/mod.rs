//! `config --check FILE...`: deployment files, judged before they are rolled out.

mod checks;
mod sources;

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::PathBuf;

use environ::deployment::{Deployment, Report, Severity};
use environ::{Changes, EnvConfig};

use self::checks::findings;
use super::output::print;
use super::spec;
use crate::config::AppConfig;
use crate::process::{Failure, exit};
use crate::secrets;

/// The name of the program, of its container and of its image.
const PROGRAM: &str = "demo-service";

/// The files, and how to judge them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    /// The files; `-` is standard input.
    pub(super) files: Vec<PathBuf>,
    /// The program whose specification counts, or the specification itself; `-` is standard
    /// input.
    pub(super) spec: Option<PathBuf>,
    /// The only container to judge.
    pub(super) container: Option<String>,
    /// Whether a variable under the prefix that no field reads is an error.
    pub(super) strict: bool,
    /// Whether warnings fail the check.
    pub(super) deny_warnings: bool,
    /// The format of the report.
    pub(super) format: ReportFormat,
}

/// The format of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ReportFormat {
    /// A line for each finding.
    #[default]
    Text,
    /// A single JSON object.
    Json,
    /// Annotations of a workflow.
    Github,
    /// For scanners of code.
    Sarif,
}

/// Prints the findings about the files. Returns 78 if there are any that count.
pub(super) fn check_files(options: &Options) -> Result<u8, Failure> {
    let mut deployment = AppConfig::deployment();
    if let Some(path) = &options.spec {
        const WHAT: &str = "judge by";
        let spec = spec::read(path, WHAT)?;
        deployment = Deployment::from_spec(&spec).map_err(|err| spec::wrong(path, WHAT, &err))?;
    }
    let report = report(options, deployment);
    let text = match options.format {
        ReportFormat::Text => text(&report),
        ReportFormat::Json => format!("{}\n", report.to_json()),
        ReportFormat::Github => report.to_github(),
        ReportFormat::Sarif => format!("{}\n", report.to_sarif(PROGRAM)),
    };
    let printed = print(text);
    let warnings = report.count(Severity::Warning);
    let is_wrong = report.count(Severity::Error) > 0 || options.deny_warnings && warnings > 0;
    Ok(match printed {
        0 if is_wrong => exit::CONFIG,
        code => code,
    })
}

/// Prints the places in the files that changes concern. Returns whether the changes break
/// the deployment.
pub(super) fn print_hits(files: &[PathBuf], changes: &Changes) -> bool {
    let report = with_files(AppConfig::deployment(), files).hits(changes);
    print(text(&report));
    report.count(Severity::Error) > 0
}

/// Adds the files, and the facts about this service that no specification holds.
fn with_files(deployment: Deployment<'static>, files: &[PathBuf]) -> Deployment<'static> {
    let deployment = deployment
        .program(PROGRAM)
        .known(
            secrets::ENDS
                .iter()
                .flat_map(|end| secrets::id_variables(end)),
        )
        .with(findings);
    files.iter().fold(deployment, Deployment::file)
}

fn report(options: &Options, deployment: Deployment<'static>) -> Report {
    let mut deployment = with_files(deployment, &options.files);
    if let Some(container) = &options.container {
        deployment = deployment.container(container);
    }
    if options.strict {
        deployment = deployment.strict();
    }
    deployment.check()
}

/// Returns the lines of errors and warnings. Notes go to stderr, so that no output says that
/// there is nothing to do.
fn text(report: &Report) -> String {
    let mut lines = String::new();
    for finding in report.findings() {
        if finding.severity() == Severity::Note {
            let _ = writeln!(io::stderr(), "{finding}");
        } else {
            let _ = writeln!(lines, "{finding}");
        }
    }
    lines
}

//! The report of a check, for a person and for programs.

use std::fmt::{self, Write as _};

use serde_json::{json, Value};

use super::finding::{Finding, Severity};
use crate::items::Items;
use crate::redact::escape::{escaped, escaped_json};

/// More findings of a file are counted only: the file is probably none of this program.
const MAX_FINDINGS: usize = 500;

/// Everything that is wrong with a deployment, in the order of files and lines.
///
/// Displays each finding as a line.
///
/// # Examples
///
/// ```no_run
/// # #[derive(environ::EnvConfig)]
/// # #[expect(dead_code, reason = "only checked")]
/// # struct AppConfig { port: u16 }
/// use environ::EnvConfig;
///
/// let report = AppConfig::deployment().file("deploy/app.yaml").check();
/// assert!(report.is_clean(), "{report}");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    findings: Vec<Finding>,
}

impl Report {
    pub(super) fn new(mut findings: Vec<Finding>) -> Self {
        findings.sort_by(|one, other| {
            let key = |it: &Finding| (it.place.clone(), it.name.clone(), it.message.clone());
            key(one).cmp(&key(other))
        });
        findings.dedup();
        Self {
            findings: limited(findings),
        }
    }

    /// Returns all findings, by file and line.
    #[must_use]
    pub fn findings(
        &self,
    ) -> impl ExactSizeIterator<Item = &Finding> + DoubleEndedIterator + Clone {
        self.findings.iter()
    }

    /// Returns whether there is neither an error nor a warning.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.count(Severity::Error) + self.count(Severity::Warning) == 0
    }

    /// Returns the number of findings of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        let findings = self.findings.iter();
        findings
            .filter(|finding| finding.severity == severity)
            .count()
    }

    /// Returns the findings as JSON on a single line: `findings`, each with `file`, `line`,
    /// `column`, `name`, `code`, `severity` and `message`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let findings = self.findings.iter().map(|finding| {
            json!({
                "file": finding.place.file(),
                "line": finding.place.line(),
                "column": finding.place.column(),
                "name": finding.name,
                "code": finding.code,
                "severity": finding.severity.word(),
                "message": finding.message,
            })
        });
        escaped_json(&json!({ "findings": findings.collect::<Vec<_>>() }).to_string())
    }

    /// Returns the findings as commands for a workflow of GitHub, which shows each beside its
    /// line.
    #[must_use]
    pub fn to_github(&self) -> String {
        let mut commands = String::new();
        for finding in &self.findings {
            let command = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            let message = if finding.name.is_empty() {
                finding.message.clone()
            } else {
                format!("{}: {}", finding.name, finding.message)
            };
            let _ = writeln!(
                commands,
                "::{command} file={},line={},col={},title={}::{}",
                github_property(&escaped(finding.place.file())),
                finding.place.line(),
                finding.place.column(),
                finding.code,
                github_text(&escaped(&message)),
            );
        }
        commands
    }

    /// Returns the findings as SARIF 2.1.0, which scanners of code understand.
    ///
    /// `tool` is the name of the program.
    #[must_use]
    pub fn to_sarif(&self, tool: &str) -> String {
        let mut codes: Vec<&str> = self.findings.iter().map(|finding| finding.code).collect();
        codes.sort_unstable();
        codes.dedup();
        let rules: Vec<Value> = codes.iter().map(|code| json!({ "id": code })).collect();
        let results: Vec<Value> = self.findings.iter().map(sarif_result).collect();
        let run = json!({
            "tool": { "driver": { "name": tool, "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        });
        let log = json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [run],
        });
        escaped_json(&log.to_string())
    }
}

fn sarif_result(finding: &Finding) -> Value {
    let text = if finding.name.is_empty() {
        finding.message.clone()
    } else {
        format!("{}: {}", finding.name, finding.message)
    };
    json!({
        "ruleId": finding.code,
        "level": finding.severity.word(),
        "message": { "text": text },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(finding.place.file()) },
                "region": {
                    "startLine": finding.place.line(),
                    "startColumn": finding.place.column(),
                },
            },
        }],
    })
}

/// Returns a path as a relative reference.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

fn github_text(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn github_property(text: &str) -> String {
    github_text(text).replace(':', "%3A").replace(',', "%2C")
}

/// Cuts the findings of each file, and counts the rest.
fn limited(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::new();
    let mut count = 0;
    let mut findings = findings.into_iter().peekable();
    while let Some(finding) = findings.next() {
        count += 1;
        let next = findings.peek();
        let is_last = next.is_none_or(|next| next.place.file() != finding.place.file());
        let place = finding.place.clone();
        if count <= MAX_FINDINGS {
            kept.push(finding);
        }
        if is_last {
            if count > MAX_FINDINGS {
                let message = format!(
                    "{} more findings; correct these first, or name another file",
                    count - MAX_FINDINGS
                );
                kept.push(Finding::error(place, "", "input", message));
            }
            count = 0;
        }
    }
    kept
}

/// The findings, as [`findings`](Report::findings) returns them.
#[expect(
    clippy::into_iter_without_iter,
    reason = "the method has a name: `findings`"
)]
impl<'a> IntoIterator for &'a Report {
    type Item = &'a Finding;
    type IntoIter = Items<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        Items::new(&self.findings)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.findings.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{finding}")?;
        }
        Ok(())
    }
}

//! The places of a deployment that the changes of a release concern.

use super::check::Deployment;
use super::files::Files;
use super::finding::{Finding, Severity};
use super::place::Place;
use super::report::Report;
use super::workload::{Setting, Workload};
use crate::help::{matches, Change, ChangeKind, Changes};
use crate::name;

impl Deployment<'_> {
    /// Returns the places in the files that changes concern: a variable that is set and no
    /// longer read, a variable that is not set and newly required, a value that the new
    /// release rejects.
    ///
    /// A change that breaks this deployment is an error, and any other that concerns it is a
    /// warning. Changes of variables that the files leave alone are left out. A value from a
    /// Secret elsewhere is not known, and counts as rejected if the change is breaking.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # #[derive(environ::EnvConfig)]
    /// # #[expect(dead_code, reason = "only checked")]
    /// # struct AppConfig { port: u16 }
    /// use environ::{embedded, file, EnvConfig};
    ///
    /// let old = embedded::read(file::open("/usr/local/bin/my-app-1.0")?)?;
    /// let changes = AppConfig::help().diff(&old)?;
    /// let report = AppConfig::deployment().file("deploy/app.yaml").hits(&changes);
    /// assert!(report.is_clean(), "{report}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn hits(&self, changes: &Changes) -> Report {
        let judge = self.judge();
        let mut files = Files::read(&self.files);
        let workloads = files.workloads();
        let mut findings = std::mem::take(&mut files.findings);
        for workload in self.chosen(&judge, &files.inputs, &workloads) {
            let rejected = judge.judge(workload);
            let hit = Hit {
                workload,
                rejected: &rejected,
            };
            for change in changes.iter() {
                findings.extend(hit.findings(change));
            }
        }
        Report::new(findings)
    }
}

/// A workload, and everything that the new release finds wrong with it.
struct Hit<'w> {
    workload: &'w Workload,
    rejected: &'w [Finding],
}

impl Hit<'_> {
    fn findings(&self, change: &Change) -> Vec<Finding> {
        let (name, kind) = (change.name(), change.kind());
        match kind {
            ChangeKind::Added
            | ChangeKind::AllowEmpty { allowed: true }
            | ChangeKind::Secret { secret: false }
                if change.is_breaking() =>
            {
                self.rejections(change, "correct it")
            }
            ChangeKind::Key { .. } if self.settings(&name::of_file(name)).is_empty() => {
                self.unset(change, "copy the secret to the new key")
            }
            ChangeKind::Added
            | ChangeKind::NoLongerRequired
            | ChangeKind::WordAdded { .. }
            | ChangeKind::AllowEmpty { allowed: true }
            | ChangeKind::RuleRemoved { .. }
            | ChangeKind::Secret { secret: false }
            | ChangeKind::Key { .. }
            | ChangeKind::Live { .. } => Vec::new(),
            ChangeKind::RuleAdded { rule } => {
                // The variable that breaks a rule may be any of the rule.
                let is_in = |name: &str| rule.split([' ', ',']).any(|word| is_named(word, name));
                self.rejections_of(change, is_in, "obey the rule")
            }
            ChangeKind::NewlyRequired { .. } | ChangeKind::ReadByDefault { .. } => {
                self.rejections(change, "set it")
            }
            ChangeKind::Removed { .. } => self.set(change, name, change.is_breaking(), "remove it"),
            ChangeKind::Renamed { from } => {
                self.set(change, from, change.is_breaking(), "write the new name")
            }
            ChangeKind::Deprecated { name: old } => {
                self.set(change, old, change.is_breaking(), "write the new name")
            }
            ChangeKind::Default { .. } => {
                let found = self.rejections(change, "set it");
                if found.is_empty() {
                    self.unset(change, "set it to keep the old value")
                } else {
                    found
                }
            }
            ChangeKind::WordRemoved { word } => {
                let is_word = |text: &str| text.trim().eq_ignore_ascii_case(word);
                self.texts(change, is_word, "write another word")
            }
            ChangeKind::AllowEmpty { allowed: false } => {
                self.texts(change, str::is_empty, "write a value")
            }
            ChangeKind::Secret { secret: true } => {
                self.set(change, name, false, "take it from a secret")
            }
            ChangeKind::Property { .. }
            | ChangeKind::TakenOver { .. }
            | ChangeKind::Contradicts { .. } => {
                let found = self.rejections(change, "correct it");
                if found.is_empty() {
                    self.texts_unknown_or_changed(change)
                } else {
                    found
                }
            }
        }
    }

    /// Returns a finding for each variable of the change that the new release rejects.
    fn rejections(&self, change: &Change, remedy: &str) -> Vec<Finding> {
        self.rejections_of(change, |name| matches(change.name(), name), remedy)
    }

    fn rejections_of(
        &self,
        change: &Change,
        is_concerned: impl Fn(&str) -> bool,
        remedy: &str,
    ) -> Vec<Finding> {
        let errors = self.rejected.iter().filter(|finding| {
            finding.severity() == Severity::Error && is_concerned(finding.name())
        });
        errors
            .map(|finding| {
                found(
                    finding.place().clone(),
                    finding.name(),
                    change,
                    true,
                    remedy,
                )
            })
            .collect()
    }

    fn settings(&self, pattern: &str) -> Vec<(&str, &Setting)> {
        let settings = self.workload.env.settings.iter();
        settings
            .filter(|(name, _)| matches(pattern, name))
            .map(|(name, setting)| (name.as_str(), setting))
            .collect()
    }

    /// Returns a finding for each name that is set.
    fn set(&self, change: &Change, pattern: &str, is_error: bool, remedy: &str) -> Vec<Finding> {
        let settings = self.settings(pattern).into_iter();
        settings
            .map(|(name, it)| found(it.name_at.clone(), name, change, is_error, remedy))
            .collect()
    }

    /// Returns a finding for each text that is so, or is not known.
    fn texts(&self, change: &Change, is_hit: impl Fn(&str) -> bool, remedy: &str) -> Vec<Finding> {
        let settings = self.settings(change.name()).into_iter();
        let hit = settings.filter(|(_, it)| it.text.as_deref().is_none_or(&is_hit));
        hit.map(|(name, it)| {
            found(
                it.text_at.clone(),
                name,
                change,
                change.is_breaking(),
                remedy,
            )
        })
        .collect()
    }

    /// Returns a finding for each text, which the new release takes, or which is not known.
    fn texts_unknown_or_changed(&self, change: &Change) -> Vec<Finding> {
        let settings = self.settings(change.name()).into_iter();
        settings
            .map(|(name, it)| {
                let is_error = change.is_breaking() && it.text.is_none();
                found(
                    it.text_at.clone(),
                    name,
                    change,
                    is_error,
                    "check the value",
                )
            })
            .collect()
    }

    /// Returns a finding if the variable is not set, so that the default or a store counts.
    fn unset(&self, change: &Change, remedy: &str) -> Vec<Finding> {
        let name = change.name();
        if name.contains('<') || !self.settings(name).is_empty() {
            return Vec::new();
        }
        let place = self.workload.place.clone();
        vec![found(place, name, change, false, remedy)]
    }
}

/// Returns whether a rule names a variable, or the group of the variable.
fn is_named(word: &str, name: &str) -> bool {
    match word.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => word == name,
    }
}

fn found(place: Place, name: &str, change: &Change, is_error: bool, remedy: &str) -> Finding {
    let message = format!("{change}; {remedy}");
    if is_error {
        Finding::error(place, name, change.code(), message)
    } else {
        Finding::warning(place, name, change.code(), message)
    }
}

//! Problems and warnings of the load, as findings.

use super::names::corrected;
use super::Case;
use crate::deployment::finding::{Finding, Severity};
use crate::deployment::workload::{Carrier, Scope};
use crate::name;
use crate::report::{Problem, Warning};

impl Case<'_> {
    pub(super) fn findings(&self, problems: &[Problem], warnings: &[Warning]) -> Vec<Finding> {
        let mut findings: Vec<Finding> = problems
            .iter()
            .filter_map(|problem| self.problem(problem))
            .collect();
        let is_reported = |warning: &&Warning| {
            let mut problems = problems.iter();
            problems.any(|problem| problem.name() == warning.name())
        };
        // The reason of the problem names the oddity.
        let odd = warnings
            .iter()
            .filter(|warning| warning.code() != "odd" || !is_reported(warning));
        findings.extend(odd.filter_map(|warning| self.warning(warning)));
        for (name, setting) in &self.workload.env.settings {
            if setting.carrier == Carrier::Link {
                continue;
            }
            findings.extend(self.odd_name(name, setting));
            findings.extend(self.plaintext(name, setting));
        }
        let own = self.workload.findings.iter();
        findings.extend(own.filter(|finding| self.concerns(finding)).cloned());
        for finding in &mut findings {
            self.withhold(finding);
        }
        findings
    }

    fn problem(&self, problem: &Problem) -> Option<Finding> {
        let (name, mut message) = (problem.variable(), problem.message());
        let place = self.place(name, problem);
        let is_part = self.workload.scope == Scope::Part;
        let is_meant = message.ends_with("is it meant?") || message.ends_with(" meant?");
        let mut severity = Severity::Error;
        if problem.is_missing() {
            let is_elsewhere = self.workload.env.is_open
                || self.judge.has_secrets_elsewhere
                    && self.secrets.iter().any(|secret| secret == name);
            if is_elsewhere || is_part && !problem.is_of_a_group() {
                return None;
            }
            if is_part {
                severity = Severity::Warning;
            }
            if !is_meant {
                message.push_str(problem.remedy_of_missing());
            }
        }
        if problem.code() == "unknown" {
            let is_read = self.judge.is_known_elsewhere(name) || corrected(name).is_some();
            if is_read || self.is_name_of_file(name) {
                return None;
            }
            if !is_meant && !self.judge.is_strict {
                severity = Severity::Warning;
            }
        }
        if is_part && name.ends_with('*') {
            // A function that judges a whole group may accept it with a variable that the
            // deployment adds.
            if problem.code() == "constraint" && !self.is_set_as_a_whole(name) {
                return None;
            }
            severity = Severity::Warning;
        }
        let setting = self.workload.env.get(name);
        let is_of_a_secret = setting.is_some_and(|it| it.carrier == Carrier::Secret);
        if is_of_a_secret && problem.code() != "unknown" && !problem.is_missing() {
            message = self.without_value(name);
        }
        let mut finding = Finding::error(place, name, problem.code(), message);
        finding.severity = severity;
        Some(finding)
    }

    /// Returns whether the workload sets every variable of a group, such as `APP_LIMITS_*`.
    fn is_set_as_a_whole(&self, group: &str) -> bool {
        let beginning = group.trim_end_matches('*');
        let variables = self.variables.iter();
        let mut of_group = variables.filter(|variable| variable.name.starts_with(beginning));
        let env = &self.workload.env;
        of_group.all(|variable| variable.all_names().iter().any(|it| env.get(it).is_some()))
    }

    fn warning(&self, warning: &Warning) -> Option<Finding> {
        let shown = warning.to_string();
        let message = shown
            .split_once(": ")
            .map_or(&*shown, |(_, message)| message);
        // A secret that the file does not hold is handed over on purpose.
        if warning.code() == "exposed" {
            return None;
        }
        let setting = self.workload.env.get(warning.name());
        let is_about_the_text = matches!(warning.code(), "odd" | "padded");
        let place = setting.map_or(&self.workload.place, |setting| {
            if is_about_the_text {
                &setting.text_at
            } else {
                &setting.name_at
            }
        });
        Some(Finding::warning(
            place.clone(),
            warning.name(),
            warning.code(),
            message,
        ))
    }

    /// Returns whether a finding of the reader is about this program: the environment may hold
    /// variables of libraries and of other programs, and no text of these is judged.
    fn concerns(&self, finding: &Finding) -> bool {
        let name = &*finding.name;
        let is_about_the_text = finding.code == "dialect"
            || finding.code == "changed" && finding.severity == Severity::Warning;
        !is_about_the_text || self.own.contains(name) || name::is_under(self.judge.prefix, name)
    }
}

//! Holds the variables of a workload against the table, by a load of the config type.

use std::collections::BTreeMap;

use super::finding::{Finding, Severity};
use super::place::Place;
use super::workload::{Carrier, Format, Scope, Setting, Workload};
use crate::load::{Level, Loading, Notes};
use crate::lookup::{Foresight, Lookup, NameSet, UNKNOWN};
use crate::name;
use crate::report::{Problem, Warning};
use crate::spec::variables::Variable;
use crate::spec::Spec;

/// Loads the root type for its problems.
pub(super) type Problems = fn(&mut Loading<'_>) -> Vec<Problem>;

/// A shorter text of a Secret occurs in messages by chance.
const MIN_QUOTED: usize = 4;

/// The config type, and the strictness.
pub(super) struct Judge<'d> {
    pub(super) spec: &'static Spec,
    pub(super) prefix: &'d str,
    pub(super) problems: Problems,
    pub(super) known: &'d [String],
    pub(super) is_strict: bool,
    pub(super) has_secrets_elsewhere: bool,
}

impl Judge<'_> {
    /// Returns whether the workload sets a variable under the prefix, in any letter case, or,
    /// without a prefix, a variable of the config type.
    pub(super) fn is_claimed(&self, workload: &Workload) -> bool {
        let names = workload.env.settings.iter();
        let mut names = names
            .filter(|(_, setting)| setting.carrier != Carrier::Link)
            .map(|(name, _)| &**name);
        if !self.prefix.is_empty() {
            return names.any(|name| name::is_under(self.prefix, name));
        }
        let own = self.lookup_names(workload);
        names.any(|name| own.contains(name))
    }

    /// Returns everything that is wrong with the variables of a workload.
    pub(super) fn judge(&self, workload: &Workload) -> Vec<Finding> {
        let texts = texts(workload);
        let lookup = || {
            let mut lookup = Lookup::new(Some(&texts), &[], &[], self.prefix, self.spec.items);
            lookup.foresight = Foresight {
                is_elsewhere: true,
                is_open: workload.env.is_open,
            };
            lookup
        };
        let variables = lookup().variables(self.spec.items, self.prefix);
        let mut loading = Loading::new(lookup(), self.spec.items);
        loading.notes = Some(Notes::default());
        loading.rules.unknown = Level::Deny;
        let problems = (self.problems)(&mut loading);
        let case = Case {
            judge: self,
            workload,
            own: NameSet::of(&variables),
            variables: &variables,
            secrets: lookup().secret_vars(),
        };
        let warnings = loading.notes.unwrap_or_default().warnings;
        case.findings(&problems, &warnings)
    }

    fn lookup_names(&self, workload: &Workload) -> NameSet {
        let texts = texts(workload);
        let lookup = Lookup::new(Some(&texts), &[], &[], self.prefix, self.spec.items);
        NameSet::of(&lookup.variables(self.spec.items, self.prefix))
    }

    fn is_known_elsewhere(&self, name: &str) -> bool {
        self.known
            .iter()
            .any(|known| match known.strip_suffix('*') {
                Some(start) => name.starts_with(start),
                None => known == name,
            })
    }
}

/// Returns the variables as a source. Names with white space are findings of their own.
fn texts(workload: &Workload) -> BTreeMap<String, String> {
    let settings = workload.env.settings.iter();
    let settings = settings.filter(|(name, _)| !name.contains(char::is_whitespace));
    settings
        .map(|(name, setting)| {
            let text = setting.text.as_deref().unwrap_or(UNKNOWN);
            (name.clone(), text.to_owned())
        })
        .collect()
}

/// A workload, and the variables that a load of its environment reads.
struct Case<'c> {
    judge: &'c Judge<'c>,
    workload: &'c Workload,
    variables: &'c [Variable],
    own: NameSet,
    secrets: Vec<String>,
}

impl Case<'_> {
    fn findings(&self, problems: &[Problem], warnings: &[Warning]) -> Vec<Finding> {
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
        let is_meant = message.ends_with("is it meant?") || message.ends_with(" meant?");
        let mut severity = Severity::Error;
        if problem.is_missing() {
            let is_elsewhere = self.workload.env.is_open
                || self.judge.has_secrets_elsewhere
                    && self.secrets.iter().any(|secret| secret == name);
            let is_part = self.workload.scope == Scope::Part;
            if is_elsewhere || is_part && !problem.is_of_a_group() {
                return None;
            }
            if is_part {
                severity = Severity::Warning;
            }
            if !is_meant {
                message.push_str("; set it");
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
        if name.ends_with("_*") && self.workload.scope == Scope::Part {
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

    /// Returns the message about a text from a Secret.
    fn without_value(&self, name: &str) -> String {
        let names = |variable: &&Variable| variable.all_names().iter().any(|own| own == name);
        let form = self
            .variables
            .iter()
            .find(names)
            .map(|variable| variable.var.form);
        match form {
            Some(form) if !form.is_any_text() => {
                format!("the text in the Secret is refused, and not shown; it must be {form}")
            }
            _ => "the text in the Secret is refused, and not shown; correct it".to_owned(),
        }
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

    /// Returns the place of a problem: of the text, or of the name that is wrong, or of the
    /// variable that makes a missing variable required.
    fn place(&self, name: &str, problem: &Problem) -> Place {
        let env = &self.workload.env;
        if let Some(setting) = env.get(name) {
            let is_about_the_name = problem.code() == "unknown";
            return if is_about_the_name {
                setting.name_at.clone()
            } else {
                setting.text_at.clone()
            };
        }
        let message = problem.message();
        let mut mentioned: Vec<_> = message
            .split_whitespace()
            .filter_map(|word| word.trim_end_matches([':', ',', ';']).split('=').next())
            .filter_map(|word| Some((self.mentioned(word)?, word)))
            .collect();
        // `APP_DB_ULR is set but not read` is the place of the mistake.
        mentioned
            .sort_by_key(|(_, word)| !message.contains(&format!("{word} is set but not read")));
        if let Some((setting, _)) = mentioned.first() {
            return setting.name_at.clone();
        }
        let setting = self.mentioned(name);
        setting
            .map_or(&self.workload.place, |setting| &setting.name_at)
            .clone()
    }

    /// Returns the variable of this name, or the first below `APP_DB_*`.
    fn mentioned(&self, word: &str) -> Option<&Setting> {
        let env = &self.workload.env;
        match word.strip_suffix('*').filter(|path| path.ends_with('_')) {
            Some(path) => {
                let (below, setting) = env.settings.range(path.to_owned()..).next()?;
                below.starts_with(path).then_some(setting)
            }
            None => env.get(word),
        }
    }

    /// Returns whether a name is `X_FILE` for a variable `X` that a type elsewhere is known to
    /// read.
    fn is_name_of_file(&self, name: &str) -> bool {
        let bare = name.strip_suffix(name::FILE);
        bare.is_some_and(|bare| self.judge.is_known_elsewhere(bare))
    }

    fn odd_name(&self, name: &str, setting: &Setting) -> Option<Finding> {
        let place = setting.name_at.clone();
        if name.contains(char::is_whitespace) {
            let message = "white space in the name; remove it";
            let is_own = name::is_under(self.judge.prefix, name.trim_start());
            return is_own.then(|| Finding::error(place, name, "name", message));
        }
        let upper = corrected(name)?;
        let is_own = self.own.contains(&upper)
            || !self.judge.prefix.is_empty() && name::is_under(self.judge.prefix, &upper);
        if !is_own || self.own.contains(name) {
            return None;
        }
        let message = format!("no field reads a name in this spelling; write {upper}");
        let finding = if name::is_under(self.judge.prefix, &upper) {
            Finding::error(place, name, "case", message)
        } else {
            Finding::warning(place, name, "case", message)
        };
        Some(finding)
    }

    fn plaintext(&self, name: &str, setting: &Setting) -> Option<Finding> {
        let text = setting.text.as_deref().filter(|text| !text.is_empty())?;
        if !self.secrets.iter().any(|secret| secret == name) || text == UNKNOWN {
            return None;
        }
        let place = setting.text_at.clone();
        match setting.carrier {
            Carrier::Manifest => {
                let file = name::of_file(name);
                let remedy = match self.workload.format {
                    Format::Kubernetes => {
                        "take it from a Secret with `valueFrom.secretKeyRef`, or mount one"
                            .to_owned()
                    }
                    Format::Compose => format!("list it in `secrets`, and name the file in {file}"),
                    Format::Systemd => format!("use LoadCredential=, and set {file}=%d/..."),
                    Format::AppJson => "remove the value, and set it in the platform".to_owned(),
                    _ => format!("set it where the service starts, or name a file in {file}"),
                };
                let message =
                    format!("a secret in plain text, for everybody who has this file; {remedy}");
                Some(Finding::error(place, name, "plaintext", message))
            }
            Carrier::EnvFile => {
                let message = format!(
                    "a secret in plain text; keep the file out of the repository, or name a file \
                     in {}",
                    name::of_file(name)
                );
                Some(Finding::warning(place, name, "plaintext", message))
            }
            Carrier::Secret | Carrier::Link => None,
        }
    }

    /// Returns whether a finding of the reader is about this program: the environment may hold
    /// variables of libraries and of other programs.
    fn concerns(&self, finding: &Finding) -> bool {
        let name = &*finding.name;
        let is_dialect = finding.code == "dialect";
        !is_dialect || self.own.contains(name) || name::is_under(self.judge.prefix, name)
    }

    /// Removes the message of a finding that quotes a text of a Secret.
    fn withhold(&self, finding: &mut Finding) {
        let settings = self.workload.env.settings.values();
        let mut texts = settings
            .filter(|setting| setting.carrier == Carrier::Secret)
            .filter_map(|setting| setting.text.as_deref())
            .filter(|text| text.len() >= MIN_QUOTED);
        if texts.any(|text| finding.message.contains(text)) {
            let message = "refused; why is not shown, since it quotes a Secret";
            message.clone_into(&mut finding.message);
        }
    }
}

/// Returns the name as fields have it, if it is spelt otherwise.
fn corrected(name: &str) -> Option<String> {
    let upper = name.to_ascii_uppercase().replace(['-', '.'], "_");
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (upper != name && upper.bytes().all(is_name)).then_some(upper)
}

//! Holds the variables of a workload against the table, by a load of the config type.

mod names;
mod places;
mod problems;
mod secrets;

use std::collections::BTreeMap;

use super::finding::Finding;
use super::workload::{Carrier, Workload};
use crate::load::{Level, Loading, Notes};
use crate::lookup::{Foresight, Lookup, NameSet, UNKNOWN};
use crate::name;
use crate::report::Problem;
use crate::spec::variables::Variable;
use crate::spec::Spec;

/// Loads the root type for its problems.
pub(in crate::deployment) type Problems = fn(&mut Loading<'_>) -> Vec<Problem>;

/// The config type, and the strictness.
pub(in crate::deployment) struct Judge<'d> {
    pub(in crate::deployment) spec: &'static Spec,
    pub(in crate::deployment) prefix: &'d str,
    pub(in crate::deployment) problems: Problems,
    pub(in crate::deployment) known: &'d [String],
    pub(in crate::deployment) is_strict: bool,
    pub(in crate::deployment) has_secrets_elsewhere: bool,
}

impl Judge<'_> {
    /// Returns whether the workload sets a variable under the prefix, in any letter case, or,
    /// without a prefix, a variable of the config type.
    pub(in crate::deployment) fn is_claimed(&self, workload: &Workload) -> bool {
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
    pub(in crate::deployment) fn judge(&self, workload: &Workload) -> Vec<Finding> {
        let texts = texts(workload);
        let lookup = || {
            let mut lookup = Lookup::new(Some(&texts), &[], &[], self.spec, self.prefix);
            lookup.foresight = Foresight {
                is_elsewhere: true,
                is_open: workload.env.is_open,
            };
            lookup
        };
        let variables = lookup().all_variables();
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
        let lookup = Lookup::new(Some(&texts), &[], &[], self.spec, self.prefix);
        NameSet::of(&lookup.all_variables())
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

//! Rules between variables.

use super::Described;

/// A rule between variables.
pub(in crate::help) struct Rule {
    pub(in crate::help) kind: String,
    /// The names, or the beginning of all names of a group and `*`.
    pub(in crate::help) names: Vec<String>,
    /// The fields that lead to each. Empty in the document of an earlier release.
    pub(in crate::help) fields: Vec<String>,
}

/// A rule is the same for a deployment if the fields have other names in the code.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        (&self.kind, &self.names) == (&other.kind, &other.names)
    }
}

/// A member of a rule.
pub(in crate::help) struct RuleMember<'d> {
    pub(in crate::help) variables: Vec<&'d Described>,
    /// Whether only a text that is true counts as set.
    pub(in crate::help) is_switch: bool,
    /// Whether it is a list or a map of groups.
    pub(in crate::help) is_of_several: bool,
}

impl Rule {
    /// Returns the first name.
    pub(in crate::help) fn first(&self) -> &str {
        self.names.first().map_or("", |name| name)
    }

    /// Returns the rule for a person.
    pub(in crate::help) fn words(&self) -> String {
        let names = self.names.join(", ");
        match &*self.kind {
            "one_of" => format!("exactly one of {names}"),
            "at_most_one_of" => format!("at most one of {names}"),
            "at_least_one_of" => format!("at least one of {names}"),
            "all_or_none" => format!("all or none of {names}"),
            "requires" => {
                let (first, rest) = self
                    .names
                    .split_first()
                    .map_or(("", &[][..]), |(a, b)| (a, b));
                format!("{} with {first}", rest.join(", "))
            }
            kind => format!("{kind} of {names}"),
        }
    }

    pub(in crate::help) fn needs_any(&self) -> bool {
        matches!(&*self.kind, "one_of" | "at_least_one_of")
    }

    pub(in crate::help) fn excludes(&self) -> bool {
        matches!(&*self.kind, "one_of" | "at_most_one_of")
    }

    /// Returns whether an environment may break the rule that can set only some of its members.
    pub(in crate::help) fn may_refuse(&self, may_be_set: &[bool]) -> bool {
        let count = may_be_set.iter().filter(|may_be| **may_be).count();
        match &*self.kind {
            "at_most_one_of" => count > 1,
            "all_or_none" => count > 0,
            "requires" => may_be_set.first() == Some(&true),
            _ => true,
        }
    }
}

impl RuleMember<'_> {
    pub(in crate::help) fn names(&self) -> Vec<String> {
        let variables = self.variables.iter();
        variables
            .flat_map(|variable| self.names_of(variable))
            .collect()
    }

    /// Returns the names of a variable that set the member.
    pub(in crate::help) fn names_of(&self, variable: &Described) -> Vec<String> {
        let mut names = variable.all_names();
        names.retain(|name| !self.is_of_several || name.contains('<'));
        names
    }
}

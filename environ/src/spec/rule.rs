//! Rules between the fields of a struct: which of them are set together, and which are not.

use std::ops::Range;

use super::variables::Variable;
use super::{Item, Kind, Presence};
use crate::name::Path;
use crate::value::Form;

/// A rule between fields, which concerns presence alone: a default is not set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    pub(crate) kind: RuleKind,
    /// The indices of the fields in their table.
    pub(crate) members: &'static [usize],
}

/// How many of the fields of a rule are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is called like its key")]
pub enum RuleKind {
    OneOf,
    AtMostOneOf,
    AtLeastOneOf,
    AllOrNone,
    /// The first needs each of the rest.
    Requires,
}

impl Rule {
    /// Returns whether a default of the field with this index breaks the rule. Beside a default,
    /// another field may be set, and a default needs no other field.
    pub(crate) const fn asks_for(&self, index: usize) -> bool {
        let mut i = match self.kind {
            RuleKind::AtMostOneOf => self.members.len(),
            RuleKind::Requires => 1,
            RuleKind::OneOf | RuleKind::AtLeastOneOf | RuleKind::AllOrNone => 0,
        };
        while i < self.members.len() {
            if self.members[i] == index {
                return true;
            }
            i += 1;
        }
        false
    }
}

impl RuleKind {
    #[cfg(feature = "deployment")]
    pub(crate) const ALL: [Self; 5] = [
        Self::OneOf,
        Self::AtMostOneOf,
        Self::AtLeastOneOf,
        Self::AllOrNone,
        Self::Requires,
    ];

    #[cfg(feature = "json")]
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::OneOf => "one_of",
            Self::AtMostOneOf => "at_most_one_of",
            Self::AtLeastOneOf => "at_least_one_of",
            Self::AllOrNone => "all_or_none",
            Self::Requires => "requires",
        }
    }

    /// Returns whether one of the fields, at least, must be set.
    pub(crate) fn needs_any(self) -> bool {
        matches!(self, Self::OneOf | Self::AtLeastOneOf)
    }

    /// Returns whether two of the fields exclude each other.
    pub(crate) fn excludes(self) -> bool {
        matches!(self, Self::OneOf | Self::AtMostOneOf)
    }
}

impl Item {
    /// A rule between the fields with these indices.
    #[must_use]
    pub const fn rule(kind: RuleKind, members: &'static [usize]) -> Self {
        let mut item = Self::selector(&Form::WORDLESS);
        item.kind = Kind::Rule(Rule { kind, members });
        item
    }

    /// The variable by which a person calls a field in a rule: of a group, the variable that
    /// switches the group on, or the beginning of all names.
    pub(crate) fn name_in_rule(&self, path: &Path<'_>) -> String {
        let own = self.path(path);
        match (&self.kind, self.presence) {
            (Kind::Group(spec), Presence::When(index)) => spec.items[index].full_name(&own),
            (Kind::Group(spec), _) if spec.is_switched() => spec.items[0].full_name(&own),
            (Kind::Group(_) | Kind::List(_) | Kind::Map(_), _) => own.any(),
            _ => own.to_string(),
        }
    }
}

/// A rule in its place.
pub(crate) struct Placed {
    pub(crate) kind: RuleKind,
    /// The names of the fields, as a person calls them.
    pub(crate) names: Vec<String>,
    /// The variables of each field, by index.
    members: Vec<Range<usize>>,
    /// The fields that lead to the group around it that may be absent, if any.
    optional: String,
}

impl Placed {
    /// Creates a rule of `items`, whose variables begin at `starts`.
    pub(super) fn new(rule: Rule, items: &[Item], path: &Path<'_>, starts: &[usize]) -> Self {
        let members = rule.members.iter();
        Self {
            kind: rule.kind,
            names: members
                .clone()
                .map(|index| items[*index].name_in_rule(path))
                .collect(),
            members: members
                .map(|index| starts[*index]..starts[*index + 1])
                .collect(),
            optional: String::new(),
        }
    }

    /// Puts the rule into the group to which these fields lead, which may be absent.
    pub(super) fn within(mut self, optional: &str) -> Self {
        optional.clone_into(&mut self.optional);
        self
    }

    /// Returns whether an example has the group of the rule.
    fn is_in_example(&self, all: &[Variable]) -> bool {
        let is_set = |it: &Variable| it.role == Role::Set && it.is_in(&self.optional);
        self.optional.is_empty() || all.iter().any(is_set)
    }

    /// Adds the rule to the documentation of the first variable of each field.
    pub(super) fn document(&self, all: &mut [Variable]) {
        for (index, member) in self.members.iter().enumerate() {
            let others = self.names.iter().enumerate();
            let others = others.filter(|(other, _)| *other != index);
            let others: Vec<&str> = others.map(|(_, name)| &**name).collect();
            let (others, names) = (others.join(", "), self.names.join(", "));
            let remark = match self.kind {
                RuleKind::AtMostOneOf if self.names.len() == 2 => format!("not beside: {others}"),
                RuleKind::OneOf => format!("exactly one of: {names}"),
                RuleKind::AtMostOneOf => format!("at most one of: {names}"),
                RuleKind::AtLeastOneOf => format!("at least one of: {names}"),
                RuleKind::AllOrNone => format!("all or none of: {names}"),
                RuleKind::Requires if index == 0 => format!("needs: {others}"),
                RuleKind::Requires => format!("required if {} is set", self.names[0]),
            };
            if let Some(variable) = all.get_mut(member.start).filter(|_| !member.is_empty()) {
                variable.rules.push(remark);
            }
        }
    }
}

/// How an example shows a variable that a rule concerns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Role {
    /// As its presence says.
    #[default]
    Usual,
    /// Set, because a rule needs the variable.
    Set,
    /// Not set, because a variable that is set excludes it.
    Excluded,
}

/// The groups that an example has, of the groups that may be absent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The groups that a variable is set in.
    GroupsInUse,
    AllGroups,
}

/// Gives each variable its role, so that the variables of an example may be set together.
pub(crate) fn assign(rules: &[Placed], all: &mut [Variable], reach: Reach) {
    let state = |all: &[Variable]| all.iter().map(|it| it.role).collect::<Vec<Role>>();
    // Each round gives a role to a variable at least, or is the last.
    for _ in 0..=all.len() {
        let before = state(all);
        for rule in rules {
            rule.follow(all);
        }
        if state(all) != before {
            continue;
        }
        let needs = rules.iter().filter(|rule| rule.kind.needs_any());
        let rest = rules.iter().filter(|rule| !rule.kind.needs_any());
        for rule in needs.chain(rest) {
            rule.choose(all, reach);
            if state(all) != before {
                break;
            }
        }
        if state(all) == before {
            return;
        }
    }
}

impl Placed {
    /// Gives the roles that follow from the roles of other variables.
    fn follow(&self, all: &mut [Variable]) {
        let members = &self.members;
        let set = members.iter().find(|member| is(all, member, Role::Set));
        match (self.kind, set) {
            (RuleKind::OneOf | RuleKind::AtMostOneOf, Some(set)) => self.exclude_others(all, set),
            (RuleKind::AllOrNone | RuleKind::Requires, _) => {
                let (leaders, followers) = match self.kind {
                    RuleKind::AllOrNone => (&members[..], &members[..]),
                    _ => members.split_at(1),
                };
                if followers
                    .iter()
                    .any(|member| is(all, member, Role::Excluded))
                {
                    for member in leaders {
                        exclude(all, member);
                    }
                } else if leaders.iter().any(|member| is_always_set(all, member)) {
                    for member in followers {
                        set_member(all, member);
                    }
                }
            }
            _ => {}
        }
    }

    /// Chooses the field that an example sets, unless one is set already.
    fn choose(&self, all: &mut [Variable], reach: Reach) {
        let mut members = self.members.iter();
        if !(self.kind.excludes() || self.kind.needs_any())
            || members.clone().any(|member| is(all, member, Role::Set))
        {
            return;
        }
        let Some(first) = members.find(|member| !is(all, member, Role::Excluded)) else {
            return;
        };
        if self.kind.needs_any() && (reach == Reach::AllGroups || self.is_in_example(all)) {
            set_member(all, first);
        }
        if self.kind.excludes() {
            self.exclude_others(all, first);
        }
    }

    fn exclude_others(&self, all: &mut [Variable], set: &Range<usize>) {
        for member in self.members.iter().filter(|member| *member != set) {
            exclude(all, member);
        }
    }
}

fn is(all: &[Variable], member: &Range<usize>, role: Role) -> bool {
    all[member.clone()].iter().any(|it| it.role == role)
}

/// Returns whether every example sets a field.
fn is_always_set(all: &[Variable], member: &Range<usize>) -> bool {
    let is_set = |it: &Variable| match it.role {
        Role::Set => true,
        Role::Usual => it.is_required() && it.when.is_none(),
        Role::Excluded => false,
    };
    all[member.clone()].iter().any(is_set)
}

/// Sets a variable, or of a group all variables that it needs, or the first if it needs none. A
/// group in the group that may be absent stays absent.
fn set_member(all: &mut [Variable], member: &Range<usize>) {
    let of_member = &mut all[member.clone()];
    let Some(first) = of_member.first() else {
        return;
    };
    let switch = first.is_beside_group().then(|| first.name.clone());
    let is_switch = |it: &Variable| switch.as_ref() == Some(&it.name);
    let inside = of_member.iter().filter(|it| !is_switch(it));
    let group = inside
        .map(|it| &it.optional)
        .min_by_key(|group| group.len());
    let group = group.unwrap_or(&first.optional).clone();
    let is_needed = |it: &Variable| is_switch(it) || it.is_needed() && it.optional == group;
    let needs_none = !of_member.iter().any(is_needed);
    for (index, variable) in of_member.iter_mut().enumerate() {
        let is_needed = is_needed(variable) || (needs_none && index == 0);
        if variable.role == Role::Usual && is_needed {
            variable.role = Role::Set;
        }
    }
}

fn exclude(all: &mut [Variable], member: &Range<usize>) {
    for variable in &mut all[member.clone()] {
        if variable.role == Role::Usual {
            variable.role = Role::Excluded;
        }
    }
}

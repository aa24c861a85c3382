//! Rules between variables. A new rule keeps what an old rule kept if each of its variables is
//! set by the same names, under conditions that imply those of the old rule.

use std::collections::BTreeSet;

use super::Both;
use crate::help::changes::{Change, ChangeKind};
use crate::help::described::{Condition, Document, Rule, RuleMember};

impl Both<'_> {
    pub(super) fn changes_of_rules(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        for rule in &self.new.rules {
            let is_breaking = self.may_newly_refuse(rule);
            let is_same = self.old.rules.contains(rule);
            if is_same && !is_breaking {
                continue;
            }
            let mut words = rule.words();
            if let Some(when) = when(&conditions(self.new, rule)).filter(|_| is_same) {
                words = format!("{words} where {when}");
            }
            let kind = ChangeKind::RuleAdded { rule: words };
            changes.push(Change::new(rule.first(), kind, is_breaking));
        }
        let is_gone = |rule: &&Rule| !self.new.rules.contains(rule);
        for rule in self.old.rules.iter().filter(is_gone) {
            let kind = ChangeKind::RuleRemoved { rule: rule.words() };
            changes.push(Change::new(rule.first(), kind, false));
        }
        changes
    }

    /// Returns whether the rule may refuse an environment that loaded before.
    fn may_newly_refuse(&self, rule: &Rule) -> bool {
        let members = self.new.members(rule);
        let members: Vec<Vec<String>> = members.iter().map(RuleMember::names).collect();
        let is_read =
            |names: &Vec<String>| names.iter().any(|name| self.old.may_read(name).is_some());
        let read: Vec<bool> = members.iter().map(is_read).collect();
        // A rule that needs a variable is broken where none of its own is set.
        let own: Vec<String> = if rule.needs_any() && !rule.excludes() {
            members.concat()
        } else {
            Vec::new()
        };
        let conditions = conditions(self.new, rule);
        rule.may_refuse(&read)
            && self.may_hold(&conditions, &own)
            && !self.old.rules.iter().any(|old| {
                let mut before = self::conditions(self.old, old).into_iter();
                self.is_kept_by(rule, old) && before.all(|old| self.is_implied(&old, &conditions))
            })
    }

    /// Returns whether an environment that keeps the old rule keeps the new rule.
    fn is_kept_by(&self, new: &Rule, old: &Rule) -> bool {
        let sets = |document: &Document, rule: &Rule| -> Vec<BTreeSet<String>> {
            let members = document.members(rule);
            members.iter().map(|member| self.set_by(member)).collect()
        };
        let (old_sets, new_sets) = (sets(self.old, old), sets(self.new, new));
        let each_is_in = |inner: &[BTreeSet<String>], outer: &[BTreeSet<String>]| {
            inner
                .iter()
                .all(|set| outer.iter().any(|other| set.is_subset(other)))
        };
        // Two variables of the new rule may not be a single variable of the old rule.
        let are_apart = |inner: &[BTreeSet<String>], outer: &[BTreeSet<String>]| {
            outer.iter().all(|outer| {
                let inside = inner.iter();
                inside
                    .filter(|set| !set.is_empty() && set.is_subset(outer))
                    .count()
                    < 2
            })
        };
        let excludes = || each_is_in(&new_sets, &old_sets) && are_apart(&new_sets, &old_sets);
        match (&*new.kind, &*old.kind) {
            ("at_most_one_of", "at_most_one_of" | "one_of") => excludes(),
            ("at_least_one_of", "at_least_one_of" | "one_of") => each_is_in(&old_sets, &new_sets),
            ("one_of", "one_of") => excludes() && each_is_in(&old_sets, &new_sets),
            ("all_or_none", "all_or_none") => {
                each_is_in(&old_sets, &new_sets) && each_is_in(&new_sets, &old_sets)
            }
            ("requires", "requires") => {
                let parts = (new_sets.split_first(), old_sets.split_first());
                let (Some((new, followers)), Some((old, before))) = parts else {
                    return false;
                };
                let is_needed =
                    |follower: &BTreeSet<String>| before.iter().any(|old| old.is_subset(follower));
                new.is_subset(old) && followers.iter().all(is_needed)
            }
            _ => false,
        }
    }

    /// Returns the texts that set a member, of names that the old specification reads.
    fn set_by(&self, member: &RuleMember<'_>) -> BTreeSet<String> {
        let mut texts = BTreeSet::new();
        for variable in &member.variables {
            for name in member.names_of(variable) {
                if self.old.may_read(&name).is_none() {
                    continue;
                }
                texts.insert(format!("{name}=true"));
                if !member.is_switch {
                    texts.insert(name.clone());
                }
                if variable.allow_empty {
                    texts.insert(format!("{name}="));
                }
            }
        }
        texts
    }
}

/// Returns the conditions of the struct that has the rule: those that all of its variables
/// have.
fn conditions(document: &Document, rule: &Rule) -> Vec<Condition> {
    let members = document.members(rule);
    if members.iter().any(|member| member.variables.is_empty()) {
        return Vec::new();
    }
    let mut variables = members.iter().flat_map(|member| &member.variables);
    let Some(first) = variables.next() else {
        return Vec::new();
    };
    let mut common = first.conditions.clone();
    for variable in variables {
        let pairs = common.iter().zip(&variable.conditions);
        let length = pairs.take_while(|(one, other)| one == other).count();
        common.truncate(length);
    }
    // A list or a map is inside of the struct.
    if let ([member], [field]) = (&members[..], &rule.fields[..]) {
        let depth = field.matches('[').count();
        let mut several = common
            .iter()
            .enumerate()
            .filter(|(_, it)| it.is_of_several());
        let own = several.nth(depth.saturating_sub(1)).map(|(index, _)| index);
        if let Some(own) = own.filter(|_| member.is_of_several) {
            common.truncate(own);
        }
    }
    common
}

fn when(conditions: &[Condition]) -> Option<String> {
    let words: Vec<String> = conditions.iter().map(Condition::words).collect();
    (!words.is_empty()).then(|| words.join(" and "))
}

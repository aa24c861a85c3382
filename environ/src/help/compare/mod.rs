//! The changes between two specifications.
//!
//! A change is breaking if there may be an environment that loads with the old specification
//! and fails with the new specification. The environment sets only names that the old
//! specification reads: a name that a release newly reads is not set by a deployment before it.

mod rules;

use crate::help::changes::{Change, ChangeKind, Changes, Property};
use crate::help::described::{Condition, Described, Document};

pub(in crate::help) fn compare(old: &Document, new: &Document) -> Changes {
    let mut changes = Vec::new();
    let both = Both { old, new };
    for variable in &new.variables {
        changes.extend(both.changes_of(variable));
    }
    for variable in &old.variables {
        let names = variable.all_names().into_iter();
        let gone = names.filter(|name| !new.reads(name));
        changes.extend(gone.map(|name| {
            let remedy = new.remedy(&name);
            Change::new(&name, ChangeKind::Removed { remedy }, true)
        }));
    }
    changes.extend(both.changes_of_rules());
    Changes::new(changes)
}

struct Both<'d> {
    old: &'d Document,
    new: &'d Document,
}

impl Both<'_> {
    fn changes_of(&self, new: &Described) -> Vec<Change> {
        let mut changes = Vec::new();
        let before = self.old.before(new);
        let is_newly_required = new.is_required && self.is_newly_required(new);
        if is_newly_required {
            let when = new.when();
            changes.push(Change::new(
                &new.name,
                ChangeKind::NewlyRequired { when },
                true,
            ));
        }
        match before {
            Some(before) => changes.extend(self.changes_between(before, new)),
            None if is_newly_required => {}
            None => {
                let is_breaking = self.may_be_wrong_by_default(None, new);
                changes.push(Change::new(&new.name, ChangeKind::Added, is_breaking));
            }
        }
        changes.extend(self.taken_over(new));
        changes.extend(self.contradictions(new));
        changes
    }

    /// Returns whether an environment may leave `new` unset that loaded before.
    fn is_newly_required(&self, new: &Described) -> bool {
        if !self.may_hold(&new.conditions, &new.all_names()) {
            return false;
        }
        let names = new.all_names();
        let mut before = self.old.variables.iter();
        !before.any(|old| {
            let is_satisfied = old.all_names().iter().all(|name| names.contains(name));
            let conditions = &mut old.conditions.iter();
            let is_kept = !old.allow_empty || new.allow_empty;
            old.is_required
                && is_satisfied
                && is_kept
                && (!old.is_secret || new.is_secret)
                && conditions.all(|old| self.is_implied(old, &new.conditions))
        })
    }

    /// Returns whether conditions may all be true where the names `own` are unset.
    fn may_hold(&self, conditions: &[Condition], own: &[String]) -> bool {
        conditions.iter().all(|condition| match condition {
            Condition::AnySet { names, .. } => {
                let mut others = names.iter().filter(|name| !own.contains(name));
                others.any(|name| self.old.may_read(name).is_some())
            }
            Condition::Chosen { selector, word } => {
                is_default(self.new, selector, word) || self.may_be(selector, word)
            }
        })
    }

    /// Returns whether a word, or an alias of it, may be in a selector of the new specification.
    fn may_be(&self, selector: &str, word: &str) -> bool {
        let Some(selector) = self.new.find(selector) else {
            return true;
        };
        let texts = selector.texts_of(word);
        let selects = |text: &String| texts.iter().any(|selecting| is_same_word(selecting, text));
        selector.names().any(|name| {
            let Some(old) = self.old.may_read(name) else {
                return false;
            };
            old.words.is_empty() || old.words.iter().any(selects)
        })
    }

    /// Returns whether a condition of the old specification is true wherever the conditions of
    /// the new specification are true.
    fn is_implied(&self, old: &Condition, new: &[Condition]) -> bool {
        new.iter().any(|new| match (old, new) {
            (Condition::AnySet { names: old, .. }, Condition::AnySet { names: new, .. }) => new
                .iter()
                .all(|name| old.contains(name) || self.old.may_read(name).is_none()),
            (
                Condition::Chosen {
                    selector: old_selector,
                    word: old_word,
                },
                Condition::Chosen { selector, word },
            ) => {
                let is_newly_default = is_default(self.new, selector, word)
                    && !is_default(self.old, old_selector, old_word);
                !is_newly_default && self.selects_as(old_selector, old_word, selector, word)
            }
            _ => false,
        })
    }

    /// Returns whether the selectors have the same names, and each text that selects the new
    /// word has selected the old word, if the old selector accepts the text.
    fn selects_as(&self, old: &str, old_word: &str, new: &str, word: &str) -> bool {
        let (Some(old), Some(new)) = (self.old.find(old), self.new.find(new)) else {
            return false;
        };
        let (before, texts) = (old.texts_of(old_word), new.texts_of(word));
        let is_in = |text: &str, texts: &[&str]| texts.iter().any(|it| is_same_word(it, text));
        let accepted: Vec<&str> = old.words.iter().map(|word| &**word).collect();
        let mut accepted = texts.iter().filter(|text| is_in(text, &accepted));
        old.names().eq(new.names()) && accepted.all(|text| is_in(text, &before))
    }

    /// Returns whether the new variable is read where the old variable was not.
    fn is_read_more(&self, old: &Described, new: &Described) -> bool {
        let own = old.all_names();
        // A variable that is set is the reason to read its own group.
        let is_outer = |condition: &&Condition| match condition {
            Condition::Chosen { .. } => true,
            Condition::AnySet { names, .. } => !own.iter().any(|name| names.contains(name)),
        };
        let mut outer = old.conditions.iter().filter(is_outer);
        !outer.all(|condition| self.is_implied(condition, &new.conditions))
    }

    /// Returns whether the default of the new variable may be a wrong text where that of the old
    /// variable was none: a default with the texts of other variables in it.
    fn may_be_wrong_by_default(&self, old: Option<&Described>, new: &Described) -> bool {
        let Some(default) = new.default_from.as_deref() else {
            return false;
        };
        let is_same = |source: &&Described| {
            let before = self.old.find(&source.name);
            before.is_some_and(|before| {
                before.default == source.default
                    && before.words == source.words
                    && before.allow_empty == source.allow_empty
                    && before.names().eq(source.names())
                    && properties(before, source).next().is_none()
            })
        };
        let is_kept = old.is_some_and(|old| old.default_from.as_deref() == Some(default))
            && self.new.sources(default).iter().all(is_same);
        new.can_be_wrong() && !is_kept
    }

    fn changes_between(&self, old: &Described, new: &Described) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut add = |kind, is_breaking| changes.push(Change::new(&new.name, kind, is_breaking));
        if old.is_always_required() && !new.is_always_required() {
            add(ChangeKind::NoLongerRequired, false);
        }
        if old.name != new.name {
            let from = old.name.clone();
            // If the old name is gone, an alias makes both variables the same.
            let kind = if self.new.reads(&from) {
                ChangeKind::Renamed { from }
            } else {
                ChangeKind::Added
            };
            add(kind, false);
        }
        let is_breaking = self.may_be_wrong_by_default(Some(old), new);
        if old.default != new.default || is_breaking {
            let (old, new) = (old.default.clone(), new.default.clone());
            add(ChangeKind::Default { old, new }, is_breaking);
        }
        for (property, old, new) in properties(old, new) {
            let is_breaking = property != Property::Range || new.is_some();
            let kind = ChangeKind::Property { property, old, new };
            add(kind, is_breaking);
        }
        let is_read_more = self.is_read_more(old, new) && new.may_fail();
        if !old.is_read_like(new) {
            let kind = ChangeKind::Property {
                property: Property::When,
                old: old.when(),
                new: new.when(),
            };
            add(kind, is_read_more);
        } else if is_read_more {
            add(ChangeKind::ReadByDefault { when: new.when() }, true);
        }
        for word in missing(&old.words, &new.words) {
            add(ChangeKind::WordRemoved { word }, true);
        }
        for word in missing(&new.words, &old.words) {
            add(ChangeKind::WordAdded { word }, false);
        }
        let deprecated = missing(&new.deprecated, &old.deprecated);
        for name in deprecated.filter(|name| *name != old.name) {
            add(ChangeKind::Deprecated { name }, false);
        }
        if old.allow_empty != new.allow_empty {
            let allowed = new.allow_empty;
            let is_breaking = if allowed {
                // An empty text is read, switches groups on, and contradicts other places.
                new.may_fail() || !new.conditions.is_empty() || self.new.is_a_switch(&new.name)
            } else {
                // Another place is read, or a default with the text of another variable.
                let is_read_elsewhere = new.all_names().len() > 1 || new.default_from.is_some();
                new.is_required || is_read_elsewhere && new.can_be_wrong()
            };
            add(ChangeKind::AllowEmpty { allowed }, is_breaking);
        }
        if old.is_secret != new.is_secret {
            let secret = new.is_secret;
            // No store is asked for a variable that is no secret.
            add(ChangeKind::Secret { secret }, !secret && new.is_required);
        }
        if let (Some(old), Some(new)) = (&old.key, &new.key) {
            if old != new {
                let (old, new) = (old.clone(), new.clone());
                add(ChangeKind::Key { old, new }, true);
            }
        }
        if old.is_live != new.is_live {
            add(ChangeKind::Live { live: new.is_live }, false);
        }
        changes
    }

    /// Returns the changes of names that another variable read before.
    fn taken_over(&self, new: &Described) -> Vec<Change> {
        let mut changes = Vec::new();
        let main = new.names().find_map(|name| self.old.reading(name));
        let main = main.map(|it| it.name.clone());
        for name in new.names() {
            let Some(old) = self.old.reading(name) else {
                if let Some(old) = self.old.may_read(name) {
                    let from = old.name.clone();
                    changes.push(Change::new(name, ChangeKind::TakenOver { from }, true));
                }
                continue;
            };
            let is_other = main.as_deref() != Some(&old.name);
            let is_different = properties(old, new).next().is_some()
                || missing(&old.words, &new.words).next().is_some()
                || old.allow_empty != new.allow_empty;
            let may_fail =
                is_different && new.can_be_wrong() || self.is_read_more(old, new) && new.may_fail();
            if is_other && may_fail {
                let from = old.name.clone();
                changes.push(Change::new(name, ChangeKind::TakenOver { from }, true));
            }
        }
        for name in new.file_names() {
            let mut before = self.old.variables.iter();
            if before.any(|old| old.file_names().contains(&name)) {
                continue;
            }
            if let Some(old) = self.old.may_read(&name) {
                let from = old.name.clone();
                changes.push(Change::new(&name, ChangeKind::TakenOver { from }, true));
            }
        }
        changes
    }

    /// Returns the deprecated names that must not differ from another name any more.
    fn contradictions(&self, new: &Described) -> Vec<Change> {
        let names = |it: &Described| it.names().map(str::to_owned).collect::<Vec<_>>();
        let read: Vec<String> = names(new)
            .into_iter()
            .filter(|name| self.old.may_read(name).is_some())
            .collect();
        let deprecated = new.deprecated.iter().filter(|name| read.contains(name));
        let contradicts = |name: &&String| {
            let same = self.old.reading(name);
            let was_checked = same.is_some_and(|old| {
                let mut before = names(old);
                before.retain(|name| read.contains(name));
                old.deprecated.contains(name) && before == read
            });
            read.len() > 1 && !was_checked
        };
        let contradicting = deprecated.filter(contradicts);
        contradicting
            .map(|name| {
                let others: Vec<String> = read.iter().filter(|it| *it != name).cloned().collect();
                let other = others.join(" or ");
                Change::new(name, ChangeKind::Contradicts { other }, true)
            })
            .collect()
    }
}

/// Returns the properties of the text that differ.
fn properties(
    old: &Described,
    new: &Described,
) -> impl Iterator<Item = (Property, Option<String>, Option<String>)> {
    // Where the compiler alone can evaluate a range, it may be the same.
    let is_comparable = !old.has_written_range && !new.has_written_range;
    let range = |of: &Described| of.range.clone().filter(|_| is_comparable);
    let all = [
        (Property::Type, old.ty.clone(), new.ty.clone()),
        (Property::Range, range(old), range(new)),
        (
            Property::Separator,
            old.separator.clone(),
            new.separator.clone(),
        ),
    ];
    all.into_iter().filter(|(_, old, new)| old != new)
}

/// Returns the texts of `of` that are not in `from`.
fn missing<'v>(of: &'v [String], from: &'v [String]) -> impl Iterator<Item = String> + 'v {
    of.iter().filter(|text| !from.contains(text)).cloned()
}

fn is_default(document: &Document, selector: &str, word: &str) -> bool {
    let selector = document.find(selector);
    let default = selector.and_then(|selector| selector.default.as_deref());
    default.is_some_and(|default| is_same_word(default, word))
}

fn is_same_word(one: &str, other: &str) -> bool {
    one.replace('_', "-")
        .eq_ignore_ascii_case(&other.replace('_', "-"))
}

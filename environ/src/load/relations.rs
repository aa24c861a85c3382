//! Rules between the fields of a struct, and variables that a release has removed.

use super::Loading;
use crate::report::{Absence, Fault, Problem, Warning};
use crate::spec::{Kind, Presence, Rule, RuleKind, ON};
use crate::value::{EnvValue, Form, Text};

impl Loading<'_> {
    /// Checks the rules of a struct, whose fields have all been asked for, and returns whether
    /// the struct keeps them. A variable that is set counts even if its value is wrong.
    #[cold]
    pub fn keeps_rules(&mut self) -> bool {
        let before = self.problems.len();
        for item in self.items {
            if let Kind::Rule(rule) = item.kind {
                self.check_rule(rule);
            }
        }
        self.problems.len() == before
    }

    fn check_rule(&mut self, rule: Rule) {
        let mut set: Vec<(usize, String)> = Vec::new();
        for index in rule.members {
            if let Some(clause) = self.clause_of(*index) {
                set.push((*index, clause));
            }
        }
        if rule.kind.excludes() {
            for (index, _) in set.iter().skip(1) {
                self.excluded(*index, &set[0].1);
            }
        }
        let is_undecided = |index: &usize| self.is_undecided(*index);
        match set.first() {
            // A word that is wrong is a problem of its own.
            None if rule.members.iter().any(is_undecided) => {}
            None if rule.kind.needs_any() => match rule.members {
                [several] => self.none_is_there(*several),
                _ => self.none_is_set(rule),
            },
            None => {}
            Some((first, clause)) => {
                let needs = match rule.kind {
                    RuleKind::AllOrNone => true,
                    RuleKind::Requires => *first == rule.members[0],
                    _ => false,
                };
                let is_set = |index: &usize| set.iter().any(|(other, _)| other == index);
                let is_absent = |index: &usize| !is_set(index) && !self.is_undecided(*index);
                let absent = rule
                    .members
                    .iter()
                    .filter(|index| needs && is_absent(index));
                for index in absent.copied().collect::<Vec<usize>>() {
                    self.needed(index, clause);
                }
            }
        }
    }

    /// Returns the clause that says that a field is set: `APP_KEY is set`.
    fn clause_of(&self, index: usize) -> Option<String> {
        let item = &self.items[index];
        let path = item.path(&self.path);
        match (&item.kind, item.presence) {
            (Kind::Group(spec), Presence::When(index)) => {
                self.lookup.presence(&spec.items[index..=index], &path)
            }
            (Kind::Group(spec), _) if spec.is_switched() => {
                let switch = self.switch_of(index)?;
                (self.switched(&switch)? == Ok(true)).then(|| format!("{switch} is {ON}"))
            }
            _ => self.lookup.presence(&self.items[index..=index], &self.path),
        }
    }

    /// Returns whether the switch of a group is set to a text that is neither on nor off.
    fn is_undecided(&self, index: usize) -> bool {
        let switched = self.switch_of(index).and_then(|it| self.switched(&it));
        switched.is_some_and(|is_on| is_on.is_err())
    }

    fn absence_of_group(&self, index: usize) -> Absence {
        match self.switch_of(index).and_then(|it| self.switched(&it)) {
            Some(_) => Absence::SwitchedOff,
            None => Absence::Unset,
        }
    }

    /// Returns the name of the switch of a group, if there is a switch.
    fn switch_of(&self, index: usize) -> Option<String> {
        let item = &self.items[index];
        match item.kind {
            Kind::Group(spec) if spec.is_switched() => {
                Some(spec.items[0].full_name(&item.path(&self.path)))
            }
            _ => None,
        }
    }

    /// Returns whether a switch that is set is on, unless the text is wrong.
    fn switched(&self, switch: &str) -> Option<Result<bool, ()>> {
        let text = self.lookup.set(switch)?;
        let text = text.to_str().ok_or(());
        let is_on = |text| bool::from_text(&mut Text::borrowed(text, ",")).map_err(|_| ());
        Some(text.and_then(is_on))
    }

    /// Remembers that a field is set although another field excludes it.
    fn excluded(&mut self, index: usize, other: &str) {
        let item = &self.items[index];
        let clause = self.clause_of(index).unwrap_or_default();
        let name = match clause.strip_suffix(" is set") {
            Some(name) => name.to_owned(),
            None => item.name_in_rule(&self.path),
        };
        let why = format!("set, although {other}; remove one of them");
        // Two rules may exclude the same fields.
        let fault = Fault::Wrong {
            code: "conflict",
            why,
        };
        let problem = Problem::new(name, fault, item.doc);
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Remembers that none of the fields is set.
    fn none_is_set(&mut self, rule: Rule) {
        let items = self.items;
        let members = rule.members.iter().map(|index| &items[*index]);
        let names = members.clone().map(|item| item.name_in_rule(&self.path));
        let names: Vec<String> = names.collect();
        let empty = members.clone().find_map(|item| match &item.kind {
            Kind::Var(var) => Some((item, self.empty_place(item, var)?)),
            _ => None,
        });
        let (first, (name, absence)) = empty.unwrap_or_else(|| {
            let first = rule.members[0];
            let absence = self.absence_of_group(first);
            (&items[first], (names[0].clone(), absence))
        });
        let fault = Fault::Missing {
            absence,
            because: None,
            form: Form::text(),
        };
        let mut problem = Problem::new(name, fault, first.doc);
        let number = match rule.kind {
            RuleKind::OneOf => "exactly one",
            _ => "at least one",
        };
        problem.hint(&format!("set {number} of: {}", names.join(", ")));
        self.problems.push(problem);
    }

    /// Remembers that a field is not set, although a set field needs it.
    fn needed(&mut self, index: usize, clause: &str) {
        let item = &self.items[index];
        let before = self.problems.len();
        if let Kind::Var(_) = item.kind {
            let _ = self.missing(index);
        } else {
            let fault = Fault::Missing {
                absence: self.absence_of_group(index),
                because: None,
                form: Form::text(),
            };
            let name = item.name_in_rule(&self.path);
            self.problems.push(Problem::new(name, fault, item.doc));
        }
        self.explain(before, clause);
        // Another rule may need the field too.
        let (earlier, new) = self.problems.split_at_mut(before);
        let is_same = |problem: &&mut Problem| {
            problem.is_missing() && new.iter().any(|it| it.variable() == problem.variable())
        };
        if let Some(problem) = earlier.iter_mut().find(is_same) {
            problem.required_because(clause);
            self.problems.truncate(before);
        }
    }

    /// Warns of the variables that a release has removed.
    #[cold]
    pub fn warn_of_removed(&mut self) {
        let Some(notes) = &mut self.notes else {
            return;
        };
        for item in self.items {
            if let Kind::Removed(remedy) = item.kind {
                let name = item.segment();
                let warning = Warning::new(name, "removed", &format!("no longer read; {remedy}"));
                let is_new = |other: &Warning| other.to_string() != warning.to_string();
                if self.lookup.set(name).is_some() && notes.warnings.iter().all(is_new) {
                    notes.warnings.push(warning);
                }
            }
        }
    }
}

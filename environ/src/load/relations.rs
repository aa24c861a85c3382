//! Rules between the fields of a struct, and variables that a release has removed.

use super::Loading;
use crate::report::{Absence, Fault, Problem, Warning};
use crate::spec::{Item, Kind, Presence, Rule, RuleKind, ON};
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
        match set.first() {
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
                for index in rule.members.iter().filter(|index| needs && !is_set(index)) {
                    self.needed(*index, clause);
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
                let switch = spec.items[0].full_name(&path);
                let text = self.lookup.set(&switch)?;
                let is_on = bool::from_text(&mut Text::borrowed(text.to_str()?, ","));
                is_on
                    .is_ok_and(|is_on| is_on)
                    .then(|| format!("{switch} is {ON}"))
            }
            _ => self.lookup.presence(&self.items[index..=index], &self.path),
        }
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
        let is_empty = |item: &&Item| {
            let name = item.full_name(&self.path);
            matches!(item.kind, Kind::Var(_)) && self.lookup.get(&name).is_some()
        };
        let empty = members.clone().position(|item| is_empty(&item));
        let first = &items[rule.members[empty.unwrap_or(0)]];
        let fault = Fault::Missing {
            absence: match empty {
                Some(_) => Absence::EmptyVariable,
                None => Absence::Unset,
            },
            because: None,
            form: Form::text(),
        };
        let name = names[empty.unwrap_or(0)].clone();
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
                absence: Absence::Unset,
                because: None,
                form: Form::text(),
            };
            let name = item.name_in_rule(&self.path);
            self.problems.push(Problem::new(name, fault, item.doc));
        }
        self.explain(before, clause);
        // Another rule may need the field too.
        let (earlier, new) = self.problems.split_at(before);
        let is_same = |problem: &Problem| {
            problem.is_missing() && new.iter().any(|it| it.variable() == problem.variable())
        };
        if earlier.iter().any(is_same) {
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

//! Combinations of examples: a rule of a struct may refuse most of them, because fields
//! need or exclude each other. The search changes the variables that a report names until
//! the rest loads.

use std::collections::{HashSet, VecDeque};

use crate::config::EnvConfig;
use crate::help::example;
use crate::name;
use crate::report::{Error, Problem};
use crate::spec::variables::{Variable, When};
use crate::spec::Presence;

/// The maximum number of loads in each part of the search for a combination.
const MAX_LOADS: usize = 10_000;

/// The maximum number of changes to a combination that is refused.
const MAX_CHANGES: usize = 3;

/// All subsets of so many variables are tried, at most.
const MAX_SUBSET: usize = 12;

/// Environments of the examples, and the variables that were in an environment that loads.
pub(super) struct Combinations<'v> {
    variables: &'v [Variable],
    /// The texts of each variable, the example first. Empty if none is known.
    texts: Vec<Vec<String>>,
    loads: Vec<bool>,
}

/// A combination that never loads.
pub(super) struct Refused {
    pub(super) err: Error,
    /// The names of its variables.
    pub(super) set: Vec<String>,
}

/// The index of the text of each variable that is set.
type Chosen = Vec<Option<usize>>;

/// A variable that must stay as it is.
#[derive(Clone, Copy)]
enum Fixed {
    /// Set, to any text.
    Set(usize),
    /// Set to a text, or unset.
    To(usize, Option<usize>),
}

impl Fixed {
    fn holds(self, chosen: &Chosen) -> bool {
        match self {
            Self::Set(index) => chosen[index].is_some(),
            Self::To(index, text) => chosen[index] == text,
        }
    }
}

impl<'v> Combinations<'v> {
    pub(super) fn new(variables: &'v [Variable]) -> Self {
        Self {
            variables,
            texts: variables.iter().map(texts).collect(),
            loads: vec![false; variables.len()],
        }
    }

    /// Checks that each variable is in a combination that loads, if `selector` is `word`.
    /// Without a selector, each variant is the default, or the first.
    pub(super) fn check<T: EnvConfig>(
        &mut self,
        selected: Option<(&str, &str)>,
    ) -> Result<(), Refused> {
        let selected = self.selectors(selected);
        let minimal = self.chosen(&selected, |index| self.is_required(index));
        let complete = self.chosen(&selected, |_| true);
        // A variable of a variant that was not selected has proved nothing.
        self.loads.fill(false);
        let minimal_loads = self.load::<T>(&minimal);
        let complete_loads = self.load::<T>(&complete);
        let base = match minimal_loads {
            Ok(()) => minimal.clone(),
            Err(err) => {
                // A wrong default stays in use, or another text would hide it.
                let mut fixed = selected.clone();
                let mut starts = [minimal.clone(), complete.clone()];
                for index in self.blamed(&err) {
                    starts[1][index] = minimal[index];
                    fixed.push(Fixed::To(index, minimal[index]));
                }
                match self.search::<T>(&starts, &fixed) {
                    Some(found) => found,
                    None => return Err(self.refused(err, &minimal)),
                }
            }
        };
        if complete_loads.is_ok() {
            return Ok(());
        }
        for index in 0..self.variables.len() {
            self.check_variable::<T>(index, &selected, &[&base, &minimal, &complete])?;
        }
        Ok(())
    }

    /// Checks that a variable is in a combination that loads.
    fn check_variable<T: EnvConfig>(
        &mut self,
        index: usize,
        selected: &[Fixed],
        bases: &[&Chosen],
    ) -> Result<(), Refused> {
        let is = |fixed: &Fixed| matches!(fixed, Fixed::To(selector, _) if *selector == index);
        let is_selected = selected.iter().any(is);
        if self.loads[index] || is_selected || self.texts[index].is_empty() {
            return Ok(());
        }
        let starts = bases.iter().map(|base| self.with(base, index));
        let starts: Vec<Chosen> = starts.collect();
        let Err(err) = self.load::<T>(&starts[0]) else {
            return Ok(());
        };
        let fixed = [selected, &[Fixed::Set(index)]].concat();
        match self.search::<T>(&starts, &fixed) {
            Some(_) => Ok(()),
            None => Err(self.refused(err, &starts[0])),
        }
    }

    /// Returns the selectors that lead to a variant, that of an outer variant last.
    fn selectors(&self, selected: Option<(&str, &str)>) -> Vec<Fixed> {
        let mut selectors = Vec::new();
        let mut next = selected;
        while let Some((name, word)) = next {
            let Some(index) = self.variables.iter().position(|it| it.name == name) else {
                break;
            };
            let text = self.texts[index].iter().position(|text| text == word);
            selectors.push(Fixed::To(index, text));
            next = match &self.variables[index].when {
                Some(When::Chosen(name, words)) => words.first().map(|word| (&**name, *word)),
                _ => None,
            };
        }
        selectors
    }

    fn chosen(&self, selected: &[Fixed], is_set: impl Fn(usize) -> bool) -> Chosen {
        let indices = 0..self.variables.len();
        let first = |index: usize| (is_set(index) && !self.texts[index].is_empty()).then_some(0);
        let mut chosen: Chosen = indices.map(first).collect();
        for fixed in selected {
            if let Fixed::To(selector, word) = *fixed {
                chosen[selector] = word;
            }
        }
        chosen
    }

    fn is_required(&self, index: usize) -> bool {
        matches!(self.variables[index].item.presence, Presence::Required)
    }

    /// Adds a variable, and the variables that its groups need.
    fn with(&self, base: &Chosen, index: usize) -> Chosen {
        let mut chosen = base.clone();
        let path = &self.variables[index].path;
        for (other, text) in chosen.iter_mut().enumerate() {
            let of_the_group = is_in(path, &self.variables[other].path);
            let is_needed = self.is_required(other) && of_the_group;
            if (other == index || is_needed) && !self.texts[other].is_empty() {
                text.get_or_insert(0);
            }
        }
        chosen
    }

    fn load<T: EnvConfig>(&mut self, chosen: &Chosen) -> Result<(), Error> {
        T::from_source(self.pairs(chosen))?;
        for (loads, chosen) in self.loads.iter_mut().zip(chosen) {
            *loads |= chosen.is_some();
        }
        Ok(())
    }

    fn pairs(&self, chosen: &Chosen) -> Vec<(String, String)> {
        let set = chosen.iter().enumerate();
        let pair = |(index, text): (usize, &Option<usize>)| {
            let text = self.texts[index][(*text)?].clone();
            Some((example::concrete(&self.variables[index].name), text))
        };
        set.filter_map(pair).collect()
    }

    fn refused(&self, err: Error, chosen: &Chosen) -> Refused {
        let set = self.pairs(chosen).into_iter().map(|(name, _)| name);
        let set = set.collect();
        Refused { err, set }
    }

    /// Searches for a combination that loads: near each of `starts` by the presence of
    /// variables, then in all subsets of the variables that are refused, then by other
    /// texts.
    fn search<T: EnvConfig>(&mut self, starts: &[Chosen], fixed: &[Fixed]) -> Option<Chosen> {
        self.near::<T>(starts, fixed, false)
            .or_else(|| self.subsets::<T>(starts, fixed))
            .or_else(|| self.near::<T>(starts, fixed, true))
    }

    fn near<T: EnvConfig>(
        &mut self,
        starts: &[Chosen],
        fixed: &[Fixed],
        changes_texts: bool,
    ) -> Option<Chosen> {
        let mut tries = Tries::default();
        let mut reports = HashSet::new();
        let starts = starts.iter().map(|start| (start.clone(), 0));
        let mut queue: VecDeque<(Chosen, usize)> = starts.collect();
        while let Some((chosen, changes)) = queue.pop_front() {
            if !tries.is_new(&chosen)? {
                continue;
            }
            let Err(err) = self.load::<T>(&chosen) else {
                return Some(chosen);
            };
            // A new report is progress, as where a validator has several rules.
            let changes = if reports.insert(err.to_string()) {
                0
            } else {
                changes
            };
            if changes == MAX_CHANGES {
                continue;
            }
            let concerned = self.concerned(&err);
            let mut next = self.changed(&chosen, &concerned);
            if changes_texts {
                next.extend(self.reworded(&chosen, &concerned));
            }
            next.retain(|chosen| keeps(chosen, fixed));
            queue.extend(next.into_iter().map(|chosen| (chosen, changes + 1)));
        }
        None
    }

    /// Tries neighbouring fields of the table alone, and all fields but these, because fields that
    /// belong together stand together; then all subsets, if they are few.
    fn subsets<T: EnvConfig>(&mut self, starts: &[Chosen], fixed: &[Fixed]) -> Option<Chosen> {
        let mut tries = Tries::default();
        let start = starts.first()?;
        let err = self.load::<T>(start).err()?;
        let mut free = self.concerned(&err);
        free.retain(|index| !self.must_always_be_set(*index));
        let count = free.len();
        let windows = (0..count).flat_map(|from| (from + 1..=count).map(move |to| (from, to)));
        let windows = windows.flat_map(|(from, to)| {
            let is_inside = move |at: usize| (from..to).contains(&at);
            [true, false].map(|inside| {
                let bits: Vec<bool> = (0..count).map(|at| is_inside(at) == inside).collect();
                bits
            })
        });
        let few = if count <= MAX_SUBSET { 1 << count } else { 0 };
        let all = (0..few).map(|bits: usize| (0..count).map(|at| bits >> at & 1 == 1).collect());
        for is_set in windows.chain(all) {
            let mut chosen = start.clone();
            for (index, is_set) in free.iter().zip(is_set) {
                let first = chosen[*index].or(Some(0));
                chosen[*index] = first.filter(|_| is_set);
            }
            if keeps(&chosen, fixed) && tries.is_new(&chosen)? && self.load::<T>(&chosen).is_ok() {
                return Some(chosen);
            }
        }
        None
    }

    /// Returns the variables with a text or default that is wrong in every combination.
    fn blamed(&self, err: &Error) -> Vec<usize> {
        let codes = ["invalid", "constraint", "not_unicode"];
        let wrong = err.problems().filter(|it| codes.contains(&it.code()));
        let names: Vec<&str> = wrong.map(Problem::name).collect();
        let indices = 0..self.variables.len();
        let is_wrong = |index: &usize| {
            let own = self.variables[*index].names().map(example::concrete);
            own.into_iter().any(|name| names.contains(&&*name))
        };
        indices.filter(is_wrong).collect()
    }

    /// Returns the variables that may help if they change: of a rule all variables of its
    /// struct, else the variables of the same group.
    fn concerned(&self, err: &Error) -> Vec<usize> {
        let blamed = self.blamed(err);
        let paths: Vec<&str> = err.problems().map(|it| self.path_of(it)).collect();
        let indices = 0..self.variables.len();
        indices
            .filter(|index| !self.texts[*index].is_empty() && !blamed.contains(index))
            .filter(|index| {
                let own = example::concrete(&self.variables[*index].path);
                paths.iter().any(|path| is_in(&own, path))
            })
            .collect()
    }

    fn path_of<'p>(&'p self, problem: &'p Problem) -> &'p str {
        let name = problem.name();
        if let Some(path) = name.strip_suffix('*') {
            return path.trim_end_matches('_');
        }
        let variable = self.variables.iter();
        let mut variable = variable.filter(|it| example::concrete(&it.name) == name);
        variable.next().map_or("", |it| &it.path)
    }

    fn must_always_be_set(&self, index: usize) -> bool {
        self.is_required(index) && self.variables[index].when.is_none()
    }

    /// Returns combinations with a variable more or less, and with a group more or less.
    fn changed(&self, chosen: &Chosen, concerned: &[usize]) -> Vec<Chosen> {
        let mut all = Vec::new();
        let mut groups: Vec<&str> = Vec::new();
        for index in concerned {
            let mut changed = chosen.clone();
            changed[*index] = match chosen[*index] {
                Some(_) if self.must_always_be_set(*index) => continue,
                Some(_) => None,
                None => Some(0),
            };
            all.push(changed);
            if let Some(When::AnySet(_)) = &self.variables[*index].when {
                groups.push(&self.variables[*index].path);
            }
        }
        groups.dedup();
        for group in groups {
            let (mut without, mut with) = (chosen.clone(), chosen.clone());
            for index in 0..chosen.len() {
                if is_in(&self.variables[index].path, group) {
                    without[index] = None;
                    if self.is_required(index) && !self.texts[index].is_empty() {
                        with[index].get_or_insert(0);
                    }
                }
            }
            all.extend([without, with]);
        }
        all
    }

    /// Returns combinations with another text in a variable.
    fn reworded(&self, chosen: &Chosen, concerned: &[usize]) -> Vec<Chosen> {
        let mut all = Vec::new();
        for index in concerned {
            let others = 0..self.texts[*index].len();
            for text in others.filter(|text| chosen[*index] != Some(*text)) {
                let mut reworded = chosen.clone();
                reworded[*index] = Some(text);
                all.push(reworded);
            }
        }
        all
    }
}

/// The combinations that were tried.
#[derive(Default)]
struct Tries(HashSet<Chosen>);

impl Tries {
    /// Returns whether a combination was not tried, or `None` if there were too many.
    fn is_new(&mut self, chosen: &Chosen) -> Option<bool> {
        (self.0.len() < MAX_LOADS).then(|| self.0.insert(chosen.clone()))
    }
}

fn keeps(chosen: &Chosen, fixed: &[Fixed]) -> bool {
    fixed.iter().all(|fixed| fixed.holds(chosen))
}

/// Returns whether a path is `group`, or below it.
fn is_in(path: &str, group: &str) -> bool {
    path == group || name::is_under(group, path)
}

/// Returns texts that a variable may hold: its example, then further texts of its type.
fn texts(variable: &Variable) -> Vec<String> {
    let Some(first) = example::value(variable) else {
        return Vec::new();
    };
    let var = variable.var;
    let mut texts = vec![first];
    let words = var.form().known_words().unwrap_or_default();
    texts.extend(words.iter().map(|word| (*word).to_owned()));
    let others: &[&str] = match &*texts[0] {
        text if text.parse::<f64>().is_ok() => &["0", "1", "2", "10", "1000"],
        text if text.starts_with(|letter: char| letter.is_ascii_digit())
            && text.ends_with(['s', 'm', 'h', 'd']) =>
        {
            &["0s", "1s", "2s", "1m", "1h"]
        }
        _ => &[],
    };
    texts.extend(others.iter().map(|text| (*text).to_owned()));
    if var.form().is_several() {
        let twice = [&*texts[0], &texts[0]].join(var.separator());
        texts.push(twice);
    }
    let mut seen = HashSet::new();
    texts.retain(|text| seen.insert(text.clone()));
    texts
}

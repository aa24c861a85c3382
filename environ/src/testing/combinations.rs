//! Combinations of examples: a rule of a struct may refuse most of them, because fields
//! need or exclude each other. The search changes the variables that a report names until
//! the rest loads.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::config::EnvConfig;
use crate::help::example;
use crate::name;
use crate::report::{Error, Problem};
use crate::spec::conditions::{self, Conditional};
use crate::spec::rule::{self, Placed, Reach, Role};
use crate::spec::variables::{self, Variable, When};
use crate::spec::{Presence, Spec};

/// The maximum number of variables that all searches of an `assert_valid` load, so that a type
/// whose rule refuses most combinations fails within seconds: a load takes time in proportion to
/// the variables of the type.
const MAX_LOADED: usize = 150_000;

/// The maximum number of combinations in each part of a search.
const MAX_TRIES: usize = 10_000;

/// The maximum number of changes to a combination that is refused.
const MAX_CHANGES: usize = 3;

/// All subsets of so many variables are tried, at most.
const MAX_SUBSET: usize = 12;

/// Environments of the examples, and the variables that were in an environment that loads.
pub(super) struct Combinations {
    pub(super) variables: Vec<Variable>,
    rules: Vec<Placed>,
    /// The groups that may be absent.
    groups: Vec<Conditional>,
    /// The texts of each variable, the example first. Empty if none is known.
    texts: Vec<Vec<String>>,
    /// Whether an environment with the variable was loaded, and the variable read.
    loads: Vec<bool>,
    /// The last combinations that a search found. A rule that refuses a variable of a group
    /// mostly refuses the next variable too, so that each is a start of the next search.
    found: VecDeque<Chosen>,
    /// The number of loads of all searches.
    searched: usize,
}

/// The maximum number of combinations that the next search starts from.
const MAX_FOUND: usize = 4;

/// A combination that never loads.
pub(super) struct Refused {
    pub(super) err: Error,
    /// The names of its variables.
    pub(super) set: Vec<String>,
    /// The number of combinations that a search loaded before it was stopped.
    pub(super) stopped: Option<usize>,
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

impl Combinations {
    pub(super) fn new(spec: &Spec) -> Self {
        let root = spec.root_path();
        let (variables, rules) = variables::with_rules(spec.items, &root);
        Self {
            texts: variables.iter().map(texts).collect(),
            loads: vec![false; variables.len()],
            groups: conditions::of(spec.items, &root, &variables::placeholders),
            found: VecDeque::new(),
            searched: 0,
            variables,
            rules,
        }
    }

    /// Checks that each variable is in a combination that loads, if `selector` is `word`.
    /// Without a selector, each variant is the default, or the first.
    pub(super) fn check<T: EnvConfig>(
        &mut self,
        selected: Option<(&str, &str)>,
    ) -> Result<(), Refused> {
        let selected = self.selectors(selected);
        let needed = self.needed_for(&selected);
        let roles = self.roles(&needed, Reach::GroupsInUse);
        let few = self.few(&selected, &roles);
        let roles = self.roles(&needed, Reach::AllGroups);
        let minimal = self.chosen(&selected, |index| match roles[index] {
            Role::Set => true,
            Role::Usual => self.is_required(index),
            Role::Excluded => false,
        });
        let complete = self.chosen(&selected, |index| roles[index] != Role::Excluded);
        let minimal_loads = self.load::<T>(&minimal);
        let complete_loads = self.load::<T>(&complete);
        let base = match minimal_loads {
            Ok(()) => minimal.clone(),
            Err(_) if self.load::<T>(&few).is_ok() => few.clone(),
            Err(err) => {
                // A wrong default stays in use, or another text would hide it.
                let mut fixed = selected.clone();
                let mut starts = [minimal.clone(), few.clone(), complete.clone()];
                for index in self.blamed(&err) {
                    starts[1][index] = minimal[index];
                    starts[2][index] = minimal[index];
                    fixed.push(Fixed::To(index, minimal[index]));
                }
                let found = match self.base_by_rules::<T>(&selected, &fixed) {
                    Some(base) => Some(base),
                    None => self.search::<T>(&starts, &fixed),
                };
                match found {
                    Some(found) => found,
                    None => return Err(self.refused(err, &minimal)),
                }
            }
        };
        let read = self.read(if complete_loads.is_ok() {
            &complete
        } else {
            &base
        });
        for index in (0..read.len()).filter(|index| read[*index]) {
            self.check_variable::<T>(index, &selected, &[&base, &minimal, &few, &complete])?;
        }
        Ok(())
    }

    /// Returns how an example that sets these variables sets the rest, by the rules alone.
    fn roles(&mut self, set: &[usize], reach: Reach) -> Vec<Role> {
        for (index, variable) in self.variables.iter_mut().enumerate() {
            variable.role = if set.contains(&index) {
                Role::Set
            } else {
                Role::Usual
            };
        }
        rule::assign(&self.rules, &mut self.variables, reach);
        self.variables.iter().map(|it| it.role).collect()
    }

    /// Returns for each variable whether no variant around it is unselected.
    fn read(&self, chosen: &Chosen) -> Vec<bool> {
        let word = |selector: &str| {
            let index = self.variables.iter().position(|it| it.name == selector)?;
            match (chosen[index], self.variables[index].item.presence) {
                (Some(text), _) => Some(&*self.texts[index][text]),
                (None, Presence::Default(word)) => Some(word),
                (None, _) => None,
            }
        };
        let unselected = self.groups.iter().filter(|group| match &group.when {
            When::Chosen(selector, words) => !word(selector).is_some_and(|it| words.contains(&it)),
            When::AnySet(_) | When::AnyOf(_) | When::IfSet(_) => false,
        });
        let unselected: Vec<&str> = unselected.map(|group| &*group.field).collect();
        let is_read = |it: &Variable| !unselected.iter().any(|group| it.is_in(group));
        self.variables.iter().map(is_read).collect()
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
        let found = self.found.clone();
        let bases = bases.iter().copied().chain(&found);
        for by_rules in self.by_rules(index, selected, bases.clone()) {
            if self.load::<T>(&by_rules).is_ok() {
                return Ok(());
            }
        }
        let fixed = [selected, &[Fixed::Set(index)]].concat();
        let mut starts: Vec<Chosen> = bases.map(|base| self.with(base, index)).collect();
        starts.retain(|start| keeps(start, &fixed));
        let Some(Err(err)) = starts.first().map(|start| self.load::<T>(start)) else {
            return Ok(());
        };
        for start in &starts[1..] {
            if self.load::<T>(start).is_ok() {
                return Ok(());
            }
        }
        match self.search::<T>(&starts, &fixed) {
            Some(found) => {
                self.found.push_front(found);
                self.found.truncate(MAX_FOUND);
                Ok(())
            }
            None => Err(self.refused(err, &starts[0])),
        }
    }

    /// Returns a combination that loads, of the combinations that keep all rules of the tables.
    fn base_by_rules<T: EnvConfig>(
        &mut self,
        selected: &[Fixed],
        fixed: &[Fixed],
    ) -> Option<Chosen> {
        let indices = 0..self.variables.len();
        let mut tries = Tries::default();
        for index in indices {
            for chosen in self.by_rules(index, selected, [].into_iter()) {
                let is_new = keeps(&chosen, fixed) && tries.is_new(&chosen);
                if is_new && self.try_load::<T>(&chosen)?.is_ok() {
                    return Some(chosen);
                }
            }
        }
        None
    }

    /// Returns combinations with a variable that keep all rules of the tables: with as few
    /// variables as possible, with as many, and with the variables of each of `bases`.
    fn by_rules<'b>(
        &mut self,
        index: usize,
        selected: &[Fixed],
        bases: impl Iterator<Item = &'b Chosen>,
    ) -> Vec<Chosen> {
        let needed = self.needed_for(&[selected, &[Fixed::Set(index)]].concat());
        let roles = self.roles(&needed, Reach::AllGroups);
        let many = self.chosen(selected, |index| roles[index] != Role::Excluded);
        let roles = self.roles(&needed, Reach::GroupsInUse);
        let few = self.few(selected, &roles);
        let kept = bases.map(|base| {
            let places = base.iter().zip(&few).zip(&roles);
            let kept = places.map(|((base, few), role)| match role {
                Role::Excluded => None,
                Role::Set | Role::Usual => base.or(*few),
            });
            kept.collect()
        });
        let kept: Vec<Chosen> = kept.collect();
        [few, many].into_iter().chain(kept).collect()
    }

    /// Returns the combination of as few variables as possible.
    fn few(&self, selected: &[Fixed], roles: &[Role]) -> Chosen {
        self.chosen(selected, |index| match roles[index] {
            Role::Set => true,
            Role::Usual => self.must_always_be_set(index),
            Role::Excluded => false,
        })
    }

    /// Returns the variables that are fixed, and the variables that their groups need.
    fn needed_for(&self, fixed: &[Fixed]) -> Vec<usize> {
        let mut chosen: Chosen = vec![None; self.variables.len()];
        for fixed in fixed {
            let (Fixed::Set(index) | Fixed::To(index, _)) = *fixed;
            chosen = self.with(&chosen, index);
        }
        let indices = 0..chosen.len();
        indices.filter(|index| chosen[*index].is_some()).collect()
    }

    /// Returns the selector of a variant, and the selectors of all variants around it.
    fn selectors(&self, selected: Option<(&str, &str)>) -> Vec<Fixed> {
        let find = |(name, word): (&str, &str)| {
            let index = self.variables.iter().position(|it| it.name == name)?;
            let text = self.texts[index].iter().position(|text| text == word);
            Some((index, text))
        };
        let Some((index, text)) = selected.and_then(find) else {
            return Vec::new();
        };
        let around = self.groups.iter();
        let around = around.filter(|group| self.variables[index].is_in(&group.field));
        let outer = around.filter_map(|group| match &group.when {
            When::Chosen(name, words) if *name != self.variables[index].name => {
                find((name, words.first()?))
            }
            _ => None,
        });
        let all = [(index, text)].into_iter().chain(outer);
        all.map(|(index, text)| Fixed::To(index, text)).collect()
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

    /// Loads a combination of a search. Returns `None` once the searches are at their maximum.
    fn try_load<T: EnvConfig>(&mut self, chosen: &Chosen) -> Option<Result<(), Error>> {
        if self.is_at_maximum() {
            return None;
        }
        self.searched += 1;
        Some(self.load::<T>(chosen))
    }

    fn is_at_maximum(&self) -> bool {
        self.searched * self.variables.len() >= MAX_LOADED
    }

    fn load<T: EnvConfig>(&mut self, chosen: &Chosen) -> Result<(), Error> {
        // Found in a map, so that a load does not take the square of the number of variables.
        T::from_source(self.pairs(chosen).into_iter().collect::<HashMap<_, _>>())?;
        let read = self.read(chosen);
        for (index, loads) in self.loads.iter_mut().enumerate() {
            *loads |= chosen[index].is_some() && read[index];
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
        Refused {
            err,
            set: set.collect(),
            stopped: self.is_at_maximum().then_some(self.searched),
        }
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
        let mut queue = VecDeque::new();
        for start in starts {
            if tries.is_new(start) {
                queue.push_back((start.clone(), 0));
            }
        }
        while let Some((chosen, changes)) = queue.pop_front() {
            let Err(err) = self.try_load::<T>(&chosen)? else {
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
            for chosen in next {
                if tries.is_new(&chosen) {
                    queue.push_back((chosen, changes + 1));
                }
            }
        }
        None
    }

    /// Tries neighbouring fields of the table alone, and all fields but these, because fields that
    /// belong together stand together; then all subsets, if they are few.
    fn subsets<T: EnvConfig>(&mut self, starts: &[Chosen], fixed: &[Fixed]) -> Option<Chosen> {
        let mut tries = Tries::default();
        let start = starts.first()?;
        let err = self.try_load::<T>(start)?.err()?;
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
            let is_new = keeps(&chosen, fixed) && tries.is_new(&chosen);
            if is_new && self.try_load::<T>(&chosen)?.is_ok() {
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

    /// Returns the key of each secret that an earlier secret has in stores, too, with the names of
    /// both variables.
    pub(super) fn shared_keys(&self, root: &str) -> Vec<(String, [&str; 2])> {
        let secrets = self.variables.iter().filter(|it| it.var.secret);
        let mut earlier: HashMap<String, Vec<&Variable>> = HashMap::new();
        let mut shared = Vec::new();
        for secret in secrets {
            let key = variables::store_key(secret.item, secret.var, &secret.path, root);
            let others = earlier.entry(key.clone()).or_default();
            let mut read_too = others
                .iter()
                .filter(|it| !self.are_alternatives(it, secret));
            if let Some(other) = read_too.next() {
                shared.push((key, [&*other.name, &*secret.name]));
            }
            others.push(secret);
        }
        shared
    }

    /// Returns whether two variables are in different variants of an enum, of which one is read.
    fn are_alternatives(&self, one: &Variable, other: &Variable) -> bool {
        let around = |variable: &Variable| {
            let groups = self.groups.iter();
            let groups = groups.filter(|group| variable.is_in(&group.field));
            let chosen = groups.filter_map(|group| match &group.when {
                When::Chosen(selector, words) => Some((selector.clone(), words.clone())),
                _ => None,
            });
            chosen.collect::<Vec<_>>()
        };
        let others = around(other);
        let is_excluded = |(selector, words): &(String, Vec<&str>)| {
            let mut others = others.iter();
            others.any(|(other, others)| {
                selector == other && !words.iter().any(|word| others.contains(word))
            })
        };
        around(one).iter().any(is_excluded)
    }

    fn must_always_be_set(&self, index: usize) -> bool {
        self.is_required(index) && self.variables[index].when.is_none()
    }

    /// Returns combinations with a variable more or less, and with a group more or less.
    fn changed(&self, chosen: &Chosen, concerned: &[usize]) -> Vec<Chosen> {
        let mut all = Vec::new();
        let grouped = concerned.iter().map(|index| &self.variables[*index]);
        let grouped = grouped.filter(|it| matches!(it.when, Some(When::AnySet(_))));
        let mut groups: Vec<&str> = grouped.map(|it| &*it.path).collect();
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
        for index in concerned {
            let mut changed = chosen.clone();
            changed[*index] = match chosen[*index] {
                Some(_) if self.must_always_be_set(*index) => continue,
                Some(_) => None,
                None => Some(0),
            };
            all.push(changed);
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
    /// Returns whether a combination was not tried. None is new once there are too many.
    fn is_new(&mut self, chosen: &Chosen) -> bool {
        self.0.len() < MAX_TRIES && self.0.insert(chosen.clone())
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

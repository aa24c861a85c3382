//! Variables that are set and that no field reads: typing errors, mostly.

use std::collections::{BTreeMap, BTreeSet};

use super::several::not_bare;
use super::{wording, Level, Loading};
use crate::lookup::{kubernetes, Lookup, NameSet};
use crate::name::near::{Candidates, Near, Pattern, Search};
use crate::name::{self, Path};
use crate::redact::{display, oddity};
use crate::report::{Problem, Warning};
use crate::spec::variables::{self, Variable};
use crate::spec::{removed, Item, Kind};

const CODE: &str = "unknown";

/// Variables that shells, systems and containers set: without a prefix, none is a misspelt
/// name of a config.
const OF_OTHERS: &[&str] = &[
    "DISPLAY", "EDITOR", "HOME", "HOSTNAME", "IFS", "LANG", "LANGUAGE", "LOGNAME", "MAIL",
    "MANPATH", "OLDPWD", "PAGER", "PATH", "PPID", "PS1", "PWD", "SHELL", "SHLVL", "TEMP", "TERM",
    "TMP", "TMPDIR", "TZ", "UID", "USER", "VISUAL", "_",
];

/// The beginnings of more of them.
const BEGINNINGS_OF_OTHERS: &[&str] = &["KUBERNETES_", "LC_", "LD_", "XDG_"];

/// All names that a config may read.
struct Readable {
    /// Names as they are read, beside the spelling that is compared.
    names: Vec<(String, String)>,
    patterns: Vec<Pattern>,
    /// The selectors and switches, by the paths of their groups.
    selectors: BTreeMap<String, Selector>,
    /// The names of lists and maps, and how their groups are called.
    bare: Vec<(String, String)>,
    /// The names of secrets.
    secrets: BTreeSet<String>,
}

/// The variable that selects a variant of a group, or switches the group on.
struct Selector {
    name: String,
    is_switch: bool,
}

impl Loading<'_> {
    /// Adds to each missing variable the nearest name that is set but not read, and reports
    /// all other unread names as problems or warnings, if the rules say so.
    ///
    /// A missing variable and the unread name nearest to it are one typing error, so they
    /// are reported once. Only names under the prefix are looked at. Without a prefix, an
    /// unread name may be another program's, so that it is reported only if it is much like
    /// a name of the config.
    pub(super) fn report_unread(&mut self, variables: &[Variable]) {
        if self.rules.unknown != Level::Allow {
            self.warn_of_respelt_keys(variables);
        }
        let mut unread = self.unread_names(variables);
        if self.lookup.listed().is_none() && self.rules.unknown == Level::Deny {
            let name = match self.lookup.root {
                "" => "environment".to_owned(),
                _ => self.lookup.root_path().any(),
            };
            let why = "the source cannot list its variables, so strict mode cannot check them";
            self.problem(name, CODE, why.to_owned(), "");
        }
        // A name with a problem of its own is no misspelt name.
        let reported = self.problems.iter().map(|it| it.variable().to_owned());
        let reported = NameSet::new(reported.collect());
        unread.retain(|name| !reported.contains(name));
        if unread.is_empty() {
            return;
        }
        let mut search = Search::new(self.lookup.root);
        let mut explained = self.hint_missing(&unread, &mut search);
        let is_any_group_missing = self.problems.iter().any(is_missing_group);
        if self.rules.unknown == Level::Allow && !is_any_group_missing {
            return;
        }
        let readable = Readable::of(variables, self.lookup.items, &self.lookup.root_path());
        explained.extend(self.hint_missing_groups(&unread, &readable, &mut search));
        if self.rules.unknown == Level::Allow {
            return;
        }
        let explained = NameSet::new(explained);
        // An empty variable is no group of a list or a map, and no id of a secret, and yet its name
        // is right.
        let is_right = |name: &str| readable.is_of_pattern(name) || readable.is_beside_secret(name);
        let is_empty = |name: &str| self.lookup.set(name).is_none() && is_right(name);
        let rest = unread.iter().filter(|name| !explained.contains(name));
        let rest: Vec<&String> = rest.filter(|name| !is_empty(name)).collect();
        self.report_unknown(rest.into_iter(), &readable, &mut search);
    }

    /// Returns the names under the prefix that are set, and that neither a field nor a store
    /// nor Kubernetes explains.
    fn unread_names(&self, variables: &[Variable]) -> Vec<String> {
        let lookup = &self.lookup;
        let Some(listed) = lookup.listed() else {
            return Vec::new();
        };
        // A warning of their own names the remedy of removed names.
        let removed = removed::of(lookup.items).into_iter();
        let mut read: Vec<String> = removed.map(|(name, _)| name.to_owned()).collect();
        for variable in variables {
            read.append(&mut variable.all_names());
            read.append(&mut lookup.store_vars(variable));
        }
        let read_by_fields = NameSet::new(read);
        let is_under = |name: &str| {
            let meant = oddity::meant_name(name);
            name::is_under(lookup.root, meant.as_deref().unwrap_or(name))
        };
        listed
            .iter()
            .filter(|name| is_under(name) && !read_by_fields.contains(name))
            .filter(|name| !lookup.root.is_empty() || !is_of_others(name))
            .filter(|name| !self.others.iter().any(|known| matches(known, name)))
            .filter(|name| !lookup.is_of_store(name))
            .filter(|name| !kubernetes::is_service_link(name, &|name| lookup.get(name)))
            .filter(|name| !lookup.is_link(name))
            .map(str::to_owned)
            .collect()
    }

    /// Hints at the nearest unread name in each problem of a missing variable, and returns
    /// the names that are hints now.
    fn hint_missing(&mut self, unread: &[String], search: &mut Search<'_>) -> Vec<String> {
        if !self.problems.iter().any(Problem::is_missing) {
            return Vec::new();
        }
        let lookup = &self.lookup;
        let candidates = Candidates::of(unread.iter().map(|name| (&**name, &**name)));
        // There may be thousands of both, so that the names are looked up.
        let of_odd = first_of_each(unread, oddity::meant_name);
        let relatives = Relatives::of(unread, lookup.root);
        let mut explained = Vec::new();
        for problem in &mut self.problems {
            if !problem.is_missing() {
                continue;
            }
            let wanted = problem.variable();
            let odd = of_odd.get(wanted);
            if let Some((name, odd)) = odd.and_then(|name| Some((*name, oddity::in_name(name)?))) {
                let (shown, set) = (display::name(name), is_set(lookup, name));
                problem.hint(&format!("{shown} is {set}, with {odd}"));
                explained.push(name.to_owned());
            } else if let Some(name) = relatives.of_kind.get(wanted) {
                problem.hint(&is_meant(lookup, name));
                explained.push((*name).to_owned());
            } else if let Some(name) = relatives.own.get(&name::of_file(wanted)) {
                let (shown, set) = (display::name(name), is_set(lookup, name));
                problem.hint(&format!("{shown} is {set}, but {}", takes_no_file(wanted)));
                explained.push((*name).to_owned());
            } else if let Some(near) = search.nearest(problem.variable(), &candidates, &|_| true) {
                problem.hint(&is_meant(lookup, &near.name));
                explained.push(near.name);
            } else if let Some(name) = relatives.meant_by(wanted) {
                problem.hint(&is_meant(lookup, name));
                explained.push(name.to_owned());
            }
        }
        explained
    }

    /// Hints at an unread name that is much like a name of a group, in each problem of a list
    /// or a map that must have a group.
    fn hint_missing_groups(
        &mut self,
        unread: &[String],
        readable: &Readable,
        search: &mut Search<'_>,
    ) -> Vec<String> {
        let mut explained = Vec::new();
        if !self.problems.iter().any(is_missing_group) {
            return explained;
        }
        let nearest = self.nearest_of_all(unread.iter(), readable, search);
        let of_near = nearest
            .iter()
            .filter_map(|(name, near)| Some((&*near.as_ref()?.name, *name)));
        // Sorted, the names below a path stand together.
        let of_near: BTreeMap<&str, &str> = of_near.rev().collect();
        let lookup = &self.lookup;
        for problem in self
            .problems
            .iter_mut()
            .filter(|problem| is_missing_group(problem))
        {
            let name = problem.variable();
            let path = name.trim_end_matches(['*', '_']);
            let path = path.strip_suffix("_0").unwrap_or(path);
            let below = format!("{}_", path.trim_end_matches('_'));
            let mut from = of_near.range(&*below..);
            if let Some((_, name)) = from.next().filter(|(near, _)| near.starts_with(&below)) {
                let is_right = readable.is_of_pattern(name);
                problem.hint(&match lookup.set(name) {
                    None if is_right => wording::set_to_nothing(name),
                    _ => is_meant(lookup, name),
                });
                explained.push((*name).to_owned());
            }
        }
        explained
    }

    pub(super) fn is_set(&self, name: &str) -> String {
        is_set(&self.lookup, name)
    }

    fn report_unknown<'n>(
        &mut self,
        names: impl Iterator<Item = &'n String>,
        readable: &Readable,
        search: &mut Search<'_>,
    ) {
        let read: BTreeSet<&str> = readable.names.iter().map(|(name, _)| &**name).collect();
        for (name, near) in self.nearest_of_all(names, readable, search) {
            let bare = readable.bare.iter().find(|(path, _)| path == name);
            let is_ours = !self.lookup.root.is_empty();
            let plain = Readable::odd_of(name, &read);
            #[cfg(feature = "gcp")]
            let plain = plain.or_else(|| readable.ciphertext_of(name, &read));
            let plain = plain.or_else(|| {
                let meant = name.strip_suffix(name::FILE)?;
                read.contains(meant)
                    .then(|| format!("but {}", takes_no_file(meant)))
            });
            let is_free = |name: &str| self.lookup.set(name).is_none();
            let key = self.lookup.key_in_layer(name);
            let key = key.map(|key| format!("but no field reads it; write the key `{key}`"));
            let selector = readable.selector_of(name).filter(|name| is_free(name));
            let is_group = readable.selectors.contains_key(name);
            // The name of a group, or a usual name of its selector, is nearer than a key of a map.
            let near =
                near.filter(|near| selector.is_none() || !is_group && read.contains(&*near.name));
            let why = match (key.or(plain), bare, near) {
                (Some(plain), _, _) => plain,
                (_, Some((_, why)), _) if is_ours => why.clone(),
                (_, _, Some(near)) => {
                    let meant = display::name(&near.name);
                    format!("but no field reads it; is {meant} meant?")
                }
                (_, _, None) => match selector {
                    Some(meant) => {
                        let meant = display::name(meant);
                        format!("but no field reads it; is {meant} meant?")
                    }
                    None if is_ours => "but no field reads it; remove it".to_owned(),
                    None => continue,
                },
            };
            let why = format!("{}, {why}", self.is_set(name));
            if self.rules.unknown == Level::Deny {
                self.problem(name.to_owned(), CODE, why, "");
            } else if let Some(notes) = &mut self.notes {
                notes.warnings.push(Warning::new(name, CODE, &why));
            }
        }
    }

    /// Returns, for each unread name, the name that was probably meant and is not set.
    fn nearest_of_all<'n>(
        &self,
        names: impl Iterator<Item = &'n String>,
        readable: &Readable,
        search: &mut Search<'_>,
    ) -> Vec<(&'n str, Option<Near>)> {
        let spellings = readable.names.iter();
        let candidates = Candidates::of(spellings.map(|(name, spelling)| (&**name, &**spelling)));
        let is_free = |name: &str| self.lookup.set(name).is_none();
        let nearest = |name: &'n String| {
            let of_names = search.nearest(name, &candidates, &is_free);
            let of_patterns = search.nearest_of_patterns(name, &readable.patterns, &is_free);
            (&**name, Near::meant(of_names, of_patterns))
        };
        names.map(nearest).collect()
    }
}

/// Unread names, by the names that they would have without the last segment or without a group.
struct Relatives<'n> {
    root: &'n str,
    own: BTreeMap<String, &'n str>,
    of_kind: BTreeMap<String, &'n str>,
    of_switch: BTreeMap<String, &'n str>,
    without_group: BTreeMap<String, &'n str>,
}

impl<'n> Relatives<'n> {
    fn of(unread: &'n [String], root: &'n str) -> Self {
        let mut without_group = BTreeMap::new();
        for name in unread {
            for shorter in without_segments(name, root) {
                without_group.entry(shorter).or_insert(&**name);
            }
        }
        Self {
            root,
            own: first_of_each(unread, |name| Some(name.to_owned())),
            of_kind: first_of_each(unread, |name| without_kind(name).map(str::to_owned)),
            of_switch: first_of_each(unread, |name| without_switch(name).map(str::to_owned)),
            without_group,
        }
    }

    /// Returns the unread name that a person probably gave to a missing variable: the group
    /// itself for its selector or switch, or a name with a group too many or too few.
    fn meant_by(&self, missing: &str) -> Option<&'n str> {
        let of_group = |group: Option<&str>, others: &BTreeMap<String, &'n str>| {
            let group = group?;
            self.own.get(group).or(others.get(group)).copied()
        };
        of_group(without_kind(missing), &self.of_kind)
            .or_else(|| of_group(without_switch(missing), &self.of_switch))
            .or_else(|| self.without_group.get(missing).copied())
            .or_else(|| {
                let shorter = without_segments(missing, self.root);
                shorter.iter().find_map(|name| self.own.get(name)).copied()
            })
    }
}

/// Returns the first name for each text that `text_of` makes of a name.
fn first_of_each(
    names: &[String],
    text_of: impl Fn(&str) -> Option<String>,
) -> BTreeMap<String, &str> {
    let mut first = BTreeMap::new();
    for name in names {
        if let Some(text) = text_of(name) {
            first.entry(text).or_insert(&**name);
        }
    }
    first
}

/// Returns the names that a name would be without a group: without each of its segments but the
/// last. Without a prefix, a shorter name may belong to a different program.
fn without_segments(name: &str, root: &str) -> Vec<String> {
    let rest = name.strip_prefix(root).filter(|rest| rest.starts_with('_'));
    let Some(rest) = rest.filter(|_| name.len() <= MAX_SEGMENTED && !root.is_empty()) else {
        return Vec::new();
    };
    let segments: Vec<&str> = rest.split('_').filter(|it| !it.is_empty()).collect();
    let inner = 0..segments.len().saturating_sub(1);
    let without = |at: usize| {
        let kept = segments
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != at);
        let kept: Vec<&str> = kept.map(|(_, segment)| *segment).collect();
        format!("{root}_{}", kept.join("_"))
    };
    inner.map(without).collect()
}

/// A name of more letters has no group that was left out or added.
const MAX_SEGMENTED: usize = 200;

/// The last segments of names that select a variant elsewhere.
const KINDS: &[&str] = &[
    "BACKEND", "DRIVER", "ENGINE", "KIND", "MODE", "PROVIDER", "TYPE",
];

/// The last segments of names that switch a group on elsewhere.
const SWITCHES: &[&str] = &["ACTIVE", "ENABLE", "ENABLED", "ON", "USE"];

/// Returns the path of the group whose selector other programs would give this name:
/// `APP_STORAGE` for `APP_STORAGE_TYPE`.
fn without_kind(name: &str) -> Option<&str> {
    without_last(name, KINDS)
}

fn without_switch(name: &str) -> Option<&str> {
    without_last(name, SWITCHES)
}

fn without_last<'n>(name: &'n str, segments: &[&str]) -> Option<&'n str> {
    let (start, last) = name.rsplit_once('_')?;
    let start = start.trim_end_matches('_');
    segments.contains(&last).then_some(start)
}

impl Selector {
    fn of(variable: &Variable) -> Self {
        Self {
            name: variable.name.clone(),
            is_switch: variable.is_beside_group(),
        }
    }
}

impl Readable {
    fn of(variables: &[Variable], items: &'static [Item], root: &Path<'_>) -> Self {
        let in_use = variables.iter().flat_map(Variable::names_in_use);
        let mut readable = Self {
            names: in_use.map(|name| (name.clone(), name)).collect(),
            patterns: Vec::new(),
            selectors: variables
                .iter()
                .filter(|variable| variable.is_selector())
                .map(|variable| (variable.path.to_string(), Selector::of(variable)))
                .collect(),
            bare: Vec::new(),
            secrets: variables
                .iter()
                .filter(|variable| variable.var.secret)
                .flat_map(Variable::names)
                .map(str::to_owned)
                .collect(),
        };
        readable.add_bare(items, root);
        for variable in variables::of(items, root, &variables::placeholders) {
            let of_several = |name: &String| name.contains(['<', '>']);
            for name in variable.names_in_use().into_iter().filter(of_several) {
                readable.patterns.push(Pattern::of(&name));
                readable.add_incomplete(&name, root.delimiter());
            }
        }
        readable
    }

    /// Returns the selector or the switch of a group to which other programs would give this
    /// name: the name of the group, or that name with a different last segment.
    fn selector_of(&self, name: &str) -> Option<&str> {
        let own = self.selectors.get(name);
        let of_group = |group: Option<&str>, is_switch| {
            let selector = self.selectors.get(group?)?;
            (selector.is_switch == is_switch).then_some(selector)
        };
        let selector = own
            .or_else(|| of_group(without_kind(name), false))
            .or_else(|| of_group(without_switch(name), true));
        selector.map(|selector| &*selector.name)
    }

    /// Returns the message about a name that would be one of `names` but for letters that
    /// nobody meant: the clause after "set, ".
    fn odd_of(name: &str, names: &BTreeSet<&str>) -> Option<String> {
        let (meant, odd) = (oddity::meant_name(name)?, oddity::in_name(name)?);
        let is_read = names.contains(&*meant);
        is_read.then(|| format!("but no field reads it; it is {meant} with {odd}"))
    }

    fn is_of_pattern(&self, name: &str) -> bool {
        self.patterns.iter().any(|it| it.matches(name))
    }

    /// Returns whether a variable may hold the id of a secret, or its ciphertext.
    fn is_beside_secret(&self, name: &str) -> bool {
        let mut ends = name::OF_SECRETS.iter();
        ends.any(|end| {
            let meant = name.strip_suffix(end);
            meant.is_some_and(|meant| self.secrets.contains(meant))
        })
    }

    /// Returns the message about a ciphertext that no store decrypts: the clause after "set, ".
    #[cfg(feature = "gcp")]
    fn ciphertext_of(&self, name: &str, names: &BTreeSet<&str>) -> Option<String> {
        let meant = name.strip_suffix(name::KMS_FILE);
        let meant = meant.or_else(|| name.strip_suffix(name::KMS))?;
        let why = if self.secrets.contains(meant) {
            "but no store decrypts it; use Google's store with a key of Cloud KMS, or remove it"
                .to_owned()
        } else {
            format!("but {meant} is no secret, so that no store decrypts it; set {meant} itself")
        };
        names.contains(meant).then_some(why)
    }

    /// Adds the spellings of a name in a list or a map of groups, with a wrong number, without
    /// the number or without the key.
    fn add_incomplete(&mut self, name: &str, delimiter: &str) {
        let first = name.replace(name::ANY_NUMBER, "0");
        let without = |name: &str, place| name.replace(&format!("{place}{delimiter}"), "");
        let without_key = without(&first, name::ANY_KEY);
        let without_number = without(&without(name, name::ANY_NUMBER), name::ANY_KEY);
        if without_number != without_key {
            self.names.push((first.clone(), without_number));
        }
        self.names.push((first, without_key));
    }

    fn add_bare(&mut self, items: &'static [Item], path: &Path<'_>) {
        for item in items {
            let path = item.path(path);
            match &item.kind {
                Kind::Var(_) | Kind::Rule(_) | Kind::Removed(_) => {}
                Kind::Group(spec) => self.add_bare(spec.items, &path),
                Kind::List(_) | Kind::Map(_) => {
                    let why = not_bare(&item.kind, &path);
                    self.bare.extend(why.map(|why| (path.to_string(), why)));
                }
            }
        }
    }
}

/// Returns `set`, and the layer that sets the variable: `set in config.toml`.
fn is_set(lookup: &Lookup<'_>, name: &str) -> String {
    let layer = lookup.layer_of(name);
    layer.map_or("set".to_owned(), |layer| {
        format!("set in {}", display::reason(layer))
    })
}

fn takes_no_file(name: &str) -> String {
    let name = display::name(name);
    format!("{name} takes no file; set {name} to the text of the file")
}

fn is_meant(lookup: &Lookup<'_>, name: &str) -> String {
    let (shown, set) = (display::name(name), is_set(lookup, name));
    match lookup.key_in_layer(name) {
        Some(key) => format!("{shown} is {set} but not read; write the key `{key}`"),
        None => format!("{shown} is {set} but not read; is it meant?"),
    }
}

/// Returns whether a problem is that a list or a map has no group.
fn is_missing_group(problem: &Problem) -> bool {
    problem.is_missing() && problem.variable().ends_with("_*")
}

/// Returns whether a name is the known name, or begins so, where the known name ends in `*`.
fn matches(known: &str, name: &str) -> bool {
    match known.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == known,
    }
}

fn is_of_others(name: &str) -> bool {
    OF_OTHERS.contains(&name)
        || BEGINNINGS_OF_OTHERS
            .iter()
            .any(|beginning| name.starts_with(beginning))
}

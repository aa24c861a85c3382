//! The members of a document as variables: each is found among the fields of its group.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::text::{plain, Texts};
use crate::layer::{Pairs, Table};
use crate::name::Path;
use crate::spec::{Item, Kind, Presence};

/// The variables that are read from a document, and the members that cannot be read.
pub(super) struct Reading<'t> {
    table: Table<'t>,
    pub(super) pairs: Pairs,
    /// The keys in place of names of variables, by the variables that those set.
    pub(super) keys: BTreeMap<String, String>,
    /// Sentences that begin with the path of a member.
    pub(super) wrong: Vec<String>,
    /// The number of values by which a load knows that their group is there.
    present: usize,
}

type Members = Map<String, Value>;

impl<'t> Reading<'t> {
    pub(super) const fn new(table: Table<'t>) -> Self {
        Self {
            table,
            pairs: Pairs::new(),
            keys: BTreeMap::new(),
            wrong: Vec::new(),
            present: 0,
        }
    }

    /// Reads the object at `at`, the path in the document, as a group.
    pub(super) fn read(
        &mut self,
        members: &Members,
        items: &'static [Item],
        path: &Path<'_>,
        at: &str,
    ) {
        for (key, value) in self.distinct(members, at) {
            let at = below(at, key);
            match find(items, key, path) {
                Some((item, path)) => self.read_field(value, item, &path, &at),
                None => self.read_unknown(key, value, path),
            }
        }
        self.select(members, items, path);
    }

    fn read_field(&mut self, value: &Value, item: &'static Item, path: &Path<'_>, at: &str) {
        let own = item.path(path);
        match (&item.kind, value) {
            (_, Value::Null) => {}
            // Every text counts as present, so `false` must not become a text.
            (Kind::Var(var), Value::Bool(false)) if var.form().is_present() => {}
            (Kind::Var(var), value) => {
                let mut texts = Texts::of(var);
                let text = texts.whole(value, var);
                for (place, why) in texts.unsaid {
                    // A key may be a part of a secret.
                    let place = if var.is_hidden() { "" } else { &*place };
                    self.wrong(&format!("{at}{place}"), &why);
                }
                self.present += usize::from(text.is_empty() && var.allow_empty);
                self.set(own.to_string(), text, at);
            }
            (Kind::Group(spec), value) => self.read_group(value, spec.items, &own, at),
            (Kind::List(spec), Value::Array(elements)) => {
                for (index, element) in elements.iter().enumerate() {
                    let (path, at) = (own.join(&index.to_string()), format!("{at}[{index}]"));
                    self.read_one_of_several(element, spec.items, &path, &at);
                }
            }
            (Kind::List(spec) | Kind::Map(spec), Value::Object(members)) => {
                for (key, member) in self.distinct(members, at) {
                    if !member.is_null() {
                        let (path, at) = (own.join(&segment(key)), below(at, key));
                        self.read_one_of_several(member, spec.items, &path, &at);
                    }
                }
            }
            // A value at the wrong place.
            (_, value) => self.set(own.to_string(), plain(value), at),
        }
    }

    fn read_group(&mut self, value: &Value, items: &'static [Item], path: &Path<'_>, at: &str) {
        let selector = items.first().filter(|item| item.is_selector());
        match value {
            Value::Null => {}
            Value::Object(members) => self.read(members, items, path, at),
            // The word of a variant, or a value at the wrong place.
            value => {
                let name = selector.map_or(path.to_string(), |item| item.full_name(path));
                self.set(name, plain(value), at);
            }
        }
    }

    /// Reads a group of a list or a map, which is there if a variable of it is set: without a
    /// member, that is a default.
    fn read_one_of_several(
        &mut self,
        value: &Value,
        items: &'static [Item],
        path: &Path<'_>,
        at: &str,
    ) {
        let before = (self.present, self.wrong.len());
        self.read_group(value, items, path, at);
        if before != (self.present, self.wrong.len()) {
            return;
        }
        match first_default(items, path).filter(|_| value.is_object()) {
            Some((name, text)) => self.set(name, text.to_owned(), at),
            None => self.wrong(
                at,
                "has no member that is set; write a member, or remove it",
            ),
        }
    }

    /// Reads a member that is no field, with a name that strict mode reports.
    fn read_unknown(&mut self, key: &str, value: &Value, path: &Path<'_>) {
        let own = path.join(&segment(key));
        match value {
            Value::Null => {}
            Value::Object(members) => {
                for (key, member) in members {
                    self.read_unknown(key, member, &own);
                }
            }
            value => {
                if let Some(meant) = key_of(key, self.table.items, self.table.root) {
                    self.keys.insert(own.to_string(), meant);
                }
                self.pairs.insert(own.to_string(), plain(value).into());
            }
        }
    }

    /// Selects the variant that is the one member of its group.
    fn select(&mut self, members: &Members, items: &'static [Item], path: &Path<'_>) {
        let mut keys = members.keys();
        let (Some(key), None) = (keys.next(), keys.next()) else {
            return;
        };
        let Some(selector) = items.first().filter(|item| item.is_selector()) else {
            return;
        };
        if let Some(word) = word_of(items, key) {
            let name = selector.full_name(path);
            self.pairs.entry(name).or_insert_with(|| word.into());
            self.present += 1;
        }
    }

    fn set(&mut self, name: String, text: String, at: &str) {
        if self.pairs.contains_key(&name) {
            let why = format!("sets {name}, which another member sets too; remove one of them");
            self.wrong(at, &why);
        }
        self.present += usize::from(!text.is_empty());
        self.pairs.insert(name, text.into());
    }

    /// Returns the members whose keys are not equal to the key of another before.
    fn distinct<'m>(&mut self, members: &'m Members, at: &str) -> Vec<(&'m str, &'m Value)> {
        let mut seen = BTreeMap::new();
        let mut distinct = Vec::new();
        for (key, value) in members {
            let at = below(at, key);
            if let Some(other) = seen.insert(segment(key), at.clone()) {
                let why = format!("is the same key as `{other}`; remove one of them");
                self.wrong(&at, &why);
            } else {
                distinct.push((&**key, value));
            }
        }
        distinct
    }

    fn wrong(&mut self, at: &str, why: &str) {
        self.wrong.push(format!("`{at}` {why}"));
    }
}

fn below(at: &str, key: &str) -> String {
    match (at, key) {
        ("", key) => key.to_owned(),
        (at, "") => at.to_owned(),
        (at, key) => format!("{at}.{key}"),
    }
}

/// Returns the field that a key of a group names, and the path of its group: the group itself,
/// or a group in it that adds no segment.
fn find<'p>(
    items: &'static [Item],
    key: &str,
    path: &Path<'p>,
) -> Option<(&'static Item, Path<'p>)> {
    let field = word_of(items, key).unwrap_or(key);
    if let Some(item) = items.iter().find(|item| is_field(item, field)) {
        return Some((item, path.clone()));
    }
    items.iter().find_map(|item| match &item.kind {
        Kind::Group(spec) if item.segment().is_empty() => find(spec.items, key, &item.path(path)),
        _ => None,
    })
}

fn is_field(item: &Item, key: &str) -> bool {
    let is_selector = item.is_selector() && !item.segment().is_empty();
    (!item.field.is_empty() && same(item.field, key)) || (is_selector && same(item.segment(), key))
}

/// Returns the key of the field that reads the variable `name`. A map of groups has none, because
/// its part of the name is not known.
fn key_of(name: &str, items: &'static [Item], path: &Path<'_>) -> Option<String> {
    items.iter().find_map(|item| match &item.kind {
        Kind::Var(var) => {
            let others = var.details.aliases.iter().chain(var.details.deprecated);
            let is_name = |own: &str| own.eq_ignore_ascii_case(name);
            let is_read = is_name(&item.full_name(path)) || { others }.any(|own| is_name(own));
            let key = if item.is_selector() {
                item.segment().to_lowercase()
            } else {
                item.field.to_owned()
            };
            is_read.then_some(key)
        }
        Kind::Group(spec) => {
            let inner = key_of(name, spec.items, &item.path(path))?;
            Some(below(item.field, &inner))
        }
        Kind::List(spec) => {
            let own = item.path(path);
            let rest = name
                .get(own.beginning().len()..)
                .filter(|_| own.is_above(name))?;
            let index = rest.split(|letter: char| !letter.is_ascii_digit()).next();
            let index = index.filter(|index| !index.is_empty())?;
            let inner = key_of(name, spec.items, &own.join(index))?;
            Some(below(&format!("{}[{index}]", item.field), &inner))
        }
        Kind::Map(_) | Kind::Rule(_) | Kind::Removed(_) => None,
    })
}

/// Returns the word of the variant that a key names, by the word itself or by an alias of it.
fn word_of(items: &'static [Item], key: &str) -> Option<&'static str> {
    let Kind::Var(var) = items.first().filter(|item| item.is_selector())?.kind else {
        return None;
    };
    let form = var.form();
    let words = form.known_words().unwrap_or_default().iter();
    let mut words = words.map(|word| (*word, *word));
    let mut aliases = form.known_aliases().iter().copied();
    let is_named = |(name, _): &(&str, &str)| same(name, key);
    let found = words.find(is_named).or_else(|| aliases.find(is_named));
    found.map(|(_, word)| word)
}

/// Returns the name of the first variable with a default, and the default.
fn first_default(items: &'static [Item], path: &Path<'_>) -> Option<(String, &'static str)> {
    items
        .iter()
        .find_map(|item| match (&item.kind, item.presence) {
            (Kind::Var(_), Presence::Default(text)) if !text.is_empty() => {
                Some((item.full_name(path), text))
            }
            (Kind::Group(spec), Presence::Required) => first_default(spec.items, &item.path(path)),
            _ => None,
        })
}

/// Returns whether a key is a name, in any letter case, and with `-` for `_`.
fn same(name: &str, key: &str) -> bool {
    segment(name) == segment(key)
}

fn segment(key: &str) -> String {
    key.replace('-', "_").to_uppercase()
}

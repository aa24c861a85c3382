//! The groups of a document, by the fields of its variables: `secrets.vault.addr`,
//! `upstream[<N>].host`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Rule;
use crate::name::{self, Path};

/// Groups in groups that a document may have.
const MAX_DEPTH: usize = 64;

/// A group.
pub(super) struct Node<'d> {
    /// The field in the group around it.
    pub(super) field: String,
    /// The fields that lead to it.
    full: String,
    pub(super) shape: Shape,
    /// The beginning of the names in it, if the document has it.
    path: Option<&'d str>,
    /// The condition of the group, or null.
    pub(super) when: &'d Value,
    pub(super) entries: Vec<Entry<'d>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shape {
    Group,
    List,
    Map,
}

/// The groups, by the fields that lead to each.
struct Groups<'d> {
    /// The beginning of the names of each group.
    paths: &'d Value,
    /// The condition of each group that may be absent.
    whens: BTreeMap<&'d str, &'d Value>,
    fields: BTreeSet<&'d str>,
}

pub(super) enum Entry<'d> {
    /// A variable, with its field in the group.
    Var(String, &'d Value),
    Node(Node<'d>),
}

impl<'d> Node<'d> {
    /// Returns the root type of a document.
    pub(super) fn of(document: &'d Value) -> Option<Self> {
        let mut root = Node {
            field: String::new(),
            full: String::new(),
            shape: Shape::Group,
            path: None,
            when: &Value::Null,
            entries: Vec::new(),
        };
        let groups = document["groups"].as_array().into_iter().flatten();
        let whens = groups.map(|group| Some((field(group)?, &group["when"])));
        let whens: BTreeMap<&str, &Value> = whens.collect::<Option<_>>()?;
        let variables = document["variables"].as_array()?;
        let fields = variables.iter().map(field);
        let fields: Vec<&str> = fields.collect::<Option<_>>()?;
        let paths = &document["paths"];
        let with_path = paths.as_object().into_iter().flatten();
        let with_path = with_path.map(|(field, _)| field.as_str());
        let mut groups: BTreeSet<&str> = whens.keys().copied().chain(with_path).collect();
        for field in &fields {
            let ends = field.match_indices(['.', '[']);
            let ends: Vec<usize> = ends.map(|(end, _)| end).collect();
            if ends.len() > MAX_DEPTH {
                return None;
            }
            groups.extend(ends.iter().map(|end| &field[..*end]));
        }
        let known = Groups {
            paths,
            whens,
            fields: groups,
        };
        for (variable, field) in variables.iter().zip(&fields) {
            root.add(variable, field, &known);
        }
        Some(root)
    }

    fn add(&mut self, variable: &'d Value, field: &str, known: &Groups<'d>) {
        let rest = field[self.full.len()..].trim_start_matches('.');
        if rest.is_empty() {
            return self.entries.push(Entry::Var(String::new(), variable));
        }
        let (own, shape, len) = first(rest);
        let full = &field[..field.len() - rest.len() + len];
        if full == field && shape == Shape::Group && !known.fields.contains(full) {
            return self.entries.push(Entry::Var(own.to_owned(), variable));
        }
        let there = self.entries.iter().position(|entry| match entry {
            Entry::Node(node) => node.full == full,
            Entry::Var(..) => false,
        });
        let index = there.unwrap_or_else(|| {
            self.entries.push(Entry::Node(Node {
                field: own.to_owned(),
                full: full.to_owned(),
                shape,
                path: known.paths[full].as_str(),
                when: known.whens.get(full).copied().unwrap_or(&Value::Null),
                entries: Vec::new(),
            }));
            self.entries.len() - 1
        });
        if let Entry::Node(node) = &mut self.entries[index] {
            node.add(variable, field, known);
        }
    }

    /// Returns whether a variable of the group itself has the name.
    pub(super) fn has_own(&self, name: &str) -> bool {
        let mut own = self.entries.iter();
        own.any(|entry| matches!(entry, Entry::Var(_, value) if value["name"] == name))
    }

    /// Returns the index of the variable that switches the group on, if a certain variable does.
    pub(super) fn switch(&self) -> Option<usize> {
        let name = self.when["any_set"][0].as_str()?;
        let is_switch =
            |entry: &Entry<'_>| matches!(entry, Entry::Var(_, value) if value["name"] == name);
        self.entries.iter().position(is_switch)
    }

    /// Returns the beginning of the names in the group.
    pub(super) fn path(&self, outer: &Path<'_>, rules: &[Rule<'_>]) -> String {
        let delimiter = outer.delimiter();
        if let Some(path) = self.path {
            let segment = match self.shape {
                Shape::Group => return path.to_owned(),
                Shape::List => name::ANY_NUMBER,
                Shape::Map => name::ANY_KEY,
            };
            let path = path.strip_suffix(segment).unwrap_or(path);
            return path.strip_suffix(delimiter).unwrap_or(path).to_owned();
        }
        let given = self.when["any_set"].as_str();
        let given = given.map_or("", |any| {
            without_joint(any.trim_end_matches('*'), delimiter)
        });
        let given = match self.shape {
            Shape::Group => given,
            Shape::List => without_joint(given.trim_end_matches(name::ANY_NUMBER), delimiter),
            Shape::Map => without_joint(given.trim_end_matches(name::ANY_KEY), delimiter),
        };
        if !given.is_empty() {
            return given.to_owned();
        }
        let names = self.names();
        let is_path = |path: &str| names.iter().all(|name| is_at(path, delimiter, name));
        let selector = self.entries.iter().find_map(|entry| match entry {
            Entry::Var(field, value) if field.is_empty() => value["name"].as_str(),
            _ => None,
        });
        let in_rules = rules.iter().flat_map(|rule| &rule.names);
        let in_rules = in_rules.filter_map(|name| name.strip_suffix('*'));
        let in_rules = in_rules.map(|path| without_joint(path, delimiter));
        let by_field = outer.name(&self.field.to_uppercase());
        let candidates = selector.into_iter().chain(in_rules).chain([&*by_field]);
        let is_inside = |path: &&str| **path == **outer || outer.is_above(path);
        let mut candidates = candidates.filter(|path| is_inside(path) && is_path(path));
        candidates.next().unwrap_or(outer).to_owned()
    }

    /// Returns the segments that all names begin with.
    pub(super) fn common_path(&self) -> String {
        let names = self.names();
        let first = names.first().copied().unwrap_or_default();
        let mut path = first;
        while let Some((shorter, _)) = path.rsplit_once('_') {
            path = shorter;
            if names.iter().all(|name| name::is_under(path, name)) {
                return path.to_owned();
            }
        }
        String::new()
    }

    fn names(&self) -> Vec<&'d str> {
        let names = self.entries.iter().flat_map(|entry| match entry {
            Entry::Var(_, value) => value["name"].as_str().into_iter().collect(),
            Entry::Node(node) => node.names(),
        });
        names.collect()
    }
}

impl Entry<'_> {
    /// Returns the fields that lead to it.
    pub(super) fn field(&self) -> &str {
        match self {
            Self::Var(_, value) => field(value).unwrap_or_default(),
            Self::Node(node) => &node.full,
        }
    }

    /// Returns whether a rule calls the field so: by its variable, by a variable that switches
    /// the group on, or by the beginning of all names.
    pub(super) fn is_called(&self, name: &str) -> bool {
        match self {
            Self::Var(_, value) => value["name"] == name,
            Self::Node(node) => match name.strip_suffix('*') {
                Some(beginning) => {
                    let is_in = |name: &&str| {
                        name.starts_with(beginning) || *name == beginning.trim_end_matches('_')
                    };
                    node.names().iter().all(is_in)
                }
                None => node.has_own(name),
            },
        }
    }
}

/// Returns a path without the text between it and the next segment.
fn without_joint<'p>(path: &'p str, delimiter: &str) -> &'p str {
    let path = path.strip_suffix(delimiter).unwrap_or(path);
    path.trim_end_matches('_')
}

/// Returns whether a name is the path, or below it.
fn is_at(path: &str, delimiter: &str, name: &str) -> bool {
    let rest = name.strip_prefix(path);
    path.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(delimiter))
}

fn field(value: &Value) -> Option<&str> {
    value["field"].as_str()
}

/// Splits off the first field of several: its name, its shape, and its length.
fn first(fields: &str) -> (&str, Shape, usize) {
    let end = fields.find(['.', '[']).unwrap_or(fields.len());
    for (segment, shape) in [(name::ANY_NUMBER, Shape::List), (name::ANY_KEY, Shape::Map)] {
        let rest = fields[end..].strip_prefix('[');
        let rest = rest.and_then(|rest| rest.strip_prefix(segment));
        if rest.is_some_and(|rest| rest.starts_with(']')) {
            return (&fields[..end], shape, end + segment.len() + 2);
        }
    }
    (&fields[..end], Shape::Group, end)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{is_at, Node};

    #[test]
    fn the_common_path_is_the_segments_that_every_name_begins_with() {
        for (names, expected) in [
            (&["APP_DB_URL", "APP_DB_POOL"][..], "APP_DB"),
            (&["APP_DB_URL", "APP_DBA"], "APP"),
            (&["APP_DB_URL"], "APP_DB"),
            (&["APP", "OTHER_DB"], ""),
            (&[], ""),
        ] {
            let fields = ["a", "b"];
            let variables = names.iter().zip(fields);
            let variables = variables.map(|(name, field)| json!({"name": name, "field": field}));
            let document = json!({"variables": variables.collect::<Vec<_>>()});
            assert_eq!(Node::of(&document).unwrap().common_path(), expected);
        }
    }

    #[test]
    fn a_name_is_at_its_own_path_and_at_each_beginning_that_ends_with_a_segment() {
        for (path, delimiter, name, expected) in [
            ("", "_", "APP_DB", true),
            ("APP", "_", "APP", true),
            ("APP", "_", "APP_DB", true),
            ("APP", "__", "APP__DB", true),
            ("APP", "__", "APP_DB", false),
            ("APP", "_", "APPLE_DB", false),
            ("APP", "_", "DB", false),
        ] {
            assert_eq!(is_at(path, delimiter, name), expected, "{name} at {path}");
        }
    }
}

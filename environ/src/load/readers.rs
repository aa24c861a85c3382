//! Variables that two fields read. The names of most fields are compared while compiling;
//! the names of fields in lists and maps depend on numbers and keys, so that
//! `APP_DB_EU_REPLICA_URL` may be `replica_url` of `eu` and `url` of `eu_replica`, and a prefix
//! that the loader is given may make a name the same as a whole name.

use super::Loading;
use crate::lookup::NameSet;
use crate::name::{order, Path};
use crate::spec::variables::Variable;
use crate::spec::{removed, Item, Kind, Presence, Var, SEPARATOR};
use crate::value::Text;

/// The items of a group, and the way to it.
#[derive(Clone, Copy)]
struct Group<'a> {
    items: &'static [Item],
    path: &'a Path<'a>,
    /// The fields that lead to it, with numbers and keys: `db.eu`.
    field: &'a str,
    /// Whether a key of a map is part of the way.
    has_key: bool,
}

/// A field that has read a variable.
struct Reader {
    variable: String,
    field: String,
    has_key: bool,
    doc: &'static str,
}

impl Loading<'_> {
    /// Returns whether two fields may read one variable, which the compiler cannot tell.
    pub(super) fn may_conflict(&self) -> bool {
        self.is_any_of_several || self.lookup.has_other_prefix()
    }

    /// Remembers each variable that two fields have read, or that a field has read although it is
    /// said to be no longer read.
    pub(super) fn report_conflicts(&mut self, variables: &[Variable]) {
        let removed = removed::of(self.lookup.items);
        let removed = NameSet::new(removed.iter().map(|(name, _)| (*name).to_owned()).collect());
        let shared = shared(variables, &removed);
        if shared.iter().next().is_none() {
            return;
        }
        let mut readers = Vec::new();
        let root = Group {
            items: self.lookup.items,
            path: &self.lookup.root_path(),
            field: "",
            has_key: false,
        };
        self.find_readers(root, &shared, &mut readers);
        let order = order(readers.len(), &|one, other| {
            readers[one].variable.cmp(&readers[other].variable)
        });
        let readers: Vec<&Reader> = order.into_iter().map(|place| &readers[place]).collect();
        for readers in readers.chunk_by(|one, other| one.variable == other.variable) {
            let first = readers[0];
            let why = match readers {
                [_, _, ..] => self.why_of(readers),
                _ if removed.contains(&first.variable) => {
                    let field = &first.field;
                    format!(
                        "read as {field}, although `removed` says that it is no longer read; \
                         remove one of them, or load with another prefix"
                    )
                }
                _ => continue,
            };
            self.problem(first.variable.clone(), "conflict", why, first.doc);
        }
    }

    /// Adds the fields of a group that read any of the names. Of a one-of group, only the
    /// variant that was selected reads.
    fn find_readers(&self, group: Group<'_>, names: &NameSet, readers: &mut Vec<Reader>) {
        let selected = self.selected(group.items, group.path);
        for item in group.items {
            let path = &item.path(group.path);
            let field = &*joined(group.field, item.field);
            match (&item.kind, item.presence) {
                (Kind::Var(var), _) => {
                    let read = self.read_places(item, var, group.path);
                    let read = read.into_iter().filter(|name| names.contains(name));
                    readers.extend(read.map(|variable| Reader {
                        variable,
                        field: field.to_owned(),
                        has_key: group.has_key,
                        doc: item.doc,
                    }));
                }
                (Kind::Group(_), Presence::Variant(word)) if Some(word) != selected => {}
                (Kind::Group(spec), _) => {
                    let items = spec.items;
                    let inner = Group {
                        items,
                        path,
                        field,
                        ..group
                    };
                    self.find_readers(inner, names, readers);
                }
                (Kind::Rule(_) | Kind::Removed(_), _) => {}
                (Kind::List(spec) | Kind::Map(spec), _) => {
                    let is_map = matches!(item.kind, Kind::Map(_));
                    for segment in self.lookup.segments(&item.kind, path) {
                        let inner = Group {
                            items: spec.items,
                            path: &path.join(&segment),
                            field: &joined(field, &segment.to_lowercase()),
                            has_key: group.has_key || is_map,
                        };
                        self.find_readers(inner, names, readers);
                    }
                }
            }
        }
    }

    fn why_of(&self, readers: &[&Reader]) -> String {
        let fields: Vec<&str> = readers.iter().map(|reader| &*reader.field).collect();
        let remedy = if readers.iter().any(|reader| reader.has_key) {
            "rename one of the keys"
        } else if self.lookup.has_other_prefix() {
            "rename one of the fields, or load with another prefix"
        } else {
            "rename one of the fields"
        };
        format!("read as {}; {remedy}", fields.join(" and as "))
    }

    /// Returns the names under which the text of a variable is there.
    fn read_places(&self, item: &Item, var: &Var, path: &Path<'_>) -> Vec<String> {
        let places = self.lookup.places(item, var, path).into_iter();
        NameSet::new(places.map(|place| place.name).collect()).into_vec()
    }

    /// Returns the word of the variant that was selected, if these are the items of a one-of
    /// group.
    fn selected(&self, items: &'static [Item], path: &Path<'_>) -> Option<&'static str> {
        let selector = items.first().filter(|item| item.is_selector())?;
        let Kind::Var(var) = &selector.kind else {
            return None;
        };
        let mut with_aliases = self.with_aliases.iter();
        if let Some((_, word)) = with_aliases.find(|(this, _)| **this == **path) {
            return Some(word);
        }
        let places = self.lookup.places(selector, var, path);
        let text = places
            .first()
            .and_then(|place| place.contents.text()?.to_str());
        let ((Some(text), _) | (None, Presence::Default(text))) = (text, selector.presence) else {
            return None;
        };
        let text = Text::borrowed(text, SEPARATOR);
        let words = var.form().known_words()?.iter();
        words.copied().find(|word| text.word(&[&[word]]).is_ok())
    }
}

/// Returns the names that two variables have, or that a variable has and that are removed.
fn shared(variables: &[Variable], removed: &NameSet) -> NameSet {
    let mut names = Vec::new();
    for variable in variables {
        names.append(&mut variable.all_names());
    }
    names.sort_unstable();
    let same = names.windows(2).filter(|pair| pair[0] == pair[1]);
    let same = same.map(|pair| &pair[0]);
    let removed = names.iter().filter(|name| removed.contains(name));
    NameSet::new(same.chain(removed).cloned().collect())
}

fn joined(outer: &str, field: &str) -> String {
    match (outer, field) {
        (outer, "") => outer.to_owned(),
        ("", field) => field.to_owned(),
        (outer, field) => format!("{outer}.{field}"),
    }
}

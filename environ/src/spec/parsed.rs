//! The table of a specification, read from its JSON document: the inverse of
//! [`Help::to_json`](crate::Help::to_json), as far as the document tells.
//!
//! The document has the variables in the order of the table, each with the fields that lead to
//! it, so that the groups are found again. The document of an earlier release has no `paths` and
//! no `fields` of rules: paths are derived from names then, because errors show them.
//!
//! A document does not have the defaults of secrets, the documentation of groups, the words of a
//! part of a value, the type of a field with `expected`, the example in the form of a type of the
//! program, and whether a list is one of tuples or the first part of a tuple.

mod tree;

use serde_json::Value;

use self::tree::{Entry, Node, Shape};
use super::{composed, Details, Item, Presence, RuleKind, Spec};
use crate::name::{self, Path};
use crate::value::{known, Form};

/// The longest name of a type that is looked into, in bytes: a foreign document may nest types
/// without end.
const MAX_COLUMN: usize = 256;

/// Returns the table. Its texts are kept until the process ends.
pub(crate) fn spec(document: &Value) -> Option<&'static Spec> {
    let root = Node::of(document)?;
    let ident = leak(document["config"].as_str().unwrap_or_default());
    let prefix = match document["prefix"].as_str() {
        Some(prefix) => prefix.to_owned(),
        None => root.common_path(),
    };
    let joint = |key: &str| leak(document[key].as_str().unwrap_or("_"));
    let (after_prefix, delimiter) = (joint("after_prefix"), joint("delimiter"));
    let mut rules = rules(document)?;
    let path = Path::root(&prefix, after_prefix, delimiter);
    let mut items = items(&root.entries, &path, &mut rules)?;
    for removed in document["removed"].as_array().into_iter().flatten() {
        let text = |key: &str| removed[key].as_str().map(leak);
        items.push(Item::removed(text("name")?, text("remedy")?));
    }
    let doc = leak(document["doc"].as_str().unwrap_or_default());
    let spec = Spec::new(ident, items.leak()).doc(doc);
    let mut spec = spec.prefix(leak(&prefix));
    if !document["delimiter"].is_null() {
        spec = spec.delimiter(after_prefix, delimiter);
    }
    Some(leaked(spec))
}

/// A rule whose table was not found yet.
struct Rule<'d> {
    kind: RuleKind,
    names: Vec<&'d str>,
    /// Empty in the document of an earlier release.
    fields: Vec<&'d str>,
}

fn rules(document: &Value) -> Option<Vec<Rule<'_>>> {
    let rules = document["rules"].as_array().into_iter().flatten();
    rules.map(Rule::of).collect()
}

impl<'d> Rule<'d> {
    fn of(rule: &'d Value) -> Option<Self> {
        let word = rule["rule"].as_str()?;
        Some(Self {
            kind: RuleKind::ALL.into_iter().find(|kind| kind.key() == word)?,
            names: texts(&rule["variables"]).collect(),
            fields: texts(&rule["fields"]).collect(),
        })
    }

    /// Returns the indices of the members, if all of these are among the entries of a group.
    fn members(&self, entries: &[Entry<'_>]) -> Option<Vec<usize>> {
        let named = self
            .names
            .iter()
            .map(|name| entries.iter().position(|it| it.is_called(name)));
        let by_field = |field: &&str| entries.iter().position(|it| it.field() == *field);
        match &self.fields[..] {
            [] => named.collect(),
            fields => fields.iter().map(by_field).collect(),
        }
    }
}

/// Returns the items of the entries of a group, and of the rules between them. All names begin
/// with `path`.
fn items(entries: &[Entry<'_>], path: &Path<'_>, rules: &mut Vec<Rule<'_>>) -> Option<Vec<Item>> {
    let mut items = Vec::new();
    for entry in entries {
        let item = match entry {
            Entry::Var(field, value) => variable(field, path, value, &items)?,
            Entry::Node(node) => node.item(path, rules)?,
        };
        items.push(item);
    }
    rules.retain(|rule| {
        let Some(members) = rule.members(entries) else {
            return true;
        };
        items.push(Item::rule(rule.kind, members.leak()));
        false
    });
    Some(items)
}

impl Node<'_> {
    /// Returns the item of the group in the group around it.
    fn item(&self, outer: &Path<'_>, rules: &mut Vec<Rule<'_>>) -> Option<Item> {
        let text = leak(&self.path(outer, rules));
        let segment = below(outer, text).unwrap_or(text);
        let own = outer.known(text, segment);
        let inner = match self.shape {
            Shape::Group => own,
            Shape::List => own.join(name::ANY_NUMBER),
            Shape::Map => own.join(name::ANY_KEY),
        };
        let field = leak(&self.field);
        let chosen = self.when["is"].as_str().or(self.when["is"][0].as_str());
        let selector = self.when["variable"].as_str();
        let is_switch = selector.is_some_and(|name| self.has_own(name));
        // A switch stands before the group that it switches on.
        let (switch, entries) = self.entries.split_at(usize::from(is_switch));
        let mut items = items(entries, &inner, rules)?;
        if is_switch {
            let inside = leaked(Spec::new(field, items.leak()));
            items = self::items(switch, &inner, &mut Vec::new())?;
            items.push(Item::switched(inside));
        }
        let when = self.switch().filter(|_| !is_switch);
        let spec = &*Box::leak(Box::new(Spec::new(field, items.leak())));
        let item = Item::group_at(field, segment, spec);
        Some(match self.shape {
            Shape::List => item.list(),
            Shape::Map => item.map(),
            Shape::Group if is_switch => item,
            Shape::Group => match (chosen, when) {
                (Some(word), _) => with(item, Presence::Variant(leak(word))),
                (None, Some(index)) => with(item, Presence::When(index)),
                (None, None) if self.when.is_null() => item,
                (None, None) => item.optional(),
            },
        })
    }
}

fn with(mut item: Item, presence: Presence) -> Item {
    item.presence = presence;
    item
}

/// Returns the item of a variable, which is behind the items `before` in its table.
fn variable(field: &str, path: &Path<'_>, value: &Value, before: &[Item]) -> Option<Item> {
    let text = |key: &str| value[key].as_str().map(leak);
    let list = |key: &str| leaked(texts(&value[key]).map(leak).collect::<Vec<_>>()).as_slice();
    let is = |key: &str| value[key] == true;
    let name = leak(value["name"].as_str()?);
    let column = text("type").unwrap_or_default();
    let words = Form::words(list("words")).word_aliases(word_aliases(value));
    let form = leaked(if is("present") {
        Form::PRESENT
    } else if !value["expected"].is_null() {
        behind_phrase(column, words, !value["separator"].is_null())
    } else {
        form(column, is("custom"), &words)
    });
    let field = leak(field);
    let item = match below(path, name) {
        Some(segment) if !is("whole_name") => Item::var(field, segment, form, is("secret"), column),
        _ => Item::named(field, name, form, is("secret"), column),
    };
    let mut item = item
        .doc(text("doc").unwrap_or_default())
        .details(leaked(Details {
            separator: text("separator").filter(|_| form.may_be_list()),
            expected: text("expected"),
            example: text("example"),
            written_range: text("range"),
            written_len: text("length"),
            aliases: list("aliases"),
            deprecated: list("deprecated"),
            key: text("key"),
            ..Details::NONE
        }));
    if is("allow_empty") {
        item = item.allow_empty();
    }
    if value["file"].is_string() {
        item = item.file();
    }
    if is("live") {
        item = item.live();
    }
    Some(match (text("default"), text("default_from")) {
        (Some(default), _) => item.default(default),
        (None, Some(default)) => item.default_from(composed::parts(default, before, path).leak()),
        (None, None) if is("required") => item,
        (None, None) => item.optional(),
    })
}

/// Returns the texts of a list.
fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

fn word_aliases(value: &Value) -> &'static [(&'static str, &'static str)] {
    let aliases = value["word_aliases"].as_object().into_iter().flatten();
    let aliases = aliases.filter_map(|(alias, word)| Some((leak(alias), leak(word.as_str()?))));
    aliases.collect::<Vec<_>>().leak()
}

/// Returns a form for which the field has a phrase, which is all that is known of most types.
fn behind_phrase(column: &'static str, words: Form, is_several: bool) -> Form {
    let part = match words.known_words() {
        Some([]) | None => Form::spelled(column),
        Some(_) => words,
    };
    if is_several {
        Form::list(leaked(part))
    } else {
        part
    }
}

/// Returns the form that a document calls `column`.
fn form(column: &'static str, is_custom: bool, words: &Form) -> Form {
    if column == Form::JSON.column() {
        return Form::JSON;
    }
    if column.len() > MAX_COLUMN {
        return Form::spelled(column);
    }
    // A type of the program may be called as a type that this crate reads.
    let form = described(column, words);
    if is_custom && !form.is_custom() {
        Form::spelled(column)
    } else {
        form
    }
}

fn described(column: &'static str, words: &Form) -> Form {
    match (column, words.known_words()) {
        ("text", _) => return Form::text(),
        // A document has no words for a part of a value.
        ("word", Some([]) | None) => return Form::spelled(column),
        ("word", Some(_)) => return *words,
        _ => {}
    }
    if let Some(known) = known::named(column) {
        return known;
    }
    let inner = |column: &'static str| leaked(described(column, words));
    // A list of tuples, or a tuple with a list as its first part.
    if column.contains(" of ") && column.contains(", ") {
        return Form::spelled(column);
    }
    if let Some(element) = column.strip_prefix("list of ") {
        return Form::list(inner(element));
    }
    if let Some((key, value)) = column
        .strip_prefix("map of ")
        .and_then(|it| it.split_once(" to "))
    {
        return Form::map(inner(key), inner(value));
    }
    if let Some((len, element)) = column.split_once(" of ") {
        if let Ok(len) = len.parse() {
            return Form::array(inner(element), len);
        }
    }
    if column.contains(", ") {
        let parts: Vec<Form> = column.split(", ").map(|part| *inner(part)).collect();
        return Form::tuple(parts.leak());
    }
    Form::spelled(column)
}

/// Returns a name without the path before it.
fn below<'n>(path: &Path<'_>, name: &'n str) -> Option<&'n str> {
    if *name == **path {
        return Some("");
    }
    let rest = name.strip_prefix(&*path.beginning());
    rest.filter(|rest| !rest.is_empty())
}

fn leaked<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn leak(text: &str) -> &'static str {
    String::leak(text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::spec;
    use crate::help::Help;

    #[test]
    fn a_type_of_another_program_keeps_its_name() {
        let nested = "list of ".repeat(100_000);
        for column in ["flag", "Url", "Url, Url", "list of Url", "", &nested] {
            let document = json!({
                "format": 1,
                "config": "Cfg",
                "prefix": "APP",
                "variables": [{"field": "a", "name": "APP_A", "required": true, "type": column}],
            });
            let help = Help::of(spec(&document).unwrap()).to_json();
            let help: serde_json::Value = serde_json::from_str(&help).unwrap();
            assert_eq!(help["variables"][0]["type"], column);
        }
    }
}

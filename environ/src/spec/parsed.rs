//! The table of a specification, read from its JSON document: the inverse of
//! [`Help::to_json`](crate::Help::to_json), as far as the document tells.
//!
//! The document has the variables in the order of the table, each with the fields that lead to
//! it, so that the groups are found again. A path of a group that the document does not name
//! is derived from the names in it, because errors show it.

mod tree;

use serde_json::Value;

use self::tree::{Entry, Node, Shape};
use super::{Details, Item, Presence, RuleKind, Spec};
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
struct Rule {
    kind: RuleKind,
    names: Vec<String>,
}

fn rules(document: &Value) -> Option<Vec<Rule>> {
    let rules = document["rules"].as_array().into_iter().flatten();
    let rule = |rule: &Value| {
        let word = rule["rule"].as_str()?;
        let kind = RuleKind::ALL.into_iter().find(|kind| kind.key() == word)?;
        let names = rule["variables"].as_array()?.iter();
        Some(Rule {
            kind,
            names: names
                .filter_map(|name| Some(name.as_str()?.to_owned()))
                .collect(),
        })
    };
    rules.map(rule).collect()
}

/// Returns the items of the entries of a group, and of the rules between them. All names begin
/// with `path`.
fn items(entries: &[Entry<'_>], path: &Path<'_>, rules: &mut Vec<Rule>) -> Option<Vec<Item>> {
    let mut items = Vec::new();
    for entry in entries {
        items.push(match entry {
            Entry::Var(field, value) => variable(field, path, value)?,
            Entry::Node(node) => node.item(path, rules)?,
        });
    }
    rules.retain(|rule| {
        let member = |name: &String| entries.iter().position(|it| it.is_called(name));
        let members: Option<Vec<usize>> = rule.names.iter().map(member).collect();
        let Some(members) = members else { return true };
        items.push(Item::rule(rule.kind, members.leak()));
        false
    });
    Some(items)
}

impl Node<'_> {
    /// Returns the item of the group in the group around it.
    fn item(&self, outer: &Path<'_>, rules: &mut Vec<Rule>) -> Option<Item> {
        let text = leak(&self.path(outer, rules));
        let segment = below(outer, text);
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

fn variable(field: &str, path: &Path<'_>, value: &Value) -> Option<Item> {
    let text = |key: &str| value[key].as_str().map(leak);
    let list = |key: &str| -> &'static [&'static str] {
        let texts = value[key].as_array().into_iter().flatten();
        let texts = texts.filter_map(|text| text.as_str().map(leak));
        texts.collect::<Vec<_>>().leak()
    };
    let name = value["name"].as_str()?;
    let column = text("type").unwrap_or_default();
    let is_custom = value["custom"] == true;
    let form = leaked(if value["present"] == true {
        Form::PRESENT
    } else {
        form(column, is_custom, list("words"), word_aliases(value))
    });
    let is_secret = value["secret"] == true;
    let mut item = if name == &**path || path.is_above(name) {
        Item::var(
            leak(field),
            leak(below(path, name)),
            form,
            is_secret,
            column,
        )
    } else {
        Item::named(leak(field), leak(name), form, is_secret, column)
    };
    item = item.details(leaked(Details {
        separator: text("separator").filter(|_| form.may_be_list()),
        written_range: text("range"),
        written_len: text("length"),
        aliases: list("aliases"),
        deprecated: list("deprecated"),
        key: text("key"),
        ..Details::NONE
    }));
    if let Some(doc) = text("doc") {
        item = item.doc(doc);
    }
    if value["allow_empty"] == true {
        item = item.allow_empty();
    }
    if value["file"].is_string() {
        item = item.file();
    }
    Some(match text("default") {
        Some(default) => item.default(default),
        None if value["required"] == true => item,
        None => item.optional(),
    })
}

fn word_aliases(value: &Value) -> &'static [(&'static str, &'static str)] {
    let aliases = value["word_aliases"].as_object().into_iter().flatten();
    let aliases = aliases.filter_map(|(alias, word)| Some((leak(alias), leak(word.as_str()?))));
    aliases.collect::<Vec<_>>().leak()
}

/// Returns the form that a document calls `column`.
fn form(
    column: &'static str,
    is_custom: bool,
    words: &'static [&'static str],
    aliases: &'static [(&'static str, &'static str)],
) -> Form {
    if column == Form::JSON.column() {
        return Form::JSON;
    }
    if is_custom || column.len() > MAX_COLUMN {
        return Form::spelled(column);
    }
    match column {
        "text" => return Form::text(),
        // A document has no words for a part of a value.
        "word" if words.is_empty() => return Form::spelled(column),
        "word" => return Form::words(words).word_aliases(aliases),
        _ => {}
    }
    if let Some(known) = known::named(column) {
        return known;
    }
    let inner =
        |column: &'static str| -> &'static Form { leaked(form(column, is_custom, words, aliases)) };
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
fn below<'n>(path: &Path<'_>, name: &'n str) -> &'n str {
    let rest = name.strip_prefix(&*path.beginning());
    rest.or_else(|| name.strip_prefix(&**path)).unwrap_or(name)
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

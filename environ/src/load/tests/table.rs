//! Makes a table of a model, and loads it without generated code.

use std::collections::HashSet;

use super::model::{Count, Model, Node, OneOf, Presence, Ty, Var};
use crate::load::Loading;
use crate::redact::Secret;
use crate::spec::variables;
use crate::spec::{Details, Item, Kind, Presence as ItemPresence, Spec, Var as ItemVar};
use crate::value::{EnvValue, Form, Invalid, RangeText, Text};

const WORDS: [&[&str]; 4] = [&[], &["one"], &["one", "two"], &["one", "two", "three"]];

fn leaked<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// Returns the table, unless two fields read the same variable, or a flattened list is in it.
pub(super) fn spec(model: &Model) -> Option<&'static Spec> {
    let spec = leaked(Spec::new("Cfg", items(model)?));
    let variables = variables::of(spec.items, &spec.root_path(), &variables::placeholders);
    let mut seen = HashSet::new();
    let mut names = variables.iter().flat_map(variables::Variable::all_names);
    names.all(|name| seen.insert(name)).then_some(spec)
}

fn items(model: &Model) -> Option<&'static [Item]> {
    let items: Option<Vec<Item>> = model.0.iter().enumerate().map(item).collect();
    Some(items?.leak())
}

fn item((index, node): (usize, &Node)) -> Option<Item> {
    let field: &'static str = format!("f{index}").leak();
    Some(match node {
        Node::Var(var) => variable(field, var),
        Node::Group(group) => {
            let inner = leaked(Spec::new("Group", items(&group.inner)?));
            let segment = if group.flatten { "" } else { group.name };
            let item = Item::group_at(field, segment, inner);
            match group.count {
                Count::One => item,
                Count::Optional => item.optional(),
                Count::List | Count::Map if group.flatten => return None,
                Count::List => item.list(),
                Count::Map => item.map(),
            }
        }
        Node::OneOf(one_of) => {
            let inner = leaked(Spec::new("OneOf", variants(one_of)?));
            let item = Item::group_at(field, one_of.name, inner);
            if one_of.optional {
                item.optional()
            } else {
                item
            }
        }
    })
}

fn variants(one_of: &OneOf) -> Option<&'static [Item]> {
    let words: Vec<&'static str> = one_of.variants.iter().map(|(word, _)| *word).collect();
    let selector = Item::selector(leaked(Form::words(words.leak())));
    let mut items = vec![match one_of.default {
        Some(index) => selector.default(one_of.variants[index].0),
        None => selector,
    }];
    for (word, model) in &one_of.variants {
        if let Some(model) = model {
            let inner = leaked(Spec::new("Variant", self::items(model)?));
            items.push(Item::variant(word, word.to_uppercase().leak(), inner));
        }
    }
    Some(items.leak())
}

fn variable(field: &'static str, var: &Var) -> Item {
    let form = leaked(match var.ty {
        Ty::Text => String::FORM,
        Ty::Byte => u8::FORM,
        Ty::Number => u32::FORM,
        Ty::Bool => bool::FORM,
        Ty::Truthy => Form::TRUTHY,
        Ty::Words(count) => Form::words(WORDS[count]),
        Ty::Numbers => Vec::<u16>::FORM,
    });
    let mut item = if var.is_full {
        Item::named(field, var.name, form, false, "")
    } else {
        Item::var(field, var.name, form, false, "")
    };
    item = match var.presence {
        Presence::Required => item,
        Presence::Optional => item.optional(),
        Presence::Default => item.default(match var.ty {
            Ty::Bool | Ty::Truthy => "true",
            Ty::Words(_) => "one",
            _ => "7",
        }),
    };
    if var.file {
        item = item.file();
    }
    if var.secret {
        item = item.secret::<Secret<String>>();
    }
    if var.allow_empty {
        item = item.allow_empty();
    }
    let mut details = Details::NONE
        .aliases(var.aliases.clone().leak())
        .deprecated(var.deprecated.clone().leak());
    if var.ty == Ty::Numbers {
        details = details.separator(if var.semicolons { ";" } else { "," });
    }
    if let (Ty::Byte | Ty::Number, Some(range)) = (var.ty, var.range) {
        details = details.range(RANGES[range], ["5..", "1..=9"][range]);
    }
    item.details(leaked(details))
}

const RANGES: [fn() -> RangeText; 2] = [|| range("at least 5"), || range("from 1 to 9")];

fn range(words: &str) -> RangeText {
    RangeText {
        words: words.to_owned(),
        first: Some("7".to_owned()),
        fault: None,
    }
}

/// Loads every row of the table.
pub(super) fn load(loading: &mut Loading<'_>) -> Option<()> {
    let items = loading.items;
    let selects = items.first().is_some_and(Item::is_selector);
    if selects {
        return load_one_of(loading);
    }
    let mut all = Some(());
    for (index, item) in items.iter().enumerate() {
        let loaded = match &item.kind {
            Kind::Var(var) => load_variable(loading, index, var),
            Kind::Group(spec) => match item.presence {
                ItemPresence::Optional => {
                    let group = loading.optional_group(index, spec, load);
                    group.map(|_| ())
                }
                _ => loading.group(index, spec, load),
            },
            Kind::Rule(_) | Kind::Removed(_) => Some(()),
            Kind::List(spec) => loading.groups(index, spec, load).map(|_| ()),
            Kind::Map(spec) => {
                let map = loading.group_map::<(), Vec<(String, ())>>(index, spec, load);
                map.map(|_| ())
            }
        };
        all = all.and(loaded);
    }
    all
}

fn load_one_of(loading: &mut Loading<'_>) -> Option<()> {
    let items = loading.items;
    let Kind::Var(selector) = &items[0].kind else {
        return None;
    };
    let words = selector.form().known_words().unwrap_or_default();
    let each: Vec<[&str; 1]> = words.iter().map(|word| [*word]).collect();
    let each: Vec<&[&str]> = each.iter().map(|word| &word[..]).collect();
    let word = words[loading.select(&each)?];
    let is_chosen = |item: &Item| matches!(item.presence, ItemPresence::Variant(it) if it == word);
    match items.iter().position(is_chosen) {
        Some(index) => match &items[index].kind {
            Kind::Group(spec) => loading.variant(index, spec, load),
            _ => None,
        },
        None => Some(()),
    }
}

fn load_variable(loading: &mut Loading<'_>, index: usize, var: &'static ItemVar) -> Option<()> {
    let read = |text: &mut Text<'_>| read(text, var);
    match loading.items[index].presence {
        ItemPresence::Optional => loading.optional(index, read).map(|_| ()),
        _ => loading.var(index, read),
    }
}

fn read(text: &mut Text<'_>, var: &ItemVar) -> Result<(), Invalid> {
    match var.form() {
        form if form == String::FORM => String::from_text(text).map(drop),
        form if form == bool::FORM => bool::from_text(text).map(drop),
        form if form == Form::TRUTHY => text.truthy().map(drop),
        form if form == u8::FORM => in_range(u8::from_text(text)?.into(), var),
        form if form == u32::FORM => in_range(u32::from_text(text)?, var),
        form if form == Vec::<u16>::FORM => Vec::<u16>::from_text(text).map(drop),
        form => {
            let words: Vec<[&str; 1]> = form
                .known_words()
                .unwrap()
                .iter()
                .map(|word| [*word])
                .collect();
            let words: Vec<&[&str]> = words.iter().map(|word| &word[..]).collect();
            text.word(&words).map(drop)
        }
    }
}

fn in_range(number: u32, var: &ItemVar) -> Result<(), Invalid> {
    let is_in = match var.range().map(|range| range.words) {
        Some(words) if words == "at least 5" => number >= 5,
        Some(_) => (1..=9).contains(&number),
        None => true,
    };
    if is_in {
        Ok(())
    } else {
        Err(Invalid::new("it is out of range"))
    }
}

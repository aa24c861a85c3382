//! Makes a table of a model. The loader of specifications loads the table.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use super::model::{Count, Model, Node, OneOf, Presence, Root, Rule, Ty, Var};
use crate::name::Hash;
use crate::redact::Secret;
use crate::spec::{variables, Part};
use crate::spec::{Details, Item, Name, RuleKind, Spec};
use crate::value::{EnvValue, Form, RangeText};

const WORDS: [&[&str]; 4] = [&[], &["one"], &["one", "two"], &["one", "two", "three"]];

fn leaked<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// Returns the table, unless two fields read the same variable, or a key of a field contradicts
/// another key.
pub(super) fn spec(root: &Root) -> Option<&'static Spec> {
    let spec = Spec::new("Cfg", items(&root.model)?);
    let spec = leaked(match root.delimiter {
        Some((after_prefix, delimiter)) => spec.delimiter(after_prefix, delimiter),
        None => spec,
    });
    let variables = variables::of(spec.items, &spec.root_path(), &variables::placeholders);
    let mut seen = HashSet::new();
    let mut names = variables.iter().flat_map(variables::Variable::all_names);
    names.all(|name| seen.insert(name)).then_some(spec)
}

fn items(model: &Model) -> Option<&'static [Item]> {
    let nodes = model.nodes.iter().enumerate();
    let items: Option<Vec<Item>> = nodes
        .map(|(index, node)| item(model, index, node))
        .collect();
    let mut items = items?;
    items.extend(model.rules.iter().filter_map(|it| rule(it, &model.nodes)));
    let removed = model.removed.iter();
    items.extend(removed.map(|name| Item::removed(name, "see the guide")));
    Some(items.leak())
}

fn item(model: &Model, index: usize, node: &Node) -> Option<Item> {
    let field: &'static str = format!("f{index}").leak();
    Some(match node {
        Node::Var(var) => variable(model, index, field, var),
        Node::Group(group) => {
            let inner = leaked(Spec::new("Group", items(&group.inner)?));
            let segment = if group.flatten { "" } else { group.name };
            let item = Item::group_at(field, segment, inner);
            match group.count {
                Count::One => item,
                Count::Optional => item.optional(),
                Count::When(number) => item.when(switch(&group.inner, number)?),
                Count::Switch(name) => {
                    let items = leaked([Item::switch(name), Item::switched(inner)]);
                    Item::group_at(field, segment, leaked(inner.switched(items)))
                }
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

/// Returns the field of a variable of a group.
fn switch(inner: &Model, number: usize) -> Option<&'static str> {
    let variables = inner.nodes.iter().enumerate();
    let variables = variables.filter(|(_, node)| matches!(node, Node::Var(_)));
    let variables: Vec<usize> = variables.map(|(index, _)| index).collect();
    let index = variables.get(number % variables.len().max(1))?;
    Some(format!("f{index}").leak())
}

fn variants(one_of: &OneOf) -> Option<&'static [Item]> {
    let variants = one_of.variants.iter();
    let words: Vec<&'static str> = variants.clone().map(|variant| variant.word).collect();
    let aliases: Vec<_> = variants
        .filter_map(|variant| Some((variant.alias?, variant.word)))
        .collect();
    let words = Form::words(words.leak()).word_aliases(aliases.leak());
    let mut selector = Item::selector(leaked(words));
    if let Some(segment) = one_of.selector {
        selector.name = Name::Segment(segment);
        selector.hash = Hash::of(segment);
    }
    let mut items = vec![match one_of.default {
        Some(index) => selector.default(one_of.variants[index].word),
        None => selector,
    }];
    for variant in &one_of.variants {
        if let Some(model) = &variant.group {
            let inner = leaked(Spec::new("Variant", self::items(model)?));
            let segment = variant.word.to_uppercase().leak();
            items.push(if variant.is_flat {
                Item::flat_variant(variant.word, inner)
            } else {
                Item::variant(variant.word, segment, inner)
            });
        }
    }
    Some(items.leak())
}

/// Returns a rule between the fields that may be in such a rule, if there are two.
fn rule(rule: &Rule, nodes: &[Node]) -> Option<Item> {
    let may_be_absent = |node: &Node| match node {
        Node::Var(var) => match var.presence {
            _ if var.ty == Ty::Present => true,
            Presence::Optional => true,
            Presence::Required => false,
            Presence::Default | Presence::From => rule.kind == RuleKind::AtMostOneOf,
        },
        Node::Group(group) => group.count != Count::One,
        Node::OneOf(one_of) => one_of.optional,
    };
    let mut members: Vec<usize> = Vec::new();
    for (place, number) in rule.members.iter().enumerate() {
        let is_leader = rule.kind == RuleKind::Requires && place == 0;
        let fields = nodes.iter().enumerate();
        let fields = fields.filter(|(_, node)| is_leader || may_be_absent(node));
        let fields: Vec<usize> = fields.map(|(index, _)| index).collect();
        let index = *fields.get(number % fields.len().max(1))?;
        if !members.contains(&index) {
            members.push(index);
        }
    }
    (members.len() > 1).then(|| Item::rule(rule.kind, members.leak()))
}

fn variable(model: &Model, index: usize, field: &'static str, var: &Var) -> Item {
    let form = leaked(match var.ty {
        Ty::Text => String::FORM,
        Ty::Byte => u8::FORM,
        Ty::Number => u32::FORM,
        Ty::Bool => bool::FORM,
        Ty::Truthy => Form::TRUTHY,
        Ty::Present => Form::PRESENT,
        Ty::Words(count) => Form::words(WORDS[count]),
        Ty::Numbers => Vec::<u16>::FORM,
        Ty::Duration => Duration::FORM,
        Ty::Unit(unit) => Form::in_unit(unit),
        Ty::Pair => <(u8, String)>::FORM,
        Ty::Map => BTreeMap::<String, u16>::FORM,
        Ty::Custom => Form::spelled("Url"),
    });
    let mut item = if var.is_full {
        Item::named(field, var.name, form, false, "Url")
    } else {
        Item::var(field, var.name, form, false, "Url")
    };
    item = with_presence(&item, model, index, var);
    let remarks = &var.remarks;
    if let Some(doc) = remarks.doc {
        item = item.doc(doc);
    }
    if remarks.live {
        item = item.live();
    }
    let mut details = Details::NONE
        .aliases(var.aliases.clone().leak())
        .deprecated(var.deprecated.clone().leak());
    details.expected = remarks.expected.filter(|_| var.ty != Ty::Present);
    details.example = remarks.example;
    details.key = remarks.key;
    if var.ty == Ty::Present {
        return item.allow_empty().details(leaked(details));
    }
    if var.file {
        item = item.file();
    }
    if var.secret {
        item = item.secret::<Secret<String>>();
    }
    if var.allow_empty {
        item = item.allow_empty();
    }
    if form.is_several() {
        details = details.separator(if var.semicolons { ";" } else { "," });
    }
    let details = match (var.ty, var.range, var.length) {
        (Ty::Byte | Ty::Number, Some(range), _) => details.range(RANGES[range], RANGE_WORDS[range]),
        (Ty::Text, _, Some(length)) => details.len(LENGTHS[length], LENGTH_WORDS[length]),
        _ => details,
    };
    item.details(leaked(details))
}

fn with_presence(item: &Item, model: &Model, index: usize, var: &Var) -> Item {
    let item = *item;
    let presence = match var.presence {
        _ if var.ty == Ty::Present => Presence::Optional,
        presence => presence,
    };
    let default = match var.ty {
        Ty::Bool | Ty::Truthy => "true",
        Ty::Words(_) => "one",
        Ty::Duration => "7s",
        Ty::Text => "77",
        Ty::Pair if var.semicolons => "7;x",
        Ty::Pair => "7,x",
        Ty::Map => "x=7",
        _ => "7",
    };
    match presence {
        Presence::Required => item,
        Presence::Optional => item.optional(),
        Presence::Default => item.default(default),
        // A specification does not show the default of a secret.
        Presence::From if var.secret => item.default(default),
        Presence::From => {
            let before = model.nodes[..index].iter();
            let has_text = |node: &Node| match node {
                // A secret stands in the default of a secret only.
                Node::Var(var) => {
                    var.ty != Ty::Present && var.presence != Presence::Optional && !var.secret
                }
                Node::Group(_) | Node::OneOf(_) => false,
            };
            match before.clone().position(has_text) {
                Some(field) => item.default_from(leaked([Part::Field(field)])),
                None => item.default(default),
            }
        }
    }
}

const RANGE_WORDS: [&str; 2] = ["at least 5", "from 1 to 9"];

const RANGES: [fn() -> RangeText; 2] = [|| range(RANGE_WORDS[0]), || range(RANGE_WORDS[1])];

const LENGTH_WORDS: [&str; 2] = ["at least 2 characters", "at most 3 characters"];

const LENGTHS: [fn() -> RangeText; 2] = [|| range(LENGTH_WORDS[0]), || range(LENGTH_WORDS[1])];

fn range(words: &str) -> RangeText {
    RangeText {
        words: words.to_owned(),
        first: Some("7".to_owned()),
        last: None,
        fault: None,
    }
}

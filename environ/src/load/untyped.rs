//! A load of a table that no type stands behind: the table of a specification. Nothing is made
//! of the texts; each is judged by the words of its variable.

use super::Loading;
use crate::spec::{Item, Kind, Presence, Var};
use crate::value::{known, Invalid, Text};

/// Loads a table for its problems.
pub(crate) fn load(loading: &mut Loading<'_>) -> Option<()> {
    if loading.items.first().is_some_and(Item::is_selector) {
        return load_variant(loading);
    }
    let mut is_complete = true;
    for (index, item) in loading.items.iter().enumerate() {
        is_complete &= load_item(loading, index, item);
    }
    loading.warn_of_removed();
    is_complete &= loading.keeps_rules();
    is_complete.then_some(())
}

fn load_item(loading: &mut Loading<'_>, index: usize, item: &'static Item) -> bool {
    match (&item.kind, item.presence) {
        (Kind::Var(var), Presence::Optional) => {
            let read = loading.optional(index, |text| judge(var, text));
            read.is_some()
        }
        (Kind::Var(var), presence) => {
            // The field may be an `Option`, which is `None` then.
            let may_be_none =
                var.allow_empty && matches!(presence, Presence::Default(_) | Presence::From(_));
            let judged = loading.var(index, |text| match text.as_str() {
                Ok("") if may_be_none => Ok(()),
                _ => judge(var, text),
            });
            judged.is_some()
        }
        (Kind::Group(spec), Presence::Optional) => {
            loading.optional_group(index, spec, load).is_some()
        }
        (Kind::Group(spec), Presence::When(_)) => loading.group_when(index, spec, load).is_some(),
        (Kind::Group(spec), _) if spec.is_switched() => {
            loading.switched_group(index, spec, load).is_some()
        }
        (Kind::Group(spec), _) => loading.group(index, spec, load).is_some(),
        (Kind::List(spec), _) => loading.groups(index, spec, load).is_some(),
        (Kind::Map(spec), _) => {
            let groups = loading.group_map::<String, (), Vec<(String, ())>>(index, spec, load);
            groups.is_some()
        }
        (Kind::Rule(_) | Kind::Removed(_), _) => true,
    }
}

/// Loads the group of the variant that is selected. A variant without a group has no item.
fn load_variant(loading: &mut Loading<'_>) -> Option<()> {
    let (_, selector) = loading.item(0);
    let words = selector.form().known_words().unwrap_or_default();
    let words_of = |word: &&'static str| {
        let aliases = selector.form().known_aliases().iter();
        let aliases = aliases.filter(|(_, of)| of == word);
        let aliases = aliases.map(|(alias, _)| *alias);
        [*word].into_iter().chain(aliases).collect()
    };
    let all: Vec<Vec<&'static str>> = words.iter().map(words_of).collect();
    let all: Vec<&[&'static str]> = all.iter().map(Vec::as_slice).collect();
    let word = words[loading.select(&all)?];
    let is_selected = |item: &Item| matches!(item.presence, Presence::Variant(of) if of == word);
    let items = loading.items;
    let Some(index) = items.iter().position(is_selected) else {
        return Some(());
    };
    match items[index].kind {
        Kind::Group(spec) => loading.variant(index, spec, load),
        _ => None,
    }
}

fn judge(var: &Var, text: &mut Text<'_>) -> Result<(), Invalid> {
    known::check(&var.form(), var.details.written_range, text)?;
    match var.details.written_len {
        Some(words) => known::check_length(&var.form(), words, text),
        None => Ok(()),
    }
}

//! The groups that may be absent, each with the condition under which it is read or
//! required: optional groups, variants, and the groups of lists and maps.

use super::variables::{Instances, When};
use super::{Item, Kind, Presence, Spec};
use crate::name::Path;

/// A group that may be absent.
pub(crate) struct Conditional {
    /// The fields that lead to it: `db`, `secrets.vault`, `upstream[<N>]`. A variable is in the
    /// group if its fields begin with these fields.
    pub(crate) field: String,
    pub(crate) when: When,
}

/// Returns the groups of `items` that may be absent, an outer group before its inner groups.
pub(crate) fn of(
    items: &'static [Item],
    path: &Path<'_>,
    instances: Instances<'_>,
) -> Vec<Conditional> {
    let mut groups = Vec::new();
    add(&mut groups, items, path, "", instances);
    groups
}

fn add(
    groups: &mut Vec<Conditional>,
    items: &'static [Item],
    path: &Path<'_>,
    outer: &str,
    instances: Instances<'_>,
) {
    for item in items {
        let own = item.path(path);
        let field = match (outer, item.field) {
            (outer, "") => outer.to_owned(),
            ("", field) => field.to_owned(),
            (outer, field) => format!("{outer}.{field}"),
        };
        match &item.kind {
            Kind::Var(_) | Kind::Rule(_) | Kind::Removed(_) => {}
            Kind::Group(spec) => {
                let when = match item.presence {
                    Presence::Optional => {
                        let is_flat = item.segment().is_empty();
                        Some(When::any_set(&own, &field, is_flat))
                    }
                    Presence::Variant(word) => {
                        Some(When::Chosen(items[0].full_name(path), vec![word]))
                    }
                    Presence::When(index) => Some(When::if_set(spec, index, &own, true)),
                    Presence::Required | Presence::Default(_) | Presence::From(_) => None,
                };
                let conditional = when.map(|when| Conditional {
                    field: field.clone(),
                    when,
                });
                groups.extend(conditional);
                add(groups, spec.items, &own, &field, instances);
            }
            Kind::List(spec) | Kind::Map(spec) => {
                let spec: &'static Spec = spec;
                for segment in instances(&item.kind, &own) {
                    let path = own.join(&segment);
                    let field = format!("{field}[{segment}]");
                    groups.push(Conditional {
                        field: field.clone(),
                        when: When::any_set(&path, &field, false),
                    });
                    add(groups, spec.items, &path, &field, instances);
                }
            }
        }
    }
}

//! The names that a release has removed.

use super::{Item, Kind};

/// Returns the removed names of all groups, each with its remedy.
pub(crate) fn of(items: &[Item]) -> Vec<(&'static str, &'static str)> {
    let mut all = Vec::new();
    add(&mut all, items);
    all
}

fn add(all: &mut Vec<(&'static str, &'static str)>, items: &[Item]) {
    for item in items {
        match item.kind {
            Kind::Removed(remedy) => all.push((item.segment(), remedy)),
            Kind::Group(spec) | Kind::List(spec) | Kind::Map(spec) => add(all, spec.items),
            Kind::Var(_) | Kind::Rule(_) => {}
        }
    }
}

//! Reports a variable that two fields of a struct read. Across groups the compiler
//! finds it, because a macro sees a single type: see `unique.rs` of `environ`.

use proc_macro2::Ident;

use crate::ctxt::Ctxt;
use crate::model::{Field, Kind, Name, Var};

pub(super) fn check_names(ctxt: &Ctxt, fields: &[Field<'_>]) {
    let mut seen: Vec<(Name, &Ident)> = Vec::new();
    for field in fields {
        let Kind::Var(var) = &field.kind else {
            continue;
        };
        for name in names(var) {
            match seen.iter().find(|(old, _)| *old == name) {
                Some((_, first)) => report(ctxt, first, field.ident, name.text()),
                None => seen.push((name, field.ident)),
            }
        }
    }
}

fn names(var: &Var<'_>) -> Vec<Name> {
    let full_names = var.aliases.iter().chain(&var.deprecated);
    let names = full_names.cloned().map(Name::Full);
    names.chain([var.name.clone()]).collect()
}

fn report(ctxt: &Ctxt, first: &Ident, second: &Ident, name: &str) {
    if first == second {
        ctxt.error(
            second,
            format_args!("`{name}` is given twice; remove one of them"),
        );
    } else {
        ctxt.error(
            second,
            format_args!(
                "`{first}` and `{second}` both read `{name}`; give one of them another `name`"
            ),
        );
    }
}

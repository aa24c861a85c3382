//! Lowers the fields of a struct: decides whether a field reads a variable, a group, or
//! nothing.

use proc_macro2::Ident;
use syn::FieldsNamed;

use super::before::Before;
use super::group::group;
use super::relations::{relations, OfField};
use super::unique::check_names;
use super::var::var;
use super::{names, rules, types};
use crate::attr::{Attrs, Key, Place};
use crate::ctxt::Ctxt;
use crate::model::{Body, Field, Kind, Removed, Skipped};

pub(super) fn fields<'a>(ctxt: &Ctxt, of_struct: &Attrs, named: &'a FieldsNamed) -> Body<'a> {
    let (mut fields, mut skipped, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    for node in &named.named {
        let Some(ident) = &node.ident else {
            continue;
        };
        let attrs = Attrs::parse(ctxt, Place::Field, &node.attrs);
        check_option(ctxt, node);
        let before = Before {
            ctxt,
            own: ident,
            fields: &fields,
            skipped: &skipped,
            named,
        };
        if attrs.has(Key::Skip) {
            let field = skip(before, ident, node, &attrs);
            skipped.push(field);
        } else {
            let kind = kind(before, of_struct, ident, node, &attrs);
            fields.push(Field { ident, kind });
        }
        keys.push(OfField { ident, attrs });
    }
    check_names(ctxt, &fields);
    Body::Struct {
        relations: relations(ctxt, of_struct, &fields, &keys),
        removed: removed(ctxt, of_struct),
        fields,
        skipped,
    }
}

fn removed(ctxt: &Ctxt, attrs: &Attrs) -> Vec<Removed> {
    let mut all = Vec::new();
    for entry in attrs.iter().filter(|entry| entry.key == Key::Removed) {
        match entry.value.texts() {
            Some([name, remedy]) => all.push(Removed {
                name: names::full(ctxt, name),
                remedy: remedy.value(),
            }),
            _ => ctxt.error(
                &entry.ident,
                "`removed` takes a name and a remedy: `removed(\"OLD\", \"use NEW\")`",
            ),
        }
    }
    all
}

fn check_option(ctxt: &Ctxt, node: &syn::Field) {
    let outer = types::option(types::unlived(&node.ty));
    if let Some(inner) = outer.filter(|inner| types::option(inner).is_some()) {
        ctxt.error(
            inner,
            "an absent `Option` cannot be told from an absent `Option` inside it; remove one",
        );
    }
}

fn skip<'a>(
    before: Before<'_>,
    ident: &'a Ident,
    node: &'a syn::Field,
    attrs: &Attrs,
) -> Skipped<'a> {
    let remedy = "a field that is skipped reads nothing";
    rules::reject_beside(before.ctxt, attrs, Key::Skip, &[Key::DefaultFn], remedy);
    let call = attrs.find(Key::DefaultFn).and_then(|it| it.value.call());
    Skipped {
        ident,
        ty: &node.ty,
        computed: call.map(|call| before.computed(call, true)),
    }
}

fn kind<'a>(
    before: Before<'_>,
    of_struct: &Attrs,
    ident: &Ident,
    node: &'a syn::Field,
    attrs: &Attrs,
) -> Kind<'a> {
    let ctxt = before.ctxt;
    let read = types::unlived(&node.ty);
    let value = types::option(read).unwrap_or(read);
    let implied = types::secret(value).map(|_| Key::Secret);
    rules::check(ctxt, attrs, implied);
    if attrs.has(Key::Group) {
        Kind::Group(group(ctxt, ident, node, attrs))
    } else {
        Kind::Var(Box::new(var(before, of_struct, ident, node, attrs)))
    }
}

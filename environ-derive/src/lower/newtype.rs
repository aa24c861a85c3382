//! Lowers a struct around a single value that derives `EnvValue`.

use syn::{Data, DeriveInput, Fields};

use super::target::target;
use super::types;
use crate::attr::{Attrs, Key, Place};
use crate::ctxt::Ctxt;
use crate::model::Newtype;

/// Lowers a struct with a single field, or returns `None` for every type of a different shape.
pub(crate) fn newtype<'a>(ctxt: &Ctxt, node: &'a DeriveInput) -> Option<Newtype<'a>> {
    let Data::Struct(data) = &node.data else {
        return None;
    };
    let fields = match &data.fields {
        Fields::Named(fields) => &fields.named,
        Fields::Unnamed(fields) => &fields.unnamed,
        Fields::Unit => return None,
    };
    if fields.len() != 1 {
        return None;
    }
    let (attrs, field) = (
        Attrs::parse(ctxt, Place::Words, &node.attrs),
        fields.first()?,
    );
    if let Some(entry) = attrs.find(Key::RenameAll) {
        ctxt.error(
            &entry.ident,
            "`rename_all` spells the words of an enum, and this type has none; remove it",
        );
    }
    for attribute in field.attrs.iter().filter(|it| it.path().is_ident("env")) {
        ctxt.error(
            attribute,
            "the value is read as its type; put keys on the field of the config that has this type",
        );
    }
    Some(Newtype {
        target: target(&attrs, node),
        ty: &field.ty,
        spelled: types::spelled(&field.ty),
        field: field.ident.as_ref(),
    })
}

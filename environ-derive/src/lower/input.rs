//! Lowers a type that derives `EnvConfig`.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Data, DataStruct, DeriveInput, Fields, LitStr, Token, Type, WherePredicate};

use super::case::Case;
use super::field::fields;
use super::one_of::one_of;
use super::target::target;
use super::{doc, names, types};
use crate::attr::{Attrs, Key, Place, Value};
use crate::ctxt::Ctxt;
use crate::model::{Body, Count, Input, Kind, Switch};

pub(crate) fn input<'a>(ctxt: &Ctxt, node: &'a DeriveInput) -> Input<'a> {
    let place = match &node.data {
        Data::Enum(_) => Place::OneOf,
        Data::Struct(_) | Data::Union(_) => Place::Struct,
    };
    let attrs = Attrs::parse(ctxt, place, &node.attrs);
    let text = |key| attrs.value(key, Value::text);
    let (prefix, delimiter) = names::root(ctxt, text(Key::Prefix), text(Key::Delimiter));
    Input {
        target: target(&attrs, node),
        bound: text(Key::Bound).map(|text| bound(ctxt, text)),
        prefix,
        delimiter,
        validate: attrs
            .values(Key::Validate, Value::tokens)
            .cloned()
            .collect(),
        doc: doc::first_paragraph(&node.attrs),
        body: known_groups(
            ctxt,
            node,
            not_recursive(ctxt, &node.ident, body(ctxt, &attrs, node)),
        ),
    }
}

/// Reports groups of the type itself, for which the compiler would report a cycle of
/// constants.
fn not_recursive<'a>(ctxt: &Ctxt, ident: &Ident, body: Body<'a>) -> Body<'a> {
    let types: Vec<&Type> = match &body {
        Body::Struct { fields, .. } => {
            let groups = fields.iter().filter_map(|field| match &field.kind {
                Kind::Group(group) => Some(group.ty),
                Kind::Var(_) => None,
            });
            groups.collect()
        }
        Body::OneOf { choices, .. } => {
            let groups = choices.iter().filter_map(|choice| choice.group.as_ref());
            groups.map(|group| group.ty).collect()
        }
    };
    for ty in types.into_iter().filter(|ty| types::names(ty, ident)) {
        ctxt.error(
            ty,
            format_args!(
                "`{ident}` is a group in itself, so its variables would have no end; \
                 give the group a type of its own"
            ),
        );
    }
    body
}

/// Reports keys that change the table of a group with a type parameter: the table is known
/// only where the parameter is.
fn known_groups<'a>(ctxt: &Ctxt, node: &DeriveInput, body: Body<'a>) -> Body<'a> {
    let Body::Struct { fields, .. } = &body else {
        return body;
    };
    let groups = fields.iter().filter_map(|field| match &field.kind {
        Kind::Group(group) => Some(group),
        Kind::Var(_) => None,
    });
    for group in groups {
        let key = match (&group.selector, group.defaults.first(), &group.count) {
            (Some(_), _, _) => Key::Selector,
            (None, Some(_), _) => Key::Defaults,
            (None, None, Count::Optional(Switch::Own(_))) => Key::Switch,
            _ => continue,
        };
        if let Some(parameter) = types::first_parameter(group.ty, &node.generics) {
            ctxt.error(
                group.ty,
                format_args!(
                    "`{}` changes the table of this group, which is not known before \
                     `{parameter}` is; name a type without a parameter",
                    key.name(),
                ),
            );
        }
    }
    body
}

fn bound(ctxt: &Ctxt, text: &LitStr) -> Vec<TokenStream> {
    let predicates = text.parse_with(Punctuated::<WherePredicate, Token![,]>::parse_terminated);
    match predicates {
        Ok(predicates) => predicates.iter().map(ToTokens::to_token_stream).collect(),
        Err(err) => {
            ctxt.push(err);
            Vec::new()
        }
    }
}

fn body<'a>(ctxt: &Ctxt, attrs: &Attrs, node: &'a DeriveInput) -> Body<'a> {
    match &node.data {
        Data::Enum(data) if !data.variants.is_empty() => one_of(ctxt, Case::of(ctxt, attrs), data),
        Data::Struct(DataStruct {
            fields: Fields::Named(named),
            ..
        }) => fields(ctxt, attrs, named),
        other => {
            ctxt.error(&node.ident, unsupported(other));
            Body::Struct {
                fields: Vec::new(),
                skipped: Vec::new(),
                relations: Vec::new(),
                removed: Vec::new(),
            }
        }
    }
}

fn unsupported(data: &Data) -> &'static str {
    match data {
        Data::Struct(_) => "`EnvConfig` needs fields with names: variables are called after them",
        Data::Enum(_) => "an enum without variants has no word to choose; add a variant",
        Data::Union(_) => "`EnvConfig` cannot fill a union; make it a struct or an enum",
    }
}

#[cfg(test)]
mod tests {
    use syn::{parse_quote, DeriveInput};

    use super::input;
    use crate::ctxt::Ctxt;
    use crate::model::Body;

    fn mistakes(node: &DeriveInput) -> Vec<String> {
        let ctxt = Ctxt::new();
        input(&ctxt, node);
        let mistakes = ctxt.check().err().into_iter().flatten();
        mistakes.map(|err| err.to_string()).collect()
    }

    #[test]
    fn mistakes_of_the_type_and_of_all_fields_are_reported_together() {
        let mistakes = mistakes(&parse_quote! {
            #[env(prefix = "APP_", bound = "T")]
            struct AppConfig {
                #[env(separator = "")]
                hosts: Vec<String>,
                #[env(group, flatten)]
                logs: Vec<Log>,
                #[env(skip, name = "CACHE")]
                cache: Option<Option<Cache>>,
            }
        });
        assert_eq!(mistakes.len(), 6, "{mistakes:?}");
    }

    #[test]
    fn a_name_that_two_fields_read_is_a_mistake_unless_prefixes_differ() {
        let node = parse_quote! {
            struct AppConfig {
                #[env(name = "PORT")]
                port: u16,
                #[env(alias = "PORT", deprecated = "HOST", name = "HOST")]
                host: String,
                #[env(name = "LISTEN")]
                port2: u16,
                listen: u16,
            }
        };
        let expected = [
            "`port` and `host` both read `PORT`; give one of them another `name`",
            "`HOST` is given twice; remove one of them",
        ];
        assert_eq!(mistakes(&node), expected);
    }

    #[test]
    fn skipped_fields_stand_apart() {
        let node = parse_quote! {
            struct AppConfig {
                #[env(skip)]
                started: Cell,
                port: u16,
            }
        };
        let ctxt = Ctxt::new();
        let Body::Struct {
            fields, skipped, ..
        } = input(&ctxt, &node).body
        else {
            panic!("a struct is lowered to an enum");
        };
        assert!(ctxt.check().is_ok());
        assert_eq!(fields[0].ident, "port");
        assert_eq!(skipped[0].ident, "started");
        assert_eq!((fields.len(), skipped.len()), (1, 1));
    }

    #[test]
    fn a_second_default_of_a_one_of_group_is_a_mistake() {
        let mistakes = mistakes(&parse_quote! {
            enum Store {
                #[env(default)]
                Memory,
                #[env(default)]
                Disk(Disk),
            }
        });
        let expected = "`Memory` is the default already; remove one `default`";
        assert_eq!(mistakes, [expected]);
    }
}

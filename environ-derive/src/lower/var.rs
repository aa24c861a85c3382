//! Lowers a field that reads a single variable.

use proc_macro2::Ident;
use syn::{Field, LitStr, Type};

use super::{doc, names, types};
use crate::attr::{Attrs, Key, Value};
use crate::ctxt::Ctxt;
use crate::model::{Checks, Name, Presence, Reader, Secrecy, Var};

pub(super) fn var<'a>(ctxt: &Ctxt, ident: &Ident, node: &'a Field, attrs: &Attrs) -> Var<'a> {
    let option = types::option(&node.ty);
    let ty = option.unwrap_or(&node.ty);
    let full = |key| {
        let texts = attrs.values(key, Value::text);
        texts.map(|text| names::full(ctxt, text))
    };
    Var {
        reader: reader(ctxt, attrs, ty),
        name: match full(Key::Name).next() {
            Some(name) => Name::Full(name),
            None => Name::Segment(names::of_field(ctxt, ident)),
        },
        aliases: full(Key::Alias).collect(),
        deprecated: full(Key::Deprecated).collect(),
        ty,
        spelled: types::spelled(types::secret(ty).unwrap_or(ty)),
        presence: presence(ctxt, attrs, option.is_some()),
        allow_empty: attrs.has(Key::AllowEmpty),
        checks: Checks {
            non_empty: attrs.has(Key::NonEmpty),
            range: attrs.value(Key::Range, Value::tokens).cloned(),
            validate: attrs
                .values(Key::Validate, Value::tokens)
                .cloned()
                .collect(),
        },
        secrecy: secrecy(ctxt, attrs, ty),
        example: attrs.value(Key::Example, Value::literal).cloned(),
        doc: match attrs.value(Key::Help, Value::text) {
            Some(help) => help.value(),
            None => doc::first_paragraph(&node.attrs),
        },
    }
}

fn reader(ctxt: &Ctxt, attrs: &Attrs, ty: &Type) -> Reader {
    let separator = attrs.value(Key::Separator, Value::text);
    if let Some(text) = separator.filter(|text| text.value().is_empty()) {
        ctxt.error(text, "a separator must not be empty");
    }
    let names_secret = types::names_secret(ty);
    match attrs.value(Key::Parse, Value::tokens).cloned() {
        Some(path) => Reader::Function { path, names_secret },
        None if attrs.has(Key::Truthy) => Reader::Truthy,
        None if attrs.has(Key::Json) => Reader::Json { names_secret },
        None => Reader::Type {
            separator: separator.map(LitStr::token),
        },
    }
}

fn presence(ctxt: &Ctxt, attrs: &Attrs, is_option: bool) -> Presence {
    let default = attrs.find(Key::Default).or(attrs.find(Key::DefaultFn));
    let Some(entry) = default else {
        return if is_option {
            Presence::Optional
        } else {
            Presence::Required
        };
    };
    if is_option {
        ctxt.error(
            &entry.ident,
            format_args!(
                "`{}` has no effect on an `Option`; remove one of them",
                entry.key.name()
            ),
        );
    }
    match &entry.value {
        Value::Literal(text) => Presence::Default(text.clone()),
        Value::Tokens(path) => Presence::DefaultFn(path.clone()),
        _ => Presence::DefaultValue,
    }
}

fn secrecy(ctxt: &Ctxt, attrs: &Attrs, ty: &Type) -> Secrecy {
    let store_key = attrs.value(Key::StoreAs, Value::text);
    let store_key = store_key.map(|text| names::store_key(ctxt, text));
    if attrs.has(Key::Secret) || types::secret(ty).is_some() {
        let plain = attrs.has(Key::Plain);
        Secrecy::Secret { plain, store_key }
    } else {
        let file = attrs.has(Key::File);
        Secrecy::Public { file }
    }
}

#[cfg(test)]
mod tests {
    use syn::{parse_quote, Field};

    use super::var;
    use crate::attr::{Attrs, Place};
    use crate::ctxt::Ctxt;
    use crate::model::{Name, Presence, Reader, Secrecy, Var};

    fn lowered<T>(field: &Field, read: impl FnOnce(Var<'_>) -> T) -> T {
        let ctxt = Ctxt::new();
        let attrs = Attrs::parse(&ctxt, Place::Field, &field.attrs);
        let value = read(var(&ctxt, field.ident.as_ref().unwrap(), field, &attrs));
        assert!(ctxt.check().is_ok());
        value
    }

    #[test]
    fn a_bare_field_is_a_required_variable_of_its_name() {
        lowered(&parse_quote!(port: u16), |var| {
            assert!(matches!(&var.name, Name::Segment(name) if name == "PORT"));
            assert!(matches!(var.presence, Presence::Required));
            assert!(matches!(var.reader, Reader::Type { separator: None }));
            assert!(matches!(var.secrecy, Secrecy::Public { file: false }));
        });
    }

    #[test]
    fn an_optional_secret_is_spelled_without_its_wrappers() {
        lowered(&parse_quote!(token: Option<Secret<String>>), |var| {
            assert_eq!(var.spelled, "String");
            assert!(matches!(var.presence, Presence::Optional));
            assert!(matches!(var.secrecy, Secrecy::Secret { plain: false, .. }));
        });
    }

    #[test]
    fn a_function_hides_the_value_if_the_type_names_a_secret() {
        let hides = |field| {
            lowered(&field, |var| match var.reader {
                Reader::Function { names_secret, .. } | Reader::Json { names_secret } => {
                    names_secret
                }
                Reader::Type { .. } | Reader::Truthy => panic!("a type reads the value"),
            })
        };
        assert!(hides(
            parse_quote!(#[env(parse = tokens)] tokens: Tokens<Secret<String>>)
        ));
        assert!(hides(
            parse_quote!(#[env(json)] tokens: Vec<Secret<String>>)
        ));
        assert!(!hides(parse_quote!(#[env(json)] routes: Routes)));
    }

    #[test]
    fn a_default_is_a_text_a_function_or_the_default_of_the_type() {
        lowered(&parse_quote!(#[env(default = 1)] a: u8), |var| {
            assert!(
                matches!(&var.presence, Presence::Default(text) if text.to_string() == "\"1\"")
            );
        });
        lowered(&parse_quote!(#[env(default_fn = one)] a: u8), |var| {
            assert!(matches!(var.presence, Presence::DefaultFn(_)));
        });
        lowered(&parse_quote!(#[env(default)] a: u8), |var| {
            assert!(matches!(var.presence, Presence::DefaultValue));
        });
    }

    #[test]
    fn help_replaces_the_doc_comment() {
        lowered(
            &parse_quote!(#[doc = "Doc."] #[env(help = "Help.")] a: u8),
            |var| {
                assert_eq!(var.doc, "Help.");
            },
        );
    }
}

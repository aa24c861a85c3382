//! Lowers a field that reads a single variable.

use proc_macro2::Ident;
use syn::{Field, LitStr, Type};

use super::before::Before;
use super::{doc, names, range, types};
use crate::attr::{Attrs, Key, Value};
use crate::ctxt::Ctxt;
use crate::model::{Checks, Name, Presence, Reader, Secrecy, Var};

pub(super) fn var<'a>(
    before: Before<'_>,
    of_struct: &Attrs,
    ident: &Ident,
    node: &'a Field,
    attrs: &Attrs,
) -> Var<'a> {
    let ctxt = before.ctxt;
    check_live(ctxt, attrs, &node.ty);
    let read = types::unlived(&node.ty);
    let option = types::option(read);
    let ty = option.unwrap_or(read);
    let is_secret = attrs.has(Key::Secret) || types::secret(ty).is_some();
    let has_text =
        attrs.has(Key::DefaultFrom) || attrs.value(Key::Default, Value::literal).is_some();
    if attrs.has(Key::Present) && !types::is_bool(read) {
        ctxt.error(
            read,
            "`present` reads a `bool`: whether the variable is there",
        );
    }
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
        expected: attrs
            .value(Key::Expected, Value::text)
            .map(|text| expected(ctxt, text)),
        presence: presence(before, attrs, option.is_some(), is_secret),
        is_live: types::live(&node.ty).is_some(),
        none_if_empty: option.is_some() && (has_text || attrs.has(Key::DefaultFn)),
        allow_empty: attrs.has(Key::AllowEmpty) || attrs.has(Key::Present),
        checks: Checks {
            non_empty: attrs.has(Key::NonEmpty),
            range: range::of_value(ctxt, attrs, ty),
            len: range::of_length(ctxt, attrs),
            validate: attrs
                .values(Key::Validate, Value::tokens)
                .cloned()
                .collect(),
        },
        secrecy: secrecy(ctxt, of_struct, attrs, ty),
        example: attrs.value(Key::Example, Value::literal).cloned(),
        doc: match attrs.value(Key::Help, Value::text) {
            Some(help) => help.value(),
            None => doc::first_paragraph(&node.attrs),
        },
    }
}

/// Reports a field that is marked `live` and has another type, and the other way round.
fn check_live(ctxt: &Ctxt, attrs: &Attrs, ty: &Type) {
    let is_live = types::live(ty).is_some();
    let in_option = types::option(ty).and_then(types::live);
    match (attrs.find(Key::Live), in_option) {
        (_, Some(inner)) => ctxt.error(
            ty,
            format_args!(
                "the value inside changes, and the `Option` around it cannot; \
                 write `Live<Option<{}>>`",
                types::spelled(inner)
            ),
        ),
        (Some(entry), None) if !is_live => ctxt.error(
            &entry.ident,
            format_args!(
                "`live` needs a type whose value can be replaced; write `Live<{}>`",
                types::spelled(ty)
            ),
        ),
        (Some(entry), None) if !cfg!(any(feature = "watch", test)) => ctxt.error(
            &entry.ident,
            "`live` needs the feature `watch` of `environ`; enable it in `Cargo.toml`",
        ),
        (None, None) if is_live && !attrs.has_mistakes() => ctxt.error(
            ty,
            "a `Live` value is replaced while the program runs; mark the field `live`, \
             or remove the `Live`",
        ),
        _ => {}
    }
}

fn reader(ctxt: &Ctxt, attrs: &Attrs, ty: &Type) -> Reader {
    let separator = attrs.value(Key::Separator, Value::text);
    if let Some(text) = separator.filter(|text| text.value().is_empty()) {
        ctxt.error(text, "a separator must not be empty");
    }
    let names_secret = types::names_secret(ty);
    let separator = separator.map(LitStr::token);
    match attrs.value(Key::Parse, Value::tokens).cloned() {
        Some(path) => Reader::Function { path, names_secret },
        None if attrs.has(Key::Truthy) => Reader::Truthy,
        None if attrs.has(Key::Present) => Reader::Present,
        None if attrs.has(Key::Unit) => Reader::Unit {
            unit: unit(ctxt, attrs),
            separator,
        },
        None if attrs.has(Key::Json) => Reader::Json { names_secret },
        None => Reader::Type { separator },
    }
}

/// The units of a number without a unit, in the order of the library.
const UNITS: [&str; 5] = ["ms", "s", "m", "h", "d"];

/// Returns the index of the unit.
fn unit(ctxt: &Ctxt, attrs: &Attrs) -> usize {
    let text = attrs.value(Key::Unit, Value::text);
    let index = text.and_then(|text| UNITS.iter().position(|unit| *unit == text.value()));
    if let (Some(text), None) = (text, index) {
        let units = UNITS.join("`, `");
        ctxt.error(text, format_args!("unknown unit; there are: `{units}`"));
    }
    index.unwrap_or_default()
}

fn expected(ctxt: &Ctxt, text: &LitStr) -> String {
    if text.value().trim().is_empty() {
        ctxt.error(
            text,
            "`expected` is a noun with its article: `a cron schedule`",
        );
    }
    text.value()
}

fn presence(before: Before<'_>, attrs: &Attrs, is_option: bool, is_secret: bool) -> Presence {
    let keys = [Key::Default, Key::DefaultFn, Key::DefaultFrom];
    let default = keys.iter().find_map(|key| attrs.find(*key));
    if attrs.has(Key::Present) {
        return Presence::DefaultValue;
    }
    let Some(entry) = default else {
        return if is_option {
            Presence::Optional
        } else {
            Presence::Required
        };
    };
    let has_text = matches!(entry.value, Value::Literal(_) | Value::Text(_));
    // A function returns what the field holds, so it may return `None`.
    let is_function = matches!(entry.value, Value::Call(_));
    if is_option && !is_function && !(has_text && attrs.has(Key::AllowEmpty)) {
        let key = entry.key.name();
        let remedy = if has_text {
            "remove `Option`, or add `allow_empty`, so that an empty text is `None`"
        } else {
            "remove `Option`, or the default"
        };
        before.ctxt.error(
            &entry.ident,
            format_args!("`{key}` leaves an `Option` no way to be `None`; {remedy}"),
        );
    }
    match &entry.value {
        Value::Literal(text) => Presence::Default(text.clone()),
        Value::Text(template) => Presence::DefaultFrom(before.parts(template, is_secret)),
        Value::Call(call) => Presence::DefaultFn(before.computed(call, false)),
        _ => Presence::DefaultValue,
    }
}

fn secrecy(ctxt: &Ctxt, of_struct: &Attrs, attrs: &Attrs, ty: &Type) -> Secrecy {
    let store_key = attrs.value(Key::StoreAs, Value::text);
    let store_key = store_key.map(|text| names::store_key(ctxt, text));
    if attrs.has(Key::Secret) || types::secret(ty).is_some() {
        let plain = attrs.has(Key::Plain);
        Secrecy::Secret { plain, store_key }
    } else {
        let file = attrs.has(Key::File) || of_struct.has(Key::File);
        Secrecy::Public { file }
    }
}

#[cfg(test)]
mod tests {
    use syn::{parse_quote, Field};

    use super::{var, Before};
    use crate::attr::{Attrs, Place};
    use crate::ctxt::Ctxt;
    use crate::model::{Name, Presence, Reader, Secrecy, Var};

    fn lowered<T>(field: &Field, read: impl FnOnce(Var<'_>) -> T) -> T {
        let ctxt = Ctxt::new();
        let attrs = Attrs::parse(&ctxt, Place::Field, &field.attrs);
        let own = field.ident.as_ref().unwrap();
        let before = Before {
            ctxt: &ctxt,
            own,
            fields: &[],
            skipped: &[],
            named: &parse_quote!({}),
        };
        let of_struct = Attrs::parse(&ctxt, Place::Struct, &[]);
        let value = read(var(before, &of_struct, own, field, &attrs));
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
                Reader::Type { .. } | Reader::Truthy | Reader::Unit { .. } | Reader::Present => {
                    panic!("a type reads the value")
                }
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

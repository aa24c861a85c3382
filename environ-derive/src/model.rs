//! What is meant: fields and variants with nothing contradictory left, so that
//! they can be expanded without a question.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{
    Data, DataStruct, DeriveInput, Fields, FieldsNamed, Generics, LitStr, Token, Type,
    WherePredicate,
};

use crate::attr::{Attrs, Key, Place, Value};
use crate::ctxt::Ctxt;
use crate::lower::deprecated::is_deprecated;
use crate::lower::words::Case;
use crate::lower::{doc, field, names, one_of};

/// A type that derives `EnvConfig`.
pub(crate) struct Input<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    /// What `bound = "..."` says, instead of a bound for each field.
    pub(crate) bound: Option<Vec<TokenStream>>,
    pub(crate) prefix: Option<String>,
    /// Functions that see the whole value.
    pub(crate) validate: Vec<TokenStream>,
    /// Where `environ` is, if not at `::environ`.
    pub(crate) krate: Option<TokenStream>,
    /// Whether it, or a part of it, is said to be out of use.
    pub(crate) is_deprecated: bool,
    pub(crate) doc: String,
    pub(crate) body: Body<'a>,
}

pub(crate) enum Body<'a> {
    Struct(Vec<Field<'a>>),
    OneOf(Vec<Choice<'a>>),
}

pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) kind: Kind<'a>,
}

pub(crate) enum Kind<'a> {
    Var(Box<Var<'a>>),
    Group(Group<'a>),
    /// Filled by `Default` of the type, from no variable.
    Skip(&'a Type),
}

/// A field that one variable fills.
pub(crate) struct Var<'a> {
    pub(crate) name: Name,
    pub(crate) aliases: Vec<String>,
    pub(crate) deprecated: Vec<String>,
    /// The type of the value; never an `Option`.
    pub(crate) ty: &'a Type,
    pub(crate) presence: Presence,
    pub(crate) allow_empty: bool,
    pub(crate) reader: Reader,
    pub(crate) checks: Checks,
    pub(crate) secrecy: Secrecy,
    /// What stores call it, if not after its path.
    pub(crate) store_key: Option<String>,
    /// Whether it may stand in a file that another variable names.
    pub(crate) file: bool,
    pub(crate) separator: Option<TokenStream>,
    pub(crate) example: Option<Literal>,
    pub(crate) doc: String,
}

#[derive(Clone, PartialEq)]
pub(crate) enum Name {
    /// Comes after the prefix.
    Segment(String),
    /// Is the whole name.
    Full(String),
}

impl Name {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Segment(text) | Self::Full(text) => text,
        }
    }
}

/// What makes a value of a text.
pub(crate) enum Reader {
    /// The type itself.
    Type,
    /// A function of the user's.
    Parse(TokenStream),
    /// `true`, `yes` and `1` are true, and all else is false.
    Truthy,
    Json,
}

/// What a value must also be.
pub(crate) struct Checks {
    pub(crate) non_empty: bool,
    pub(crate) range: Option<TokenStream>,
    pub(crate) validate: Vec<TokenStream>,
}

pub(crate) enum Presence {
    Required,
    /// The field is an `Option`.
    Optional,
    /// Text that goes through the parser.
    Default(Literal),
    /// `Default::default()`
    DefaultValue,
    DefaultFn(TokenStream),
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Secrecy {
    Public,
    /// The type must hide its value.
    Hidden,
    /// The user vouches for the type.
    Plain,
}

/// A field that is a config type of its own.
pub(crate) struct Group<'a> {
    pub(crate) segment: Segment,
    /// The config type; never what is around it.
    pub(crate) ty: &'a Type,
    pub(crate) count: Count,
    /// Whether there must be one at least.
    pub(crate) non_empty: bool,
}

/// How many groups a field holds.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Count {
    One,
    /// `Option<G>`
    Optional,
    /// `Vec<G>`
    List,
    /// `HashMap<String, G>` or `BTreeMap<String, G>`
    Map,
}

pub(crate) enum Segment {
    /// The nested type's own prefix, or else this.
    Field(String),
    Fixed(String),
    Flatten,
}

/// A variant of a one-of group.
pub(crate) struct Choice<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) words: Vec<String>,
    pub(crate) segment: String,
    pub(crate) config: Option<&'a Type>,
    pub(crate) default: bool,
}

impl<'a> Input<'a> {
    pub(crate) fn from_syn(ctxt: &Ctxt, node: &'a DeriveInput) -> Self {
        let place = match &node.data {
            Data::Enum(_) => Place::OneOf,
            Data::Struct(_) | Data::Union(_) => Place::Struct,
        };
        let attrs = Attrs::parse(ctxt, place, &node.attrs);
        let bound = attrs
            .value(Key::Bound, Value::text)
            .map(|text| bound(ctxt, text));
        let prefix = attrs.value(Key::Prefix, Value::text);
        let prefix = prefix.map(|text| names::prefix(ctxt, text));
        let body = match &node.data {
            Data::Enum(data) if !data.variants.is_empty() => {
                Body::OneOf(one_of::choices(ctxt, data, Case::of(ctxt, &attrs)))
            }
            Data::Struct(DataStruct {
                fields: Fields::Named(named),
                ..
            }) => Body::Struct(fields(ctxt, named)),
            other => {
                ctxt.error(&node.ident, cannot_be_filled(other));
                Body::Struct(Vec::new())
            }
        };
        Self {
            ident: &node.ident,
            generics: &node.generics,
            bound,
            prefix,
            validate: attrs
                .values(Key::Validate, Value::tokens)
                .cloned()
                .collect(),
            krate: attrs.value(Key::Crate, Value::tokens).cloned(),
            is_deprecated: is_deprecated(node),
            doc: doc::first_paragraph(&node.attrs),
            body,
        }
    }
}

fn bound(ctxt: &Ctxt, text: &LitStr) -> Vec<TokenStream> {
    let predicates = text.parse_with(Punctuated::<WherePredicate, Token![,]>::parse_terminated);
    match predicates {
        Ok(predicates) => predicates.iter().map(ToTokens::to_token_stream).collect(),
        Err(error) => {
            ctxt.push(error);
            Vec::new()
        }
    }
}

fn cannot_be_filled(data: &Data) -> &'static str {
    match data {
        Data::Struct(_) => "`EnvConfig` needs fields with names: variables are called after them",
        Data::Enum(_) => "an enum without variants has no word to choose; add a variant",
        Data::Union(_) => "`EnvConfig` cannot fill a union; make it a struct or an enum",
    }
}

fn fields<'a>(ctxt: &Ctxt, named: &'a FieldsNamed) -> Vec<Field<'a>> {
    let field = |node: &'a syn::Field| {
        let ident = node.ident.as_ref()?;
        let kind = field::kind(ctxt, ident, node);
        Some(Field { ident, kind })
    };
    let fields: Vec<_> = named.named.iter().filter_map(field).collect();
    check_names(ctxt, &fields);
    fields
}

/// Reports a name that two fields read. Across groups the compiler finds it,
/// see `environ`'s `unique.rs`.
fn check_names(ctxt: &Ctxt, fields: &[Field<'_>]) {
    let mut seen: Vec<(Name, &Ident)> = Vec::new();
    for field in fields {
        let Kind::Var(var) = &field.kind else {
            continue;
        };
        let others = var.aliases.iter().chain(&var.deprecated);
        let others = others.cloned().map(Name::Full);
        for name in others.chain([var.name.clone()]) {
            match seen.iter().find(|(old, _)| *old == name) {
                Some((_, first)) if *first == field.ident => ctxt.error(
                    field.ident,
                    format_args!("`{}` is given twice; remove one of them", name.text()),
                ),
                Some((_, first)) => ctxt.error(
                    field.ident,
                    format_args!(
                        "`{first}` and `{}` both read `{}`; give one of them another `name`",
                        field.ident,
                        name.text()
                    ),
                ),
                None => seen.push((name, field.ident)),
            }
        }
    }
}

//! The model of a type: every question about the syntax is answered, and a
//! contradiction cannot be written down.
//!
//! `lower` builds the model and `expand` turns it into tokens. The model is all that
//! `expand` sees, so it holds the path of `environ` and the types as help spells them.

use proc_macro2::{Ident, Literal, TokenStream};
use syn::{Generics, Type};

/// The type that gets an implementation.
pub(crate) struct Target<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    /// The path of `environ`.
    pub(crate) krate: TokenStream,
    /// Whether the implementation names something deprecated.
    pub(crate) is_deprecated: bool,
}

/// A type that derives `EnvConfig`.
pub(crate) struct Input<'a> {
    pub(crate) target: Target<'a>,
    /// The predicates of `bound = "..."`, instead of a bound for each field.
    pub(crate) bound: Option<Vec<TokenStream>>,
    pub(crate) prefix: Option<String>,
    pub(crate) delimiter: Option<Delimiter>,
    /// Functions that check the whole value.
    pub(crate) validate: Vec<TokenStream>,
    pub(crate) doc: String,
    pub(crate) body: Body<'a>,
}

/// The text between the segments of names.
pub(crate) struct Delimiter {
    /// Stands after the prefix.
    pub(crate) after_prefix: String,
    pub(crate) text: String,
}

pub(crate) enum Body<'a> {
    Struct {
        /// The fields that read variables, in the order of the table.
        fields: Vec<Field<'a>>,
        skipped: Vec<Skipped<'a>>,
        relations: Vec<Relation>,
        removed: Vec<Removed>,
    },
    OneOf {
        choices: Vec<Choice<'a>>,
        /// The word of the variant that is taken if the variable is unset.
        default: Option<String>,
    },
}

/// A rule between fields.
pub(crate) struct Relation {
    pub(crate) kind: RuleKind,
    /// The indices of the fields in the table.
    pub(crate) members: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum RuleKind {
    OneOf,
    AtMostOneOf,
    AtLeastOneOf,
    AllOrNone,
    /// The first needs each of the rest.
    Requires,
}

/// A variable that is no longer read.
pub(crate) struct Removed {
    pub(crate) name: String,
    pub(crate) remedy: String,
}

pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) kind: Kind<'a>,
}

pub(crate) enum Kind<'a> {
    Var(Box<Var<'a>>),
    Group(Group<'a>),
}

/// A field that reads no variable: its value is the `Default` of the type, or computed.
pub(crate) struct Skipped<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    pub(crate) computed: Option<Computed>,
}

/// A call of a user's function with fields.
pub(crate) struct Computed {
    pub(crate) path: TokenStream,
    pub(crate) arguments: Vec<Argument>,
}

/// A field by its index.
#[derive(Clone, Copy)]
pub(crate) enum Argument {
    Field(usize),
    Skipped(usize),
}

/// A part of a default text.
pub(crate) enum Part {
    Text(String),
    /// The text of the field with this index.
    Field(usize),
}

/// A field that reads a single variable.
pub(crate) struct Var<'a> {
    pub(crate) name: Name,
    pub(crate) aliases: Vec<String>,
    pub(crate) deprecated: Vec<String>,
    /// The type of the value, without a `Live` and an `Option` around it.
    pub(crate) ty: &'a Type,
    /// The type as help shows it, without a `Secret` around it.
    pub(crate) spelled: String,
    pub(crate) presence: Presence,
    /// Whether the field is a `Live` around the rest.
    pub(crate) is_live: bool,
    /// Whether the field is an `Option` with a default text or function, which is `None` if
    /// the text is empty.
    pub(crate) none_if_empty: bool,
    pub(crate) allow_empty: bool,
    pub(crate) reader: Reader,
    /// The words for the text in help and errors.
    pub(crate) expected: Option<String>,
    pub(crate) checks: Checks,
    pub(crate) secrecy: Secrecy,
    pub(crate) example: Option<Literal>,
    pub(crate) doc: String,
}

#[derive(Clone, PartialEq)]
pub(crate) enum Name {
    /// A part of the name, which follows the prefix.
    Segment(String),
    /// The full name.
    Full(String),
}

impl Name {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Segment(text) | Self::Full(text) => text,
        }
    }
}

/// The way from a text to a value.
pub(crate) enum Reader {
    /// `EnvValue` of the type.
    Type {
        /// The text between the elements of a list.
        separator: Option<Literal>,
    },
    Function {
        path: TokenStream,
        /// Whether the spelling of the type names a secret. Asked only where the type
        /// need not implement a trait that knows.
        names_secret: bool,
    },
    /// `true`, `yes` and `1` are true, everything else is false.
    Truthy,
    /// A duration, or a list of durations.
    Unit {
        /// The index of the unit of a number without a unit.
        unit: usize,
        /// The text between the elements of a list.
        separator: Option<Literal>,
    },
    /// Whether the variable is there.
    Present,
    Json {
        /// As for `Function`.
        names_secret: bool,
    },
}

/// The checks that a value must pass.
pub(crate) struct Checks {
    pub(crate) non_empty: bool,
    pub(crate) range: Option<Range>,
    /// The range of the number of characters or elements.
    pub(crate) len: Option<TokenStream>,
    pub(crate) validate: Vec<TokenStream>,
}

/// A range of values.
pub(crate) struct Range {
    pub(crate) tokens: TokenStream,
    /// The ends, if they are texts, which are read like the variable.
    pub(crate) texts: Vec<Literal>,
}

pub(crate) enum Presence {
    Required,
    /// The field is an `Option`.
    Optional,
    /// A text that is read like the variable's.
    Default(Literal),
    /// `Default::default()`
    DefaultValue,
    DefaultFn(Computed),
    /// A text with the texts of other fields in it.
    DefaultFrom(Vec<Part>),
}

pub(crate) enum Secrecy {
    Public {
        /// Whether another variable may name a file with the text.
        file: bool,
    },
    Secret {
        /// Whether the user vouches for the type, so that no trait is required.
        plain: bool,
        /// The name in stores, instead of the path.
        store_key: Option<String>,
    },
}

/// A field whose type is a config type.
pub(crate) struct Group<'a> {
    pub(crate) segment: Segment,
    /// The config type, without the type around it.
    pub(crate) ty: &'a Type,
    pub(crate) count: Count<'a>,
    /// The segment of the variable that selects a variant.
    pub(crate) selector: Option<Literal>,
    /// Defaults of fields of the group.
    pub(crate) defaults: Vec<(String, Literal)>,
    /// The doc comment of the field, which is a better heading than the comment of the type.
    pub(crate) doc: String,
}

/// The segment that a group adds to the names of its variables.
pub(crate) enum Segment {
    /// The nested type's own prefix, or else this text.
    Field(String),
    Fixed(String),
    Flatten,
}

/// The number of groups in a field.
pub(crate) enum Count<'a> {
    One,
    /// `Option<G>`
    Optional(Switch),
    /// `Vec<G>`
    List {
        non_empty: bool,
    },
    /// `HashMap<String, G>` or `BTreeMap<String, G>`
    Map {
        key: &'a Type,
        non_empty: bool,
    },
}

/// The variables that switch an optional group on.
pub(crate) enum Switch {
    /// Any variable of the group.
    Any,
    /// The variable in this field of the group.
    When(Literal),
    /// A variable of its own, with this segment.
    Own(Literal),
}

/// A variant of a one-of group.
pub(crate) struct Choice<'a> {
    pub(crate) word: Word<'a>,
    pub(crate) group: Option<ChoiceGroup<'a>>,
}

/// The config type in a variant of a one-of group.
pub(crate) struct ChoiceGroup<'a> {
    /// The segment of the variant, or `None` if the group is flattened.
    pub(crate) segment: Option<String>,
    pub(crate) ty: &'a Type,
    /// The doc comment of the variant.
    pub(crate) doc: String,
}

/// A type that derives `EnvValue`.
pub(crate) struct Words<'a> {
    pub(crate) target: Target<'a>,
    pub(crate) words: Vec<Word<'a>>,
}

/// A struct around a single value that derives `EnvValue`.
pub(crate) struct Newtype<'a> {
    pub(crate) target: Target<'a>,
    pub(crate) ty: &'a Type,
    /// The type as help shows it.
    pub(crate) spelled: String,
    /// The name of the field, unless it has none.
    pub(crate) field: Option<&'a Ident>,
}

/// A variant and the words that mean it.
pub(crate) struct Word<'a> {
    pub(crate) ident: &'a Ident,
    /// The word in help and errors.
    pub(crate) main: String,
    pub(crate) aliases: Vec<String>,
}

impl Word<'_> {
    pub(crate) fn all(&self) -> impl Iterator<Item = &String> {
        [&self.main].into_iter().chain(&self.aliases)
    }
}

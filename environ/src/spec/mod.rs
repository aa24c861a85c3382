//! The table of a config type, as a constant: the one table behind loading,
//! errors and help.

mod at_use;
mod builder;
pub(crate) mod composed;
pub(crate) mod conditions;
#[cfg(feature = "json")]
pub(crate) mod document;
pub(crate) mod known_names;
#[cfg(feature = "deployment")]
pub(crate) mod parsed;
pub(crate) mod removed;
pub(crate) mod rule;
pub(crate) mod unique;
pub(crate) mod variables;

pub use at_use::Items;
pub(crate) use at_use::{OFF, ON};
pub use composed::Part;
pub(crate) use rule::Rule;
pub use rule::RuleKind;

use crate::name::{self, Hash, Path};
use crate::redact::Redacted;
use crate::value::{Form, RangeText};

/// The separator of the elements of a list, unless the field has another.
pub(crate) const SEPARATOR: &str = ",";

/// The table of one config type.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    pub(crate) ident: &'static str,
    pub(crate) prefix: Option<&'static str>,
    /// Stands after the prefix of a root type.
    pub(crate) after_prefix: &'static str,
    /// Joins the segments of groups, if the type says so.
    pub(crate) delimiter: Option<&'static str>,
    pub(crate) doc: &'static str,
    pub(crate) items: &'static [Item],
    /// How many names all of them have.
    pub(crate) names: usize,
    /// Whether Kubernetes may set any of these names for a Service.
    pub(crate) may_be_linked: bool,
}

/// A row of the table: a field that is a variable, or another config type.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    pub(crate) name: Name,
    pub(crate) kind: Kind,
    pub(crate) field: &'static str,
    /// Of its own part of the name.
    pub(crate) hash: Hash,
    pub(crate) presence: Presence,
    pub(crate) doc: &'static str,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Name {
    /// Is joined to the path; an empty one adds nothing.
    Segment(&'static str),
    /// Is the whole name, as it was written.
    Full(&'static str),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Presence {
    Required,
    Optional,
    /// Text that is read as if the variable held it.
    Default(&'static str),
    /// Text with the texts of other fields in it, read as if the variable held it.
    From(&'static [Part]),
    /// The group of one variant, read when the selector is this word.
    Variant(&'static str),
    /// A group that is there when the variable with this index in it is set.
    When(usize),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Var(Var),
    Group(&'static Spec),
    /// Groups that are numbered from 0.
    List(&'static Spec),
    /// Groups that are named.
    Map(&'static Spec),
    /// No field: a rule between the fields of the table.
    Rule(Rule),
    /// No field: a variable that a release has removed, and the remedy.
    Removed(&'static str),
}

#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word at the field")]
pub(crate) struct Var {
    /// Whether there is no other way to it than its own name, and nothing else to
    /// know about its text, so that one look-up is all.
    pub(crate) is_plain: bool,
    /// Whether an empty text is a value.
    pub(crate) allow_empty: bool,
    /// Whether another variable may name a file that holds the text.
    pub(crate) file: bool,
    /// Whether stores are asked, and nothing is shown.
    pub(crate) secret: bool,
    /// Whether the value is replaced while the program runs.
    pub(crate) live: bool,
    /// The form that the type of the field has.
    form: &'static Form,
    /// The type of the field, as it is written there.
    ty: &'static str,
    // A reference, as the form is: the compiler checks every row anew for each call that makes
    // it, and what a row holds itself is most of the price.
    pub(crate) details: &'static Details,
}

/// The properties that few variables have.
#[derive(Clone, Copy, Debug)]
pub struct Details {
    /// Joins the elements of a list, unless that is [`SEPARATOR`].
    pub(crate) separator: Option<&'static str>,
    /// The words for the form of the text.
    pub(crate) expected: Option<&'static str>,
    pub(crate) example: Option<&'static str>,
    /// The range that the value must be in.
    pub(crate) range: Option<fn() -> RangeText>,
    /// The range as the code has it, which a constant can hold. In a table that is read from a
    /// specification, the range in words.
    pub(crate) written_range: Option<&'static str>,
    /// The length that the value must have.
    pub(crate) len: Option<fn() -> RangeText>,
    /// The range of lengths as the code has it, or in words.
    pub(crate) written_len: Option<&'static str>,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) deprecated: &'static [&'static str],
    /// The key in stores, if it is not made of the path.
    pub(crate) key: Option<&'static str>,
}

impl Var {
    /// Returns the expected form of the text.
    pub(crate) const fn form(&self) -> Form {
        let form = self.form.or_spelled(self.ty);
        match self.details.expected {
            Some(phrase) => form.expected(phrase),
            None => form,
        }
    }

    /// Returns the text that joins the elements of a list.
    pub(crate) const fn separator(&self) -> &'static str {
        match self.details.separator {
            Some(separator) => separator,
            None => SEPARATOR,
        }
    }

    /// Returns the range that the value must be in, unless that is every value.
    pub(crate) fn range(&self) -> Option<RangeText> {
        let range = match (self.details.range, self.details.written_range) {
            (Some(range), _) => range(),
            (None, words) => RangeText::of_words(words?),
        };
        (!range.words.is_empty()).then_some(range)
    }

    /// Returns the length that the value must have: `at least 64 characters`.
    pub(crate) fn length(&self) -> Option<RangeText> {
        match (self.details.len, self.details.written_len) {
            (Some(len), _) => Some(len()),
            (None, words) => words.map(RangeText::of_length),
        }
    }

    /// Whether its text is never shown. JSON may hold a secret anywhere.
    pub(crate) fn is_hidden(&self) -> bool {
        self.secret || self.form.is_json()
    }
}

impl Spec {
    /// Returns whether a group of this type, and not in an `Option`, needs a variable.
    pub(crate) fn is_anything_required(&self) -> bool {
        let default = match self.items.first().map(|selector| selector.presence) {
            Some(Presence::Default(word)) => word,
            _ => "",
        };
        self.items
            .iter()
            .any(|item| match (&item.kind, item.presence) {
                (Kind::Var(_), presence) => matches!(presence, Presence::Required),
                (Kind::Group(spec), Presence::Required) => spec.is_anything_required(),
                (Kind::Group(spec), Presence::Variant(word)) => {
                    word == default && spec.is_anything_required()
                }
                (Kind::Rule(rule), _) => rule.kind.needs_any(),
                (Kind::Group(_) | Kind::List(_) | Kind::Map(_) | Kind::Removed(_), _) => false,
            })
    }

    /// Returns whether this is a group beside its switch.
    pub(crate) const fn is_switched(&self) -> bool {
        if self.items.len() != 2 || !self.items[0].is_selector() {
            return false;
        }
        match self.items[1].presence {
            Presence::Variant(word) => name::is_same(word.as_bytes(), ON.as_bytes()),
            _ => false,
        }
    }

    /// Returns the text that joins the segments of groups, if this is the root type.
    pub(crate) const fn joint(&self) -> &'static str {
        match self.delimiter {
            Some(delimiter) => delimiter,
            None => name::UNDERSCORE,
        }
    }

    /// Returns the path of a root type with this prefix.
    pub(crate) const fn path<'p>(&self, prefix: &'p str) -> Path<'p> {
        Path::root(prefix, self.after_prefix, self.joint())
    }

    /// Returns the path of the root type.
    pub(crate) const fn root_path(&self) -> Path<'static> {
        self.path(self.root())
    }

    /// Returns the prefix of all names of a root type.
    pub(crate) const fn root(&self) -> &'static str {
        match self.prefix {
            Some(prefix) => prefix,
            None => name::DEFAULT_PREFIX,
        }
    }
}

impl Item {
    /// Marks a variable of a type that hides its value.
    // Beside the type, and not in builder.rs, so that the compiler calls it `Item::secret`
    // where a type shows its value.
    #[must_use]
    pub const fn secret<T: Redacted>(self) -> Self {
        self.secret_plain()
    }

    /// Whether it chooses a variant, or switches a group on: the first item of its group.
    pub(crate) const fn is_selector(&self) -> bool {
        matches!(self.kind, Kind::Var(_)) && self.field.is_empty()
    }

    /// Returns the word of a selector that an example has, or that is the default.
    pub(crate) fn word_of_example(&self) -> Option<&'static str> {
        match (&self.kind, self.presence) {
            (_, Presence::Default(word)) => Some(word),
            (Kind::Var(var), _) => var.form().known_words()?.first().copied(),
            _ => None,
        }
    }

    pub(crate) const fn segment(&self) -> &'static str {
        match self.name {
            Name::Segment(segment) | Name::Full(segment) => segment,
        }
    }

    /// Whether `name` is its name after `path`.
    pub(crate) fn is_called(&self, name: &str, path: &Path<'_>) -> bool {
        match self.name {
            Name::Segment(segment) => path.is_name(name, segment),
            Name::Full(full) => name == full,
        }
    }

    /// The item's name after `path`.
    pub(crate) fn full_name(&self, path: &Path<'_>) -> String {
        match self.name {
            Name::Segment(segment) => path.name(segment),
            Name::Full(name) => name.to_owned(),
        }
    }

    /// Returns the path of the groups in it, after `path`.
    pub(crate) fn path(&self, path: &Path<'_>) -> Path<'static> {
        match self.name {
            Name::Segment(segment) => path.join(segment),
            Name::Full(name) => path.whole(name),
        }
    }
}

//! What a text must look like, in words.

use std::fmt;

/// What the text of a variable must look like.
///
/// Displays as what follows "expected" or "is not" in an error.
///
/// ```
/// use environ::Form;
///
/// assert_eq!(Form::Type("u16").to_string(), "a u16");
/// assert_eq!(Form::Words(&["human", "json"]).to_string(), "one of: human, json");
/// assert_eq!(Form::List(&Form::Type("u16")).to_string(), "a list, each a u16");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// Any text at all.
    Text,
    /// A noun without an article: `u16`, `IP address`.
    Type(&'static str),
    /// One of these words, in any letter case.
    Words(&'static [&'static str]),
    /// Several, with a separator between them.
    List(&'static Form),
    /// What is inside, and never shown.
    Secret(&'static Form),
    /// Known by the spelling of the type alone.
    #[doc(hidden)]
    Spelled(&'static str),
}

impl Form {
    /// Fills in the spelling, where nothing better is known.
    pub(crate) const fn or_spelled(self, ty: &'static str) -> Self {
        match self {
            Self::Spelled(_) => Self::Spelled(ty),
            known => known,
        }
    }

    pub(crate) const fn is_secret(&self) -> bool {
        match self {
            Self::Secret(_) => true,
            Self::List(inner) => inner.is_secret(),
            Self::Text | Self::Type(_) | Self::Words(_) | Self::Spelled(_) => false,
        }
    }

    pub(crate) const fn may_be_list(&self) -> bool {
        match self {
            Self::List(_) | Self::Spelled(_) => true,
            Self::Secret(inner) => inner.may_be_list(),
            Self::Text | Self::Type(_) | Self::Words(_) => false,
        }
    }

    /// Whether every text will do, so that nothing need be said of it.
    pub(crate) const fn is_any_text(&self) -> bool {
        match self {
            Self::Text => true,
            Self::Secret(inner) => inner.is_any_text(),
            _ => false,
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("a text"),
            Self::Type(noun) | Self::Spelled(noun) => write!(f, "{} {noun}", article(noun)),
            Self::Words(words) => write!(f, "one of: {}", words.join(", ")),
            Self::List(inner) => write!(f, "a list, each {inner}"),
            Self::Secret(inner) => inner.fmt(f),
        }
    }
}

/// `an IP address`, `an i32`, `an f64`, but `a u16` and `a Url`.
fn article(noun: &str) -> &'static str {
    let mut letters = noun.chars();
    let number = letters
        .clone()
        .nth(1)
        .is_some_and(|second| second.is_ascii_digit());
    match letters.next() {
        Some('a' | 'A' | 'e' | 'E' | 'i' | 'I' | 'o' | 'O') => "an",
        Some('f') if number => "an",
        _ => "a",
    }
}

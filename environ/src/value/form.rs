//! The expected form of a text, in words.

use std::fmt;

use super::noun;
use super::split::escape;
use crate::name::ConstStr;

/// The expected form of the text of a variable.
///
/// Displays as the words after "expected" or "is not" in an error.
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
    /// A noun without an article, and a text of this form.
    Like(&'static str, &'static str),
    /// One of these words, in any letter case.
    Words(&'static [&'static str]),
    /// Several, with a separator between them.
    List(&'static Form),
    /// So many of one, with a separator between them.
    Array(&'static Form, usize),
    /// As many as these, with a separator between them.
    Tuple(&'static [Form]),
    /// Pairs of a key and a value, with `=` in between.
    Map(&'static Form, &'static Form),
    /// A secret of the inner form, never shown.
    Secret(&'static Form),
    /// Known by the spelling of the type alone.
    #[doc(hidden)]
    Spelled(&'static str),
    /// Any text, which names a file or a directory.
    #[doc(hidden)]
    Path,
}

impl Form {
    /// For `#[env(json)]`.
    #[doc(hidden)]
    pub const JSON: Self = Self::Type("JSON value");

    /// For `#[env(truthy)]`.
    #[doc(hidden)]
    pub const TRUTHY: Self = Self::Words(&["true", "false"]);

    /// Fills in the spelling, where nothing better is known.
    pub(crate) const fn or_spelled(self, ty: &'static str) -> Self {
        match self {
            Self::Spelled(_) => Self::Spelled(ty),
            known => known,
        }
    }

    pub(crate) const fn may_be_list(&self) -> bool {
        match self {
            Self::List(_) | Self::Array(..) | Self::Tuple(_) | Self::Map(..) | Self::Spelled(_) => {
                true
            }
            Self::Secret(inner) => inner.may_be_list(),
            _ => false,
        }
    }

    /// Whether a part of it, at least, is never shown: then nothing of it is.
    pub(crate) const fn has_secret(&self) -> bool {
        match self {
            Self::Secret(_) => true,
            Self::List(inner) | Self::Array(inner, _) => inner.has_secret(),
            Self::Map(key, value) => key.has_secret() || value.has_secret(),
            Self::Tuple(forms) => {
                let mut i = 0;
                while i < forms.len() {
                    if forms[i].has_secret() {
                        return true;
                    }
                    i += 1;
                }
                false
            }
            _ => false,
        }
    }

    /// The words that it, or each of its elements, may be.
    pub(crate) const fn words(&self) -> Option<&'static [&'static str]> {
        match self {
            Self::Words(words) => Some(words),
            Self::List(inner) | Self::Array(inner, _) | Self::Secret(inner) => inner.words(),
            _ => None,
        }
    }

    /// Whether a separator stands in it.
    pub(crate) const fn is_several(&self) -> bool {
        match self {
            Self::List(_) | Self::Array(..) | Self::Tuple(_) | Self::Map(..) => true,
            Self::Secret(inner) => inner.is_several(),
            _ => false,
        }
    }

    /// Whether a separator stands in it, as far as the spelling of a type tells.
    pub(crate) fn is_separated(&self) -> bool {
        match self {
            Self::Spelled(spelled) => noun::is_several(spelled),
            _ => self.is_several(),
        }
    }

    /// A text of this form, if one is known.
    pub(crate) fn example(&self, separator: &str) -> Option<String> {
        match self {
            Self::Text | Self::Path => Some("change-me".to_owned()),
            Self::Like(_, example) => Some((*example).to_owned()),
            Self::Words(words) => words.first().map(|word| (*word).to_owned()),
            Self::Secret(inner) => inner.example(separator),
            Self::List(inner) => inner.element(separator),
            Self::Array(inner, len) => {
                let element = inner.element(separator)?;
                Some(vec![element.as_str(); *len].join(separator))
            }
            Self::Map(key, value) => {
                let (key, value) = (key.element(separator)?, value.element(separator)?);
                Some(format!("{key}={value}"))
            }
            Self::Tuple(forms) => {
                let mut parts = String::new();
                for (place, form) in forms.iter().enumerate() {
                    parts.push_str(if place == 0 { "" } else { separator });
                    parts.push_str(&form.element(separator)?);
                }
                Some(parts)
            }
            Self::Type(_) | Self::Spelled(_) => None,
        }
    }

    /// Returns an example as an element of a list, with its own separators escaped.
    fn element(&self, separator: &str) -> Option<String> {
        let example = self.example(separator)?;
        if self.is_several() {
            return Some(escape(&example, separator));
        }
        Some(example)
    }

    /// The form in a word or two, for a column.
    pub(crate) fn noun(&self) -> String {
        match self {
            Self::Text | Self::Path => "text".to_owned(),
            Self::Type(noun) | Self::Like(noun, _) | Self::Spelled(noun) => {
                noun.split(',').next().unwrap_or_default().to_owned()
            }
            Self::Words(_) => "word".to_owned(),
            Self::List(inner) => format!("list of {}", inner.noun()),
            Self::Array(inner, len) => format!("{len} of {}", inner.noun()),
            Self::Tuple(forms) => {
                let mut nouns = String::new();
                for (place, form) in forms.iter().enumerate() {
                    nouns.push_str(if place == 0 { "" } else { ", " });
                    nouns.push_str(&form.noun());
                }
                nouns
            }
            Self::Map(key, value) => format!("map of {} to {}", key.noun(), value.noun()),
            Self::Secret(inner) => inner.noun(),
        }
    }

    /// Adds the form as it displays to a text that is made while compiling. Forms with an
    /// inner form are "a value".
    pub(crate) const fn push_to<const MAX: usize>(&self, to: &mut ConstStr<MAX>) {
        match self {
            Self::Type(noun) | Self::Like(noun, _) | Self::Spelled(noun) => {
                to.push(article(noun));
                to.push(" ");
                to.push(noun);
            }
            Self::Words(words) => {
                let mut i = 0;
                while i < words.len() {
                    to.push(if i == 0 { "one of: " } else { ", " });
                    to.push(words[i]);
                    i += 1;
                }
            }
            Self::Secret(inner) => inner.push_to(to),
            _ => to.push("a value"),
        }
    }

    /// Whether it names a file or a directory.
    pub(crate) fn is_path(&self) -> bool {
        match self {
            Self::Path => true,
            Self::Spelled(ty) => ty.ends_with("PathBuf"),
            Self::Secret(inner) => inner.is_path(),
            _ => false,
        }
    }

    /// Whether every text will do, so that nothing need be said of it.
    pub(crate) const fn is_any_text(&self) -> bool {
        match self {
            Self::Text | Self::Path => true,
            Self::Secret(inner) => inner.is_any_text(),
            _ => false,
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text | Self::Path => f.write_str("a text"),
            Self::Type(noun) | Self::Like(noun, _) => write!(f, "{} {noun}", article(noun)),
            // In the words of a programmer.
            Self::Spelled(spelled) if f.alternate() => {
                write!(f, "{} {spelled}", article(spelled))
            }
            Self::Spelled(spelled) => f.write_str(&noun::with_article(spelled)),
            Self::Words(words) => write!(f, "one of: {}", words.join(", ")),
            Self::List(inner) => write!(f, "a list, each {inner}"),
            Self::Array(inner, 1) => write!(f, "1 element, {inner}"),
            Self::Array(inner, len) => write!(f, "{len} elements, each {inner}"),
            Self::Tuple(forms) => {
                write!(f, "{} elements:", forms.len())?;
                let mut joint = "";
                for form in *forms {
                    write!(f, "{joint} {form}")?;
                    joint = ",";
                }
                Ok(())
            }
            Self::Map(key, value) => write!(f, "pairs like key=value, {key} and {value}"),
            Self::Secret(inner) => inner.fmt(f),
        }
    }
}

/// `an IP address`, `an i32`, `an f64`, but `a u16` and `a Url`.
pub(super) const fn article(noun: &str) -> &'static str {
    match noun.as_bytes() {
        [b'a' | b'A' | b'e' | b'E' | b'i' | b'I' | b'o' | b'O', ..] | [b'f', b'0'..=b'9', ..] => {
            "an"
        }
        _ => "a",
    }
}

//! The expected form of a text, in words.

use std::fmt;

use super::split::escape;
use super::{noun, number, Accepted};
use crate::name::{is_same, ConstStr};

/// The expected form of the text of a variable.
///
/// Displays as the words after "expected" or "is not" in an error.
///
/// # Examples
///
/// ```
/// use environ::Form;
///
/// const PERCENTAGE: Form = Form::noun("percentage").example("40%");
/// const PERCENTAGES: Form = Form::list(&PERCENTAGE);
///
/// assert_eq!(PERCENTAGE.to_string(), "a percentage, like 40%");
/// assert_eq!(PERCENTAGES.to_string(), "a list, each a percentage, like 40%");
/// assert_eq!(Form::words(&["human", "json"]).to_string(), "one of: human, json");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    pub(crate) kind: FormKind,
    /// The words of the field for a text of this form, with the article.
    phrase: Option<&'static str>,
    example: Option<&'static str>,
    /// Words that are read too, and not shown, each with the word that it stands for.
    aliases: WordAliases,
}

/// Words that are read too, each with the word that it stands for.
pub(crate) type WordAliases = &'static [(&'static str, &'static str)];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FormKind {
    Text,
    /// Any text, which names a file or a directory.
    Path,
    Noun {
        /// Without an article.
        noun: &'static str,
        /// Whether errors show the example.
        shows_example: bool,
    },
    /// Known by the spelling of the type alone.
    Spelled(&'static str),
    Words(&'static [&'static str]),
    List(&'static Form),
    Array(&'static Form, usize),
    Tuple(&'static [Form]),
    Map(&'static Form, &'static Form),
    Secret(&'static Form),
}

/// The noun of `#[env(json)]`.
const JSON: &str = "JSON value";

/// The noun of `#[env(present)]`.
const PRESENT: &str = "flag, set to any text";

/// The words of `#[env(truthy)]`.
const TRUTHY: &[&str] = &["true", "false"];

/// The units of `#[env(unit = "...")]`, as the macro numbers them, each with the noun of a number
/// of the unit.
pub(super) const UNITS: [(&str, &str); 5] = [
    ("ms", "number of milliseconds, or a duration such as 90s"),
    ("s", "number of seconds, or a duration such as 5m"),
    ("m", "number of minutes, or a duration such as 90s"),
    ("h", "number of hours, or a duration such as 90m"),
    ("d", "number of days, or a duration such as 36h"),
];

/// A property that a form has if a part of the form has it.
#[derive(Clone, Copy)]
enum Property {
    Pairs,
    Secret,
    #[cfg(feature = "json")]
    Custom,
}

impl Form {
    /// Creates the form of any text.
    #[must_use]
    pub const fn text() -> Self {
        Self::of(FormKind::Text)
    }

    /// Creates the form that a noun describes, such as `IP address`. The article is added.
    #[must_use]
    pub const fn noun(noun: &'static str) -> Self {
        Self::of(FormKind::Noun {
            noun,
            shows_example: true,
        })
    }

    /// Creates the form of words, in any letter case.
    #[must_use]
    pub const fn words(words: &'static [&'static str]) -> Self {
        Self::of(FormKind::Words(words))
    }

    /// Creates the form of a list, with the form of each element.
    #[must_use]
    pub const fn list(element: &'static Self) -> Self {
        Self::of(FormKind::List(element))
    }

    /// Creates the form of a list of exactly `len` elements of the same form.
    #[must_use]
    pub const fn array(element: &'static Self, len: usize) -> Self {
        Self::of(FormKind::Array(element, len))
    }

    /// Creates the form of a list with a form for each element.
    #[must_use]
    pub const fn tuple(elements: &'static [Self]) -> Self {
        Self::of(FormKind::Tuple(elements))
    }

    /// Creates the form of a list of pairs, `key=value`.
    #[must_use]
    pub const fn map(key: &'static Self, value: &'static Self) -> Self {
        Self::of(FormKind::Map(key, value))
    }

    /// Creates the form of a secret: no text of it is ever shown.
    #[must_use]
    pub const fn secret(inner: &'static Self) -> Self {
        Self::of(FormKind::Secret(inner))
    }

    /// Sets a text of this form. Generated examples contain the text; errors show it after
    /// a noun.
    #[must_use]
    pub const fn example(mut self, text: &'static str) -> Self {
        self.example = Some(text);
        self
    }

    /// For `#[env(json)]`.
    #[doc(hidden)]
    pub const JSON: Self = Self::noun(JSON);

    /// For `#[env(present)]`.
    #[doc(hidden)]
    pub const PRESENT: Self = Self::with_sample(PRESENT, "1");

    /// Returns whether a variable of this form is only looked for, whatever its text is.
    pub(crate) const fn is_present(&self) -> bool {
        match self.kind {
            FormKind::Noun { noun, .. } => is_same(noun.as_bytes(), PRESENT.as_bytes()),
            _ => false,
        }
    }

    /// For a table of which nothing is read.
    pub(crate) const WORDLESS: Self = Self::words(&[]);

    /// For `#[env(truthy)]`.
    #[doc(hidden)]
    pub const TRUTHY: Self = Self::words(TRUTHY).example(TRUTHY[0]);

    /// Returns whether any text is read, and most texts as false.
    pub(crate) fn is_truthy(&self) -> bool {
        // The words of a type have no example.
        self.kind == Self::TRUTHY.kind && self.example == Self::TRUTHY.example
    }

    /// Sets the words that are read too, and not shown, each with the word that it stands for.
    #[doc(hidden)]
    #[must_use]
    pub const fn word_aliases(mut self, aliases: &'static [(&'static str, &'static str)]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Creates the form of a type that is known by its spelling alone.
    #[doc(hidden)]
    #[must_use]
    pub const fn spelled(ty: &'static str) -> Self {
        Self::of(FormKind::Spelled(ty))
    }

    /// Creates the form of a path of a file or a directory.
    pub(crate) const fn path() -> Self {
        Self::of(FormKind::Path)
    }

    /// Creates the form of a noun with an example that errors leave out.
    pub(crate) const fn with_sample(noun: &'static str, sample: &'static str) -> Self {
        Self::of(FormKind::Noun {
            noun,
            shows_example: false,
        })
        .example(sample)
    }

    /// Creates the form of a duration that accepts a number of the unit with this index.
    pub(crate) const fn in_unit(unit: usize) -> Self {
        Self::with_sample(UNITS[unit].1, "30")
    }

    /// Returns the unit of a number without a unit, or of each number of a list.
    pub(crate) fn unit(&self) -> Option<&'static str> {
        match &self.kind {
            FormKind::Noun { noun, .. } => {
                let mut units = UNITS.iter();
                Some(units.find(|(_, of_unit)| of_unit == noun)?.0)
            }
            FormKind::List(inner)
            | FormKind::Array(inner, _)
            | FormKind::Map(_, inner)
            | FormKind::Secret(inner) => inner.unit(),
            FormKind::Text
            | FormKind::Path
            | FormKind::Spelled(_)
            | FormKind::Words(_)
            | FormKind::Tuple(_) => None,
        }
    }

    /// Sets the words for a text of this form, with the article.
    pub(crate) const fn expected(mut self, phrase: &'static str) -> Self {
        self.phrase = Some(phrase);
        self
    }

    /// Returns the words of the field for a text of this form, with the article.
    pub(crate) const fn phrase(&self) -> Option<&'static str> {
        self.phrase
    }

    /// Returns the form of the type, without the words of the field.
    pub(crate) const fn without_phrase(mut self) -> Self {
        self.phrase = None;
        self
    }

    /// Returns whether the text is JSON.
    pub(crate) const fn is_json(&self) -> bool {
        match self.kind {
            FormKind::Noun { noun, .. } => is_same(noun.as_bytes(), JSON.as_bytes()),
            _ => false,
        }
    }

    /// Returns the texts that are known to be of this form.
    pub(crate) const fn accepted(&self) -> Accepted {
        match self.kind {
            FormKind::Words(words) => Accepted::AnyOf(words, self.aliases),
            FormKind::Noun { noun, .. } => number::accepted(noun),
            FormKind::Secret(inner) => inner.accepted(),
            _ => Accepted::Unknown,
        }
    }

    const fn of(kind: FormKind) -> Self {
        Self {
            kind,
            phrase: None,
            example: None,
            aliases: &[],
        }
    }

    /// Fills in the spelling, where nothing better is known.
    #[doc(hidden)]
    #[must_use]
    pub const fn or_spelled(self, ty: &'static str) -> Self {
        match self.kind {
            FormKind::Spelled(_) => Self::spelled(ty),
            _ => self,
        }
    }

    pub(crate) const fn may_be_list(&self) -> bool {
        match &self.kind {
            FormKind::List(_)
            | FormKind::Array(..)
            | FormKind::Tuple(_)
            | FormKind::Map(..)
            | FormKind::Spelled(_) => true,
            FormKind::Secret(inner) => inner.may_be_list(),
            _ => false,
        }
    }

    /// Whether pairs stand in it, as far as it is known.
    pub(crate) const fn has_pairs(&self) -> bool {
        self.has(Property::Pairs)
    }

    /// Whether a part of it, at least, is never shown: then nothing of it is.
    pub(crate) const fn has_secret(&self) -> bool {
        self.has(Property::Secret)
    }

    /// Returns the words that the text, or each element of it, may be.
    pub(crate) const fn known_words(&self) -> Option<&'static [&'static str]> {
        match &self.kind {
            FormKind::Words(words) => Some(words),
            FormKind::List(inner) | FormKind::Array(inner, _) | FormKind::Secret(inner) => {
                inner.known_words()
            }
            _ => None,
        }
    }

    /// Returns the words that are read besides the known words.
    pub(crate) const fn known_aliases(&self) -> WordAliases {
        match &self.kind {
            FormKind::List(inner) | FormKind::Array(inner, _) | FormKind::Secret(inner) => {
                inner.known_aliases()
            }
            _ => self.aliases,
        }
    }

    /// Whether code of the program reads a part of it, at least: the form does not tell which
    /// texts that code accepts.
    #[cfg(feature = "json")]
    pub(crate) const fn is_custom(&self) -> bool {
        self.has(Property::Custom)
    }

    /// Returns whether the form or a part of it has the property.
    const fn has(&self, property: Property) -> bool {
        let has_itself = match property {
            Property::Pairs => matches!(self.kind, FormKind::Map(..)),
            Property::Secret => matches!(self.kind, FormKind::Secret(_)),
            #[cfg(feature = "json")]
            Property::Custom => {
                self.phrase.is_some()
                    || matches!(
                        self.kind,
                        FormKind::Spelled(_)
                            | FormKind::Noun {
                                shows_example: true,
                                ..
                            }
                    )
            }
        };
        if has_itself {
            return true;
        }
        match &self.kind {
            FormKind::Text
            | FormKind::Path
            | FormKind::Words(_)
            | FormKind::Noun { .. }
            | FormKind::Spelled(_) => false,
            FormKind::List(inner) | FormKind::Array(inner, _) | FormKind::Secret(inner) => {
                inner.has(property)
            }
            FormKind::Map(key, value) => key.has(property) || value.has(property),
            FormKind::Tuple(forms) => {
                let mut i = 0;
                while i < forms.len() {
                    if forms[i].has(property) {
                        return true;
                    }
                    i += 1;
                }
                false
            }
        }
    }

    /// Whether a separator stands in it.
    pub(crate) const fn is_several(&self) -> bool {
        match &self.kind {
            FormKind::List(_) | FormKind::Array(..) | FormKind::Tuple(_) | FormKind::Map(..) => {
                true
            }
            FormKind::Secret(inner) => inner.is_several(),
            _ => false,
        }
    }

    /// Whether a separator stands in it, as far as the spelling of a type tells.
    pub(crate) const fn is_separated(&self) -> bool {
        match &self.kind {
            FormKind::Spelled(spelled) => noun::is_several(spelled),
            _ => self.is_several(),
        }
    }

    /// Returns the form of the element at `index`, if this is a list.
    #[cfg(feature = "json")]
    pub(crate) fn of_element(&self, index: usize) -> Option<&Self> {
        match &self.kind {
            FormKind::List(inner) | FormKind::Array(inner, _) => Some(inner),
            FormKind::Tuple(forms) => forms.get(index),
            FormKind::Secret(inner) => inner.of_element(index),
            _ => None,
        }
    }

    /// Returns the form of each value, if this is a map.
    #[cfg(feature = "json")]
    pub(crate) const fn of_value(&self) -> Option<&Self> {
        match &self.kind {
            FormKind::Map(_, value) => Some(value),
            FormKind::Secret(inner) => inner.of_value(),
            _ => None,
        }
    }

    /// Returns whether it is known that the text is neither a list nor a map.
    #[cfg(feature = "json")]
    pub(crate) const fn is_single(&self) -> bool {
        match &self.kind {
            FormKind::Text | FormKind::Path | FormKind::Words(_) => true,
            FormKind::Noun { shows_example, .. } => !*shows_example,
            FormKind::Secret(inner) => inner.is_single(),
            _ => false,
        }
    }

    /// Returns a text of this form, if there is a known text.
    pub(crate) fn sample(&self, separator: &str) -> Option<String> {
        if let Some(example) = self.example {
            return Some(example.to_owned());
        }
        match &self.kind {
            FormKind::Text | FormKind::Path => Some("change-me".to_owned()),
            FormKind::Words(words) => words.first().map(|word| (*word).to_owned()),
            FormKind::Secret(inner) => inner.sample(separator),
            FormKind::List(inner) => inner.element(separator),
            FormKind::Array(inner, len) => {
                let element = inner.element(separator)?;
                Some(vec![element.as_str(); *len].join(separator))
            }
            FormKind::Map(key, value) => {
                let (key, value) = (key.element(separator)?, value.element(separator)?);
                Some(format!("{key}={value}"))
            }
            FormKind::Tuple(forms) => {
                let mut parts = String::new();
                for (place, form) in forms.iter().enumerate() {
                    parts.push_str(if place == 0 { "" } else { separator });
                    parts.push_str(&form.element(separator)?);
                }
                Some(parts)
            }
            FormKind::Noun { .. } | FormKind::Spelled(_) => None,
        }
    }

    /// Returns an example as an element of a list, with its own separators escaped.
    fn element(&self, separator: &str) -> Option<String> {
        let example = self.sample(separator)?;
        if self.is_several() {
            return Some(escape(&example, separator));
        }
        Some(example)
    }

    /// Returns the form in a word or two, for a column.
    pub(crate) fn column(&self) -> String {
        if let Some(phrase) = self.phrase {
            let noun = phrase.strip_prefix("a ").or(phrase.strip_prefix("an "));
            return noun.unwrap_or(phrase).to_owned();
        }
        match &self.kind {
            FormKind::Text | FormKind::Path => "text".to_owned(),
            FormKind::Noun { noun, .. } | FormKind::Spelled(noun) => {
                noun.split(',').next().unwrap_or_default().to_owned()
            }
            FormKind::Words(_) => "word".to_owned(),
            FormKind::List(inner) => format!("list of {}", inner.column()),
            FormKind::Array(inner, len) => format!("{len} of {}", inner.column()),
            FormKind::Tuple(forms) => {
                let mut nouns = String::new();
                for (place, form) in forms.iter().enumerate() {
                    nouns.push_str(if place == 0 { "" } else { ", " });
                    nouns.push_str(&form.column());
                }
                nouns
            }
            FormKind::Map(key, value) => format!("map of {} to {}", key.column(), value.column()),
            FormKind::Secret(inner) => inner.column(),
        }
    }

    /// Adds the form as it displays to a text that is made while compiling. Forms with an
    /// inner form are "a value".
    pub(crate) const fn push_to<const MAX: usize>(&self, to: &mut ConstStr<MAX>) {
        match &self.kind {
            FormKind::Noun { noun, .. } | FormKind::Spelled(noun) => {
                to.push(article(noun));
                to.push(" ");
                to.push(noun);
                if let Some(example) = self.shown_example() {
                    to.push(", like ");
                    to.push(example);
                }
            }
            FormKind::Words(words) => {
                let mut i = 0;
                while i < words.len() {
                    to.push(if i == 0 { "one of: " } else { ", " });
                    to.push(words[i]);
                    i += 1;
                }
            }
            FormKind::Secret(inner) => inner.push_to(to),
            _ => to.push("a value"),
        }
    }

    /// Returns the example, if it follows the noun.
    const fn shown_example(&self) -> Option<&'static str> {
        match self.kind {
            FormKind::Noun {
                shows_example: true,
                ..
            } => self.example,
            _ => None,
        }
    }

    /// Whether it names a file or a directory, and is no secret.
    pub(crate) fn is_path(&self) -> bool {
        match &self.kind {
            FormKind::Path => true,
            FormKind::Spelled(ty) => ty.ends_with("PathBuf"),
            _ => false,
        }
    }

    /// Whether every text will do, so that nothing need be said of it.
    pub(crate) const fn is_any_text(&self) -> bool {
        match &self.kind {
            _ if self.phrase.is_some() => false,
            FormKind::Text | FormKind::Path => true,
            FormKind::Secret(inner) => inner.is_any_text(),
            _ => false,
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(phrase) = self.phrase {
            f.write_str(phrase)?;
            return match self.known_words() {
                Some(words) if !self.is_several() => write!(f, ", one of: {}", words.join(", ")),
                _ => Ok(()),
            };
        }
        match &self.kind {
            FormKind::Text | FormKind::Path => f.write_str("a text"),
            FormKind::Noun { noun, .. } => {
                write!(f, "{} {noun}", article(noun))?;
                match self.shown_example() {
                    Some(example) => write!(f, ", like {example}"),
                    None => Ok(()),
                }
            }
            // In the words of a programmer.
            FormKind::Spelled(spelled) if f.alternate() => {
                write!(f, "{} {spelled}", article(spelled))
            }
            FormKind::Spelled(spelled) => f.write_str(&noun::with_article(spelled)),
            FormKind::Words(words) => write!(f, "one of: {}", words.join(", ")),
            FormKind::List(inner) => write!(f, "a list, each {inner}"),
            FormKind::Array(inner, 1) => write!(f, "1 element, {inner}"),
            FormKind::Array(inner, len) => write!(f, "{len} elements, each {inner}"),
            FormKind::Tuple(forms) => {
                write!(f, "{} elements:", forms.len())?;
                let mut joint = "";
                for form in *forms {
                    write!(f, "{joint} {form}")?;
                    joint = ",";
                }
                Ok(())
            }
            FormKind::Map(key, value) => write!(f, "pairs like key=value, {key} and {value}"),
            FormKind::Secret(inner) => inner.fmt(f),
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

#[cfg(test)]
mod tests {
    use super::Form;
    use crate::name::ConstStr;
    use crate::value::{Accepted, EnvValue};

    const TEXT: Form = Form::text();
    const SECRET: Form = Form::secret(&TEXT);

    #[test]
    fn a_form_is_secret_if_a_part_of_it_is() {
        for (form, has_secret) in [
            (TEXT, false),
            (SECRET, true),
            (Form::list(&TEXT), false),
            (Form::list(&SECRET), true),
            (Form::array(&SECRET, 2), true),
            (Form::list(const { &Form::array(&SECRET, 2) }), true),
            (Form::map(&TEXT, &TEXT), false),
            (Form::map(&SECRET, &TEXT), true),
            (Form::map(&TEXT, &SECRET), true),
            (Form::tuple(&[TEXT, TEXT]), false),
            (Form::tuple(&[SECRET, TEXT]), true),
            (Form::tuple(&[TEXT, SECRET]), true),
        ] {
            assert_eq!(form.has_secret(), has_secret, "{form:?}");
        }
    }

    #[test]
    fn the_texts_of_words_and_whole_numbers_are_known() {
        const PORT: Form = <u16 as EnvValue>::FORM;
        const LEVELS: Form = Form::words(&["info"]).word_aliases(&[("i", "info")]);

        let port = |accepted| matches!(accepted, Accepted::Unsigned(0, 65_535));
        assert!(port(PORT.accepted()) && port(Form::secret(&PORT).accepted()));
        let levels = LEVELS.accepted();
        assert!(matches!(
            levels,
            Accepted::AnyOf(&["info"], &[("i", "info")])
        ));
        for form in [TEXT, Form::list(&PORT), Form::noun("URL")] {
            assert!(matches!(form.accepted(), Accepted::Unknown), "{form:?}");
        }
    }

    #[test]
    fn a_form_that_is_written_while_compiling_is_that_of_a_report() {
        for (form, text) in [
            (<u16 as EnvValue>::FORM, "a u16"),
            (Form::spelled("Url"), "a Url"),
            (Form::noun("colour").example("red"), "a colour, like red"),
            (Form::words(&["red", "blue"]), "one of: red, blue"),
            (Form::secret(&<i8 as EnvValue>::FORM), "an i8"),
            (Form::list(&TEXT), "a value"),
        ] {
            let mut written = ConstStr::<64>::of("");
            form.push_to(&mut written);
            assert_eq!(written.as_str(), text);
        }
    }
}

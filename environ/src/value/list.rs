//! Types around other types: lists and sets in one variable, and secrets.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::hash::{BuildHasher, Hash};

use super::{EnvValue, Form, Invalid, Text};
use crate::Secret;

/// A type that is read by reading another, once or several times.
pub trait Wraps: Sized {
    type Inner;

    const IS_SECRET: bool = false;

    fn wrap(text: &mut Text<'_>, read: Read<Self::Inner>) -> Result<Self, Invalid>;
}

/// The function that makes a value of a text.
pub(crate) type Read<T> = fn(&mut Text<'_>) -> Result<T, Invalid>;

impl<W> EnvValue for W
where
    W: Wraps,
    W::Inner: EnvValue,
{
    const FORM: Form = if W::IS_SECRET {
        Form::Secret(&W::Inner::FORM)
    } else {
        Form::List(&W::Inner::FORM)
    };

    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        W::wrap(text, W::Inner::from_text)
    }
}

impl<T> Wraps for Secret<T> {
    type Inner = T;

    const IS_SECRET: bool = true;

    fn wrap(text: &mut Text<'_>, read: Read<T>) -> Result<Self, Invalid> {
        read(text).map(Self::new).map_err(|invalid| Invalid {
            is_secret: true,
            ..invalid
        })
    }
}

impl<T> Wraps for Vec<T> {
    type Inner = T;

    fn wrap(text: &mut Text<'_>, read: Read<T>) -> Result<Self, Invalid> {
        elements(text, read)
    }
}

impl<T, S> Wraps for HashSet<T, S>
where
    T: Eq + Hash,
    S: BuildHasher + Default,
{
    type Inner = T;

    fn wrap(text: &mut Text<'_>, read: Read<T>) -> Result<Self, Invalid> {
        elements(text, read)
    }
}

impl<T: Ord> Wraps for BTreeSet<T> {
    type Inner = T;

    fn wrap(text: &mut Text<'_>, read: Read<T>) -> Result<Self, Invalid> {
        elements(text, read)
    }
}

fn elements<T, C: FromIterator<T>>(text: &Text<'_>, read: Read<T>) -> Result<C, Invalid> {
    let parts = split(text.as_str()?, text.separator());
    let element = |(index, part): (usize, Cow<'_, str>)| {
        if part.is_empty() {
            return Err(Invalid::new(format_args!("element {} is empty", index + 1)));
        }
        read(&mut text.element(part.clone()))
            .map_err(|invalid| invalid.of_element(index + 1, &part))
    };
    parts.into_iter().enumerate().map(element).collect()
}

/// Splits at each separator, except one that a backslash stands before, and
/// trims the parts. A separator at the very end is not the start of a part.
///
/// Backslashes count only before a separator, two for each that is meant, so
/// that `C:\temp` needs none: `a\,b` is one part, and `a\\,b` are two.
fn split<'a>(text: &'a str, separator: &str) -> Vec<Cow<'a, str>> {
    let mut parts = Vec::new();
    let mut part = Cow::Borrowed("");
    let mut rest = text;
    while let Some(at) = rest.find(separator) {
        let before = &rest[..at];
        let backslashes = before.len() - before.trim_end_matches('\\').len();
        let kept = &before[..before.len() - backslashes.div_ceil(2)];
        rest = &rest[at + separator.len()..];
        part = append(part, kept);
        if backslashes % 2 == 1 {
            part.to_mut().push_str(separator);
        } else {
            parts.push(trimmed(part));
            part = Cow::Borrowed("");
        }
    }
    let last = trimmed(append(part, rest));
    if !last.is_empty() {
        parts.push(last);
    }
    parts
}

/// Borrows as long as there is one piece only.
fn append<'a>(part: Cow<'a, str>, piece: &'a str) -> Cow<'a, str> {
    if part.is_empty() {
        Cow::Borrowed(piece)
    } else {
        Cow::Owned(part.into_owned() + piece)
    }
}

fn trimmed(part: Cow<'_, str>) -> Cow<'_, str> {
    match part {
        Cow::Borrowed(part) => Cow::Borrowed(part.trim()),
        Cow::Owned(part) => Cow::Owned(part.trim().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn text_is_split_at_separators_that_no_backslash_escapes() {
        for (text, parts) in [
            ("", &[][..]),
            ("  ", &[]),
            ("a", &["a"]),
            ("a, b ,c", &["a", "b", "c"]),
            ("a,b,", &["a", "b"]),
            ("a,,b", &["a", "", "b"]),
            (",", &[""]),
            (r"a,b\,c", &["a", "b,c"]),
            (r"a\\,b", &[r"a\", "b"]),
            (r"a\\\,b", &[r"a\,b"]),
            (r"C:\x\y,D:\", &[r"C:\x\y", r"D:\"]),
            (r"\\host\share", &[r"\\host\share"]),
        ] {
            assert_eq!(split(text, ","), parts, "{text:?}");
        }
        assert_eq!(split("a::b\\::c:d", "::"), ["a", "b::c:d"]);
    }
}

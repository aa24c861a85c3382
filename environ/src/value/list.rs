//! Types around other types: lists and sets in one variable, and secrets.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ffi::OsStr;
use std::hash::{BuildHasher, Hash};

use super::{EnvValue, Form, Invalid, Text, Texts, Why};
use crate::redact::display as show;
use crate::redact::Secret;

/// A type that is read by reading another, once or several times.
pub trait Wraps: Sized {
    type Inner;

    const SHAPE: Shape = Shape::List;

    fn wrap(text: &mut Text<'_>, read: Read<Self::Inner>) -> Result<Self, Invalid>;
}

/// What is around the other type.
pub enum Shape {
    List,
    /// So many.
    Array(usize),
    /// Pairs, with a key of this form.
    Map(&'static Form),
    Secret,
}

/// The function that makes a value of a text.
pub(crate) type Read<T> = fn(&mut Text<'_>) -> Result<T, Invalid>;

#[diagnostic::do_not_recommend]
impl<W> EnvValue for W
where
    W: Wraps,
    W::Inner: EnvValue,
{
    const FORM: Form = match W::SHAPE {
        Shape::List => Form::List(&W::Inner::FORM),
        Shape::Array(len) => Form::Array(&W::Inner::FORM, len),
        Shape::Map(key) => Form::Map(key, &W::Inner::FORM),
        Shape::Secret => Form::Secret(&W::Inner::FORM),
    };

    const TEXTS: Texts = match W::SHAPE {
        Shape::Secret => W::Inner::TEXTS,
        Shape::List | Shape::Array(_) | Shape::Map(_) => Texts::Unknown,
    };

    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        W::wrap(text, W::Inner::from_text)
    }
}

impl<T> Wraps for Secret<T> {
    type Inner = T;

    const SHAPE: Shape = Shape::Secret;

    fn wrap(text: &mut Text<'_>, read: Read<T>) -> Result<Self, Invalid> {
        read(text).map(Self::new)
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

impl<T, const LEN: usize> Wraps for [T; LEN] {
    type Inner = T;

    const SHAPE: Shape = Shape::Array(LEN);

    fn wrap(text: &mut Text<'_>, read: Read<T>) -> Result<Self, Invalid> {
        let elements: Vec<T> = elements(text, read)?;
        elements
            .try_into()
            .map_err(|elements: Vec<T>| wrong_count(elements.len(), LEN))
    }
}

impl<K, V, S> Wraps for HashMap<K, V, S>
where
    K: EnvValue + Eq + Hash,
    S: BuildHasher + Default,
{
    type Inner = V;

    const SHAPE: Shape = Shape::Map(&K::FORM);

    fn wrap(text: &mut Text<'_>, read: Read<V>) -> Result<Self, Invalid> {
        pairs(text, read, Self::insert)
    }
}

impl<K: EnvValue + Ord, V> Wraps for BTreeMap<K, V> {
    type Inner = V;

    const SHAPE: Shape = Shape::Map(&K::FORM);

    fn wrap(text: &mut Text<'_>, read: Read<V>) -> Result<Self, Invalid> {
        pairs(text, read, Self::insert)
    }
}

macro_rules! tuples {
    ($($len:literal: $($ty:ident $index:literal),*;)*) => {$(
        impl<$($ty: EnvValue),*> EnvValue for ($($ty,)*) {
            const FORM: Form = Form::Tuple(&[$($ty::FORM),*]);

            fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
                let parts = split(text.as_str()?, text.separator());
                if parts.len() != $len {
                    return Err(wrong_count(parts.len(), $len));
                }
                Ok(($(element(text, $index, &parts[$index], $ty::from_text)?,)*))
            }
        }
    )*};
}

tuples! {
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, D 3;
}

fn wrong_count(found: usize, expected: usize) -> Invalid {
    Invalid::new(format_args!(
        "it has {found} elements, and {expected} are expected"
    ))
}

fn elements<T, C: FromIterator<T>>(text: &Text<'_>, read: Read<T>) -> Result<C, Invalid> {
    let parts = split(text.as_str()?, text.separator());
    let parts = parts.iter().enumerate();
    parts
        .map(|(index, part)| element(text, index, part, read))
        .collect()
}

fn element<T>(text: &Text<'_>, index: usize, part: &str, read: Read<T>) -> Result<T, Invalid> {
    if part.is_empty() {
        return Err(Invalid::new(format_args!("element {} is empty", index + 1)));
    }
    read(&mut text.element(part)).map_err(|invalid| invalid.of_element(index + 1, part))
}

/// Pairs, split at the first `=`. `insert` gives the value that a key had.
fn pairs<K, V, M>(
    text: &Text<'_>,
    read: Read<V>,
    insert: fn(&mut M, K, V) -> Option<V>,
) -> Result<M, Invalid>
where
    K: EnvValue,
    M: Default,
{
    let mut map = M::default();
    for (index, part) in split(text.as_str()?, text.separator()).iter().enumerate() {
        let number = index + 1;
        let Some((key, value)) = part.split_once('=') else {
            let part = show::quoted(OsStr::new(&**part));
            let shown = format!("element {number}, {part}, has no `=`");
            return Err(Why::OfElement(shown, None).into());
        };
        let of_element = |invalid: Invalid| invalid.of_element(number, part);
        let (key, value) = (key.trim(), value.trim());
        let parsed = K::from_text(&mut text.element(key)).map_err(of_element)?;
        let value = read(&mut text.element(value)).map_err(of_element)?;
        if insert(&mut map, parsed, value).is_some() {
            let key = show::quoted(OsStr::new(key));
            return Err(Invalid::new(format_args!(
                "element {number} repeats the key {key}"
            )));
        }
    }
    Ok(map)
}

/// Splits at each separator, except one that a backslash stands before, and
/// trims the parts. A separator at the very end is not the start of a part.
///
/// Backslashes count only before a separator, two for each that is meant, so
/// that `C:\temp` needs none: `a\,b` is one part, and `a\\,b` are two.
pub(crate) fn split<'a>(text: &'a str, separator: &str) -> Vec<Cow<'a, str>> {
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
    if separator.trim().is_empty() {
        // Several spaces separate as one does.
        parts.retain(|part| !part.is_empty());
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
        assert_eq!(split(" a  b ", " "), ["a", "b"]);
    }
}

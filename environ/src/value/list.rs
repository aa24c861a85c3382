//! Several values in one variable: lists, sets, arrays, maps and tuples.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::ffi::OsStr;
use std::hash::{BuildHasher, Hash};

use super::invalid::Why;
use super::split::{escape, split};
use super::syntax;
use super::wraps::{Element, Reader, Shape, Wraps};
use super::{EnvValue, Form, Invalid, Text};
use crate::redact::display;

impl<T> Wraps for Vec<T> {
    type Inner = T;

    fn wrap(text: &mut Text<'_>, inner: Reader<T>) -> Result<Self, Invalid> {
        corrected(text, |text| elements(text, &inner))
    }
}

impl<T> Wraps for VecDeque<T> {
    type Inner = T;

    fn wrap(text: &mut Text<'_>, inner: Reader<T>) -> Result<Self, Invalid> {
        corrected(text, |text| elements(text, &inner))
    }
}

impl<T, S> Wraps for HashSet<T, S>
where
    T: Eq + Hash,
    S: BuildHasher + Default,
{
    type Inner = T;

    fn wrap(text: &mut Text<'_>, inner: Reader<T>) -> Result<Self, Invalid> {
        corrected(text, |text| elements(text, &inner))
    }
}

impl<T: Ord> Wraps for BTreeSet<T> {
    type Inner = T;

    fn wrap(text: &mut Text<'_>, inner: Reader<T>) -> Result<Self, Invalid> {
        corrected(text, |text| elements(text, &inner))
    }
}

impl<T, const LEN: usize> Wraps for [T; LEN] {
    type Inner = T;

    const SHAPE: Shape = Shape::Array(LEN);

    fn wrap(text: &mut Text<'_>, inner: Reader<T>) -> Result<Self, Invalid> {
        corrected(text, |text| {
            let elements: Vec<T> = elements(text, &inner)?;
            elements
                .try_into()
                .map_err(|elements: Vec<T>| wrong_count(elements.len()))
        })
    }
}

impl<K, V, S> Wraps for HashMap<K, V, S>
where
    K: EnvValue + Eq + Hash,
    S: BuildHasher + Default,
{
    type Inner = V;

    const SHAPE: Shape = Shape::Map(&K::FORM);

    fn wrap(text: &mut Text<'_>, inner: Reader<V>) -> Result<Self, Invalid> {
        corrected(text, |text| pairs(text, &inner, Self::insert))
    }
}

impl<K: EnvValue + Ord, V> Wraps for BTreeMap<K, V> {
    type Inner = V;

    const SHAPE: Shape = Shape::Map(&K::FORM);

    fn wrap(text: &mut Text<'_>, inner: Reader<V>) -> Result<Self, Invalid> {
        corrected(text, |text| pairs(text, &inner, Self::insert))
    }
}

macro_rules! tuples {
    ($($len:literal: $($ty:ident $index:literal),*;)*) => {$(
        impl<$($ty: Element),*> EnvValue for ($($ty,)*) {
            const FORM: Form = Form::tuple(&[$($ty::FORM),*]);

            fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
                corrected(text, |text| {
                    let parts = split(text.as_str()?, text.separator());
                    if parts.len() != $len {
                        return Err(wrong_count(parts.len()));
                    }
                    let read = || {
                        Ok(($(element(text, $index, &parts[$index], &$ty::reader())?,)*))
                    };
                    read().map_err(|invalid: Invalid| {
                        invalid.with_others(parts.len(), &|index| match index {
                            $($index => {
                                element(text, $index, &parts[$index], &$ty::reader()).is_err()
                            })*
                            _ => false,
                        })
                    })
                })
            }
        }
    )*};
}

tuples! {
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, D 3;
    5: A 0, B 1, C 2, D 3, E 4;
    6: A 0, B 1, C 2, D 3, E 4, F 5;
    7: A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    8: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
}

pub(super) fn wrong_count(found: usize) -> Invalid {
    let elements = if found == 1 { "element" } else { "elements" };
    Invalid::new(format_args!("it has {found} {elements}"))
}

/// Reads the text, and looks for the syntax of another format if it cannot be read.
pub(super) fn corrected<T>(
    text: &Text<'_>,
    read: impl Fn(&Text<'_>) -> Result<T, Invalid>,
) -> Result<T, Invalid> {
    read(text).map_err(|invalid| {
        let Ok(whole) = text.as_str() else {
            return invalid;
        };
        let reads = |other: &str| read(&text.element(other)).is_ok();
        let reason = syntax::instead(whole, text.separator(), text.depth(), &reads);
        reason.map_or(invalid, Invalid::new)
    })
}

fn elements<T, C: FromIterator<T>>(text: &Text<'_>, inner: &Reader<T>) -> Result<C, Invalid> {
    let parts = split(text.as_str()?, text.separator());
    let read = |index: usize| element(text, index, &parts[index], inner);
    let all = (0..parts.len()).map(read).collect::<Result<C, Invalid>>();
    all.map_err(|invalid| invalid.with_others(parts.len(), &|index| read(index).is_err()))
}

fn element<T>(text: &Text<'_>, index: usize, part: &str, inner: &Reader<T>) -> Result<T, Invalid> {
    if part.is_empty() {
        if let Some(none) = inner.none {
            return Ok(none());
        }
        return Err(Why::OfElement(format!("element {} is empty", index + 1), None).into());
    }
    (inner.read)(&mut text.element(part))
        .map_err(|invalid| invalid.of_element(index + 1, part, (inner.form)()))
}

/// Pairs, split at the first `=`. `insert` gives the value that a key had.
fn pairs<K, V, M>(
    text: &Text<'_>,
    inner: &Reader<V>,
    insert: fn(&mut M, K, V) -> Option<V>,
) -> Result<M, Invalid>
where
    K: EnvValue,
    M: Default,
{
    let mut map = M::default();
    let parts = split(text.as_str()?, text.separator());
    let read = |index: usize| pair::<K, V>(text, index, &parts[index], inner);
    for (index, part) in parts.iter().enumerate() {
        let (key, value) = read(index)
            .map_err(|invalid| invalid.with_others(parts.len(), &|index| read(index).is_err()))?;
        if insert(&mut map, key, value).is_some() {
            let (key, _) = key_and_value(index + 1, part, &(inner.form)(), text.separator())?;
            return Err(repeated(index + 1, key));
        }
    }
    Ok(map)
}

pub(super) fn repeated(number: usize, key: &str) -> Invalid {
    let key = display::quoted(OsStr::new(key));
    Why::OfElement(format!("element {number} repeats the key {key}"), None).into()
}

fn pair<K: EnvValue, V>(
    text: &Text<'_>,
    index: usize,
    part: &str,
    inner: &Reader<V>,
) -> Result<(K, V), Invalid> {
    let number = index + 1;
    let (key, value) = key_and_value(number, part, &(inner.form)(), text.separator())?;
    let key = K::from_text(&mut text.element(key))
        .map_err(|invalid| invalid.of_half(number, part, "key", K::FORM))?;
    let value = match inner.none.filter(|_| value.is_empty()) {
        Some(none) => none(),
        None => (inner.read)(&mut text.element(value))
            .map_err(|invalid| invalid.of_half(number, part, "value", (inner.form)()))?,
    };
    Ok((key, value))
}

/// Splits an element of a map whose values have the form `of_value`.
pub(super) fn key_and_value<'p>(
    number: usize,
    part: &'p str,
    of_value: &Form,
    separator: &str,
) -> Result<(&'p str, &'p str), Invalid> {
    let wrong = |what: &str| {
        let part = display::quoted(OsStr::new(part));
        Why::OfElement(format!("element {number}, {part}, {what}"), None)
    };
    let (key, value) = part.split_once('=').ok_or_else(|| {
        if of_value.is_separated() {
            let escaped = escape(separator, separator);
            let of_list = format!("with {escaped} between the elements of a value");
            return wrong(&format!("has no =; write key=value, {of_list}"));
        }
        wrong("has no =; write key=value")
    })?;
    let (key, value) = (key.trim(), value.trim());
    if key.is_empty() {
        return Err(wrong("has no key; write key=value").into());
    }
    Ok((key, value))
}

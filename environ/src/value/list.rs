//! Several values in one variable: lists, sets, arrays, maps and tuples.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ffi::OsStr;
use std::hash::{BuildHasher, Hash};

use super::invalid::Why;
use super::split::split;
use super::wraps::{Read, Shape, Wraps};
use super::{EnvValue, Form, Invalid, Text};
use crate::redact::display;

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
    split(text.as_str()?, text.separator())
        .iter()
        .enumerate()
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
            let part = display::quoted(OsStr::new(&**part));
            let shown = format!("element {number}, {part}, has no `=`");
            return Err(Why::OfElement(shown, None).into());
        };
        let of_element = |invalid: Invalid| invalid.of_element(number, part);
        let (key, value) = (key.trim(), value.trim());
        let parsed = K::from_text(&mut text.element(key)).map_err(of_element)?;
        let value = read(&mut text.element(value)).map_err(of_element)?;
        if insert(&mut map, parsed, value).is_some() {
            let key = display::quoted(OsStr::new(key));
            return Err(Invalid::new(format_args!(
                "element {number} repeats the key {key}"
            )));
        }
    }
    Ok(map)
}

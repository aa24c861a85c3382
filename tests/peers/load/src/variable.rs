//! A function for each kind of field, an error that names the variable, and no
//! needless copy.

use std::env::{self, VarError};
use std::fmt::Display;
use std::str::FromStr;

#[derive(Debug)]
pub(crate) enum Error {
    Missing(&'static str),
    NotUnicode(&'static str),
    Invalid(&'static str, String),
}

pub(crate) fn text(name: &'static str) -> Result<String, Error> {
    optional(name)?.ok_or(Error::Missing(name))
}

pub(crate) fn parsed<T: FromStr<Err: Display>>(name: &'static str) -> Result<T, Error> {
    parse(name, &text(name)?)
}

pub(crate) fn parsed_or<T: FromStr<Err: Display>>(
    name: &'static str,
    default: T,
) -> Result<T, Error> {
    match optional(name)? {
        Some(text) => parse(name, &text),
        None => Ok(default),
    }
}

fn parse<T: FromStr<Err: Display>>(name: &'static str, text: &str) -> Result<T, Error> {
    let invalid = |err: T::Err| Error::Invalid(name, err.to_string());
    text.parse().map_err(invalid)
}

pub(crate) fn optional(name: &'static str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(text) => Ok(Some(text)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Error::NotUnicode(name)),
    }
}

//! Turns syntax into the model.

pub(crate) mod deprecated;
pub(crate) mod doc;
pub(crate) mod field;
pub(crate) mod names;
pub(crate) mod one_of;
pub(crate) mod types;
pub(crate) mod words;

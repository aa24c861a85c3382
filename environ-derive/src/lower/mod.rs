//! Turns syntax into the model: decides on the meaning of keys, types and doc comments
//! together, and reports every contradiction on the key that is wrong.
//!
//! A mistake leaves a placeholder in the model, so that lowering goes on to the next
//! mistake. `lib.rs` expands a model only if there were no mistakes.

mod before;
mod case;
mod deprecated;
mod doc;
mod field;
mod group;
mod input;
mod names;
mod newtype;
mod one_of;
mod range;
mod relations;
mod rules;
mod target;
mod types;
mod unique;
mod var;
mod words;

pub(crate) use self::input::input;
pub(crate) use self::newtype::newtype;
pub(crate) use self::words::words;

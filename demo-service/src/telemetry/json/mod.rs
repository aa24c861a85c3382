//! Lines for a program: one JSON object an event.

mod fields;
mod layer;
mod mozlog;
mod names;
mod object;
mod text;
mod timestamp;

pub(super) use layer::Objects;
pub(super) use mozlog::Mozlog;
pub(super) use object::Json;

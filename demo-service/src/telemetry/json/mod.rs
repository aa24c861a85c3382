//! Lines for a program: one JSON object an event.

mod layer;
mod mozlog;
mod names;
mod object;
mod timestamp;

pub(super) use layer::Objects;
pub(super) use mozlog::Mozlog;
pub(super) use object::Json;

//! What happens to every request: one file a concern.

mod access_log;
mod in_flight;

pub(crate) use access_log::access_log;
pub(crate) use in_flight::in_flight;

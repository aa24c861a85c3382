//! What happens to every request: one file a concern.

mod access_log;
mod admit;
mod contain;
mod identify;
mod in_flight;
mod problems;

pub(crate) use access_log::{ACCESS_LOG, access_log};
pub(crate) use admit::admit;
pub(crate) use contain::contain;
pub(crate) use identify::{Identity, identify};
pub(crate) use in_flight::in_flight;
pub(crate) use problems::problems;

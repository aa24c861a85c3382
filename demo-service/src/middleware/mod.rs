//! What happens to every request: one file a concern.

mod access_log;
mod admit;
mod contain;
mod identify;
mod problems;

pub(crate) use access_log::{ACCESS_LOG, access_log};
pub(crate) use admit::admit;
pub(crate) use contain::{Contain, contain};
pub(crate) use identify::{Identity, X_REQUEST_ID};
pub(crate) use problems::problems;

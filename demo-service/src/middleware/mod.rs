//! What happens to every request: one file a concern.

mod access_log;
mod admit;
mod contain;
mod identify;
mod serving;
mod unread;

pub(crate) use access_log::ACCESS_LOG;
use access_log::access_log;
pub(crate) use admit::admit;
pub(crate) use contain::contain;
pub(crate) use identify::{Identity, X_REQUEST_ID};
pub(crate) use serving::Serving;
pub(crate) use unread::Chunked;

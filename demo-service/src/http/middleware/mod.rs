//! What happens to every request: one file a concern.

mod access_log;
mod admit;
mod chunked_body;
mod handler;
mod identity;
mod ip_text;
mod request_guard;
mod trace_id;

use access_log::access_log;
pub(crate) use admit::admit;
pub(crate) use chunked_body::Chunked;
pub(crate) use handler::contain;
pub(crate) use identity::{Identity, X_REQUEST_ID};
pub(crate) use request_guard::Serving;

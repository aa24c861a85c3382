//! The parts of the pipeline: one file each.

mod access_log;
mod chunked_body;
mod handler;
mod identity;
mod ip_text;
mod limited_body;
mod request_guard;
mod trace_id;

pub(super) use chunked_body::ChunkedBody;
pub(super) use handler::run_handler;
pub(super) use identity::{Identity, X_REQUEST_ID};
pub(super) use limited_body::limit_body;
pub(super) use request_guard::RequestGuard;

//! One connection, from its start to its end: how fast actix may read, how long the client
//! may take, and the reason for which the connection is closed.
//!
//! `H1Service` serves any stream, so [`Stream`] stands between actix and the socket:
//! [`state`] decides, [`stream`] reads and writes, [`service`] reports requests, and
//! [`worker`] knows all connections of a thread.

mod body;
mod handle;
mod head;
mod service;
mod state;
mod stream;
#[cfg(test)]
mod tests;
mod worker;

pub(super) use self::service::{hold_continue, report};
pub(super) use self::state::Timeouts;
pub(super) use self::stream::Stream;
pub(super) use self::worker::Worker;

//! Keeps what a Vault gave.

pub(super) mod handle;
pub(super) mod schedule;
pub(super) mod task;

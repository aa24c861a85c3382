//! How a database is used, for metrics.

use std::sync::atomic::{AtomicU64, Ordering};

use super::pool::Pool;

/// How a database is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Connections that execute a statement, or are being made.
    pub in_use: u32,
    /// Connections that wait for a request.
    pub idle: u32,
    /// The maximum number of connections.
    pub max: u32,
    /// The number of switches to other credentials.
    pub rotated: u64,
    /// The number of credentials that did not work.
    pub refused: u64,
}

/// Counts rotations.
#[derive(Debug, Default)]
pub(super) struct Rotations {
    done: AtomicU64,
    refused: AtomicU64,
}

impl Rotations {
    pub(super) fn count<T, E>(&self, rotated: &Result<T, E>) {
        let count = match rotated {
            Ok(_) => &self.done,
            Err(_) => &self.refused,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn usage(&self, pool: &Pool) -> Usage {
        Usage {
            in_use: pool.in_use(),
            idle: pool.idle_count(),
            max: pool.max(),
            rotated: self.done.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
        }
    }
}

//! How a database is used, for metrics.

use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::AnyPool;

/// How a database is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Connections that somebody has, or that are being made.
    pub in_use: u32,
    /// Connections that wait for somebody.
    pub idle: u32,
    /// How many there may be.
    pub max: u32,
    /// How often it was gone over to other credentials.
    pub rotated: u64,
    /// How often those did not work.
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

    pub(super) fn usage(&self, pool: &AnyPool) -> Usage {
        let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
        Usage {
            in_use: pool.size().saturating_sub(idle),
            idle,
            max: pool.options().get_max_connections(),
            rotated: self.done.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
        }
    }
}

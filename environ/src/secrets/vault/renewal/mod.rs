//! How a lease is renewed, rotated and revoked.
//!
//! Each file knows only the files before it: `lease` (a value and its terms),
//! `status` (its health), `schedule` (when to ask for what), `task` (asks),
//! `follow` (shows changes to callers), and `handle` (shows the value to callers, and
//! ends the task).

mod follow;
mod handle;
mod lease;
mod schedule;
mod status;
mod task;

pub use follow::Follow;
pub use handle::Renewal;
pub use lease::Leased;
pub(super) use lease::{Lease, UseGuard, NO_LEASE};
pub use status::{Answers, Health, Status};
pub(super) use task::Issuer;

//! How a lease is renewed, rotated and revoked.
//!
//! Each file knows only the files before it: `lease` (a value and its terms),
//! `status` (its health), `schedule` (when to ask for what), `issuer` (asks), `issued`
//! (a value that nobody has yet), `task` (asks as scheduled),
//! `follow` (shows changes to callers), and `handle` (shows the value to callers, and
//! ends the task).

mod follow;
mod handle;
mod issued;
mod issuer;
mod lease;
mod schedule;
mod status;
mod task;

pub use follow::Follow;
pub use handle::Renewal;
pub(super) use issuer::Issuer;
pub use lease::Leased;
pub(super) use lease::{Lease, UseGuard, NO_LEASE};
pub use status::{Answers, Health, Status};

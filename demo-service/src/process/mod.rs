//! The process and its supervisor: signals, systemd, exit codes.

pub(crate) mod blocked;
pub(crate) mod dumps;
pub(crate) mod exit;
mod failure;
mod ignored;
pub(crate) mod limits;
mod notifications;
pub(crate) mod port_owner;
pub mod signals;
pub(crate) mod sockets;
pub mod systemd;

pub use self::failure::Failure;
pub(crate) use self::failure::{warn, warnings_as_json};

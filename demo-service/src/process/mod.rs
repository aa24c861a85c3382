//! The process and its supervisor: signals, systemd, exit codes.

pub mod exit;
pub mod signals;
pub mod sockets;
pub mod systemd;

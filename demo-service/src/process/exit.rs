//! Exit codes, which tell the supervisor whether a restart can help: those of BSD's
//! `sysexits.h`, where it has a name.

/// A probe failed, a diff found a breaking change, instances differ, or `doctor --strict` warns.
pub(crate) const FAILED: u8 = 1;
/// The command line is wrong: `EX_USAGE`.
pub(crate) const USAGE: u8 = 64;
/// A dependency cannot be reached: `EX_UNAVAILABLE`.
pub(crate) const UNAVAILABLE: u8 = 69;
/// There is a bug: `EX_SOFTWARE`.
pub(crate) const SOFTWARE: u8 = 70;
/// The operating system refuses, for example to listen: `EX_OSERR`.
pub(crate) const OS_ERROR: u8 = 71;
/// Requests were cut while draining: `EX_TEMPFAIL`.
pub(crate) const CUT: u8 = 75;
/// The configuration is wrong, so that a restart does not help: `EX_CONFIG`.
pub(crate) const CONFIG: u8 = environ::Error::EXIT_CODE;

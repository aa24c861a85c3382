//! Targets of events that operators filter by, in `APP_LOG_LEVEL` and in collectors.
//!
//! A target is written out here so that moving a file renames none of them.

/// The event at the end of each request.
pub(crate) const ACCESS_LOG: &str = "demo_service::middleware::access_log";

/// Listening, ready, asked to stop.
pub(crate) const SERVER: &str = "demo_service::server";

/// The operators' listener.
pub(crate) const ADMIN: &str = "demo_service::admin";

/// Clients that are refused or given up, each and in sum.
pub(crate) const CONNECTIONS: &str = "demo_service::connections";

/// The phases of a drain and its report.
pub(crate) const DRAIN: &str = "demo_service::drain";

/// The reason why the process ends.
pub(crate) const EXIT: &str = "demo_service::exit";

/// Panics, wherever they happen.
pub(crate) const PANIC: &str = "demo_service::panic";

/// Reloads of the configuration.
pub(crate) const RELOAD: &str = "demo_service::reload";

/// Changes of the log level.
pub(crate) const LOG_LEVEL: &str = "demo_service::log_level";

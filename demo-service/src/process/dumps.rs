//! Core dumps, which hold the secrets of the process.

use rustix::process::{DumpableBehavior, set_dumpable_behavior};
use tracing::warn;

use crate::config::Bootstrap;

/// Forbids core dumps outside dev, also where `core_pattern` pipes them past the limit. As a
/// side effect, only root may attach a debugger.
pub(crate) fn forbid_outside_dev(boot: &Bootstrap) {
    if boot.is_dev() {
        return;
    }
    if let Err(err) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
        warn!(%err, "core dumps stay enabled: a dump would contain the secrets");
    }
}

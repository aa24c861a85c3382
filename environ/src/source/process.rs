//! The environment of this process. The only file that asks `std::env`.

#![expect(
    clippy::disallowed_methods,
    reason = "this is the source that the others stand in for"
)]

use std::borrow::Cow;
use std::env::VarError;
use std::ffi::{OsStr, OsString};

use super::Source;

/// The environment of this process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Process;

impl Process {
    #[inline]
    pub(crate) fn var(name: &str) -> Result<String, VarError> {
        std::env::var(name)
    }
}

impl Source for Process {
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
        std::env::var_os(name).map(Cow::Owned)
    }

    fn names(&self) -> Option<Vec<OsString>> {
        // The standard library panics where it has no environment to list.
        if cfg!(all(target_family = "wasm", target_os = "unknown")) {
            return None;
        }
        Some(std::env::vars_os().map(|(name, _)| name).collect())
    }

    fn exposes(&self, _: &str) -> bool {
        true
    }

    /// On Windows, a variable is found in any letter case. Of a name that stands twice,
    /// `var_os` finds the first.
    fn vars(&self) -> Option<Vec<(OsString, OsString)>> {
        let vars = || {
            let mut vars: Vec<_> = std::env::vars_os().collect();
            vars.reverse();
            vars
        };
        (!cfg!(windows)).then(vars)
    }
}

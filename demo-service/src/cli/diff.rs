//! `config --diff`: the changes since a release.

use std::fs;
use std::path::Path;

use environ::{Change, EnvConfig};

use super::output::print;
use crate::config::AppConfig;
use crate::process::{Failure, exit};

/// Prints the changes since a release whose variables are in the file `old`.
pub(super) fn diff(old: &Path) -> Result<u8, Failure> {
    let what = || format!("cannot compare with {}", old.display());
    let text = fs::read_to_string(old).map_err(|err| Failure::new(exit::USAGE, what(), &err))?;
    let changes = AppConfig::help().diff(&text);
    let changes = changes.map_err(|err| Failure::new(exit::USAGE, what(), &err))?;
    if !changes.is_empty() {
        print(format!("{changes}\n"));
    }
    Ok(u8::from(changes.iter().any(Change::is_breaking)))
}

//! `config --diff`: the changes since a release.

use std::path::{Path, PathBuf};

use environ::{Change, EnvConfig};

use super::files::print_hits;
use super::output::print;
use super::spec;
use crate::config::AppConfig;
use crate::process::Failure;

const WHAT: &str = "compare with";

/// Prints the changes since a release. `old` is the program of the release, or the document
/// that the program printed, on stdin if `old` is `-`.
/// With deployment `files`, prints the places in them that the changes concern instead.
pub(super) fn diff(old: &Path, files: &[PathBuf]) -> Result<u8, Failure> {
    let spec = spec::read(old, WHAT)?;
    let changes = AppConfig::help().diff(&spec);
    let changes = changes.map_err(|err| spec::wrong(old, WHAT, &err))?;
    if !files.is_empty() {
        return Ok(u8::from(print_hits(files, &changes)));
    }
    if !changes.is_empty() {
        print(format!("{changes}\n"));
    }
    Ok(u8::from(changes.iter().any(Change::is_breaking)))
}

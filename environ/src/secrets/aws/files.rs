//! Files that the SDK reads by itself, checked before it does: the SDK would wait for
//! a FIFO, and read a device until memory ends.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::redact::display;
use crate::source::{file, Process, Source};

/// Variables that name a file, and the file in the home directory that the SDK reads
/// if the variable is unset.
const FILES: [(&str, Option<&str>); 5] = [
    ("AWS_CONFIG_FILE", Some(".aws/config")),
    ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", None),
    ("AWS_SHARED_CREDENTIALS_FILE", Some(".aws/credentials")),
    ("AWS_WEB_IDENTITY_TOKEN_FILE", None),
    ("SSL_CERT_FILE", None),
];

/// A file that the SDK must not read.
#[derive(Debug)]
pub(super) struct UnusableFile(String);

impl UnusableFile {
    /// Creates the error of files that could not be checked at all.
    pub(super) fn of_thread(err: &io::Error) -> Self {
        Self(format!("cannot check the files of the SDK: {err}"))
    }
}

impl fmt::Display for UnusableFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Checks each file that the SDK may read.
pub(super) fn check() -> Result<(), UnusableFile> {
    FILES.into_iter().try_for_each(|(variable, at_home)| {
        let Some(path) = path(variable, at_home) else {
            return Ok(());
        };
        file::check(&path).map_err(|reason| {
            let path = display::path_of_secret(&path);
            UnusableFile(format!("cannot use {path} ({variable}): {reason}"))
        })
    })
}

fn path(variable: &str, at_home: Option<&str>) -> Option<PathBuf> {
    let text = |name| Process.get(name).filter(|text| !text.is_empty());
    let home = text("HOME").map(|home| PathBuf::from(&*home));
    let path = match text(variable) {
        Some(path) => PathBuf::from(&*path),
        None => return Some(home?.join(at_home?)),
    };
    // The SDK expands the home directory.
    match path.strip_prefix("~") {
        Ok(rest) => Some(home.as_deref().unwrap_or(Path::new("/")).join(rest)),
        Err(_) => Some(path),
    }
}

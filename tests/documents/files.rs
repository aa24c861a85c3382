//! The files of the repository.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that git ignores.
const IGNORED: [&str; 3] = ["target", ".git", ".components"];

pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Returns the files below a folder of the repository with this extension, sorted,
/// relative to the root.
pub(crate) fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&root().join(folder), extension, &mut found);
    let mut found: Vec<_> = found
        .iter()
        .map(|path| path.strip_prefix(root()).unwrap().to_owned())
        .collect();
    found.sort();
    found
}

fn collect(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap_or_default();
        if path.is_symlink() || IGNORED.contains(&name) {
            continue;
        }
        if path.is_dir() {
            collect(&path, extension, found);
        } else if path.extension().is_some_and(|it| it == extension) {
            found.push(path);
        }
    }
}

pub(crate) fn read(file: &Path) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

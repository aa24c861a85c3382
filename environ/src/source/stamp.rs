//! Stamps of files and directories: texts that differ after a change.
//!
//! A stamp is made of metadata, because a look at them costs a system call a file, leaves the
//! contents unread, and works on every file system: a network file system notifies nobody of
//! the writes of another host, and a container may be out of inotify instances.

use std::fs::{self, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// The maximum number of files in a directory that are looked at.
const MAX_FILES: usize = 10_000;

/// Returns the stamp of a file. A link is followed, as Kubernetes replaces the directory
/// behind its links.
#[cfg(any(feature = "ini", feature = "watch", test))]
pub(crate) fn of_file(path: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    file(path, &mut hasher);
    text(&hasher)
}

/// Returns the stamp of the files in a directory, except for hidden files.
pub(crate) fn of_dir(path: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    match fs::read_dir(path) {
        Ok(entries) => {
            let names = entries.filter_map(|entry| Some(entry.ok()?.file_name()));
            let names = names.filter(|name| !name.as_encoded_bytes().starts_with(b"."));
            let mut names: Vec<_> = names.take(MAX_FILES).collect();
            names.sort_unstable();
            for name in names {
                name.hash(&mut hasher);
                file(&path.join(name), &mut hasher);
            }
        }
        Err(err) => err.kind().hash(&mut hasher),
    }
    text(&hasher)
}

fn file(path: &Path, hasher: &mut impl Hasher) {
    match fs::metadata(path) {
        Ok(metadata) => identity(&metadata).hash(hasher),
        Err(err) => err.kind().hash(hasher),
    }
}

/// Returns numbers that differ once a file is written or replaced. The time of the change of
/// the inode cannot be set back, as `cp -p` sets back the time of the contents.
#[cfg(unix)]
fn identity(metadata: &Metadata) -> impl Hash {
    use std::os::unix::fs::MetadataExt;

    (
        (metadata.dev(), metadata.ino(), metadata.len()),
        (metadata.mtime(), metadata.mtime_nsec()),
        (metadata.ctime(), metadata.ctime_nsec()),
    )
}

#[cfg(not(unix))]
fn identity(metadata: &Metadata) -> impl Hash {
    (metadata.len(), metadata.modified().ok())
}

fn text(hasher: &DefaultHasher) -> String {
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::{Path, PathBuf};
    use std::process;
    use std::thread::sleep;
    use std::time::Duration;

    use super::{of_dir, of_file};

    fn dir(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("environ-stamp-{name}-{}", process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        dir
    }

    /// Changes a directory, and returns its stamps before and after.
    fn stamps(dir: &Path, change: impl FnOnce()) -> (String, String) {
        let before = of_dir(dir);
        assert_eq!(of_dir(dir), before);
        // The clock of file systems ticks every few milliseconds.
        sleep(Duration::from_millis(20));
        change();
        (before, of_dir(dir))
    }

    #[test]
    fn each_way_to_change_a_directory_changes_its_stamp() {
        let dir = dir("changes");
        let token = dir.join("token");
        fs::write(&token, "one").unwrap();
        let changes: [&dyn Fn(); 6] = [
            &|| fs::write(&token, "two").unwrap(),
            &|| fs::write(dir.join("other"), "one").unwrap(),
            &|| {
                fs::write(dir.join(".new"), "tre").unwrap();
                fs::rename(dir.join(".new"), &token).unwrap();
            },
            &|| fs::remove_file(&token).unwrap(),
            &|| symlink("nowhere", &token).unwrap(),
            &|| fs::remove_dir_all(&dir).unwrap(),
        ];
        for (number, change) in changes.iter().enumerate() {
            let (before, after) = stamps(&dir, change);
            assert_ne!(before, after, "change {number}");
        }
    }

    /// Kubernetes writes a new directory, and renames a link to it.
    #[test]
    fn the_swap_of_a_mounted_directory_changes_its_stamp() {
        let dir = dir("swap");
        for version in ["..1", "..2"] {
            fs::create_dir(dir.join(version)).unwrap();
            fs::write(dir.join(version).join("token"), version).unwrap();
        }
        symlink("..1", dir.join("..data")).unwrap();
        symlink("..data/token", dir.join("token")).unwrap();
        let file = of_file(&dir.join("token"));
        let (before, after) = stamps(&dir, || {
            symlink("..2", dir.join("..new")).unwrap();
            fs::rename(dir.join("..new"), dir.join("..data")).unwrap();
        });
        assert_ne!(before, after);
        assert_ne!(file, of_file(&dir.join("token")));
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_hidden_file_and_a_read_change_nothing() {
        let dir = dir("hidden");
        fs::write(dir.join("token"), "one").unwrap();
        let (before, after) = stamps(&dir, || {
            fs::write(dir.join(".hidden"), "two").unwrap();
            fs::read(dir.join("token")).unwrap();
        });
        assert_eq!(before, after);
        fs::remove_dir_all(dir).unwrap();
    }
}

//! The components that `./tests/run` installs.

use std::path::{Path, PathBuf};

/// Returns the path of a component, which must be installed.
pub(crate) fn component(path: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let component = root.join(".components").join(path);
    assert!(
        component.exists(),
        "{} is not installed; run ./tests/run",
        component.display()
    );
    component
}

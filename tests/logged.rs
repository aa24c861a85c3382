//! All log lines of this thread, of every level.

use std::fs::File;
use std::io::{Read, Seek};
use std::sync::Arc;

use tracing::subscriber::{DefaultGuard, set_default};

/// Collects the log lines until the test asks for the lines.
pub(crate) struct Logged {
    file: Arc<File>,
    guard: DefaultGuard,
}

impl Logged {
    pub(crate) fn from_now_on() -> Self {
        let file = Arc::new(tempfile::tempfile().unwrap());
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(Arc::clone(&file))
            .finish();
        let guard = set_default(subscriber);
        Self { file, guard }
    }

    /// Gives it. A last line shows that it was taken.
    pub(crate) fn text(self) -> String {
        tracing::info!("the end");
        drop(self.guard);
        let mut text = String::new();
        let mut file = &*self.file;
        file.rewind().unwrap();
        file.read_to_string(&mut text).unwrap();
        assert!(text.contains("the end"), "{text}");
        text
    }
}

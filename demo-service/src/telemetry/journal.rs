//! The journal of systemd: the level of a line is read from a prefix such as `<3>`.

use std::fs::File;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;

use environ::EnvConfig;
use tracing::Level;

/// What systemd tells a process whose output it takes. Nobody sets it by hand.
#[derive(Debug, EnvConfig)]
#[env(prefix = "")]
pub(crate) struct Journal {
    /// Device and inode of the journal's end of stdout or stderr; lines get priorities
    /// if it is that.
    journal_stream: Option<String>,
}

impl Journal {
    /// Returns whether a stream of this process ends in the journal. A pipe that a script
    /// put between is another inode.
    pub(crate) fn takes(stream: impl AsFd) -> bool {
        let journal = Self::loader().load();
        let stream = stream.as_fd().try_clone_to_owned().map(File::from);
        let metadata = stream.and_then(|stream| stream.metadata());
        match (journal, metadata) {
            (Ok(journal), Ok(metadata)) => {
                let own = format!("{}:{}", metadata.dev(), metadata.ino());
                journal.config.journal_stream == Some(own)
            }
            _ => false,
        }
    }
}

/// Returns the prefix of a line of this level: the level of syslog.
pub(crate) fn priority(level: &Level) -> &'static str {
    match *level {
        Level::ERROR => "<3>",
        Level::WARN => "<4>",
        Level::INFO => "<6>",
        Level::DEBUG | Level::TRACE => "<7>",
    }
}

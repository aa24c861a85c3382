//! Reloads: live values take effect while requests are served.
//!
//! A thread of its own looks at the secrets and at the files that variables name, because a
//! file system may hang. After a change, and after SIGHUP, the whole configuration is loaded
//! again. Nothing changes if anything is wrong, a database that refuses its new URL included.

mod newest;
mod reloader;
mod status;

pub(crate) use newest::Newest;
pub(crate) use reloader::Reloader;
pub(crate) use status::{Outcome, Reloads};

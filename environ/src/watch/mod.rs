//! Configs with live values, which are replaced while the program runs.
//!
//! The environment of a process never changes; mounted files and the documents of a remote
//! store do. A field that is marked `live` holds a [`Live`](crate::Live) value, and
//! [`Loader::watch`](crate::Loader::watch) returns a [`Watcher`] beside the config. The watcher
//! looks at the stores, at the files that variables such as `APP_TOKEN_FILE` name, and at `.env`
//! files. After a change it loads the **whole** config again, from the same sources:
//!
//! - If anything is wrong, all problems are reported together, and no value is replaced.
//! - Otherwise you get an [`Update`]. Check it if you like, for example connect with a new
//!   password; [`apply`](Update::apply) replaces the live values.
//! - A change of a field that is not live is the warning `needs_restart`.
//!
//! | store | looked at |
//! |---|---|
//! | [`DirSecrets`](crate::secrets::DirSecrets), `IniSecrets`, files that variables name, `.env` | every 250 ms, by metadata |
//! | [`Newest`](crate::secrets::Newest), around a snapshot of Vault, AWS, Azure or Google | each replacement of the snapshot, and its version |
//! | a store of your own | its [`version`](crate::secrets::SecretStore::version) |
//!
//! Files are found by their metadata alone. A notification of the kernel would be faster by a
//! part of a second, and is missed on network file systems and where a container is out of
//! inotify instances, so that a poll would be needed beside it. A change counts once nothing has
//! changed for 250 ms, so that a file is not read while it is written; a value that is gone
//! counts as removed after 2 s. Kubernetes' swap of `..data`, a rename and a write in place take
//! effect within a second of the last write.
//!
//! # In a thread
//!
//! ```
//! use std::sync::mpsc;
//! use std::thread;
//!
//! use environ::secrets::DirSecrets;
//! use environ::watch::Reload;
//! use environ::{EnvConfig, Live, Secret};
//!
//! #[derive(Debug, EnvConfig)]
//! struct AppConfig {
//!     #[env(live)]
//!     token: Live<Option<Secret<String>>>,
//! }
//!
//! let loader = AppConfig::loader().source(()).secrets(DirSecrets::from_path("/run/secrets"));
//! let (loaded, watcher) = loader.watch()?;
//! let (ask, asked) = mpsc::channel();
//! let thread = thread::spawn(move || {
//!     watcher.run(&asked, |reload| match reload {
//!         Reload::Update(update) => {
//!             let applied = update.apply();
//!             println!("new values: {}", applied.names.join(", "));
//!         }
//!         Reload::Refused(err) => println!("nothing changes: {err}"),
//!         _ => {}
//!     });
//! });
//! let token = loaded.config.token.clone(); // hand it to the parts that need it
//! assert!(token.get().is_none());
//! ask.send(()).unwrap(); // loads at once, for example after SIGHUP
//! drop(ask); // ends the thread
//! thread.join().unwrap();
//! # Ok::<(), environ::Error>(())
//! ```
//!
//! # In a task
//!
//! ```
//! use std::time::Instant;
//!
//! use environ::EnvConfig;
//! use environ::watch::{Reload, Watcher};
//!
//! # async fn watch<T: EnvConfig>(mut watcher: Watcher<'static, T>) {
//! loop {
//!     tokio::time::sleep(watcher.next_wait(Instant::now())).await;
//!     if let Some(Reload::Update(update)) = watcher.poll(Instant::now()) {
//!         update.apply();
//!     }
//! }
//! # }
//! ```

mod refresh;
mod schedule;
mod state;
mod update;
mod watcher;

pub use crate::live::Follow;
pub use refresh::Refresh;
pub use update::{Applied, Reload, Update};
pub use watcher::Watcher;

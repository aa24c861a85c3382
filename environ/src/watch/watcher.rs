//! The watcher: looks as scheduled, and loads after a change.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher, RandomState};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::schedule::Schedule;
use super::state::{Loads, State};
use super::update::{Reload, Update};
use crate::config::{Loaded, Loader};
use crate::load::watched::Watched;
use crate::load::Notes;
use crate::report::{Error, Warning};
use crate::source::stamp;

/// Loads a config again after a change, and replaces its live values.
///
/// Made by [`Loader::watch`]. It has no clock, thread or runtime of its own: call
/// [`poll`](Self::poll) after [`next_wait`](Self::next_wait), or hand a thread to
/// [`run`](Self::run). Looks and loads read files, and so may block: where a file system may
/// hang, watch in a thread. See the [module](super).
///
/// Once the watcher is dropped, the live values stay as they are.
pub struct Watcher<'s, T> {
    loader: Loader<'s, T>,
    hasher: RandomState,
    state: State,
}

impl<'s, T> Loader<'s, T> {
    /// Loads the config, and returns it with a watcher, which loads it again after a change.
    ///
    /// A variable that names an inherited pipe, such as `APP_TOKEN_FILE=/dev/fd/3`, can be read
    /// by a single load, so that each later load is refused.
    ///
    /// # Errors
    ///
    /// Everything that is wrong.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Instant;
    ///
    /// use environ::secrets::DirSecrets;
    /// use environ::watch::Reload;
    /// use environ::{EnvConfig, Live, Secret};
    ///
    /// #[derive(Debug, EnvConfig)]
    /// struct AppConfig {
    ///     #[env(live)]
    ///     token: Live<Secret<String>>,
    /// }
    ///
    /// # let dir = std::env::temp_dir().join(format!("environ-doc-watch-{}", std::process::id()));
    /// # std::fs::create_dir_all(&dir).unwrap();
    /// # let dir = &dir;
    /// std::fs::write(dir.join("token"), "hunter2").unwrap();
    /// let loader = AppConfig::loader().source(()).secrets(DirSecrets::from_path(dir));
    /// let (loaded, mut watcher) = loader.watch()?;
    ///
    /// std::fs::write(dir.join("token"), "correct horse").unwrap();
    /// watcher.ask(); // or wait until the watcher has seen the change
    /// match watcher.poll(Instant::now()) {
    ///     Some(Reload::Update(update)) => assert_eq!(update.apply().names, ["APP_TOKEN"]),
    ///     reload => panic!("{reload:?}"),
    /// }
    /// assert_eq!(loaded.config.token.get().expose(), "correct horse");
    /// # std::fs::remove_dir_all(dir).unwrap();
    /// # Ok::<(), environ::Error>(())
    /// ```
    pub fn watch(self) -> Result<(Loaded<T>, Watcher<'s, T>), Error> {
        let hasher = RandomState::new();
        let before = stamp(&self, &[]);
        let (config, loads, warnings) = load(&self, &hasher)?;
        let after = stamp(&self, &[]);
        let origins = loads.origins.clone();
        let mut state = State::new(Schedule::new(Instant::now(), 0), loads);
        let seen = stamp(&self, &state.files);
        // A file may have changed between the load and the look: another stamp makes the first
        // look load again, unless a pipe is among the files, which cannot be read again.
        let has_pipe = state.files.iter().any(|path| !path.is_file());
        let is_sure = before == after && (state.files.is_empty() || has_pipe);
        let seen = if is_sure { seen } else { !seen };
        state.schedule = Schedule::new(Instant::now(), seen);
        let watcher = Watcher {
            loader: self,
            hasher,
            state,
        };
        let loaded = Loaded {
            config,
            warnings,
            origins,
        };
        Ok((loaded, watcher))
    }
}

impl<T> Watcher<'_, T> {
    /// Returns the time until the next [`poll`](Self::poll): 250 ms at most, and zero if a load
    /// was [asked for](Self::ask).
    #[must_use]
    pub fn next_wait(&self, now: Instant) -> Duration {
        self.state.schedule.wait(now)
    }

    /// Asks for a load at the next [`poll`](Self::poll), for example after SIGHUP. That `poll`
    /// returns a [`Reload`] in any case, unless a file changes during the load; then a later
    /// `poll` does.
    pub fn ask(&mut self) {
        self.state.schedule.ask();
    }

    /// Looks for changes, if it is time, and loads the config after a change. Returns the result
    /// of the load.
    ///
    /// A call before the time does nothing, so that a caller may call as often as it likes.
    #[must_use]
    pub fn poll(&mut self, now: Instant) -> Option<Reload<'_, T>> {
        if !self.next_wait(now).is_zero() {
            return None;
        }
        let Self {
            loader,
            hasher,
            state,
        } = self;
        let before = stamp(loader, &state.files);
        if !state.schedule.looked(now, before) {
            return None;
        }
        let loaded = load(loader, hasher);
        let after = stamp(loader, &state.files);
        if state.schedule.is_torn(now, before, after) {
            return None;
        }
        let is_asked = state.schedule.is_asked();
        // A load that is asked for may read in the middle of a change: look again.
        let at = (now, if is_asked { !before } else { before });
        let (config, later, warnings) = match loaded {
            Ok(loaded) => loaded,
            Err(err) => {
                let is_new = state.refuse(&err, at);
                return (is_new || is_asked).then_some(Reload::Refused(err));
            }
        };
        if state.schedule.may_return(now, state.is_any_gone(&later)) {
            return None;
        }
        if state.is_known(&later) {
            let was_refused = state.keep(&later, at);
            return (is_asked || was_refused).then_some(Reload::Unchanged);
        }
        // Until the caller applies the update.
        state.offer(at);
        Some(Reload::Update(Update::new(
            state, at, config, later, warnings,
        )))
    }

    /// Watches until the sender of `asked` is dropped, and hands each result to `handle`. Each
    /// message asks for a load at once.
    ///
    /// It blocks the thread, and needs no runtime.
    pub fn run(mut self, asked: &Receiver<()>, mut handle: impl FnMut(Reload<'_, T>)) {
        loop {
            match asked.recv_timeout(self.next_wait(Instant::now())) {
                Ok(()) => {
                    // Several requests are one.
                    while asked.try_recv().is_ok() {}
                    self.ask();
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if let Some(reload) = self.poll(Instant::now()) {
                handle(reload);
            }
        }
    }
}

impl<T> fmt::Debug for Watcher<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watcher")
            .field("loader", &self.loader)
            .field("files", &self.state.files)
            .finish_non_exhaustive()
    }
}

fn load<T>(
    loader: &Loader<'_, T>,
    hasher: &RandomState,
) -> Result<(T, Loads, Vec<Warning>), Error> {
    let notes = Notes {
        watched: Some(Watched::new(hasher.clone())),
        ..Notes::default()
    };
    let (config, notes) = loader.load_with(notes)?;
    let watched = notes
        .watched
        .unwrap_or_else(|| Watched::new(hasher.clone()));
    let loads = Loads::new(notes.origins, watched);
    Ok((config, loads, notes.warnings))
}

/// Returns a number that differs after a change of a store or of a file.
fn stamp<T>(loader: &Loader<'_, T>, files: &[PathBuf]) -> u64 {
    let mut hasher = DefaultHasher::new();
    loader.with_stores(|layers, stores, env| {
        for layer in &layers.0 {
            layer.stamp(&mut hasher);
        }
        for store in stores {
            store.version(env).hash(&mut hasher);
        }
    });
    for path in files {
        stamp::of_file(path).hash(&mut hasher);
    }
    hasher.finish()
}

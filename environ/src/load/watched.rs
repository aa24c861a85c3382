//! The texts and the live values of a load, for the comparison with a later load.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;

use crate::live::{Live, Slot};
use crate::redact::display;

/// The live values of a load, by the names of their variables.
pub(crate) type Slots = BTreeMap<String, Box<dyn Slot>>;

/// The texts and the live values of a load.
pub(crate) struct Watched {
    /// Keyed at random, so that a hash tells nothing about a secret.
    hasher: RandomState,
    /// The hash of the text of each value that has an origin, in the order of the origins. The
    /// texts of secrets are not kept.
    pub(crate) texts: Vec<u64>,
    slots: Vec<(String, Box<dyn Slot>)>,
    /// The files that variables named, empty files too.
    pub(crate) files: Vec<PathBuf>,
}

impl Watched {
    pub(crate) fn new(hasher: RandomState) -> Self {
        Self {
            hasher,
            texts: Vec::new(),
            slots: Vec::new(),
            files: Vec::new(),
        }
    }

    /// Remembers the text of a value, if the value was read from a text.
    pub(super) fn add_text(&mut self, text: Option<&OsStr>) {
        self.texts.push(self.hasher.hash_one(text));
    }

    /// Gives the last of the values called `names` the texts of `arguments`.
    pub(super) fn compute_last<'n>(
        &mut self,
        names: impl Iterator<Item = &'n str>,
        arguments: &[String],
    ) {
        let texts = names.zip(self.texts.iter().copied());
        let is_argument = |name: &str| arguments.iter().any(|it| display::name(it) == name);
        let texts: Vec<(&str, u64)> = texts.filter(|(name, _)| is_argument(name)).collect();
        let text = self.hasher.hash_one(texts);
        if let Some(last) = self.texts.last_mut() {
            *last = text;
        }
    }

    pub(super) fn add_live<T: Send + Sync + 'static>(&mut self, name: String, live: &Live<T>) {
        // As origins have it.
        let name = display::owned_name(name);
        self.slots.push((name, Box::new(live.clone())));
    }

    pub(super) fn number_of_slots(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn truncate(&mut self, texts: usize, slots: usize) {
        self.texts.truncate(texts);
        self.slots.truncate(slots);
    }

    pub(crate) fn with_files(mut self, files: Vec<PathBuf>) -> Self {
        self.files = files;
        self
    }

    pub(crate) fn into_slots(self) -> Slots {
        self.slots.into_iter().collect()
    }
}

//! The values in effect, and the differences of a later load.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::path::PathBuf;
use std::time::Instant;

use super::schedule::Schedule;
use crate::load::watched::{Slots, Watched};
use crate::report::{Error, Origin, Origins, Place};

/// The texts of a load, by variable: hashes, so that no secret is kept.
type Texts = BTreeMap<String, u64>;

/// A load, for the comparison with another.
pub(super) struct Loads {
    pub(super) origins: Origins,
    texts: Texts,
    slots: Slots,
    /// The files that variables name.
    files: Vec<PathBuf>,
}

impl Loads {
    pub(super) fn new(origins: Origins, mut watched: Watched) -> Self {
        let names = origins.iter().map(|(name, _)| name.to_owned());
        Self {
            texts: names.zip(watched.texts.iter().copied()).collect(),
            files: mem::take(&mut watched.files),
            slots: watched.into_slots(),
            origins,
        }
    }
}

/// The values in effect.
pub(super) struct State {
    pub(super) schedule: Schedule,
    pub(super) files: Vec<PathBuf>,
    effective: Loads,
    /// The texts of the last load that was applied. Texts of fields that are not live may differ
    /// from the texts in effect.
    last: Texts,
    /// The error of the last load, if it was refused. Empty if the caller refused it.
    refusal: Option<String>,
}

impl State {
    pub(super) fn new(schedule: Schedule, effective: Loads) -> Self {
        for slot in effective.slots.values() {
            slot.watch(true);
        }
        Self {
            schedule,
            files: effective.files.clone(),
            last: effective.texts.clone(),
            effective,
            refusal: None,
        }
    }

    pub(super) fn origins(&self) -> &Origins {
        &self.effective.origins
    }

    /// Returns whether a load has the same texts as the last load.
    pub(super) fn is_known(&self, later: &Loads) -> bool {
        self.last == later.texts
    }

    /// Returns whether a live value that came from a file or a store has no text any more.
    pub(super) fn is_any_gone(&self, later: &Loads) -> bool {
        self.effective.slots.keys().any(|name| {
            let place = |origins: &Origins| origins.get(name).map(Origin::place);
            let was = place(&self.effective.origins);
            let is = place(&later.origins);
            matches!(was, Some(Place::File | Place::Store))
                && matches!(is, None | Some(Place::Default))
        })
    }

    /// Returns the variables that changed: with live values, and with values that need a
    /// restart.
    pub(super) fn changes(&self, later: &Loads) -> (Vec<String>, Vec<String>) {
        let names: BTreeSet<&String> = self
            .effective
            .texts
            .keys()
            .chain(later.texts.keys())
            .collect();
        let changed = names
            .into_iter()
            .filter(|name| self.effective.texts.get(*name) != later.texts.get(*name))
            .cloned();
        changed.partition(|name| self.is_live(later, name))
    }

    fn is_live(&self, later: &Loads, name: &str) -> bool {
        self.effective.slots.contains_key(name) && later.slots.contains_key(name)
    }

    /// Returns whether the field is live, although a load has no value for it.
    pub(super) fn is_live_in_either(&self, later: &Loads, name: &str) -> bool {
        self.effective.slots.contains_key(name) || later.slots.contains_key(name)
    }

    /// Records a load that failed. Returns whether the error is new.
    pub(super) fn refuse(&mut self, err: &Error, (now, stamp): (Instant, u64)) -> bool {
        self.schedule.refused(now, stamp);
        let text = Some(err.to_string());
        let is_new = self.refusal != text;
        self.refusal = text;
        is_new
    }

    /// Records a load that the caller may refuse.
    pub(super) fn offer(&mut self, (now, stamp): (Instant, u64)) {
        self.schedule.refused(now, stamp);
        self.refusal = Some(String::new());
    }

    /// Records a load that is in effect. Returns whether the load before was refused.
    pub(super) fn keep(&mut self, later: &Loads, (now, stamp): (Instant, u64)) -> bool {
        self.schedule.loaded(now, stamp);
        self.files.clone_from(&later.files);
        self.refusal.take().is_some()
    }

    /// Puts the live values called `names` into effect.
    pub(super) fn apply(&mut self, later: Loads, names: &[String], at: (Instant, u64)) {
        self.keep(&later, at);
        for name in names {
            if let (Some(slot), Some(new)) = (self.effective.slots.get(name), later.slots.get(name))
            {
                slot.take(&**new);
            }
            match later.texts.get(name) {
                Some(text) => self.effective.texts.insert(name.clone(), *text),
                None => self.effective.texts.remove(name),
            };
        }
        let texts = &self.effective.texts;
        let is_in_effect = |name: &str| texts.get(name) == later.texts.get(name);
        let former = &self.effective.origins;
        self.effective.origins = later.origins.in_effect(former, is_in_effect);
        self.last = later.texts;
    }
}

impl Drop for State {
    fn drop(&mut self) {
        for slot in self.effective.slots.values() {
            slot.watch(false);
        }
    }
}

//! Checks of the places of a variable, before one of them is read: a secret where every
//! child process sees it, two places that contradict each other, a place that cannot be
//! read.

use std::path::Path;
use std::slice;

use super::{wording, Level, Loading, Reported};
use crate::lookup::{Contents, Place, Rank};
use crate::name;
use crate::redact::display;
use crate::spec::{Item, Var};

impl Loading<'_> {
    /// Remembers the problems of all places of a variable.
    pub(super) fn check_places(
        &mut self,
        item: &'static Item,
        var: &Var,
        places: &[Place<'_>],
    ) -> Result<(), Reported> {
        let before = self.problems.len();
        let deny_exposed = var.secret && self.rules.env_secrets == Level::Deny;
        for place in places {
            let wrong = match self.lookup.exposed(place).filter(|_| deny_exposed) {
                Some(name) => Some((name, denied(place))),
                None => self
                    .fault(place, places, var)
                    .map(|fault| (&*place.name, fault)),
            };
            if let Some((name, (code, why))) = wrong {
                let hint = match &place.contents {
                    Contents::File { path, .. } if code == "file" => wording::hint_of_path(path),
                    _ => None,
                };
                let problem = self.problem(name.to_owned(), code, why, item.doc);
                if let Some(hint) = hint {
                    problem.hint(&hint);
                }
            }
        }
        // Two texts of a variable that need only be there mean the same.
        if !var.form().is_present() {
            self.check_deprecated(item, places);
        }
        self.reported_since(before)
    }

    /// Remembers deprecated names that contradict the name that is read.
    fn check_deprecated(&mut self, item: &'static Item, places: &[Place<'_>]) {
        let Some((used, rest)) = places.split_first() else {
            return;
        };
        let lookup = &self.lookup;
        let is_unknown = |place| lookup.is_unknown(slice::from_ref(place));
        let deprecated: Vec<&Place<'_>> = rest
            .iter()
            .filter(|place| place.rank == Rank::Deprecated)
            .filter(|place| !is_unknown(place) && !is_unknown(used))
            .collect();
        for place in deprecated
            .into_iter()
            .filter(|place| place.contents.text() != used.contents.text())
        {
            let why = format!(
                "deprecated, and set to something else than {}; remove {}",
                used.name, place.name
            );
            self.problem(place.name.clone(), "conflict", why, item.doc);
        }
    }
}

impl Loading<'_> {
    fn fault(&self, place: &Place<'_>, places: &[Place<'_>], var: &Var) -> Option<CodeAndReason> {
        match &place.contents {
            Contents::Variable { .. } => {
                let file = twin(place, places)?;
                let why = format!("set, and so is {}; remove one of them", file.name);
                Some(("conflict", why))
            }
            Contents::File { path, text } => {
                let err = (**text).as_ref().err()?;
                let why = format!("cannot read {}: {err}", shown_path(path, var));
                Some(("file", why))
            }
            Contents::Store { store, text, .. } => {
                let reason = self.reason_of_store(text.as_ref().err()?);
                let store = display::reason(store);
                Some(("store", format!("cannot be read from {store}: {reason}")))
            }
        }
    }
}

/// A code, and the reason in words.
type CodeAndReason = (&'static str, String);

fn denied(place: &Place<'_>) -> CodeAndReason {
    let store = match place.contents {
        Contents::Store { .. } => "another store",
        Contents::Variable { .. } | Contents::File { .. } => "a store",
    };
    let file = name::of_file(&place.name);
    let why = format!(
        "a secret in the environment, where every child process sees it; \
         put it into {store}, or into a file that {file} names"
    );
    ("constraint", why)
}

/// Returns the file that is named beside a variable that holds the text itself.
fn twin<'p, 's>(place: &Place<'_>, places: &'p [Place<'s>]) -> Option<&'p Place<'s>> {
    let file = name::of_file(&place.name);
    places
        .iter()
        .find(|other| matches!(other.contents, Contents::File { .. }) && other.name == file)
}

fn shown_path(path: &Path, var: &Var) -> String {
    if var.is_hidden() {
        display::path_of_secret(path)
    } else {
        display::path(path)
    }
}

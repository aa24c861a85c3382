//! The notes of a load: where each value came from, and the oddities of places that do not
//! keep the load from going well.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::{ptr, slice};

#[cfg(feature = "watch")]
use super::watched::Watched;
use super::{wording, Level, Loading, Notes};
use crate::lookup::{Contents, Place, Rank};
use crate::name;
use crate::redact::display;
use crate::report::{self, Origin, Warning};
use crate::spec::variables::Variable;
use crate::spec::{composed, Item, Presence, Var};

/// The code of the warning about a variable that Kubernetes set for a Service.
const SERVICE_LINK: &str = "service_link";

/// The code of the warning about a variable of a group that is not read.
const UNSELECTED: &str = "unselected";

/// The numbers of notes at one point of a load.
#[derive(Default)]
pub(super) struct Lengths {
    warnings: usize,
    origins: usize,
    #[cfg(feature = "watch")]
    slots: usize,
}

impl Notes {
    /// Adds the origin of a value, and the text that the value was read from, if any.
    fn add(&mut self, name: String, origin: Origin, text: Option<&OsStr>, shown: Option<String>) {
        self.origins.add(name, origin, shown);
        #[cfg(feature = "watch")]
        if let Some(watched) = &mut self.watched {
            watched.add_text(text);
        }
        let _ = text;
    }

    /// Forgets each warning that a variable is not read, if another field has read the variable:
    /// keys of a map may make one name that of two groups.
    pub(super) fn forget_unread(&mut self) {
        let is_of_unread = |warning: &Warning| warning.code() == UNSELECTED;
        if !self.warnings.iter().any(is_of_unread) {
            return;
        }
        let read = self
            .origins
            .iter()
            .filter_map(|(_, it)| it.variable.as_deref());
        let read: BTreeSet<_> = read.map(display::name).collect();
        self.warnings
            .retain(|warning| !is_of_unread(warning) || !read.contains(warning.name()));
    }

    pub(super) fn lengths(&self) -> Lengths {
        Lengths {
            warnings: self.warnings.len(),
            origins: self.origins.len(),
            #[cfg(feature = "watch")]
            slots: self.watched.as_ref().map_or(0, Watched::number_of_slots),
        }
    }

    /// Forgets the notes after a point of the load.
    pub(super) fn truncate(&mut self, lengths: &Lengths) {
        self.warnings.truncate(lengths.warnings);
        self.origins.truncate(lengths.origins);
        #[cfg(feature = "watch")]
        if let Some(watched) = &mut self.watched {
            watched.truncate(lengths.origins, lengths.slots);
        }
    }
}

impl Loading<'_> {
    /// Remembers the origin of a value, and the oddities of all its places.
    pub(super) fn note_places(&mut self, item: &'static Item, var: &Var, places: &[Place<'_>]) {
        let rules = self.rules;
        let (Some(notes), Some(used)) = (&mut self.notes, places.first()) else {
            return;
        };
        let main = item.full_name(&self.path);
        let text = used.contents.text();
        let shown = text.map(|text| shown_or_redacted(var, &text.to_string_lossy()));
        for place in places {
            let is_wanted = var.secret && rules.env_secrets != Level::Allow;
            let exposed = self.lookup.exposed(place).filter(|_| is_wanted);
            notes
                .warnings
                .extend(oddities(place, used, exposed, &main, var));
        }
        if let Contents::Variable { text, .. } = &used.contents {
            let service = self.lookup.service_of(&used.name, text);
            notes.warnings.extend(service.map(|service| {
                let message = wording::of_service(&service);
                Warning::new(&used.name, SERVICE_LINK, &message)
            }));
        }
        notes.add(main, origin(used), text, shown);
    }

    /// Forgets that a variable is a Service's, where the problem of the variable says so.
    pub(super) fn forget_service_link(&mut self, name: &str) {
        if let Some(notes) = &mut self.notes {
            notes
                .warnings
                .retain(|warning| warning.code() != SERVICE_LINK || warning.name() != name);
        }
    }

    /// Remembers that a value is the default of its field.
    pub(super) fn note_default(&mut self, index: usize) {
        if self.notes.is_none() {
            return;
        }
        let (item, var) = self.item(index);
        let text = match item.presence {
            Presence::Default(text) => Some(Cow::Borrowed(text)),
            Presence::From(parts) => self.composed(parts).map(Cow::Owned),
            _ => None,
        };
        let shown = match item.presence {
            Presence::From(parts) if composed::is_hidden(parts, self.items) => {
                Some("[REDACTED]".to_owned())
            }
            _ => text.as_deref().map(|text| shown_or_redacted(var, text)),
        };
        let name = item.full_name(&self.path);
        if let Some(notes) = &mut self.notes {
            let origin = Origin::of(report::Place::Default);
            notes.add(name, origin, text.as_deref().map(OsStr::new), shown);
        }
    }

    /// Remembers that a value is the default that a function makes of other fields.
    pub(super) fn note_computed(&mut self, index: usize, arguments: &[usize]) {
        self.note_default(index);
        #[cfg(feature = "watch")]
        self.note_arguments(arguments);
        let _ = arguments;
    }

    /// Gives the last value the texts of fields in place of a text of its own, so that the value
    /// changes with them.
    #[cfg(feature = "watch")]
    fn note_arguments(&mut self, arguments: &[usize]) {
        if self.notes.as_ref().is_none_or(|it| it.watched.is_none()) {
            return;
        }
        let items = self.items;
        let of_field = |index: &usize| {
            let field = slice::from_ref(&items[*index]);
            self.lookup.variables(field, &self.path)
        };
        let names = arguments.iter().flat_map(of_field);
        let names: Vec<String> = names.map(|variable| variable.name).collect();
        let Some(notes) = &mut self.notes else {
            return;
        };
        if let Some(watched) = &mut notes.watched {
            let origins = notes.origins.iter().map(|(name, _)| name);
            watched.compute_last(origins, &names);
        }
    }

    /// Warns of variables that are set for a variant that is not selected, or for a group that
    /// a switch has not switched on.
    pub(super) fn warn_of_unselected(&mut self, selected: &str, is_switch: bool) {
        if self.notes.is_none() {
            return;
        }
        let (mut read, selector) = (Vec::new(), self.items[0].full_name(&self.path));
        let is_unset = is_switch && self.lookup.set(&selector).is_none();
        let message = if is_unset {
            format!("not read, since {selector} is not set")
        } else {
            format!("not read, since {selector} is {selected}")
        };
        // Another variant may read the same variable.
        for item in self.items {
            if matches!(item.presence, Presence::Variant(word) if word == selected) {
                let variables = self.lookup.variables(slice::from_ref(item), &self.path);
                read.extend(variables.iter().flat_map(Variable::all_names));
            }
        }
        for item in self.items {
            if matches!(item.presence, Presence::Variant(word) if word != selected) {
                self.warn_of_unread(slice::from_ref(item), &read, &message);
            }
        }
    }

    /// Warns of variables that are set for `items`, which are not read, except for the names
    /// that are `read` all the same.
    pub(super) fn warn_of_unread(
        &mut self,
        items: &'static [Item],
        read: &[String],
        message: &str,
    ) {
        let Some(notes) = &mut self.notes else {
            return;
        };
        for variable in self.lookup.variables(items, &self.path) {
            let names = variable.all_names();
            let set = names.iter().filter(|name| {
                let text = self.lookup.set(name).filter(|_| !read.contains(name));
                text.is_some_and(|text| self.lookup.service_of(name, &text).is_none())
            });
            let warning = |name: &String| Warning::new(name, UNSELECTED, message);
            for warning in set.map(warning) {
                let mut others = notes.warnings.iter();
                if !others.any(|it| it.name() == warning.name() && it.code() == UNSELECTED) {
                    notes.warnings.push(warning);
                }
            }
        }
    }
}

/// Returns the warnings about a place, where `used` is the place that was read and
/// `exposed` a variable in which child processes see the secret.
fn oddities(
    place: &Place<'_>,
    used: &Place<'_>,
    exposed: Option<&str>,
    main: &str,
    var: &Var,
) -> Vec<Warning> {
    let is_used = ptr::eq(place, used);
    let mut warnings = Vec::new();
    let mut warn =
        |name: &str, code, message: &str| warnings.push(Warning::new(name, code, message));
    if place.rank == Rank::Deprecated {
        let message = format!("deprecated; write {main} instead");
        warn(&place.name, "deprecated", &message);
    } else if !is_used {
        let message = format!("not read, since {}", found_at(used));
        warn(&place.name, "shadowed", &message);
    }
    if let Some(exposed) = exposed {
        let message = format!(
            "a secret in the environment, where every child process sees it; \
             {} can name a file instead",
            name::of_file(main)
        );
        warn(exposed, "exposed", &message);
    }
    let text = place.contents.text().filter(|_| is_used);
    if let Some(message) = text.and_then(|text| wording::list_oddity(text, var)) {
        warn(&place.name, "odd", &message);
    } else if let Some((code, message)) = text.and_then(|text| wording::oddity(text, var)) {
        warn(&place.name, code, &message);
    }
    if var.secret && is_used && place.contents.has_return() {
        let message = "the file ends with a carriage return and a newline, which are not \
                       part of the secret; end it with a newline alone, or without";
        warn(&place.name, "odd", message);
    }
    warnings
}

fn found_at(place: &Place<'_>) -> String {
    match &place.contents {
        Contents::Store { store, .. } => format!("{} has it too", display::reason(store)),
        Contents::File { .. } | Contents::Variable { .. } => format!("{} is set too", place.name),
    }
}

fn origin(place: &Place<'_>) -> Origin {
    let in_variable = |kind| Origin {
        variable: Some(place.name.clone()),
        is_main: place.rank == Rank::Main,
        is_deprecated: place.rank == Rank::Deprecated,
        ..Origin::of(kind)
    };
    match &place.contents {
        Contents::Store {
            store, variable, ..
        } => Origin {
            name: Some(store.clone().into_owned()),
            variable: variable.clone(),
            ..Origin::of(report::Place::Store)
        },
        Contents::File { path, .. } => Origin {
            path: Some(path.clone()),
            ..in_variable(report::Place::File)
        },
        Contents::Variable {
            layer: Some(layer), ..
        } => Origin {
            name: Some((*layer).to_owned()),
            ..in_variable(report::Place::Layer)
        },
        Contents::Variable { layer: None, .. } => in_variable(report::Place::Environment),
    }
}

fn shown_or_redacted(var: &Var, text: &str) -> String {
    if var.is_hidden() {
        "[REDACTED]".to_owned()
    } else {
        display::value(text)
    }
}

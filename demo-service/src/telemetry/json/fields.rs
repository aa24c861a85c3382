//! The fields of an event, as members of a JSON object.

use std::fmt::{self, Debug};

use serde::Serialize;
use tracing::field::{Field, Visit};

use super::names::Names;
use super::text::{Escaped, string, value};

/// Writes the fields of an event as members of a JSON object, each with a comma after
/// it.
pub(super) struct Fields<'a> {
    out: &'a mut Vec<u8>,
    names: &'a Names,
}

impl<'a> Fields<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>, names: &'a Names) -> Self {
        Self { out, names }
    }

    /// Writes a member that is not a field of the event.
    pub(super) fn add(&mut self, name: &str, value: impl FnOnce(&mut Vec<u8>)) {
        string(self.out, name);
        self.out.push(b':');
        value(self.out);
        self.out.push(b',');
    }

    fn write(&mut self, field: &Field, value: impl FnOnce(&mut Vec<u8>)) {
        self.out.extend_from_slice(self.names.get(field.index()));
        value(self.out);
        self.out.push(b',');
    }

    fn value(&mut self, field: &Field, recorded: &impl Serialize) {
        self.write(field, |out| value(out, recorded));
    }
}

impl Visit for Fields<'_> {
    /// Infinity and NaN are `null`.
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.value(field, &value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.value(field, &value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.value(field, &value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.value(field, &value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.write(field, |out| string(out, value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.write(field, |out| {
            out.push(b'"');
            // A `Vec` accepts everything; a value ends early if its `Debug` fails.
            let _ = fmt::Write::write_fmt(&mut Escaped(out), format_args!("{value:?}"));
            out.push(b'"');
        });
    }
}

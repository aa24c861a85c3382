//! A line for a program: one JSON object, flat.

use std::fmt::{self, Debug};

use serde::Serialize;
use tracing::Event;
use tracing::field::{Field, Visit};

use super::layer::{Format, Line};
use super::names::Names;
use super::timestamp;

/// `timestamp`, `level`, the fields of the event, `target`.
pub(in crate::telemetry) struct Json;

impl Format for Json {
    fn format(&self, event: &Event<'_>, line: &mut Line) {
        let metadata = event.metadata();
        let Line { bytes: out, names } = line;
        out.extend_from_slice(b"{\"timestamp\":\"");
        timestamp::now(out);
        out.extend_from_slice(b"\",\"level\":\"");
        out.extend_from_slice(metadata.level().as_str().as_bytes());
        out.extend_from_slice(b"\",");
        event.record(&mut Fields::new(out, names.of(metadata, own_name)));
        out.extend_from_slice(b"\"target\":");
        string(out, metadata.target());
        out.extend_from_slice(b"}\n");
    }
}

/// What a field is called, so that it is not taken for one of ours.
fn own_name(name: &'static str) -> &'static str {
    match name {
        "timestamp" => "_timestamp",
        "level" => "_level",
        "target" => "_target",
        name => name,
    }
}

/// Writes the fields of an event as those of a JSON object, each with a comma
/// after it.
pub(super) struct Fields<'a> {
    out: &'a mut Vec<u8>,
    names: &'a Names,
}

impl<'a> Fields<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>, names: &'a Names) -> Self {
        Self { out, names }
    }

    /// Writes a field that the event has not.
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
    /// A number that JSON has no word for is `null`.
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
            // The line takes everything; what cannot be shown ends early.
            let _ = fmt::Write::write_fmt(&mut Escaped(out), format_args!("{value:?}"));
            out.push(b'"');
        });
    }
}

/// Writes a number or another word of JSON.
pub(super) fn value(out: &mut Vec<u8>, value: &impl Serialize) {
    // Neither text nor numbers can fail, nor can a `Vec`.
    let _ = serde_json::to_writer(out, value);
}

/// Writes a JSON string.
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    if is_plain(text) {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        value(out, &text);
    }
}

/// Whether a JSON string holds the text as it is. To look at every byte, and not to
/// stop at the first, lets many be looked at at once.
fn is_plain(text: &str) -> bool {
    let is_special = |byte: &u8| matches!(byte, 0..b' ' | b'"' | b'\\');
    let bytes = text.as_bytes().iter();
    !bytes.fold(false, |found, byte| found | is_special(byte))
}

/// Escapes what a JSON string cannot hold as it is.
struct Escaped<'a>(&'a mut Vec<u8>);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if is_plain(text) {
            self.0.extend_from_slice(text.as_bytes());
        } else {
            let quote = self.0.len();
            value(self.0, &text);
            self.0.remove(quote);
            self.0.pop();
        }
        Ok(())
    }
}

//! A line for a program: one JSON object, flat.

use std::fmt::{self, Debug, Write};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// `timestamp`, `level`, the fields of the event, `target`.
pub(super) struct Json;

impl<S, N> FormatEvent<S, N> for Json
where
    S: Subscriber + for<'s> LookupSpan<'s>,
    N: for<'w> FormatFields<'w> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut out: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let metadata = event.metadata();
        out.write_str("{\"timestamp\":\"")?;
        SystemTime.format_time(&mut out)?;
        write!(out, "\",\"level\":\"{}\",", metadata.level())?;
        let mut fields = Fields::new(&mut out, own_name);
        event.record(&mut fields);
        fields.end()?;
        out.write_str("\"target\":")?;
        string(&mut out, metadata.target())?;
        out.write_str("}\n")
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
pub(super) struct Fields<'a, 'w> {
    out: &'a mut Writer<'w>,
    rename: fn(&'static str) -> &'static str,
    result: fmt::Result,
}

impl<'a, 'w> Fields<'a, 'w> {
    pub(super) fn new(out: &'a mut Writer<'w>, rename: fn(&'static str) -> &'static str) -> Self {
        Self {
            out,
            rename,
            result: Ok(()),
        }
    }

    pub(super) fn end(self) -> fmt::Result {
        self.result
    }

    /// Writes a field whose value is JSON as it is displayed.
    pub(super) fn plain(&mut self, field: &Field, value: impl fmt::Display) {
        self.write(field.name(), |out| write!(out, "{value}"));
    }

    pub(super) fn write(
        &mut self,
        name: &'static str,
        value: impl FnOnce(&mut Writer<'w>) -> fmt::Result,
    ) {
        let name = (self.rename)(name.strip_prefix("r#").unwrap_or(name));
        let write = || {
            string(self.out, name)?;
            self.out.write_char(':')?;
            value(self.out)?;
            self.out.write_char(',')
        };
        self.result = self.result.and_then(|()| write());
    }
}

impl Visit for Fields<'_, '_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        if value.is_finite() {
            self.plain(field, value);
        } else {
            self.plain(field, "null");
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.plain(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.plain(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.plain(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.write(field.name(), |out| string(out, value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.write(field.name(), |out| {
            out.write_char('"')?;
            write!(Escaped(out), "{value:?}")?;
            out.write_char('"')
        });
    }
}

/// Writes a JSON string.
pub(super) fn string(out: &mut impl Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    Escaped(out).write_str(text)?;
    out.write_char('"')
}

/// Escapes what a JSON string cannot hold as it is.
struct Escaped<'a, W>(&'a mut W);

impl<W: Write> Write for Escaped<'_, W> {
    fn write_str(&mut self, mut text: &str) -> fmt::Result {
        let is_special = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
        while let Some(at) = text.bytes().position(is_special) {
            self.0.write_str(&text[..at])?;
            match text.as_bytes()[at] {
                b'\n' => self.0.write_str("\\n")?,
                b'\r' => self.0.write_str("\\r")?,
                b'\t' => self.0.write_str("\\t")?,
                byte @ (b'"' | b'\\') => write!(self.0, "\\{}", char::from(byte))?,
                byte => write!(self.0, "\\u{byte:04x}")?,
            }
            text = &text[at + 1..];
        }
        self.0.write_str(text)
    }
}

//! The format `json`: one flat object.

use tracing::Event;

use super::fields::Fields;
use super::layer::{Format, Line};
use super::text::string;
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

/// Renames a field of the event that would pass for a member of the envelope.
fn own_name(name: &'static str) -> &'static str {
    match name {
        "timestamp" => "_timestamp",
        "level" => "_level",
        "target" => "_target",
        name => name,
    }
}

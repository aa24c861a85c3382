//! The format `mozlog`, in the schema of Dockerflow, mozlog 2.0:
//! <https://github.com/mozilla-services/Dockerflow/blob/main/docs/mozlog.md>.

use std::fmt::Debug;
use std::io::Write;
use std::process;
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::system::uname;
use tracing::field::{Field, Visit};
use tracing::{Event, Level};

use super::fields::Fields;
use super::layer::{Format, Line};
use super::text as json;
use crate::telemetry::targets::ACCESS_LOG;

/// The envelope around the fields of an event.
pub(in crate::telemetry) struct Mozlog {
    /// The part that every line of a process shares.
    envelope: String,
}

impl Mozlog {
    pub(in crate::telemetry) fn new() -> Self {
        // Not from /proc, of which a service may see its own processes alone.
        let system = uname();
        let host = system.nodename().to_string_lossy();
        let hostname = serde_json::Value::from(host);
        let pid = process::id();
        Self {
            envelope: format!(
                "\"Logger\":\"demo-service\",\"Hostname\":{hostname},\"EnvVersion\":\"2.0\",\
                 \"Pid\":{pid}"
            ),
        }
    }
}

impl Format for Mozlog {
    fn format(&self, event: &Event<'_>, line: &mut Line) {
        let metadata = event.metadata();
        let Line { bytes: out, names } = line;
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let timestamp = now.unwrap_or_default().as_nanos();
        let severity = severity(metadata.level());
        let is_summary = metadata.target() == ACCESS_LOG;
        // Here and below, a `Vec` takes everything.
        let _ = write!(out, "{{\"Timestamp\":{timestamp},\"Type\":");
        let kind = if is_summary {
            "request.summary"
        } else {
            metadata.target()
        };
        json::string(out, kind);
        let envelope = &self.envelope;
        let _ = write!(out, ",{envelope},\"Severity\":{severity},\"Fields\":{{");
        let mut fields = Fields::new(out, names.of(metadata, name));
        if is_summary {
            event.record(&mut Summary(fields));
        } else {
            event.record(&mut fields);
        }
        // Every field has a comma after it, so there must be one more.
        let _ = writeln!(out, "\"level\":\"{}\"}}}}", metadata.level());
    }
}

/// The level of syslog.
fn severity(level: &Level) -> u8 {
    match *level {
        Level::ERROR => 3,
        Level::WARN => 4,
        Level::INFO => 6,
        Level::DEBUG | Level::TRACE => 7,
    }
}

/// Returns the name that Dockerflow has for a field.
fn name(name: &'static str) -> &'static str {
    match name {
        "message" => "msg",
        "request_id" => "rid",
        "level" => "_level",
        name => name,
    }
}

/// The fields of `request.summary`: `code` and `errno` for the status, and `t`
/// for the milliseconds, which are whole.
struct Summary<'a>(Fields<'a>);

impl Visit for Summary<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "duration_ms" {
            self.0.add("t", |out| {
                let _ = write!(out, "{value:.0}");
            });
        } else {
            self.0.record_f64(field, value);
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "status" {
            let errno = if value < 400 { 0 } else { value };
            self.0.add("code", |out| json::value(out, &value));
            self.0.add("errno", |out| json::value(out, &errno));
        } else {
            self.0.record_u64(field, value);
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.record_i64(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.record_bool(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.record_str(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.record_debug(field, value);
    }
}

//! The format of a log line, with any content.

use std::io::{self, Write};

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{fs, mem};

use demo_service::config::AppConfig;
use demo_service::telemetry::{Lines, subscriber};
use environ::EnvConfig;
use proptest::prelude::*;
use serde_json::{Value, json};
use tracing::Dispatch;

use crate::process::Process;

/// The output of a log.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A log of everything, in some format.
struct Log {
    written: Written,
    lines: Lines,
    dispatch: Dispatch,
}

impl Log {
    fn new(format: &str, ansi: bool) -> Self {
        let vars = [("APP_LOG_FORMAT", format), ("APP_LOG_LEVEL", "trace")];
        let config = AppConfig::from_source(vars).unwrap().boot.log;
        let written = Written::default();
        let lines = Lines::default();
        lines.write_to(written.clone()).unwrap();
        let (subscriber, _) = subscriber(&config, &lines, ansi);
        Self {
            written,
            dispatch: Dispatch::new(subscriber),
            lines,
        }
    }

    /// The lines of the events.
    fn text(&self, events: impl FnOnce()) -> String {
        tracing::dispatcher::with_default(&self.dispatch, events);
        assert!(self.lines.flush(Duration::from_secs(20)));
        let bytes = mem::take(&mut *self.written.0.lock().unwrap());
        String::from_utf8(bytes).unwrap()
    }

    /// The object that is the only line that it writes.
    fn object(&self, events: impl FnOnce()) -> Value {
        let text = self.text(events);
        let line = text.strip_suffix('\n').unwrap();
        assert!(!line.contains('\n'), "{text}");
        serde_json::from_str(line).unwrap_or_else(|err| panic!("{err}: {line}"))
    }
}

fn every_type_of_field() {
    let none = None::<&str>;
    tracing::warn!(
        target: "demo_service::some",
        text = "a \"b\"\\",
        shown = %"c\td\u{1}",
        debug = ?[1, 2],
        number = -1,
        big = u64::MAX,
        half = 0.5,
        nan = f64::NAN,
        yes = true,
        level = "mine",
        none,
        r#type = "raw",
        "two\nlines"
    );
}

#[test]
fn a_json_line_has_the_event_and_its_fields() {
    let text = Log::new("json", false).text(every_type_of_field);
    let (head, rest) = text.split_once(",\"level\"").unwrap();
    let timestamp = head.strip_prefix("{\"timestamp\":\"").unwrap();
    assert_eq!(timestamp.len(), "2026-11-23T02:42:44.665750Z\"".len());
    assert_eq!(
        rest,
        concat!(
            r#":"WARN","message":"two\nlines","text":"a \"b\"\\","shown":"c\td\u0001","#,
            r#""debug":"[1, 2]","number":-1,"big":18446744073709551615,"half":0.5,"nan":null,"#,
            r#""yes":true,"_level":"mine","type":"raw","target":"demo_service::some"}"#,
            "\n"
        )
    );
}

#[test]
fn no_two_members_of_a_line_have_the_same_name() {
    let message = "of the field";
    let events = || {
        tracing::info!(
            target: "demo_service::other",
            message,
            msg = 1,
            _message = 2,
            level = 3,
            _level = 4,
            "of the event"
        );
    };
    let text = Log::new("json", false).text(events);
    let (_, rest) = text.split_once(",\"level\"").unwrap();
    assert_eq!(
        rest,
        concat!(
            r#":"INFO","message":"of the event","_message":"of the field","msg":1,"#,
            r#""__message":2,"_level":3,"__level":4,"target":"demo_service::other"}"#,
            "\n"
        )
    );
    let text = Log::new("mozlog", false).text(events);
    let (_, rest) = text.split_once(",\"Fields\":").unwrap();
    assert_eq!(
        rest,
        concat!(
            r#"{"msg":"of the event","_msg":"of the field","__msg":1,"_message":2,"#,
            r#""_level":3,"__level":4,"level":"INFO"}}"#,
            "\n"
        )
    );
}

/// A thread keeps the names that it wrote last.
#[test]
fn events_and_formats_take_turns_on_a_thread() {
    let other = || tracing::info!(target: "demo_service::other", level = 1, r#type = 2);
    let (json, mozlog) = (Log::new("json", false), Log::new("mozlog", false));
    for _ in 0..2 {
        let mut line = json.object(other);
        line["timestamp"].take();
        assert_eq!(
            line,
            json!({
                "timestamp": null,
                "level": "INFO",
                "_level": 1,
                "type": 2,
                "target": "demo_service::other",
            })
        );
        let line = json.object(every_type_of_field);
        assert_eq!(line["message"], "two\nlines");
        let line = mozlog.object(every_type_of_field);
        assert_eq!(line["Fields"]["msg"], "two\nlines");
        let line = mozlog.object(other);
        assert_eq!(
            line["Fields"],
            json!({"_level": 1, "type": 2, "level": "INFO"})
        );
    }
}

#[test]
fn a_mozlog_line_has_dockerflows_envelope() {
    let before = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let mut line = Log::new("mozlog", false).object(every_type_of_field);
    let after = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let timestamp = line["Timestamp"].take().as_u64().unwrap();
    assert!((before.as_nanos()..=after.as_nanos()).contains(&u128::from(timestamp)));
    let hostname = fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    assert_eq!(
        line,
        json!({
            "Timestamp": null,
            "Type": "demo_service::some",
            "Logger": "demo-service",
            "Hostname": hostname.trim_end(),
            "EnvVersion": "2.0",
            "Severity": 4,
            "Pid": std::process::id(),
            "Fields": {
                "msg": "two\nlines",
                "text": "a \"b\"\\",
                "shown": "c\td\u{1}",
                "debug": "[1, 2]",
                "number": -1,
                "big": u64::MAX,
                "half": 0.5,
                "nan": null,
                "yes": true,
                "_level": "mine",
                "type": "raw",
                "level": "WARN",
            },
        })
    );
}

#[test]
fn levels_are_those_of_syslog() {
    let log = Log::new("mozlog", false);
    let severity = |event: fn()| log.object(event)["Severity"].take();
    assert_eq!(severity(|| tracing::error!("")), 3);
    assert_eq!(severity(|| tracing::warn!("")), 4);
    assert_eq!(severity(|| tracing::info!("")), 6);
    let debug = || tracing::debug!(target: "demo_service", "");
    assert_eq!(severity(debug), 7);
}

#[test]
fn a_request_is_dockerflows_request_summary() {
    let process = Process::start(&[("LOG_FORMAT", "mozlog")]);
    let line = process.text("listening");
    let line: Value = serde_json::from_str(&line).unwrap();
    let address = line["Fields"]["address"].as_str().unwrap();
    let client = crate::client::Client::new(address.parse().unwrap());
    client.get("/hello");
    let nope = client.get("/nope").body.len();

    let summary = |path: &str| {
        let line = process.text(&format!("\"path\":\"{path}\""));
        let mut line: Value = serde_json::from_str(&line).unwrap();
        let fields = line["Fields"].as_object_mut().unwrap();
        let agent = fields.remove("agent").unwrap();
        assert!(agent.as_str().unwrap().starts_with("ureq/"), "{agent}");
        assert!(fields.remove("t").unwrap().as_u64().unwrap() < 1_000);
        let names = [
            "method", "path", "route", "code", "errno", "bytes", "client", "level", "msg",
        ];
        let fields = names.map(|name| format!("{name}={}", fields[name]));
        format!("{} {}", line["Type"], fields.join(" ")).replace('"', "")
    };
    assert_eq!(
        summary("/hello"),
        "request.summary method=GET path=/hello route=/hello code=200 errno=0 bytes=12 \
         client=127.0.0.1 level=INFO msg=request"
    );
    assert_eq!(
        summary("/nope"),
        format!(
            "request.summary method=GET path=/nope route=unmatched code=404 errno=404 \
             bytes={nope} client=127.0.0.1 level=INFO msg=request"
        )
    );
}

#[test]
fn a_human_line_has_colours_at_a_terminal_only() {
    let hello = || tracing::info!("hello");
    let coloured = Log::new("human", true).text(hello);
    assert!(
        coloured.contains("\u{1b}[32m INFO\u{1b}[0m"),
        "{coloured:?}"
    );
    let plain = Log::new("human", false).text(hello);
    let (_, plain) = plain.split_once('Z').unwrap();
    assert_eq!(plain, "  INFO service::formats: hello\n");
}

#[test]
fn a_human_line_shows_where_another_would_begin() {
    let plain = Log::new("human", false).text(|| {
        tracing::warn!(error = %"2 of them:\n  one\r\u{1b}[2K", "\u{1b}[31mred\ttab");
    });
    let (_, plain) = plain.split_once("formats: ").unwrap();
    assert_eq!(
        plain,
        "\\x1b[31mred\ttab error=2 of them:\\n  one\\r\\x1b[2K\n"
    );
}

/// Text of a client must not become a line of its own.
#[test]
fn any_text_is_one_line_and_comes_back_whole() {
    let (json, mozlog) = (Log::new("json", false), Log::new("mozlog", false));
    let human = [false, true].map(|ansi| Log::new("human", ansi));
    proptest!(|(text in any::<String>())| {
        let event = || tracing::info!(text, shown = %text, "{text}");
        for human in &human {
            let line = human.text(event);
            let line = line.strip_suffix('\n').unwrap();
            prop_assert!(!line.contains(['\n', '\r', '\u{8}', '\u{7f}']), "{line:?}");
            // An escape begins a colour, if anything.
            for sequence in line.split('\u{1b}').skip(1) {
                let colour = sequence.split_once('m').and_then(|(c, _)| c.strip_prefix('['));
                prop_assert!(colour.is_some_and(|c| !c.contains(char::is_alphabetic)), "{line:?}");
            }
        }
        let line = json.object(event);
        for field in ["message", "text", "shown"] {
            prop_assert_eq!(line[field].as_str(), Some(&*text));
        }
        let line = mozlog.object(event);
        for field in ["msg", "text", "shown"] {
            prop_assert_eq!(line["Fields"][field].as_str(), Some(&*text));
        }
    });
}

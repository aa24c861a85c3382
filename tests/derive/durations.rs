//! Durations as people write them, and the text to write for each that is not read.

use std::time::Duration;

use environ::EnvConfig;

use crate::{load, problems};

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    wait: Duration,
}

#[test]
fn spaces_and_long_unit_names_are_read() {
    for (text, wait) in [
        ("5 m", Duration::from_mins(5)),
        ("1h 30m", Duration::from_mins(90)),
        ("1 hour 30 minutes", Duration::from_mins(90)),
        ("5 min", Duration::from_mins(5)),
        ("5µs", Duration::from_micros(5)),
        ("5μs", Duration::from_micros(5)),
        ("5 s", Duration::from_secs(5)),
        ("2 days", Duration::from_hours(48)),
        ("10 secs 5 ms", Duration::from_millis(10_005)),
    ] {
        assert_eq!(load::<Cfg>(&[("APP_WAIT", text)]), Cfg { wait }, "{text}");
    }
}

/// Each reason ends with the text to write, which must load.
#[test]
fn a_reason_names_the_text_that_loads() {
    for (text, reason) in [
        ("5000", "5000 has no unit; write 5000s, or 5000ms"),
        ("1h30", "30 has no unit; write 1h30m"),
        ("5s # x", "write 5s"),
        ("+5s", "write 5s"),
        ("1e3s", "write 1000s"),
        ("5M", "units are in lower case; write 5m"),
        ("00:05:00", "a time with colons is not read; write 5m"),
        ("05:00", "a time with colons is not read; write 5m, or 5h"),
        ("PT5M", "ISO 8601 is not read; write 5m"),
        ("P1D", "ISO 8601 is not read; write 1d"),
        ("2 weeks", "weeks are not read; write 14d"),
        ("5mo", "months differ in length; write 150d"),
        ("1y", "years differ in length; write 365d"),
        (
            "30m 1h",
            "each unit may stand once, the longest first; write 1h30m",
        ),
        (
            "1s 1s",
            "each unit may stand once, the longest first; write 2s",
        ),
    ] {
        let mut report =
            format!("  APP_WAIT  {text:?} is not a duration, like 500ms, 30s or 1h30m: {reason}");
        if text.contains('#') {
            report += "\n            it ends with a comment, which is part of it; remove that";
        }
        assert_eq!(problems::<Cfg>(&[("APP_WAIT", text)]), report);
        let (_, write) = reason.split_once("write ").unwrap();
        for text in write.split(", or ") {
            load::<Cfg>(&[("APP_WAIT", text)]);
        }
    }
}

#[test]
fn a_text_that_no_duration_is_meant_by_is_explained() {
    for (text, reason) in [
        ("-5s", "a duration is not negative"),
        ("inf", "a duration ends; write a long duration, like 365d"),
        (
            "5 5s",
            "5 has no unit; write a unit after each number, as in 1h30m",
        ),
        (
            "999999999999999999999d",
            "it is too long; at most 213503982334601d are read",
        ),
        ("soon", "it must be a number with a unit, like 30s"),
        (
            "5 x",
            "\"x\" is not a unit; there are d, h, m, s, ms, us and ns",
        ),
    ] {
        let mut report =
            format!("  APP_WAIT  {text:?} is not a duration, like 500ms, 30s or 1h30m: {reason}");
        if text.contains('#') {
            report += "\n            it ends with a comment, which is part of it; remove that";
        }
        assert_eq!(problems::<Cfg>(&[("APP_WAIT", text)]), report);
    }
}

//! Spans of time as systemd and Compose write them.

use std::time::Duration;

/// Units of systemd, in microseconds, the longer spelling of a prefix first.
const UNITS: &[(&str, u64)] = &[
    ("seconds", 1_000_000),
    ("second", 1_000_000),
    ("sec", 1_000_000),
    ("s", 1_000_000),
    ("minutes", 60_000_000),
    ("minute", 60_000_000),
    ("min", 60_000_000),
    ("msec", 1_000),
    ("ms", 1_000),
    ("m", 60_000_000),
    ("hours", 3_600_000_000),
    ("hour", 3_600_000_000),
    ("hr", 3_600_000_000),
    ("h", 3_600_000_000),
    ("days", 86_400_000_000),
    ("day", 86_400_000_000),
    ("d", 86_400_000_000),
    ("usec", 1),
    ("us", 1),
];

/// Reads a span: `45`, `45s`, `1min 30s`, `1m30s`; a bare number is in seconds.
///
/// Returns `None` if the text is no span. `infinity` is the longest span.
pub(super) fn span(text: &str) -> Option<Duration> {
    let text = text.trim();
    if text == "infinity" {
        return Some(Duration::MAX);
    }
    let mut rest = text;
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.');
        let end = end.unwrap_or(rest.len());
        let number: f64 = rest[..end].parse().ok()?;
        rest = rest[end..].trim_start();
        let unit = UNITS.iter().find(|(unit, _)| {
            let after = rest.strip_prefix(unit);
            after.is_some_and(|after| !after.starts_with(|next: char| next.is_ascii_alphabetic()))
        });
        let micros = match unit {
            Some((unit, micros)) => {
                rest = rest[unit.len()..].trim_start();
                *micros
            }
            None if rest.is_empty() => 1_000_000,
            None => return None,
        };
        let seconds = number * Duration::from_micros(micros).as_secs_f64();
        total = total.checked_add(Duration::try_from_secs_f64(seconds).ok()?)?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_those_of_systemd_and_compose() {
        for (text, millis) in [
            ("45", Some(45_000)),
            ("45s", Some(45_000)),
            ("1min 30s", Some(90_000)),
            ("1m30s", Some(90_000)),
            ("1.5h", Some(5_400_000)),
            ("500ms", Some(500)),
            ("2 min", Some(120_000)),
            ("", None),
            ("s", None),
            ("45x", None),
            ("1..2s", None),
            ("1second 2seconds 3sec", Some(6_000)),
            ("1minute 2minutes", Some(180_000)),
            ("1msec 2ms", Some(3)),
            ("1hour 2hours 3hr 4h", Some(36_000_000)),
            ("1day 2days 3d", Some(518_400_000)),
            ("1000usec 2000us", Some(3)),
            ("1s 2", Some(3_000)),
            ("1 s2x", None),
            ("1 5", None),
            (" 5m ", Some(300_000)),
            ("1mins", None),
        ] {
            assert_eq!(span(text), millis.map(Duration::from_millis), "{text}");
        }
        assert_eq!(span("infinity"), Some(Duration::MAX));
    }
}

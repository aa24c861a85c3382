//! A duration as text that is read back as the same duration.

use std::fmt::Write as _;
use std::time::Duration;

use super::UNITS;

/// Nanoseconds for each unit, so that `90m` stays `90m`.
pub(super) type Amounts = [u128; UNITS.len()];

/// The place of seconds in [`UNITS`]: a part of a second is shown as a fraction, a
/// part of a minute in seconds.
const SECONDS: usize = 3;

/// Returns the duration in the units that fit: `90s` as `1m30s`.
pub(in crate::value) fn shown(duration: Duration) -> String {
    let mut amounts = Amounts::default();
    let nanos = duration.as_nanos();
    let whole_ms = nanos % 1_000_000 == 0;
    let index = match nanos {
        1_000_000_000.. => 0,
        1_000_000.. if whole_ms => 4,
        1_000.. if nanos % 1_000 == 0 => 5,
        _ => 6,
    };
    amounts[index] = nanos;
    text(amounts)
}

/// Returns the amounts as text, the longest unit first.
pub(super) fn text(mut amounts: Amounts) -> String {
    let mut text = String::new();
    for (index, unit) in UNITS.iter().enumerate() {
        let (whole, rest) = (amounts[index] / unit.nanos, amounts[index] % unit.nanos);
        if rest > 0 && index < SECONDS {
            amounts[index + 1] = amounts[index + 1].saturating_add(rest);
        }
        let fraction = if index < SECONDS { 0 } else { rest };
        if whole == 0 && fraction == 0 {
            continue;
        }
        let _ = write!(text, "{whole}");
        if fraction > 0 {
            let places = unit.nanos.ilog10() as usize;
            let digits = format!("{fraction:0places$}");
            let _ = write!(text, ".{}", digits.trim_end_matches('0'));
        }
        text.push_str(unit.spellings[0]);
    }
    if text.is_empty() {
        text.push_str("0s");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::read;
    use super::shown;

    #[test]
    fn a_shown_duration_is_short_and_reads_back() {
        for (duration, text) in [
            (Duration::ZERO, "0s"),
            (Duration::from_secs(1), "1s"),
            (Duration::from_secs(90), "1m30s"),
            (Duration::from_secs(3_600), "1h"),
            (Duration::from_secs(86_400), "1d"),
            (Duration::from_millis(500), "500ms"),
            (Duration::from_millis(1_500), "1.5s"),
            (Duration::from_micros(1_500), "1500us"),
            (Duration::from_nanos(1_001), "1001ns"),
            (Duration::MAX, "213503982334601d7h15.999999999s"),
        ] {
            assert_eq!(shown(duration), text);
            assert_eq!(read(text), Some(duration), "{text:?}");
        }
    }
}

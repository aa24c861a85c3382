//! A duration as text that is read back as the same duration.

use std::fmt::Write as _;

use super::UNITS;

/// Nanoseconds for each unit, so that `90m` stays `90m`.
pub(super) type Amounts = [u128; UNITS.len()];

/// The place of seconds in [`UNITS`]: a part of a second is shown as a fraction, a
/// part of a minute in seconds.
const SECONDS: usize = 3;

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

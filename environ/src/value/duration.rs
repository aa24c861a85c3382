//! `Duration`, as people write it: `500ms`, `30s`, `1h30m`.

use std::time::Duration;

use super::{EnvValue, Form, Invalid, Text};

/// A unit and its nanoseconds, the longest first.
const UNITS: &[(&str, u128)] = &[
    ("d", 86_400_000_000_000),
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];

impl EnvValue for Duration {
    const FORM: Form = Form::Like("duration, like 500ms, 30s or 1h30m", "30s");

    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        parse(text.as_str()?).map_err(Invalid::new)
    }
}

fn parse(text: &str) -> Result<Duration, String> {
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    let mut nanos: u128 = 0;
    let mut longer_units = 0..UNITS.len();
    let mut rest = text;
    loop {
        let (number, after) = leading(rest, |letter| letter.is_ascii_digit() || letter == '.');
        let (unit, after) = leading(after, char::is_alphabetic);
        if number.is_empty() {
            return Err("it must begin with a digit".to_owned());
        }
        if unit.is_empty() {
            return Err(format!("{number} has no unit; write {number}s for seconds"));
        }
        let index = UNITS
            .iter()
            .position(|(name, _)| *name == unit)
            .ok_or_else(|| {
                format!("{unit:?} is not a unit; there are d, h, m, s, ms, us and ns")
            })?;
        if !longer_units.contains(&index) {
            return Err("each unit may stand once, the longest first".to_owned());
        }
        longer_units.start = index + 1;
        nanos = scaled(number, UNITS[index].1)
            .and_then(|part| nanos.checked_add(part))
            .ok_or_else(|| format!("{number}{unit} is not a length of time"))?;
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    let seconds = u64::try_from(nanos / 1_000_000_000).map_err(|_| "it is too long".to_owned())?;
    let nanos = u32::try_from(nanos % 1_000_000_000).unwrap_or_default();
    Ok(Duration::new(seconds, nanos))
}

fn leading(text: &str, is: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|letter| !is(letter)).unwrap_or(text.len());
    text.split_at(end)
}

/// `1.5` times `unit`, exactly, or `None` where that is not a whole number of
/// nanoseconds.
fn scaled(number: &str, unit: u128) -> Option<u128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let places = u32::try_from(fraction.len()).ok()?;
    let fraction = fraction.parse::<u128>().ok()?.checked_mul(unit)?;
    let divisor = 10_u128.checked_pow(places)?;
    if fraction % divisor != 0 {
        return None;
    }
    let whole = whole.parse::<u128>().ok()?.checked_mul(unit)?;
    whole.checked_add(fraction / divisor)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::parse;

    #[test]
    fn a_length_of_time_is_a_number_with_a_unit() {
        for (text, duration) in [
            ("0", Duration::ZERO),
            ("0s", Duration::ZERO),
            ("500ms", Duration::from_millis(500)),
            ("30s", Duration::from_secs(30)),
            ("1.5s", Duration::from_millis(1_500)),
            ("1h30m", Duration::from_secs(5_400)),
            ("2d", Duration::from_secs(172_800)),
            ("1m0.25s", Duration::from_millis(60_250)),
            ("7us", Duration::from_micros(7)),
            ("9ns", Duration::from_nanos(9)),
            ("213503982334601d7h15s", Duration::from_secs(u64::MAX)),
        ] {
            assert_eq!(parse(text), Ok(duration), "{text:?}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_length_of_time_is_said() {
        for (text, reason) in [
            ("30", "30 has no unit; write 30s for seconds"),
            ("s", "it must begin with a digit"),
            ("-5s", "it must begin with a digit"),
            (" 5s", "it must begin with a digit"),
            ("5 s", "5 has no unit; write 5s for seconds"),
            (
                "5sec",
                "\"sec\" is not a unit; there are d, h, m, s, ms, us and ns",
            ),
            (
                "5S",
                "\"S\" is not a unit; there are d, h, m, s, ms, us and ns",
            ),
            ("30m1h", "each unit may stand once, the longest first"),
            ("1s1s", "each unit may stand once, the longest first"),
            ("0.5ns", "0.5ns is not a length of time"),
            ("1.2.3s", "1.2.3s is not a length of time"),
            (".s", ".s is not a length of time"),
            ("213503982334602d", "it is too long"),
        ] {
            assert_eq!(parse(text), Err(reason.to_owned()), "{text:?}");
        }
    }
}

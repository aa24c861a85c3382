//! `Duration`, as people write it: `500ms`, `30s`, `1h30m`, `5 min`.

mod meant;
mod show;

use std::marker::PhantomData;
use std::time::Duration;

use super::wraps::{Reader, Wraps};
use super::{form, EnvValue, Fallback, Form, Invalid, Text};

pub(super) use show::shown;

/// A unit, the longest first.
struct Unit {
    nanos: u128,
    /// The spelling that is shown comes first.
    spellings: &'static [&'static str],
}

const UNITS: &[Unit] = &[
    Unit {
        nanos: 86_400_000_000_000,
        spellings: &["d", "day", "days"],
    },
    Unit {
        nanos: 3_600_000_000_000,
        spellings: &["h", "hr", "hrs", "hour", "hours"],
    },
    Unit {
        nanos: 60_000_000_000,
        spellings: &["m", "min", "mins", "minute", "minutes"],
    },
    Unit {
        nanos: 1_000_000_000,
        spellings: &["s", "sec", "secs", "second", "seconds"],
    },
    Unit {
        nanos: 1_000_000,
        spellings: &[
            "ms",
            "msec",
            "msecs",
            "millis",
            "millisecond",
            "milliseconds",
        ],
    },
    Unit {
        nanos: 1_000,
        // The micro sign, and the Greek letter that looks like it.
        spellings: &[
            "us",
            "\u{b5}s",
            "\u{3bc}s",
            "usec",
            "usecs",
            "micros",
            "microsecond",
            "microseconds",
        ],
    },
    Unit {
        nanos: 1,
        spellings: &["ns", "nsec", "nsecs", "nanos", "nanosecond", "nanoseconds"],
    },
];

impl EnvValue for Duration {
    const FORM: Form = Form::with_sample("duration, like 500ms, 30s or 1h30m", "30s");

    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        parse(text.as_str()?).map_err(Invalid::new)
    }
}

/// A type that numbers with a unit fill: a duration, or a type around durations. The derive
/// implements it for a newtype that derives `EnvValue`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`unit` is the unit of a `Duration`, and this field is a `{Self}`",
    label = "no duration",
    note = "remove `unit`, or make the field a `std::time::Duration`, a list of them, or a newtype of one that derives `EnvValue`"
)]
pub trait InUnit<const UNIT: usize>: Sized {
    const FORM: Form;

    fn in_unit(text: &mut Text<'_>) -> Result<Self, Invalid>;
}

impl<const UNIT: usize> InUnit<UNIT> for Duration {
    const FORM: Form = Form::in_unit(UNIT);

    fn in_unit(text: &mut Text<'_>) -> Result<Self, Invalid> {
        with_unit(text, form::UNITS[UNIT].0)
    }
}

#[diagnostic::do_not_recommend]
impl<const UNIT: usize, W> InUnit<UNIT> for W
where
    W: Wraps,
    W::Inner: InUnit<UNIT>,
{
    const FORM: Form = W::SHAPE.around(&W::Inner::FORM);

    fn in_unit(text: &mut Text<'_>) -> Result<Self, Invalid> {
        let inner = Reader {
            read: W::Inner::in_unit,
            form: || W::Inner::FORM,
            none: None,
        };
        W::wrap(text, inner)
    }
}

/// Reads a text for `#[env(unit = "m")]`.
pub fn in_unit<T: InUnit<UNIT>, const UNIT: usize>(text: &mut Text<'_>) -> Result<T, Invalid> {
    T::in_unit(text)
}

/// Reads a duration, or a number of a unit.
pub(crate) fn with_unit(text: &mut Text<'_>, unit: &str) -> Result<Duration, Invalid> {
    let text = text.as_str()?;
    if is_bare(text) {
        let duration = read(&format!("{text}{unit}"));
        return duration.ok_or_else(|| Invalid::fixed(meant::reason_of_number(text, unit)));
    }
    read(text).ok_or_else(|| Invalid::new(meant::reason_in_unit(text)))
}

/// Returns whether a text is a number without a unit.
pub(crate) fn is_bare(text: &str) -> bool {
    let is_digit = |letter: char| letter.is_ascii_digit() || letter == '.';
    !text.is_empty() && text.chars().all(is_digit)
}

/// Names a type and the unit of its bare numbers, without having a value.
///
/// A type that is no duration has the items of [`Fallback`], so that the
/// compiler reports the type at [`in_unit`] alone.
#[derive(Debug)]
pub struct BareUnit<T, const UNIT: usize>(PhantomData<T>);

impl<T: InUnit<UNIT>, const UNIT: usize> BareUnit<T, UNIT> {
    /// The expected form of the text.
    pub const FORM: &'static Form = &T::FORM;
}

impl<T, const UNIT: usize> Fallback for BareUnit<T, UNIT> {
    type Value = T;
}

fn parse(text: &str) -> Result<Duration, String> {
    read(text).ok_or_else(|| meant::reason(text))
}

/// Numbers, each with a unit, the longest unit first; spaces may stand between.
fn read(text: &str) -> Option<Duration> {
    if text == "0" {
        return Some(Duration::ZERO);
    }
    let (mut nanos, mut longest, mut rest) = (0_u128, 0, text);
    loop {
        let (number, after) = leading(rest, |letter| letter.is_ascii_digit() || letter == '.');
        let (unit, after) = leading(after.trim_start_matches(SPACES), char::is_alphabetic);
        let index = position(unit).filter(|index| *index >= longest)?;
        longest = index + 1;
        nanos = nanos.checked_add(scaled(number, UNITS[index].nanos)?)?;
        if after.is_empty() {
            return from_nanos(nanos);
        }
        rest = after.trim_start_matches(SPACES);
    }
}

const SPACES: [char; 2] = [' ', '\t'];

fn position(unit: &str) -> Option<usize> {
    UNITS
        .iter()
        .position(|known| known.spellings.contains(&unit))
}

fn leading(text: &str, is: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|letter| !is(letter)).unwrap_or(text.len());
    text.split_at(end)
}

/// Returns `1.5` times `unit`, or `None` unless that is a whole number of
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

fn from_nanos(nanos: u128) -> Option<Duration> {
    let seconds = u64::try_from(nanos / 1_000_000_000).ok()?;
    let nanos = u32::try_from(nanos % 1_000_000_000).ok()?;
    Some(Duration::new(seconds, nanos))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::read;

    #[test]
    fn a_duration_is_numbers_with_units() {
        for (text, duration) in [
            ("0", Duration::ZERO),
            ("0s", Duration::ZERO),
            ("500ms", Duration::from_millis(500)),
            ("30s", Duration::from_secs(30)),
            ("1.5s", Duration::from_millis(1_500)),
            ("1.5h", Duration::from_secs(5_400)),
            ("1h30m", Duration::from_secs(5_400)),
            ("2d", Duration::from_secs(172_800)),
            ("1m0.25s", Duration::from_millis(60_250)),
            ("7us", Duration::from_micros(7)),
            ("9ns", Duration::from_nanos(9)),
            ("213503982334601d7h15s", Duration::from_secs(u64::MAX)),
        ] {
            assert_eq!(read(text), Some(duration), "{text:?}");
        }
    }

    #[test]
    fn spaces_and_long_unit_names_are_read() {
        for (text, duration) in [
            ("5 m", Duration::from_secs(300)),
            ("5  m", Duration::from_secs(300)),
            ("5\tm", Duration::from_secs(300)),
            ("1h 30m", Duration::from_secs(5_400)),
            ("1 h 30 m", Duration::from_secs(5_400)),
            (
                "2 days 1 hour 1 minute 1 second",
                Duration::from_secs(176_461),
            ),
            ("1 day", Duration::from_secs(86_400)),
            ("3 hrs 2 mins 1 sec", Duration::from_secs(10_921)),
            ("1 hr", Duration::from_secs(3_600)),
            ("2hours", Duration::from_secs(7_200)),
            ("5 min", Duration::from_secs(300)),
            ("5min", Duration::from_secs(300)),
            ("5 minutes", Duration::from_secs(300)),
            ("5 s", Duration::from_secs(5)),
            ("5sec", Duration::from_secs(5)),
            ("5 secs", Duration::from_secs(5)),
            ("5 seconds", Duration::from_secs(5)),
            ("5 milliseconds", Duration::from_millis(5)),
            ("5msec", Duration::from_millis(5)),
            ("5\u{b5}s", Duration::from_micros(5)),
            ("5 \u{3bc}s", Duration::from_micros(5)),
            ("5 microseconds", Duration::from_micros(5)),
            ("1 nanosecond", Duration::from_nanos(1)),
        ] {
            assert_eq!(read(text), Some(duration), "{text:?}");
        }
    }
}

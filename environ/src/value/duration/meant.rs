//! Why a text is not a duration, with the text that is.

use super::show::{text as as_text, Amounts};
use super::{from_nanos, leading, position, UNITS};
use crate::value::decimal::Decimal;

/// Returns why a text is not read: the mistake, and the text to write instead.
#[cold]
pub(super) fn reason(text: &str) -> String {
    let bare = undecorated(text);
    if bare.is_empty() {
        return "it is empty; write a duration, like 30s".to_owned();
    }
    if bare.starts_with(['-', '\u{2212}']) {
        return "a duration is not negative".to_owned();
    }
    if ENDLESS.iter().any(|word| bare.eq_ignore_ascii_case(word)) {
        return "a duration ends; write a long duration, like 365d".to_owned();
    }
    let reason = iso(bare).or_else(|| clock(bare));
    reason.unwrap_or_else(|| loose(bare))
}

/// Returns why a number without a unit is not read.
#[cold]
pub(super) fn reason_of_number(text: &str, unit: &str) -> &'static str {
    let nanos = position(unit).map_or(1, |index| UNITS[index].nanos);
    match Decimal::parse(text).map(|number| number.times(nanos)) {
        None if text.contains('.') => NO_NUMBER,
        None | Some(None) => "it is too large",
        Some(Some((_, false))) => SHORTEST,
        Some(Some((nanos, true))) if from_nanos(nanos).is_none() => "it is too large",
        Some(Some((_, true))) => NO_NUMBER,
    }
}

/// Returns why a text is not read where a number needs no unit.
#[cold]
pub(super) fn reason_in_unit(text: &str) -> String {
    let bare = undecorated(text);
    let (written, after) = leading_number(bare);
    let number = Decimal::parse(written).filter(|_| !written.is_empty() && after.is_empty());
    match number.and_then(Decimal::text) {
        Some(number) => format!("it must be a plain number; write {number}"),
        None => match reason(text) {
            reason if reason == NO_DURATION => {
                "it must be a number, like 30, or a duration, like 30s".to_owned()
            }
            reason => reason,
        },
    }
}

const NO_NUMBER: &str = "it must be a number, like 0.5";
const SHORTEST: &str = "a nanosecond is the shortest unit";

const ENDLESS: &[&str] = &[
    "inf",
    "infinite",
    "infinity",
    "forever",
    "never",
    "unlimited",
    "\u{221e}",
];

const TOO_LONG: &str = "it is too long; at most 213503982334601d are read";
const NO_DURATION: &str = "it must be a number with a unit, like 30s";

/// The text without quotes, comment, sign and full stop: loading has a hint for
/// most of them, and the reason should not repeat them.
fn undecorated(text: &str) -> &str {
    let text = text.split(" #").next().unwrap_or(text);
    let text = text.trim_matches(|letter: char| {
        letter.is_whitespace() || "\"'`\u{feff}\u{200b}".contains(letter)
    });
    let text = text.strip_prefix('+').unwrap_or(text);
    text.trim_end_matches(['.', ',', ';']).trim()
}

/// Splits off a number that may have digits grouped, a fraction or an exponent.
fn leading_number(text: &str) -> (&str, &str) {
    let (number, after) = leading(text, |letter| {
        letter.is_ascii_digit() || "._,".contains(letter)
    });
    let exponent = after.strip_prefix(['e', 'E']).unwrap_or_default();
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let (digits, rest) = leading(digits, |letter| letter.is_ascii_digit());
    if number.is_empty() || digits.is_empty() {
        return (number, after);
    }
    text.split_at(text.len() - rest.len())
}

/// Units that are not read, with a length in days.
const FOREIGN: &[(&[&str], u128, &str)] = &[
    (
        &["w", "wk", "wks", "week", "weeks"],
        7,
        "weeks are not read",
    ),
    (
        &["mo", "mon", "mos", "month", "months"],
        30,
        "months differ in length",
    ),
    (
        &["y", "yr", "yrs", "year", "years"],
        365,
        "years differ in length",
    ),
];

/// The unit's place in [`UNITS`], its nanoseconds, and the mistake.
fn unit_meant(unit: &str) -> Option<(usize, u128, Option<&'static str>)> {
    if let Some(index) = position(unit) {
        return Some((index, UNITS[index].nanos, None));
    }
    let lower = unit.to_lowercase();
    if let Some(index) = position(&lower) {
        let flaw = Some("units are in lower case");
        return Some((index, UNITS[index].nanos, flaw));
    }
    let foreign = FOREIGN.iter().find(|(names, ..)| names.contains(&&*lower));
    foreign.map(|(_, days, flaw)| (0, days * UNITS[0].nanos, Some(*flaw)))
}

/// The amounts that were read, and the first mistake.
#[derive(Default)]
struct Meant {
    amounts: Amounts,
    flaw: Option<&'static str>,
}

impl Meant {
    fn add(&mut self, index: usize, number: Decimal, unit: u128) -> Option<()> {
        let (nanos, is_exact) = number.times(unit)?;
        self.amounts[index] = self.amounts[index].checked_add(nanos)?;
        if !is_exact {
            self.note(Some(SHORTEST));
        }
        Some(())
    }

    fn note(&mut self, flaw: Option<&'static str>) {
        self.flaw = self.flaw.or(flaw);
    }

    /// Returns the text to write, or `None` if the duration is too long.
    fn text(&self) -> Option<String> {
        let all = self.amounts.iter();
        let nanos = all.copied().try_fold(0, u128::checked_add)?;
        from_nanos(nanos).map(|_| as_text(self.amounts))
    }

    fn reason(&self) -> String {
        match (self.flaw, self.text()) {
            (_, None) => TOO_LONG.to_owned(),
            (Some(flaw), Some(text)) => format!("{flaw}; write {text}"),
            (None, Some(text)) => format!("write {text}"),
        }
    }
}

/// The reason for numbers and units in any order and spelling.
fn loose(text: &str) -> String {
    let mut meant = Meant::default();
    let (mut last, mut rest) = (None, text);
    while !rest.is_empty() {
        let (written, after) = leading_number(rest);
        let written = written.trim_end_matches(['.', ',']);
        if written.is_empty() {
            return NO_DURATION.to_owned();
        }
        let Some(number) = Decimal::parse(written) else {
            return unreadable(written);
        };
        let (unit, after) = leading(after.trim_start(), char::is_alphabetic);
        if unit.is_empty() {
            let at_end = after.is_empty();
            return without_unit(written, number, &meant, last.filter(|_| at_end), at_end);
        }
        let Some((index, nanos, flaw)) = unit_meant(unit) else {
            return format!("{unit:?} is not a unit; there are d, h, m, s, ms, us and ns");
        };
        meant.note(flaw);
        if last.is_some_and(|last| index <= last) {
            meant.note(Some("each unit may stand once, the longest first"));
        }
        if meant.add(index, number, nanos).is_none() {
            return TOO_LONG.to_owned();
        }
        last = Some(index);
        rest = next_part(after);
    }
    meant.reason()
}

/// The text after a space, a comma, a full stop or the word "and".
fn next_part(text: &str) -> &str {
    let between = |letter: char| letter.is_whitespace() || ".,;".contains(letter);
    let text = text.trim_start_matches(between);
    let after = text.strip_prefix("and").unwrap_or(text);
    after.trim_start_matches(between)
}

/// The reason for digits that are no number, or a number that no unit makes short
/// enough.
fn unreadable(written: &str) -> String {
    if written.bytes().all(|letter| letter.is_ascii_digit()) {
        return TOO_LONG.to_owned();
    }
    format!("{written} is not a number; write it like 1.5s")
}

/// The reason for a number that has no unit.
fn without_unit(
    written: &str,
    number: Decimal,
    before: &Meant,
    last: Option<usize>,
    at_end: bool,
) -> String {
    let with = |index: usize| {
        let mut meant = Meant {
            amounts: before.amounts,
            flaw: None,
        };
        meant.add(index, number, UNITS.get(index)?.nanos)?;
        meant.text()
    };
    let is_first = before.amounts.iter().all(|amount| *amount == 0);
    let write = match last {
        // `1h30` is `1h30m`.
        Some(last) => with(last + 1).map(|text| format!("write {text}")),
        None if at_end && is_first && number.digits == 0 => Some("write 0s".to_owned()),
        None if at_end && is_first => match (with(3), with(4)) {
            (Some(seconds), Some(millis)) => Some(format!("write {seconds}, or {millis}")),
            _ => return TOO_LONG.to_owned(),
        },
        None => None,
    };
    let write = write.unwrap_or_else(|| "write a unit after each number, as in 1h30m".to_owned());
    format!("{written} has no unit; {write}")
}

/// The reason for `PT5M`, or `None` if the text is not like that.
fn iso(text: &str) -> Option<String> {
    let rest = text.strip_prefix(['P', 'p'])?;
    rest.starts_with(|next: char| next.is_ascii_digit() || "Tt".contains(next))
        .then(|| match iso_amounts(rest) {
            Some(Meant { flaw: None, .. }) | None => {
                let text = iso_amounts(rest).and_then(|meant| meant.text());
                let text = text.unwrap_or_else(|| "it like 1h30m".to_owned());
                format!("ISO 8601 is not read; write {text}")
            }
            Some(meant) => format!("ISO 8601 is not read, and {}", meant.reason()),
        })
}

fn iso_amounts(text: &str) -> Option<Meant> {
    let text = text.to_ascii_uppercase();
    let (date, time) = text.split_once('T').unwrap_or((&text, ""));
    let mut meant = Meant::default();
    for (mut rest, letters) in [
        (date, &[("Y", "y"), ("M", "mo"), ("W", "w"), ("D", "d")][..]),
        (time, &[("H", "h"), ("M", "m"), ("S", "s")]),
    ] {
        while !rest.is_empty() {
            let (number, after) = leading(rest, |letter| {
                letter.is_ascii_digit() || ".,".contains(letter)
            });
            let (letter, after) = leading(after, |letter| letter.is_ascii_uppercase());
            let (_, unit) = letters.iter().find(|(known, _)| *known == letter)?;
            let (index, nanos, flaw) = unit_meant(unit)?;
            meant.note(flaw.filter(|_| letter != "W"));
            meant.add(index, Decimal::parse(number)?, nanos)?;
            rest = after;
        }
    }
    Some(meant)
}

/// The reason for `00:05:00`, or `None` if the text is not like that.
fn clock(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(':').collect();
    let is_time = |part: &&str| {
        part.starts_with(|first: char| first.is_ascii_digit())
            && part
                .chars()
                .all(|letter| letter.is_ascii_digit() || letter == '.')
    };
    if !(2..=4).contains(&parts.len()) || !parts.iter().all(is_time) {
        return None;
    }
    // .NET has days before a point: `1.02:03:04`.
    let (days, parts) = match (parts[0].split_once('.'), parts.len()) {
        (Some((days, hours)), 3) => (Some(days), [&[hours], &parts[1..]].concat()),
        _ => (None, parts),
    };
    let from = |first: usize| {
        let mut meant = Meant::default();
        if let Some(days) = days {
            meant.add(0, Decimal::parse(days)?, UNITS[0].nanos)?;
        }
        for (index, part) in (first..).zip(&parts) {
            meant.add(index, Decimal::parse(part)?, UNITS[index].nanos)?;
        }
        meant.text()
    };
    // The last part is seconds; of two parts, it may be minutes.
    let text = match parts.len() {
        2 if from(1) == from(2) => from(2)?,
        2 => format!("{}, or {}", from(2)?, from(1)?),
        count => from(4 - count)?,
    };
    Some(format!("a time with colons is not read; write {text}"))
}

#[cfg(test)]
mod tests {
    use super::super::{parse, read};

    const NO_DURATION: &str = super::NO_DURATION;
    const TOO_LONG: &str = super::TOO_LONG;
    const UNITS: &str = "is not a unit; there are d, h, m, s, ms, us and ns";

    #[track_caller]
    fn assert_reasons(cases: &[(&str, &str)]) {
        for (text, reason) in cases {
            assert_eq!(parse(text), Err((*reason).to_owned()), "{text:?}");
            let (_, write) = reason.split_once("write ").unwrap_or_default();
            let mut texts = write
                .split(", or ")
                .filter(|text| !text.is_empty() && !text.contains(' '));
            assert!(texts.all(|text| read(text).is_some()), "{reason}");
        }
    }

    #[test]
    fn a_number_without_a_unit_is_given_the_likely_units() {
        assert_reasons(&[
            ("30", "30 has no unit; write 30s, or 30ms"),
            ("5000", "5000 has no unit; write 5000s, or 5000ms"),
            ("1.5", "1.5 has no unit; write 1.5s, or 1.5ms"),
            ("5_000", "5_000 has no unit; write 5000s, or 5000ms"),
            ("1e3", "1e3 has no unit; write 1000s, or 1000ms"),
            ("+5", "5 has no unit; write 5s, or 5ms"),
            ("00", "00 has no unit; write 0s"),
            ("0.0", "0.0 has no unit; write 0s"),
            ("1h30", "30 has no unit; write 1h30m"),
            ("5m 30", "30 has no unit; write 5m30s"),
            (
                "1ns5",
                "5 has no unit; write a unit after each number, as in 1h30m",
            ),
            (
                "5 5s",
                "5 has no unit; write a unit after each number, as in 1h30m",
            ),
            (
                "5 30",
                "5 has no unit; write a unit after each number, as in 1h30m",
            ),
        ]);
    }

    #[test]
    fn a_text_that_means_a_duration_is_corrected() {
        assert_reasons(&[
            (" 5s", "write 5s"),
            ("5s ", "write 5s"),
            ("+5s", "write 5s"),
            ("\"5s\"", "write 5s"),
            ("5s # x", "write 5s"),
            ("5s #x", "write 5s"),
            ("5\u{a0}m", "write 5m"),
            ("5 min.", "write 5m"),
            ("5 min. 3 sec.", "write 5m3s"),
            ("1e3s", "write 1000s"),
            ("1E-3s", "write 0.001s"),
            ("1_000ms", "write 1000ms"),
            ("1,000ms", "write 1000ms"),
            ("1,5s", "write 1.5s"),
            (".5s", "write 0.5s"),
            ("5.s", "write 5s"),
            ("1 hour, 30 minutes", "write 1h30m"),
            ("1 hour and 30 minutes", "write 1h30m"),
            ("5S", "units are in lower case; write 5s"),
            ("5M", "units are in lower case; write 5m"),
            ("5 Min", "units are in lower case; write 5m"),
            ("1H30M", "units are in lower case; write 1h30m"),
            ("1.5H", "units are in lower case; write 1h30m"),
            ("2w", "weeks are not read; write 14d"),
            ("1w 2d", "weeks are not read; write 9d"),
            ("5mo", "months differ in length; write 150d"),
            ("1y", "years differ in length; write 365d"),
            ("2 Years", "years differ in length; write 730d"),
            (
                "30m1h",
                "each unit may stand once, the longest first; write 1h30m",
            ),
            (
                "1s1s",
                "each unit may stand once, the longest first; write 2s",
            ),
            (
                "1.9999999999s",
                "a nanosecond is the shortest unit; write 2s",
            ),
            ("0.5ns", "a nanosecond is the shortest unit; write 1ns"),
        ]);
    }

    #[test]
    fn iso_8601_and_clock_times_are_translated() {
        assert_reasons(&[
            ("PT5M", "ISO 8601 is not read; write 5m"),
            ("pt5m", "ISO 8601 is not read; write 5m"),
            ("P1D", "ISO 8601 is not read; write 1d"),
            ("P1W", "ISO 8601 is not read; write 7d"),
            ("P1DT2H3M4.5S", "ISO 8601 is not read; write 1d2h3m4.5s"),
            ("PT1.5H", "ISO 8601 is not read; write 1h30m"),
            ("PT0,5S", "ISO 8601 is not read; write 0.5s"),
            ("PT0S", "ISO 8601 is not read; write 0s"),
            (
                "P1M",
                "ISO 8601 is not read, and months differ in length; write 30d",
            ),
            (
                "P1Y2M",
                "ISO 8601 is not read, and years differ in length; write 425d",
            ),
            ("PT5X", "ISO 8601 is not read; write it like 1h30m"),
            ("-PT5M", "a duration is not negative"),
            ("00:05:00", "a time with colons is not read; write 5m"),
            ("1:30:00", "a time with colons is not read; write 1h30m"),
            ("00:00:05.5", "a time with colons is not read; write 5.5s"),
            ("00:00:00", "a time with colons is not read; write 0s"),
            ("05:00", "a time with colons is not read; write 5m, or 5h"),
            ("0:0", "a time with colons is not read; write 0s"),
            (
                "1:02:03:04",
                "a time with colons is not read; write 1d2h3m4s",
            ),
            (
                "1.02:03:04",
                "a time with colons is not read; write 1d2h3m4s",
            ),
        ]);
    }

    #[test]
    fn a_text_that_no_duration_is_meant_by_gets_an_example() {
        let huge = "9".repeat(60);
        assert_reasons(&[
            ("", "it is empty; write a duration, like 30s"),
            ("s", NO_DURATION),
            ("five minutes", NO_DURATION),
            ("5m ago", NO_DURATION),
            ("1h-30m", NO_DURATION),
            ("5x", &format!("\"x\" {UNITS}")),
            ("5sx", &format!("\"sx\" {UNITS}")),
            ("-5s", "a duration is not negative"),
            ("-1", "a duration is not negative"),
            ("\u{2212}5s", "a duration is not negative"),
            ("inf", "a duration ends; write a long duration, like 365d"),
            (
                "Infinity",
                "a duration ends; write a long duration, like 365d",
            ),
            ("never", "a duration ends; write a long duration, like 365d"),
            ("1.2.3s", "1.2.3 is not a number; write it like 1.5s"),
            ("213503982334602d", TOO_LONG),
            ("1e30s", TOO_LONG),
            ("1e999999999999s", TOO_LONG),
            (
                "1e99999999999999999999s",
                "1e99999999999999999999 is not a number; write it like 1.5s",
            ),
            (&huge, TOO_LONG),
            (&format!("{huge}s"), TOO_LONG),
            ("99999999999999999999", TOO_LONG),
        ]);
    }
}

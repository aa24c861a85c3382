//! A range that a value must be in, in words: `at least 5`, `from 1 to 64`.

use std::cmp::Ordering;
use std::fmt::{self, Display};
use std::ops::{Bound, RangeBounds};
use std::time::Duration;

use super::inside::{Ends, Inside, RangeOf, Ranged};
use super::validators::refused;
use super::{duration, Invalid, Probe, Reason, Text};

/// Compares two values.
type Order<E> = fn(&E, &E) -> Option<Ordering>;

/// A range of values of `E`, which a `T` is or has inside, and the way to show its ends.
pub struct Bounds<'r, T, E = T> {
    start: Bound<&'r E>,
    end: Bound<&'r E>,
    value: fn(&T) -> &E,
    order: Order<E>,
    show: fn(&E) -> Option<String>,
    /// The range as it was written, for a type that cannot be shown.
    written: &'static str,
}

impl<T, E> fmt::Debug for Bounds<'_, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bounds").field(&self.written).finish()
    }
}

/// The parts of a range that documentation shows.
#[derive(Debug)]
pub struct RangeText {
    /// Empty if every value is in the range.
    pub(crate) words: String,
    /// The least value, if it is in the range.
    pub(crate) first: Option<String>,
    /// The greatest value, if it is in the range.
    pub(crate) last: Option<String>,
    /// Why the range is none: a text at an end of it is no value, or no value is in it.
    pub(crate) fault: Option<String>,
}

impl RangeText {
    /// Creates the parts of a range that is in words.
    pub(crate) fn of_words(words: &str) -> Self {
        let (start, rest) = words.split_once(' ').unwrap_or((words, ""));
        let last = match start {
            "from" => rest.split(" to ").nth(1),
            "at" | "above" | "below" => {
                let mut parts = words.split(" and ");
                parts.find_map(|part| part.strip_prefix("at most "))
            }
            _ => Some(words),
        };
        let first = match start {
            "from" => rest.split(" to ").next(),
            "at" => rest
                .strip_prefix("least ")
                .and_then(|rest| rest.split(" and ").next()),
            "above" | "below" => None,
            _ => Some(words),
        };
        Self {
            words: words.to_owned(),
            first: first.map(str::to_owned),
            last: last.map(str::to_owned),
            fault: None,
        }
    }

    /// Creates the parts of a length that is in words: `at least 64 characters`.
    pub(crate) fn of_length(words: &str) -> Self {
        let (range, _) = words.rsplit_once(' ').unwrap_or_default();
        Self {
            words: words.to_owned(),
            ..Self::of_words(range)
        }
    }
}

impl<T> Bounds<'_, T> {
    /// For `#[env(range = ..)]`, because no end has a type.
    #[must_use]
    pub fn all() -> Self {
        Self {
            start: Bound::Unbounded,
            end: Bound::Unbounded,
            value: |value| value,
            order: |_, _| None,
            show: |_| None,
            written: "..",
        }
    }
}

// The bounds stand where the compiler reports a type without a bound only once.
#[expect(missing_docs, reason = "for generated code")]
impl<'r, T, E> Bounds<'r, T, E> {
    pub fn new<R: RangeOf<E>, Via>(
        range: &'r R,
        show: fn(&E) -> Option<String>,
        written: &'static str,
    ) -> Self
    where
        T: Ranged<E, Via>,
        E: Ends,
    {
        Self {
            start: range.start_bound(),
            end: range.end_bound(),
            value: <T as Ranged<E, Via>>::ranged,
            order: E::partial_cmp,
            show,
            written,
        }
    }

    /// For `#[env(range = 1..=64)]`.
    pub fn check(&self, value: &T) -> Result<(), Invalid> {
        if is_within((self.start, self.end), (self.value)(value), self.order) {
            return Ok(());
        }
        Err(match self.fault() {
            Some(fault) => refused(Reason::said(&fault, true)),
            None => out_of_range(&self.words()),
        })
    }

    #[must_use]
    pub fn text(&self) -> RangeText {
        let included = |end| match end {
            Bound::Included(end) => (self.show)(end),
            Bound::Excluded(_) | Bound::Unbounded => None,
        };
        RangeText {
            words: self.words(),
            first: included(self.start),
            last: included(self.end),
            fault: self.fault(),
        }
    }

    #[cold]
    fn words(&self) -> String {
        let (start, end) = self.ends();
        in_words(start, end)
    }

    #[cold]
    fn fault(&self) -> Option<String> {
        let is_empty = has_no_value((self.start, self.end), self.order);
        is_empty.then(|| without_value(self.ends()))
    }

    fn ends(&self) -> (Bound<String>, Bound<String>) {
        let written = self.written.replace(' ', "");
        let (first, last) = written_ends(&written);
        (self.end(self.start, first), self.end(self.end, last))
    }

    /// Returns an end as text; `written` if the value cannot be shown.
    fn end(&self, bound: Bound<&E>, written: &str) -> Bound<String> {
        bound.map(|value| (self.show)(value).unwrap_or_else(|| written.to_owned()))
    }
}

#[cold]
fn out_of_range(words: &str) -> Invalid {
    refused(Reason::said(&format_args!("it must be {words}"), true))
}

/// Returns the ends of a range as the code has it.
fn written_ends(written: &str) -> (&str, &str) {
    let (first, last) = written.split_once("..").unwrap_or_default();
    (first, last.trim_start_matches('='))
}

/// A range with texts as its ends, which are read like the value.
pub struct TextRange<T> {
    ends: Result<(Bound<T>, Bound<T>), Reason>,
    order: Order<T>,
    texts: (Bound<&'static str>, Bound<&'static str>),
}

impl<T> fmt::Debug for TextRange<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TextRange").field(&self.texts).finish()
    }
}

#[expect(missing_docs, reason = "for generated code")]
impl<T> TextRange<T> {
    pub fn new<R: RangeBounds<&'static str>>(
        range: &R,
        read: fn(&mut Text<'_>) -> Result<T, Invalid>,
        order: fn(&T, &T) -> Option<Ordering>,
    ) -> Self {
        let texts = (range.start_bound().cloned(), range.end_bound().cloned());
        Self {
            ends: values(texts, read, order),
            order,
            texts,
        }
    }

    /// For `#[env(range = "1s"..="1h")]`.
    pub fn check(&self, value: &T) -> Result<(), Invalid> {
        let (start, end) = match &self.ends {
            Ok(ends) => ends,
            Err(why) => return Err(refused(Reason::said(&why.text, true))),
        };
        if is_within((start.as_ref(), end.as_ref()), value, self.order) {
            Ok(())
        } else {
            Err(out_of_range(&self.words()))
        }
    }

    #[must_use]
    pub fn text(&self) -> RangeText {
        let fault = self.ends.as_ref().err();
        let included = |end| match end {
            Bound::Included(text) if fault.is_none() => Some(String::from(text)),
            _ => None,
        };
        RangeText {
            words: self.words(),
            first: included(self.texts.0),
            last: included(self.texts.1),
            fault: fault.map(|why| why.text.clone().into_owned()),
        }
    }

    #[cold]
    fn words(&self) -> String {
        let (start, end) = self.texts;
        in_words(start.map(str::to_owned), end.map(str::to_owned))
    }
}

/// Returns the values of the ends, unless an end is no value or no value is between them.
fn values<T>(
    texts: (Bound<&'static str>, Bound<&'static str>),
    read: fn(&mut Text<'_>) -> Result<T, Invalid>,
    order: Order<T>,
) -> Result<(Bound<T>, Bound<T>), Reason> {
    let end = |bound: Bound<&str>| {
        Ok(match bound {
            Bound::Unbounded => Bound::Unbounded,
            Bound::Included(text) => Bound::Included(value(text, read)?),
            Bound::Excluded(text) => Bound::Excluded(value(text, read)?),
        })
    };
    let (start, stop) = (end(texts.0)?, end(texts.1)?);
    if has_no_value((start.as_ref(), stop.as_ref()), order) {
        let texts = (texts.0.map(str::to_owned), texts.1.map(str::to_owned));
        return Err(Reason::said(&without_value(texts), true));
    }
    Ok((start, stop))
}

/// Returns the value of an end.
fn value<T>(text: &str, read: fn(&mut Text<'_>) -> Result<T, Invalid>) -> Result<T, Reason> {
    read(&mut Text::borrowed(text, ",")).map_err(|_| {
        Reason::said(
            &format_args!("the end {text} of its range is no value of its type"),
            true,
        )
    })
}

fn is_within<E>(range: (Bound<&E>, Bound<&E>), value: &E, order: Order<E>) -> bool {
    let is_in_order = |is_open: bool, order: Option<Ordering>| match order {
        Some(Ordering::Less) => true,
        Some(Ordering::Equal) => !is_open,
        Some(Ordering::Greater) | None => false,
    };
    let is_above = match range.0 {
        Bound::Unbounded => true,
        Bound::Included(end) => is_in_order(false, order(end, value)),
        Bound::Excluded(end) => is_in_order(true, order(end, value)),
    };
    is_above
        && match range.1 {
            Bound::Unbounded => true,
            Bound::Included(end) => is_in_order(false, order(value, end)),
            Bound::Excluded(end) => is_in_order(true, order(value, end)),
        }
}

/// Returns whether no value is between the ends.
fn has_no_value<E>(range: (Bound<&E>, Bound<&E>), order: Order<E>) -> bool {
    let (start, end, is_open) = match range {
        (Bound::Included(start), Bound::Included(end)) => (start, end, false),
        (Bound::Included(start) | Bound::Excluded(start), Bound::Excluded(end))
        | (Bound::Excluded(start), Bound::Included(end)) => (start, end, true),
        (Bound::Unbounded, _) | (_, Bound::Unbounded) => return false,
    };
    match order(start, end) {
        Some(Ordering::Less) => false,
        Some(Ordering::Equal) => is_open,
        Some(Ordering::Greater) | None => true,
    }
}

/// Returns the fault of a range between two ends that no value is in.
fn without_value(ends: (Bound<String>, Bound<String>)) -> String {
    let (Bound::Included(start) | Bound::Excluded(start), end) = ends else {
        return String::new();
    };
    let (dots, end) = match end {
        Bound::Included(end) => ("..=", end),
        Bound::Excluded(end) => ("..", end),
        Bound::Unbounded => return String::new(),
    };
    format!("no value is in its range {start}{dots}{end}")
}

/// Compares two values of a type: the compiler takes the first of these that the type has. Its
/// own order; [`OrderInside`]; [`OrderInnermost`].
#[expect(missing_docs, reason = "for generated code")]
impl<T: PartialOrd> Probe<T> {
    #[must_use]
    pub fn order(&self, one: &T, other: &T) -> Option<Ordering> {
        one.partial_cmp(other)
    }
}

/// For a type around a value with an order: `Secret<Duration>`, a newtype.
#[expect(missing_docs, reason = "for generated code")]
pub trait OrderInside<T, I> {
    fn order(&self, one: &T, other: &T) -> Option<Ordering>;
}

impl<T: Inside<I>, I: PartialOrd> OrderInside<T, I> for Probe<T> {
    fn order(&self, one: &T, other: &T) -> Option<Ordering> {
        one.inside().partial_cmp(other.inside())
    }
}

/// For a reference to a [`Probe`], which is tried last.
#[expect(missing_docs, reason = "for generated code")]
pub trait OrderInnermost<T, Via> {
    fn order(&self, one: &T, other: &T) -> Option<Ordering>
    where
        T: Ordered<Via>;
}

impl<T, Via> OrderInnermost<T, Via> for &Probe<T> {
    fn order(&self, one: &T, other: &T) -> Option<Ordering>
    where
        T: Ordered<Via>,
    {
        one.compared(other)
    }
}

/// A type around a type around a value with an order: `Secret<Wait>` of a newtype.
#[diagnostic::on_unimplemented(
    message = "`range` cannot compare values of `{Self}`",
    label = "this type has no order",
    note = "derive `PartialOrd` for the type, or write `validate = path` instead of `range`"
)]
pub trait Ordered<Via> {
    fn compared(&self, other: &Self) -> Option<Ordering>;
}

#[diagnostic::do_not_recommend]
impl<T, I, J> Ordered<(I, J)> for T
where
    T: Inside<I>,
    I: Inside<J>,
    J: PartialOrd,
{
    fn compared(&self, other: &Self) -> Option<Ordering> {
        self.inside().inside().partial_cmp(other.inside().inside())
    }
}

pub(super) fn in_words(start: Bound<String>, end: Bound<String>) -> String {
    match (start, end) {
        (Bound::Included(first), Bound::Included(last)) if first == last => first,
        (Bound::Included(first), Bound::Included(last)) => format!("from {first} to {last}"),
        (start, end) => {
            let start = match start {
                Bound::Included(first) => Some(format!("at least {first}")),
                Bound::Excluded(first) => Some(format!("above {first}")),
                Bound::Unbounded => None,
            };
            let end = match end {
                Bound::Included(last) => Some(format!("at most {last}")),
                Bound::Excluded(last) => Some(format!("below {last}")),
                Bound::Unbounded => None,
            };
            let both: Vec<String> = start.into_iter().chain(end).collect();
            both.join(" and ")
        }
    }
}

/// How a type's values are shown: the compiler takes the first of these that the type
/// has. A `Duration` as it is read; [`ShowDisplay`]; [`ShowNothing`].
#[expect(missing_docs, reason = "for generated code")]
impl Probe<Duration> {
    #[must_use]
    pub fn show(&self, value: &Duration) -> Option<String> {
        Some(duration::shown(*value))
    }
}

#[expect(missing_docs, reason = "for generated code")]
pub trait ShowDisplay<T> {
    fn show(&self, value: &T) -> Option<String>;
}

impl<T: Display> ShowDisplay<T> for Probe<T> {
    fn show(&self, value: &T) -> Option<String> {
        Some(value.to_string())
    }
}

/// For a reference to a [`Probe`], which is tried last.
#[expect(missing_docs, reason = "for generated code")]
pub trait ShowNothing<T> {
    fn show(&self, value: &T) -> Option<String>;
}

impl<T> ShowNothing<T> for &Probe<T> {
    fn show(&self, _: &T) -> Option<String> {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::ops::{Bound, RangeBounds};

    use super::{Bounds, RangeText};

    #[track_caller]
    fn assert_words(range: impl RangeBounds<u8>, words: &str) {
        let bounds: Bounds<'_, u8> = Bounds::new(&range, |value| Some(value.to_string()), "");
        assert_eq!(bounds.text().words, words);
    }

    #[test]
    fn a_range_is_said_in_words() {
        assert_words(1..=64, "from 1 to 64");
        assert_words(7..=7, "7");
        assert_words(1..64, "at least 1 and below 64");
        assert_words(1.., "at least 1");
        assert_words(..5, "below 5");
        assert_words(..=9, "at most 9");
        assert_words(.., "");
        assert_words((Bound::Excluded(1), Bound::Unbounded), "above 1");
        assert_words(
            (Bound::Excluded(1), Bound::Included(9)),
            "above 1 and at most 9",
        );
    }

    #[test]
    fn the_least_value_of_a_range_in_words_is_found() {
        for (words, first) in [
            ("from 1h 30m to 2h", Some("1h 30m")),
            ("7", Some("7")),
            ("at least 1 and below 64", Some("1")),
            ("at least 5", Some("5")),
            ("above 1 and at most 9", None),
            ("below 5", None),
            ("at most 9", None),
        ] {
            assert_eq!(
                RangeText::of_words(words).first.as_deref(),
                first,
                "{words}"
            );
            let length = RangeText::of_length(&format!("{words} characters"));
            assert_eq!(length.first.as_deref(), first, "{words}");
        }
    }

    #[test]
    fn ends_that_cannot_be_shown_are_repeated_as_written() {
        for (written, range, words) in [
            (
                "LO..",
                (Bound::Included(1), Bound::Unbounded),
                "at least LO",
            ),
            (
                "LO..HI",
                (Bound::Included(1), Bound::Excluded(9)),
                "at least LO and below HI",
            ),
            (
                "LO..=HI",
                (Bound::Included(1), Bound::Included(9)),
                "from LO to HI",
            ),
            (
                "..=HI",
                (Bound::Unbounded, Bound::Included(9)),
                "at most HI",
            ),
        ] {
            let bounds: Bounds<'_, u8> = Bounds::new(&range, |_| None, written);
            assert_eq!(bounds.text().words, words);
        }
    }
}

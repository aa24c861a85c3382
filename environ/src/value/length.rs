//! The length that a value must have: its characters, or its elements.

use std::fmt;
use std::ops::{Bound, RangeBounds};

use super::parts::HasLength;
use super::validators::refused;
use super::{Bounds, Invalid, RangeText, Reason};

/// A range of lengths of a `T`.
pub struct Length<T> {
    ends: (Bound<usize>, Bound<usize>),
    count: fn(&T) -> usize,
    noun: &'static str,
}

impl<T> fmt::Debug for Length<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Length").field(&self.ends).finish()
    }
}

// The bounds stand at `length`, where the compiler reports a type without a length only once.
impl<T> Length<T> {
    /// For `#[env(len = 64..)]`.
    pub fn check(&self, value: &T) -> Result<(), Invalid> {
        if self.ends.contains(&(self.count)(value)) {
            return Ok(());
        }
        Err(refused(Reason::said(
            &format_args!("it must have {}", self.text().words),
            true,
        )))
    }

    #[must_use]
    pub fn text(&self) -> RangeText {
        let bounds: Bounds<'_, usize> = Bounds::new(&self.ends, |end| Some(end.to_string()), "");
        let range = bounds.text();
        RangeText {
            words: counted(&range.words, self.noun),
            ..range
        }
    }
}

/// Creates a range of lengths.
pub fn length<T: HasLength<Via>, Via, R: RangeBounds<usize>>(range: &R) -> Length<T> {
    Length {
        ends: (range.start_bound().cloned(), last(range.end_bound())),
        count: T::count,
        noun: T::NOUN,
    }
}

/// Returns the end of a range as its last length, because lengths are whole numbers.
fn last(end: Bound<&usize>) -> Bound<usize> {
    match end.cloned() {
        Bound::Excluded(after) if after > 0 => Bound::Included(after - 1),
        end => end,
    }
}

/// Returns the words for a range of lengths, with the noun: `at least 1 character`.
pub(super) fn counted(range: &str, noun: &str) -> String {
    let is_single = matches!(range, "1" | "at least 1" | "at most 1");
    let singular = noun.strip_suffix('s').filter(|_| is_single);
    format!("{range} {}", singular.unwrap_or(noun))
}

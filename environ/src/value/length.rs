//! The length that a value must have: its characters, or its elements.

use std::marker::PhantomData;
use std::ops::{Bound, RangeBounds};

use super::parts::HasLength;
use super::validators::refused;
use super::{Bounds, Invalid, RangeText, Reason};

/// A range of lengths of a `T`.
#[derive(Debug)]
pub struct Length<T, Via> {
    ends: (Bound<usize>, Bound<usize>),
    of: PhantomData<(T, Via)>,
}

impl<T: HasLength<Via>, Via> Length<T, Via> {
    /// For `#[env(len = 64..)]`.
    pub fn check(&self, value: &T) -> Result<(), Invalid> {
        if self.ends.contains(&value.count()) {
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
            words: counted(&range.words, T::NOUN),
            ..range
        }
    }
}

/// Creates a range of lengths. A function, so that the compiler reports a type without a length.
pub fn length<T: HasLength<Via>, Via, R: RangeBounds<usize>>(range: &R) -> Length<T, Via> {
    Length {
        ends: (range.start_bound().cloned(), last(range.end_bound())),
        of: PhantomData,
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

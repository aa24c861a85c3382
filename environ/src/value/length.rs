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
        let RangeText { words, first, .. } = bounds.text();
        RangeText {
            words: format!("{words} {}", T::NOUN),
            first,
            fault: None,
        }
    }
}

/// Creates a range of lengths. A function, so that the compiler reports a type without a length.
pub fn length<T: HasLength<Via>, Via, R: RangeBounds<usize>>(range: &R) -> Length<T, Via> {
    Length {
        ends: (range.start_bound().cloned(), range.end_bound().cloned()),
        of: PhantomData,
    }
}

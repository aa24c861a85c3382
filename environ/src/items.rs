//! The iterators over references to the types of this crate that hold several items.

use std::iter::FusedIterator;
use std::slice;

/// An iterator over the items of a report, for `for problem in &err`.
#[derive(Debug)]
pub struct Items<'a, T>(slice::Iter<'a, T>);

impl<'a, T> Items<'a, T> {
    pub(crate) fn new(items: &'a [T]) -> Self {
        Self(items.iter())
    }
}

impl<T> Clone for Items<'_, T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<'a, T> Iterator for Items<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<T> DoubleEndedIterator for Items<'_, T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back()
    }
}

impl<T> ExactSizeIterator for Items<'_, T> {}

impl<T> FusedIterator for Items<'_, T> {}

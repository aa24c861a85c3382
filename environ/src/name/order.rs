//! Orders of items. The sorts of the standard library are a thousand lines for each type and
//! comparison, for users of this crate to compile; this sort is compiled once.

use std::cmp::Ordering;

/// Returns the places of `len` items as `compare` orders them. It takes two places; items that are
/// equal stay in their order.
pub(crate) fn order(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..len).collect();
    places.sort_by(|one, other| compare(*one, *other));
    places
}

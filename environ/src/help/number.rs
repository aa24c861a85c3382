//! The types of whole numbers, which other formats know.

/// Returns whether a type is a whole number of Rust.
pub(super) fn is_number(column: &str) -> bool {
    let bits = column.strip_prefix(['i', 'u']);
    bits.is_some_and(|bits| ["8", "16", "32", "64", "128", "size"].contains(&bits))
}

//! What the members print with.

mod table;

use std::error::Error;

use lexopt::prelude::*;

pub use table::{Table, number, ratio};

/// Reads the one option of a member: `--rounds N`.
///
/// # Errors
///
/// If there is another, or no number.
pub fn rounds(default: usize) -> Result<usize, Box<dyn Error>> {
    let mut options = lexopt::Parser::from_env();
    let mut rounds = default;
    while let Some(option) = options.next()? {
        match option {
            Long("rounds") => rounds = options.value()?.parse()?,
            option => return Err(option.unexpected().into()),
        }
    }
    Ok(rounds)
}

/// The middle one of some numbers, or the mean of the two in the middle.
///
/// # Panics
///
/// If there are none.
#[must_use]
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    if numbers.len() % 2 == 1 {
        return numbers[middle];
    }
    f64::midpoint(numbers[middle - 1], numbers[middle])
}

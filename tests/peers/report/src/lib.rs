//! Printing for all members.

mod table;
mod versions;

use std::error::Error;

use lexopt::prelude::*;

pub use table::{Table, number, ratio};
pub use versions::versions;

/// The arguments of a member.
pub struct Options {
    pub rounds: usize,
    /// The contestants that are asked for, if not all are.
    pub only: Option<Vec<String>>,
}

/// Reads the one option of most members: `--rounds N`.
///
/// # Errors
///
/// If there is another, or no number.
pub fn rounds(default: usize) -> Result<usize, Box<dyn Error>> {
    let Options { rounds, only } = options(default)?;
    match only {
        None => Ok(rounds),
        Some(_) => Err("`--only` has no effect on this table; remove it".into()),
    }
}

/// Reads the same, and `--only NAME,NAME`.
///
/// # Errors
///
/// If there is another option, or no number.
pub fn options(default: usize) -> Result<Options, Box<dyn Error>> {
    let mut args = lexopt::Parser::from_env();
    let (mut rounds, mut only) = (default, None);
    while let Some(arg) = args.next()? {
        match arg {
            Long("rounds") => rounds = args.value()?.parse()?,
            Long("only") => {
                let names = args.value()?.string()?;
                only = Some(names.split(',').map(str::to_owned).collect());
            }
            arg => return Err(arg.unexpected().into()),
        }
    }
    Ok(Options { rounds, only })
}

/// The median of the ratios of measurements in the same rounds.
///
/// # Panics
///
/// If there were none.
#[must_use]
pub fn median_ratio(own: &[f64], base: &[f64]) -> f64 {
    median(own.iter().zip(base).map(|(own, base)| own / base).collect())
}

/// The median of some numbers.
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

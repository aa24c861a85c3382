//! `doctor`: problems of a deployment beyond its variables.
//!
//! Only facts are checked, and no finding keeps the service from starting.

mod deployment;
mod finding;
mod findings;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::time::Duration;

use self::deployment::Deployment;
pub(super) use self::deployment::Surroundings;
use super::check::load;
use super::output::print;
use crate::process::Failure;

/// Prints the findings about a deployment that is killed after `grace`.
pub(super) fn doctor(grace: Option<Duration>) -> Result<u8, Failure> {
    let loaded = load()?;
    let deployment = Deployment::of_this_process(&loaded, grace)?;
    let mut report = String::new();
    for finding in deployment.findings() {
        let _ = writeln!(report, "{finding}");
    }
    Ok(print(report))
}

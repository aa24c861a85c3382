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

use serde_json::json;

use self::deployment::Deployment;
pub(super) use self::deployment::Surroundings;
use self::finding::Finding;
use super::check::load;
use super::output::print;
use super::verdict::Verdict;
use crate::process::{Failure, exit};

/// Prints the findings about a deployment that is killed after `grace`.
pub(super) async fn doctor(grace: Option<Duration>, verdict: Verdict) -> Result<u8, Failure> {
    let loaded = match load().await {
        Err(failure) if verdict.json => {
            print(format!("{}\n", failure.to_json()));
            return Ok(failure.code());
        }
        loaded => loaded?,
    };
    let deployment = Deployment::of_this_process(&loaded, grace)?;
    let findings = deployment.findings();
    let mut report = String::new();
    if verdict.json {
        let findings: Vec<_> = findings.iter().map(Finding::json).collect();
        report = format!("{}\n", json!({"findings": findings}));
    } else {
        for finding in &findings {
            let _ = writeln!(report, "{finding}");
        }
    }
    let printed = print(report);
    let is_rejected = verdict.strict && findings.iter().any(|finding| finding.is_warning);
    Ok(if is_rejected { exit::FAILED } else { printed })
}

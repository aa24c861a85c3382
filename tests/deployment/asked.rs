//! Asks a check for the workloads that it finds, by a check that the library lets a program add.

use std::sync::Mutex;

use environ::EnvConfig;
use environ::deployment::{Deployment, Report, Workload};

/// A table that has none of the names in the files, so that these count as unknown.
#[derive(Debug, EnvConfig)]
#[env(prefix = "X")]
#[expect(dead_code, reason = "only checked")]
pub(crate) struct Nothing {
    #[env(default = 1)]
    number: u8,
}

/// Returns the report of a check, and the answer about each workload, in the order of the files.
pub(crate) fn asked<T: Send>(
    deployment: Deployment<'_>,
    question: impl Fn(&Workload) -> T + Send + Sync,
) -> (Report, Vec<T>) {
    let answers = Mutex::new(Vec::new());
    let ask = |workload: &Workload| {
        answers.lock().unwrap().push(question(workload));
        Vec::new()
    };
    let report = deployment.with(ask).check();
    (report, answers.into_inner().unwrap())
}

//! The reloads so far, for metrics and operators. No value of a variable is in it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde_json::{Value, json};

/// The result of a reload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// New values are in effect.
    Applied,
    /// No value changed.
    Unchanged,
    /// Something is wrong, and the former values stay in effect.
    Refused,
}

impl Outcome {
    pub(crate) const ALL: [Self; 3] = [Self::Applied, Self::Unchanged, Self::Refused];

    /// Returns the word in metrics and in `/-/config`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Unchanged => "unchanged",
            Self::Refused => "refused",
        }
    }
}

/// A reload.
#[derive(Clone, Debug)]
pub(crate) struct Last {
    pub(crate) outcome: Outcome,
    pub(crate) at: Instant,
    /// The variables with a new value.
    pub(crate) variables: Vec<String>,
    /// The variables that changed and need a restart.
    pub(crate) need_restart: Vec<String>,
    /// The reasons of a refusal.
    pub(crate) problems: Vec<String>,
}

impl Last {
    pub(super) fn new(outcome: Outcome) -> Self {
        Self {
            outcome,
            at: Instant::now(),
            variables: Vec::new(),
            need_restart: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Counts as refused if the secrets could not be fetched for this reason, and no value
    /// changed.
    pub(super) fn without_secrets(mut self, reason: Option<&String>) -> Self {
        if let Some(reason) = reason.filter(|_| self.outcome != Outcome::Applied) {
            self.outcome = Outcome::Refused;
            self.problems
                .push(format!("the secrets cannot be fetched: {reason}"));
        }
        self
    }
}

/// The reloads since the start. A clone shows the same reloads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reloads(Arc<Mutex<Status>>);

#[derive(Debug, Default)]
struct Status {
    counts: [u64; Outcome::ALL.len()],
    last: Option<Last>,
    succeeded: Option<Instant>,
}

impl Reloads {
    /// Records a reload.
    pub(super) fn record(&self, last: Last) {
        let mut status = self.status();
        let index = Outcome::ALL.iter().position(|it| *it == last.outcome);
        if let Some(count) = index.and_then(|index| status.counts.get_mut(index)) {
            *count += 1;
        }
        if last.outcome != Outcome::Refused {
            status.succeeded = Some(last.at);
        }
        status.last = Some(last);
    }

    /// Returns the number of reloads by outcome.
    pub(crate) fn counts(&self) -> [(Outcome, u64); Outcome::ALL.len()] {
        let counts = self.status().counts;
        let mut index = 0;
        Outcome::ALL.map(|outcome| {
            index += 1;
            (outcome, counts[index - 1])
        })
    }

    /// Returns the last reload.
    pub(crate) fn last(&self) -> Option<Last> {
        self.status().last.clone()
    }

    /// Returns the time of the last reload that was not refused.
    pub(crate) fn succeeded(&self) -> Option<Instant> {
        self.status().succeeded
    }

    /// Returns a JSON object with the counts and the last reload.
    pub(crate) fn json(&self) -> Value {
        let mut json = json!({});
        for (outcome, count) in self.counts() {
            json[outcome.name()] = count.into();
        }
        json["last"] = self.last().map(|last| last.json()).into();
        json
    }

    fn status(&self) -> MutexGuard<'_, Status> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Last {
    fn json(&self) -> Value {
        json!({
            "outcome": self.outcome.name(),
            "age_seconds": self.at.elapsed().as_secs(),
            "variables": self.variables,
            "need_restart": self.need_restart,
            "problems": self.problems,
        })
    }
}

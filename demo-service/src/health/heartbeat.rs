//! The checks of the dependencies, run in the background.
//!
//! `/__heartbeat__` and `/-/ready` read the last results, so that a request for them
//! costs nothing and waits for no dependency.

use std::convert::Infallible;
use std::fmt;
use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::config::{Check, HealthConfig};

/// The state of a check that has no result.
pub(crate) const NOT_CHECKED: &str = "not checked yet";

/// A check that takes longer fails.
const CHECK_TIMEOUT: Duration = Duration::from_secs(1);

/// All checks, each with its last result.
#[derive(Debug)]
pub(crate) struct Heartbeat {
    entries: Vec<Arc<Entry>>,
    interval: Duration,
    unready: Vec<Check>,
}

type Answer = Pin<Box<dyn Future<Output = bool> + Send>>;

struct Entry {
    check: Check,
    ask: Box<dyn Fn() -> Answer + Send + Sync>,
    last: Mutex<Option<Last>>,
}

#[derive(Clone, Copy)]
struct Last {
    state: State,
    at: Instant,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Ok,
    Failed,
    TimedOut,
}

impl Heartbeat {
    /// Creates a heartbeat without checks.
    pub(crate) fn new(config: &HealthConfig) -> Self {
        Self {
            entries: Vec::new(),
            interval: config.heartbeat_interval,
            unready: config.ready_checks.clone(),
        }
    }

    /// Adds a check: `ask` resolves to whether the dependency is healthy.
    pub(crate) fn add<F, Asked>(&mut self, check: Check, ask: F)
    where
        F: Fn() -> Asked + Send + Sync + 'static,
        Asked: Future<Output = bool> + Send + 'static,
    {
        self.entries.push(Arc::new(Entry {
            check,
            ask: Box::new(move || Box::pin(ask())),
            last: Mutex::new(None),
        }));
    }

    /// Returns the checks of `APP_READY_CHECKS` that were not added.
    pub(crate) fn missing(&self) -> impl Iterator<Item = &'static str> {
        let is_there = |check: &Check| self.entries.iter().any(|entry| entry.check == *check);
        let missing = self.unready.iter().filter(move |check| !is_there(check));
        missing.map(|check| check.name())
    }

    /// Runs each check now, and then after every interval. Stops when it is dropped.
    pub(crate) async fn run(&self) -> Infallible {
        let mut beating = JoinSet::new();
        for entry in &self.entries {
            beating.spawn(Arc::clone(entry).beat(self.interval));
        }
        pending().await
    }

    /// Returns the first failing check of `APP_READY_CHECKS`.
    pub(crate) fn unready(&self) -> Option<&'static str> {
        let failing = self.entries.iter().filter(|entry| entry.is_failing());
        let mut checks = failing.map(|entry| entry.check);
        checks
            .find(|check| self.unready.contains(check))
            .map(Check::name)
    }

    /// Returns the name of each check that has run, whether it passed, and when.
    pub(crate) fn results(&self) -> impl Iterator<Item = (&'static str, bool, Instant)> {
        self.entries.iter().filter_map(|entry| {
            let last = entry.last()?;
            Some((entry.check.name(), last.state == State::Ok, last.at))
        })
    }

    /// Returns whether all checks pass, and the results in the format of Dockerflow.
    pub(crate) fn report(&self) -> (bool, Value) {
        let mut checks = Map::new();
        let mut details = Map::new();
        for entry in &self.entries {
            let name = entry.check.name().to_owned();
            let (status, detail) = entry.report();
            checks.insert(name.clone(), status.into());
            details.insert(name, detail);
        }
        let is_ok = checks.values().all(|status| status == "ok");
        let status = if is_ok { "ok" } else { "error" };
        let report = json!({"status": status, "checks": checks, "details": details});
        (is_ok, report)
    }
}

impl Entry {
    async fn beat(self: Arc<Self>, interval: Duration) {
        loop {
            // In a separate task, a panic is a failed check.
            let mut asked = JoinSet::new();
            asked.spawn((self.ask)());
            let state = match timeout(CHECK_TIMEOUT, asked.join_next()).await {
                Ok(Some(Ok(true))) => State::Ok,
                Ok(_) => State::Failed,
                Err(_) => State::TimedOut,
            };
            let at = Instant::now();
            *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Last { state, at });
            sleep(interval).await;
        }
    }

    fn last(&self) -> Option<Last> {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A check that has not run does not fail, because the start has used the dependency.
    fn is_failing(&self) -> bool {
        self.last().is_some_and(|last| last.state != State::Ok)
    }

    fn report(&self) -> (&'static str, Value) {
        let Some(last) = self.last() else {
            return ("error", json!({"state": NOT_CHECKED}));
        };
        let (status, state) = match last.state {
            State::Ok => ("ok", "ok"),
            State::Failed => ("error", "failed"),
            State::TimedOut => ("error", "timed out"),
        };
        let age = last.at.elapsed().as_secs();
        (status, json!({"state": state, "age_seconds": age}))
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entry").field(&self.check).finish()
    }
}

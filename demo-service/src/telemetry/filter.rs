//! The filter of `tracing` for a configured level.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;

use super::accept_errors;
use super::targets::{DRAIN, EXIT, LOG_LEVEL, PANIC};
use crate::config::Level;

/// Crates of this repository.
const OURS: &[&str] = &["demo_service", "environ"];

/// Libraries with `info` events that the service logs better.
const VERBOSE: &[&str] = &["actix_server", "sqlx"];

/// Targets that others may write to as often as they like, and with any text: errors of actix
/// about malformed requests, which the service counts and sums up once a minute, and notices of
/// a database server.
const NOISY: [&str; 2] = ["actix_http::h1::dispatcher", "sqlx::postgres::notice"];

/// Targets that are written whatever the level, because an incident is not understood
/// without them.
const ALWAYS: [(&str, LevelFilter); 5] = [
    (DRAIN, LevelFilter::INFO),
    (EXIT, LevelFilter::ERROR),
    (PANIC, LevelFilter::ERROR),
    (LOG_LEVEL, LevelFilter::WARN),
    // Counted by a layer, which sees no event that the filter drops.
    (accept_errors::TARGET, LevelFilter::ERROR),
];

/// Returns the filter of a level.
///
/// A library logs `info` at most, unless it is named: at `debug` some write
/// down requests and answers, secrets included.
pub(super) fn targets(level: &Level) -> Targets {
    let default = level.default();
    let verbose = VERBOSE
        .iter()
        .map(|name| (*name, default.min(LevelFilter::WARN)));
    let is_named = |target: &&str| {
        let mut modules = level.modules().iter();
        modules.any(|(module, _)| target.starts_with(module.as_str()))
    };
    let noisy = NOISY.into_iter().filter(|target| !is_named(target));
    let noisy = noisy.map(|target| (target, LevelFilter::OFF));
    Targets::new()
        .with_default(default.min(LevelFilter::INFO))
        .with_targets(verbose)
        .with_targets(noisy)
        .with_targets(OURS.iter().map(|name| (*name, default)))
        .with_targets(level.modules().iter().cloned())
        .with_targets(ALWAYS.map(|(target, least)| (target, least.max(wanted(level, target)))))
}

/// Returns the level of the longest module that includes a target. A library that is not
/// named has `warn` at most.
fn wanted(level: &Level, target: &str) -> LevelFilter {
    let modules = level.modules().iter();
    let named = modules.filter(|(module, _)| target.starts_with(module.as_str()));
    let nearest = named.max_by_key(|(module, _)| module.len());
    let unnamed = if is_ours(target) {
        level.default()
    } else {
        level.default().min(LevelFilter::WARN)
    };
    nearest.map_or(unnamed, |(_, level)| *level)
}

/// Limits a level for a time: nothing falls below `warn`, because a client that may change
/// the level could hide its traces, and every library is limited to `info`, named or not.
pub(super) fn limited(level: Level) -> Level {
    level.with_each(|module, level| {
        let level = level.max(LevelFilter::WARN);
        match module {
            Some(module) if !is_ours(module) => level.min(LevelFilter::INFO),
            _ => level,
        }
    })
}

fn is_ours(module: &str) -> bool {
    OURS.iter().any(|name| {
        let rest = module.strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    })
}

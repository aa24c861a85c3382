//! The filter of `tracing` for a configured level.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;

use crate::config::Level;

/// Crates of this repository.
const OURS: &[&str] = &["demo_service", "environ"];

/// Libraries whose `info` events the service logs better.
const VERBOSE: &[&str] = &["actix_server", "sqlx"];

/// A part of actix that logs an error for each malformed request. The service counts those,
/// and sums them up once a minute.
const NOISY: &str = "actix_http::h1::dispatcher";

/// Returns the filter of a level.
///
/// A library logs `info` at most, unless it is named: at `debug` some write
/// down requests and answers, secrets included.
pub(super) fn targets(level: &Level) -> Targets {
    let default = level.default();
    let verbose = VERBOSE
        .iter()
        .map(|name| (*name, default.min(LevelFilter::WARN)));
    let mut modules = level.modules().iter();
    let names_noisy = modules.any(|(module, _)| NOISY.starts_with(module.as_str()));
    let noisy = (!names_noisy).then_some((NOISY, LevelFilter::OFF));
    Targets::new()
        .with_default(default.min(LevelFilter::INFO))
        .with_targets(verbose)
        .with_targets(noisy)
        .with_targets(OURS.iter().map(|name| (*name, default)))
        .with_targets(level.modules().iter().cloned())
}

/// Limits every library to `info`, named or not.
pub(super) fn capped(level: Level) -> Level {
    level.with_modules(|module, level| {
        if is_ours(module) {
            level
        } else {
            level.min(LevelFilter::INFO)
        }
    })
}

fn is_ours(module: &str) -> bool {
    OURS.iter().any(|name| {
        let rest = module.strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    })
}

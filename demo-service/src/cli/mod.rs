//! The command line. Everything else is configured by the environment.

mod apart;
mod args;
mod check;
mod compare;
mod completions;
mod diff;
mod doctor;
mod files;
mod grammar;
mod help;
mod migrate;
mod near;
mod output;
mod probe;
mod request;
mod resources;
mod spec;
mod verdict;

use std::ffi::OsString;
use std::io::ErrorKind;

use environ::EnvConfig;

use self::apart::apart;
use self::args::Command;
pub use self::args::Format;
use self::completions::completions;
use self::help::Page;
pub use self::help::variables;
use self::output::print;
use crate::boot;
use crate::config::{AppConfig, Bootstrap};
use crate::process::limits::no_thread;
use crate::process::signals::Caught;
use crate::process::{Failure, exit};
use crate::telemetry::{self, Lines};

/// Does what the arguments say, without the program's name among them. Returns the exit
/// code.
///
/// # Errors
///
/// If the arguments or the configuration are wrong, or the command fails.
pub async fn run(
    arguments: impl IntoIterator<Item = OsString>,
    lines: &Lines,
    caught: Caught,
) -> Result<u8, Failure> {
    let Caught {
        stopped: stop,
        reloads,
    } = caught;
    let log = |boot: &Bootstrap| {
        telemetry::install(&boot.log, lines).map_err(|err| match err.kind() {
            ErrorKind::WouldBlock => no_thread(&err),
            _ => Failure::new(exit::SOFTWARE, "cannot log", &err),
        })
    };
    match args::parse(arguments).map_err(|message| Failure::usage(&message))? {
        Command::Help(None) => Ok(print(help::help(&Page::of_stdout()))),
        Command::Help(Some(name)) => help::explain(&name),
        Command::Completions(shell) => Ok(print(completions(shell))),
        Command::Version => Ok(print(help::version())),
        Command::Config(format) => Ok(print(variables(format))),
        Command::Diff(old, files) => apart(stop, move || diff::diff(&old, &files)).await,
        Command::Compare(urls, timeout) => {
            apart(stop, move || compare::compare(&urls, timeout)).await
        }
        Command::CheckFiles(options) => apart(stop, move || files::check_files(&options)).await,
        Command::Probe(Some(url), timeout) => {
            apart(stop, move || probe::probe(&url, timeout)).await
        }
        Command::Probe(None, timeout) => apart(stop, move || probe::probe_own(timeout)).await,
        Command::Doctor(grace, verdict) => doctor::doctor(grace, verdict).await,
        Command::Check {
            with_secrets: false,
            verdict,
        } => check::check(verdict).await,
        Command::Check {
            with_secrets: true,
            verdict,
        } => check::check_with_secrets(bootstrap(), verdict, stop).await,
        Command::Migrate => {
            let boot = bootstrap()?;
            log(&boot)?;
            migrate::migrate(&boot, stop).await
        }
        Command::Serve => {
            let boot = bootstrap()?;
            let log = log(&boot)?;
            boot::serve(&boot, log, stop, reloads).await
        }
    }
}

/// Loads the variables that are needed before the secrets. If a variable is wrong, the
/// whole configuration is, and all of its problems are reported.
fn bootstrap() -> Result<Bootstrap, Failure> {
    match Bootstrap::loader().load() {
        Ok(loaded) => Ok(loaded.config),
        Err(err) => Err(whole_report(err).into()),
    }
}

/// Returns the report about the whole configuration. It names unread variables too, because
/// a misspelt name is often why another variable is wrong.
fn whole_report(of_bootstrap: environ::Error) -> environ::Error {
    let loaded = AppConfig::loader().warn_unknown().load();
    loaded.err().unwrap_or(of_bootstrap)
}

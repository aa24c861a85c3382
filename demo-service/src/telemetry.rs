//! Logs: events of `tracing`, one line each, to stdout.

mod json;
mod lines;
mod mozlog;

use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::AsFd;
use std::panic::PanicHookInfo;

use environ::{EnvValue, Form, Invalid, Text, Warning};
use tracing::level_filters::LevelFilter;
use tracing::{Subscriber, error, warn};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry};

use crate::config::{LogConfig, LogFormat};

use json::Json;
use mozlog::Mozlog;

pub use lines::{FlushAtExit, Lines};

/// Which events are written: a level, or a level for each module.
#[derive(Clone, Debug)]
pub struct Level(Targets);

/// Libraries that tell at `info` what we tell better.
const VERBOSE: &[&str] = &["actix_server", "sqlx"];

impl EnvValue for Level {
    const FORM: Form = Form::Type("log level, like info or warn,demo_service=debug");

    /// `Targets` has a parser of its own, but takes a misspelt level for the
    /// name of a module, and then logs nothing else.
    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        let mut default = None;
        let mut modules = Vec::new();
        for directive in text.as_str()?.split(',') {
            match directive.split_once('=') {
                Some((module, word)) if !module.trim().is_empty() => {
                    modules.push((module.trim().to_owned(), level(word)?));
                }
                Some(_) => return Err(Invalid::new("a `=` has no module before it")),
                None => {
                    if default.replace(level(directive)?).is_some() {
                        return Err(Invalid::new("there are two levels for all modules"));
                    }
                }
            }
        }
        let default = default.unwrap_or(LevelFilter::OFF);
        let quiet = default.min(LevelFilter::WARN);
        let verbose = VERBOSE.iter().map(|module| ((*module).to_owned(), quiet));
        let targets = Targets::new().with_default(default);
        Ok(Self(targets.with_targets(verbose).with_targets(modules)))
    }
}

/// What `LevelFilter` reads, without its digits, and without its reading of
/// nothing as `error`.
fn level(word: &str) -> Result<LevelFilter, Invalid> {
    let word = word.trim();
    let is_word = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let level = word.parse().ok().filter(|_| is_word);
    level.ok_or_else(|| {
        Invalid::new(format_args!(
            "{word:?} is not one of off, error, warn, info, debug, trace"
        ))
    })
}

/// Builds a subscriber that writes to `sink`.
pub fn subscriber<W>(
    log: &LogConfig,
    sink: W,
    ansi: bool,
) -> impl Subscriber + Send + Sync + 'static
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = fmt::layer().with_writer(sink);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match log.format {
        LogFormat::Human => lines.with_ansi(ansi).compact().boxed(),
        LogFormat::Json => lines.event_format(Json).boxed(),
        LogFormat::Mozlog => lines.event_format(Mozlog::new()).boxed(),
    };
    tracing_subscriber::registry().with(lines.with_filter(log.level.0.clone()))
}

/// Makes stdout the place where all events of the process go, panics included,
/// by way of `lines`.
///
/// # Errors
///
/// If there is a subscriber already, or no thread to be had.
pub fn install(log: &LogConfig, lines: &Lines) -> io::Result<()> {
    let stdout = io::stdout();
    let ansi = stdout.is_terminal();
    // As a file: what is written to it is already a batch.
    lines.write_to(File::from(stdout.as_fd().try_clone_to_owned()?))?;
    let subscriber = subscriber(log, lines.clone(), ansi);
    subscriber.try_init().map_err(io::Error::other)?;
    std::panic::set_hook(Box::new(log_panic));
    Ok(())
}

/// Logs what is odd about the configuration.
pub fn log_warnings(warnings: &[Warning]) {
    for warning in warnings {
        warn!(code = warning.code(), "{warning}");
    }
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    let payload = panic.payload();
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let message = text.unwrap_or("a value that is not text");
    let location = panic.location().map(ToString::to_string);
    error!(panic = message, location, "panicked");
}

//! The log: events of `tracing`, each a line on stdout.

mod accept_errors;
mod batch;
mod control;
mod filter;
mod human;
pub(crate) mod journal;
mod json;
pub(crate) mod letters;
mod queue;
pub(crate) mod targets;
mod terminal;

use std::backtrace::{Backtrace, BacktraceStatus};
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::panic::PanicHookInfo;

use environ::Warning;
use tracing::{Subscriber, error, warn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt, reload};

use crate::config::{LogConfig, LogFormat};
use accept_errors::AcceptErrors;
use human::OneLine;
use journal::Journal;
use json::{Json, Mozlog, Objects};
use targets::PANIC;

pub(crate) use crate::config::{LEVELS, Level};
pub use control::Log;
pub use queue::{FlushAtExit, Lines};
pub(crate) use terminal::Terminal;

/// Creates a subscriber that writes to `lines`, and the control of its level.
#[must_use]
pub fn subscriber(
    config: &LogConfig,
    lines: &Lines,
    ansi: bool,
) -> (impl Subscriber + Send + Sync + 'static, Log) {
    with_priorities(config, lines, ansi, false)
}

/// Creates a subscriber whose lines begin with a priority if the journal takes them.
fn with_priorities(
    config: &LogConfig,
    lines: &Lines,
    ansi: bool,
    has_priorities: bool,
) -> (impl Subscriber + Send + Sync + 'static, Log) {
    let (filter, handle) = reload::Layer::new(filter::targets(&config.level.get()));
    let accept_errors = AcceptErrors::default();
    let level = config.level.get().as_ref().clone();
    let log = Log::new(lines.clone(), handle, level, accept_errors.clone());
    let layer: Box<dyn Layer<_> + Send + Sync> = match config.format {
        LogFormat::Human => {
            let writer = OneLine::new(lines, ansi, has_priorities);
            let layer = fmt::layer().with_writer(writer);
            layer.with_ansi(ansi).compact().boxed()
        }
        LogFormat::Json => Objects::new(Json, lines, has_priorities).boxed(),
        LogFormat::Mozlog => Objects::new(Mozlog::new(), lines, has_priorities).boxed(),
    };
    let subscriber = tracing_subscriber::registry()
        .with(filter)
        .with(accept_errors)
        .with(layer);
    (subscriber, log)
}

/// Sends all events of the process to stdout, panics included, by way of `lines`. Returns
/// the control of the level.
///
/// # Errors
///
/// If there is a subscriber already, or a thread cannot be started.
pub(crate) fn install(config: &LogConfig, lines: &Lines) -> io::Result<Log> {
    let stdout = io::stdout();
    let ansi = Terminal::of_process().has_colours(&stdout);
    // As a file, because `Stdout` would buffer a batch again.
    lines.write_to(File::from(stdout.as_fd().try_clone_to_owned()?))?;
    let has_priorities = Journal::takes(&stdout);
    let (subscriber, log) = with_priorities(config, lines, ansi, has_priorities);
    subscriber.try_init().map_err(io::Error::other)?;
    std::panic::set_hook(Box::new(log_panic));
    Ok(log)
}

/// Logs the warnings of the configuration.
pub(crate) fn log_warnings(warnings: &[Warning]) {
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
    let backtrace = backtrace();
    error!(target: PANIC, panic = message, location, backtrace, "panicked");
}

/// The longest backtrace that is logged, in bytes: collectors break longer lines.
const MAX_BACKTRACE_BYTES: usize = 16 << 10;

/// Returns the stack, if `RUST_BACKTRACE` asks for it.
fn backtrace() -> Option<String> {
    let backtrace = Backtrace::capture();
    if backtrace.status() != BacktraceStatus::Captured {
        return None;
    }
    let mut text = backtrace.to_string();
    text.truncate(text.floor_char_boundary(MAX_BACKTRACE_BYTES));
    Some(text)
}

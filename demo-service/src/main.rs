//! The program: it catches signals, reads the command line, and does what it says.

use std::process::ExitCode;

use demo_service::cli::commands::{self, say};
use demo_service::cli::{self, Command};
use demo_service::config::{AppConfig, Bootstrap};
use demo_service::process::exit::{self, Failure};
use demo_service::telemetry::{self, Lines};
use demo_service::{boot as service, process::signals};
use environ::EnvConfig;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let log = Lines::default();
    let _flushed = log.flush_at_exit();
    ExitCode::from(run(log).await.unwrap_or_else(|failure| failure.report()))
}

async fn run(lines: Lines) -> Result<u8, Failure> {
    let stop = signals::catch(&lines)
        .map_err(|err| Failure::new(exit::OS_ERROR, "cannot catch signals", &err))?;
    let log = |boot: &Bootstrap| {
        telemetry::install(&boot.log, &lines)
            .map_err(|err| Failure::new(exit::SOFTWARE, "cannot log", &err))
    };
    let command = cli::parse(std::env::args_os().skip(1)).map_err(Failure::usage)?;
    match command {
        Command::Help => Ok(say(cli::help())),
        Command::Version => Ok(say(cli::version())),
        Command::Config(format) => Ok(say(cli::variables(format))),
        Command::Diff(old) => commands::diff(&old),
        Command::Probe(url, timeout) => commands::ask(&url, timeout),
        Command::Doctor(grace) => commands::doctor(grace),
        Command::Check {
            with_secrets: false,
        } => commands::check(),
        Command::Check { with_secrets: true } => commands::check_with_secrets(&boot()?, stop).await,
        Command::Migrate => {
            let boot = boot()?;
            log(&boot)?;
            commands::migrate(&boot, stop).await
        }
        Command::Serve => {
            let boot = boot()?;
            let log = log(&boot)?;
            service::serve(&boot, log, stop).await
        }
    }
}

/// Loads what must be known before secrets are. If it is wrong, so is the whole
/// configuration, and all of it is reported.
fn boot() -> Result<Bootstrap, Failure> {
    match Bootstrap::loader().load() {
        Ok(loaded) => Ok(loaded.config),
        Err(err) => Err(AppConfig::loader().load().err().unwrap_or(err).into()),
    }
}

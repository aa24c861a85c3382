//! The program: catches signals first, and then does as the command line says. It holds the
//! specification of its variables, which `config --diff` of another release reads.

use std::env::args_os;
use std::process::ExitCode;

use demo_service::cli;
use demo_service::config::AppConfig;
use demo_service::process::{Failure, signals};
use demo_service::telemetry::Lines;
use tokio::runtime::Builder;

environ::embed!(AppConfig);

fn main() -> ExitCode {
    let log = Lines::default();
    let _flushed = log.flush_at_exit();
    let run = || {
        let caught = signals::catch(&log)?;
        // Without the macro, which panics if there are too few files.
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|err| Failure::no_event_loop(&err))?;
        let ran = runtime.block_on(cli::run(args_os().skip(1), &log, caught));
        // Its drop would wait for a thread that resolves a name or reads a file of the database,
        // for as long as a name server or a mount does not answer.
        runtime.shutdown_background();
        ran
    };
    ExitCode::from(run().unwrap_or_else(|failure: Failure| failure.report()))
}

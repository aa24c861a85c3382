//! The program: catches signals first, and then does what the command line says.

use std::env::args_os;
use std::process::ExitCode;

use demo_service::cli;
use demo_service::process::{Failure, signals};
use demo_service::telemetry::Lines;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let log = Lines::default();
    let _flushed = log.flush_at_exit();
    ExitCode::from(run(log).await.unwrap_or_else(|failure| failure.report()))
}

async fn run(lines: Lines) -> Result<u8, Failure> {
    let stop = signals::catch(&lines)?;
    cli::run(args_os().skip(1), &lines, stop).await
}

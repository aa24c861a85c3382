//! Compares environ, and the service, with their peers.

use std::error::Error;
use std::process::{Command, ExitCode};

use lexopt::prelude::*;

const HELP: &str = "\
Compares environ and the service with their peers. Tables go to stdout, as
Markdown; progress goes to stderr.

Usage: tests/peers/run [OPTION]... [TABLE]...

Tables, all of them if none is named:
  http          the service and its like, under load

Options:
  --rounds N    how often each contestant is measured; medians are shown
  --help        this text";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            eprintln!("peers: {err}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut options = lexopt::Parser::from_env();
    let mut rounds = None;
    let mut tables = Vec::new();
    while let Some(option) = options.next()? {
        match option {
            Long("help") => {
                println!("{HELP}");
                return Ok(());
            }
            Long("rounds") => rounds = Some(options.value()?.parse()?),
            Value(table) if table == "http" => tables.push(http as Table),
            option => return Err(option.unexpected().into()),
        }
    }
    if tables.is_empty() {
        tables.push(http);
    }
    tables.into_iter().try_for_each(|table| table(rounds))
}

/// Prints a table, from so many rounds.
type Table = fn(Option<usize>) -> Result<(), Box<dyn Error>>;

/// The member `http` prints its own table.
fn http(rounds: Option<usize>) -> Result<(), Box<dyn Error>> {
    let mut run = Command::new(env!("CARGO"));
    run.args([
        "run",
        "--quiet",
        "--release",
        "--locked",
        "--package=http",
        "--",
    ])
    .args(
        rounds
            .iter()
            .flat_map(|rounds| ["--rounds".to_owned(), rounds.to_string()]),
    )
    .current_dir(env!("CARGO_MANIFEST_DIR"));
    match run.status()? {
        status if status.success() => Ok(()),
        status => Err(format!("the member `http`: {status}").into()),
    }
}

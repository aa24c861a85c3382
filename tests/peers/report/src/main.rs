//! Compares environ, and the service, with their peers.

mod heading;

use std::env;
use std::error::Error;
use std::process::{Command, ExitCode};

use lexopt::prelude::*;

const HELP: &str = "\
Compares environ and the service with their peers. Tables go to stdout, as
Markdown; progress goes to stderr.

Usage: tests/peers/run [OPTION]... [TABLE]...

Tables, all of them if none is named:
  load          loading 16 variables: time and allocations
  compile       compiling 1,000 fields, and the crates they need: an hour
  dependencies  how many crates those are
  http          the service and its like, under load

Options:
  --rounds N    how often each contestant is measured, for `load` in each of 20
                processes; medians are shown
  --only A,B    compile only these, and what is written by hand
  --help        this text";

/// Each is printed by the member of that name.
const TABLES: [&str; 4] = ["load", "compile", "dependencies", "http"];

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
    let mut args = Vec::new();
    let mut tables = Vec::new();
    while let Some(option) = options.next()? {
        match option {
            Long("help") => {
                println!("{HELP}");
                return Ok(());
            }
            Long("rounds") => {
                let rounds: usize = options.value()?.parse()?;
                args.extend(["--rounds".to_owned(), rounds.to_string()]);
            }
            Long("only") => args.extend(["--only".to_owned(), options.value()?.string()?]),
            Value(name) => {
                let table = TABLES.into_iter().find(|table| name == *table);
                tables.push(table.ok_or_else(|| Value(name).unexpected())?);
            }
            option => return Err(option.unexpected().into()),
        }
    }
    if tables.is_empty() {
        tables.extend(TABLES);
    }
    println!("{}", heading::heading()?);
    tables.into_iter().try_for_each(|table| print(table, &args))
}

/// Builds the member `name`, and runs it without cargo in between.
fn print(name: &str, args: &[String]) -> Result<(), Box<dyn Error>> {
    let mut build = Command::new(env!("CARGO"));
    build
        .args(["build", "--quiet", "--release", "--locked"])
        // By its folder: there is a crate that is called `http` too.
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..").to_owned() + "/" + name);
    succeed(&mut build, name)?;
    let program = env::current_exe()?.with_file_name(name);
    succeed(Command::new(program).args(args), name)
}

fn succeed(command: &mut Command, name: &str) -> Result<(), Box<dyn Error>> {
    let status = command.status()?;
    if status.success() {
        return Ok(());
    }
    Err(format!("{name}: {status}").into())
}

//! The command line: everything else is configured by the environment.

use std::ffi::OsString;
use std::fmt::Write as _;

use environ::EnvConfig;
use lexopt::Arg;

use crate::config::AppConfig;
use crate::version::Version;

/// What the process is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Serve until told to stop.
    Serve,
    /// Load and validate the configuration, and say what is wrong.
    Check,
    /// Print the help.
    Help,
    /// Print the version.
    Version,
}

/// Reads the arguments, without the program's name.
///
/// # Errors
///
/// What is wrong with them, for a person.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut command = Command::Serve;
    loop {
        command = match parser.next() {
            Ok(None) => return Ok(command),
            Ok(Some(Arg::Long("help") | Arg::Short('h'))) => return Ok(Command::Help),
            Ok(Some(Arg::Long("version") | Arg::Short('V'))) => return Ok(Command::Version),
            Ok(Some(Arg::Long("check"))) => Command::Check,
            Ok(Some(other)) => return Err(format!("{}; see --help", other.unexpected())),
            Err(err) => return Err(format!("{err}; see --help")),
        }
    }
}

/// Gives the help: usage, every variable, and the exit codes.
#[must_use]
pub fn help() -> String {
    let mut help = String::from(
        "\
A deployment-friendly service. It is configured by the environment alone.

Usage: demo-service [--check | --help | --version]

  --check        load and validate the configuration, then exit
  -h, --help     print this
  -V, --version  print the version

Variables:

",
    );
    for line in AppConfig::help().to_string().lines() {
        let _ = writeln!(help, "  {line}");
    }
    help.push_str(
        "
Exit codes:

  0         stopped as asked
  64        the command line is wrong
  70        a bug
  71        cannot listen on APP_HOST and APP_PORT
  75        requests were cut, since they took longer than APP_DRAIN_TIMEOUT
  78        the configuration is wrong
  130, 143  stopped at once by a second SIGINT or SIGTERM
",
    );
    help
}

/// Gives the program's name and version.
#[must_use]
pub fn version() -> String {
    format!("demo-service {}\n", Version::NUMBER)
}

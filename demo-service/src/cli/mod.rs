//! The command line: everything else is configured by the environment.

pub mod commands;
pub mod doctor;
pub mod probe;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use actix_web::http::Uri;
use environ::{EnvConfig, Help};
use lexopt::{Arg, Parser, ValueExt};

use crate::cli::doctor::Surroundings;
use crate::config::AppConfig;
use crate::database::libpq;
use crate::process::systemd::SupervisorConfig;
use crate::secrets;
use crate::telemetry::Terminal;
use crate::version::Version;

/// What the process is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Serve until told to stop.
    Serve,
    /// Load and validate the configuration, and say what is wrong.
    Check {
        /// Whether the secrets are fetched for that.
        with_secrets: bool,
    },
    /// Bring the tables of the database up to date.
    Migrate,
    /// Print the help.
    Help,
    /// Print the version.
    Version,
    /// Print the variables.
    Config(Format),
    /// Print what changed since a release whose variables are in a file.
    Diff(PathBuf),
    /// Ask a URL, and wait so long for the answer.
    Probe(Uri, Duration),
    /// Print what is odd about the deployment, which has so long to stop.
    Doctor(Option<Duration>),
}

/// How the variables are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Text,
    /// A table for a README.
    Markdown,
    /// A `.env` file.
    Env,
    /// A specification, for a program and for [`Command::Diff`].
    Json,
    /// The `env:` of a container.
    Kubernetes,
}

const FORMATS: &[(&str, Format)] = &[
    ("text", Format::Text),
    ("markdown", Format::Markdown),
    ("env", Format::Env),
    ("json", Format::Json),
    ("kubernetes", Format::Kubernetes),
];

const A_DAY: Duration = Duration::from_hours(24);

const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// Reads the arguments, without the program's name.
///
/// # Errors
///
/// What is wrong with them, for a person.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut parser = Parser::from_args(arguments);
    read(&mut parser).map_err(|err| format!("{err}; see --help"))
}

fn read(parser: &mut Parser) -> Result<Command, lexopt::Error> {
    let mut command = Command::Serve;
    while let Some(argument) = parser.next()? {
        command = match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(Command::Help),
            Arg::Long("version") | Arg::Short('V') => return Ok(Command::Version),
            Arg::Long("check") => Command::Check {
                with_secrets: false,
            },
            Arg::Long("with-secrets") if matches!(command, Command::Check { .. }) => {
                Command::Check { with_secrets: true }
            }
            Arg::Value(word) if word == "migrate" && command == Command::Serve => Command::Migrate,
            Arg::Value(word) if word == "config" && command == Command::Serve => {
                return read_config(parser);
            }
            Arg::Value(word) if word == "probe" && command == Command::Serve => {
                return read_probe(parser);
            }
            Arg::Value(word) if word == "doctor" && command == Command::Serve => {
                return read_doctor(parser);
            }
            other => return Err(other.unexpected()),
        }
    }
    Ok(command)
}

fn read_config(parser: &mut Parser) -> Result<Command, lexopt::Error> {
    let mut command = Command::Config(Format::Text);
    while let Some(argument) = parser.next()? {
        command = match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(Command::Help),
            Arg::Long("format") => Command::Config(parser.value()?.parse_with(format)?),
            Arg::Long("diff") => Command::Diff(parser.value()?.into()),
            other => return Err(other.unexpected()),
        }
    }
    Ok(command)
}

fn read_probe(parser: &mut Parser) -> Result<Command, lexopt::Error> {
    let (mut url, mut timeout) = (None, PROBE_TIMEOUT);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(Command::Help),
            Arg::Long("timeout") => timeout = parser.value()?.parse_with(seconds)?,
            Arg::Value(value) if url.is_none() => url = Some(value.parse()?),
            other => return Err(other.unexpected()),
        }
    }
    let url = url.ok_or("`probe` wants a URL")?;
    Ok(Command::Probe(url, timeout))
}

fn read_doctor(parser: &mut Parser) -> Result<Command, lexopt::Error> {
    let mut grace = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(Command::Help),
            Arg::Long("grace") => grace = Some(parser.value()?.parse_with(seconds)?),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Command::Doctor(grace))
}

fn seconds(word: &str) -> Result<Duration, String> {
    let seconds = word.parse().ok();
    let duration = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let duration = duration.filter(|duration| !duration.is_zero() && *duration <= A_DAY);
    duration.ok_or_else(|| {
        "it is not a number of seconds above 0, like 2.5, and at most a day".to_owned()
    })
}

fn format(word: &str) -> Result<Format, String> {
    let format = FORMATS.iter().find(|(name, _)| *name == word);
    format.map(|(_, format)| *format).ok_or_else(|| {
        let names: Vec<_> = FORMATS.iter().map(|(name, _)| *name).collect();
        format!("it is not one of {}", names.join(", "))
    })
}

/// Gives the variables in a format.
#[must_use]
pub fn variables(format: Format) -> String {
    let help = AppConfig::help();
    match format {
        Format::Text => format!("{help}\n"),
        Format::Markdown => help.markdown(),
        Format::Env => help.env_example(),
        Format::Json => format!("{}\n", help.json()),
        Format::Kubernetes => help.kubernetes("demo-service"),
    }
}

/// Gives the help: usage, every variable, and the exit codes.
#[must_use]
pub fn help() -> String {
    let mut help = String::from(
        "\
A deployment-friendly service. It is configured by the environment alone.

Usage: demo-service [--check [--with-secrets] | --help | --version]
       demo-service migrate
       demo-service config [--format FORMAT | --diff FILE]
       demo-service probe [--timeout SECONDS] URL
       demo-service doctor [--grace SECONDS]

  --check          load and validate the configuration, then exit
  --with-secrets   fetch the secrets for that, from where APP_SECRETS says
  -h, --help       print this
  -V, --version    print the version

  migrate          bring the tables of the database up to date, then exit

  config           print the variables and exit
  --format FORMAT  as text, markdown, env, json or kubernetes
  --diff FILE      print what changed since the release whose `config --format
                   json` is in the file; exit with 1 if it may break a deployment

  probe            ask the URL with GET; exit with 1 unless the answer is 2xx
  --timeout SECONDS
                   wait so long for the answer, not 2 seconds

  doctor           print what is odd about the deployment and exit
  --grace SECONDS  how long the service has to stop before it is killed

Variables:

",
    );
    add_variables(&mut help, &AppConfig::help());
    help.push_str("\nAlso read, where somebody sets them:\n\n");
    add_others(&mut help);
    help.push_str(
        "
Exit codes:

  0         stopped as asked
  1         `probe` got another answer than 2xx, or `config --diff` found what may
            break a deployment
  64        the command line is wrong
  69        the secrets or the database cannot be reached
  70        a bug
  71        the operating system refuses: to listen on APP_HOST and APP_PORT or
            APP_ADMIN_LISTEN, to hand over a socket, or to take what is printed
  75        requests were cut, since they took longer than APP_DRAIN_TIMEOUT
  78        the configuration is wrong, or the store of secrets or the database
            refuses it
  130, 143  stopped at once by a second SIGINT or SIGTERM
",
    );
    help
}

fn add_variables(help: &mut String, variables: &Help) {
    for line in variables.to_string().lines() {
        let _ = writeln!(help, "  {line}");
    }
}

/// Adds what is read besides the configuration.
fn add_others(help: &mut String) {
    let ids = secrets::id_variables().map(|id| {
        let meaning = "With APP_SECRETS=aws, the id of that secret alone.";
        (id, meaning)
    });
    let libpq = libpq::VARIABLES.map(|(name, _)| name).join(", ");
    let others = [
        (
            &*libpq,
            "What a `postgres://` URL leaves out, as for psql; `.pgpass` is read too.",
        ),
        ("LISTEN_FDS, LISTEN_PID", "The sockets that systemd passes."),
        ("AWS_*", "With APP_SECRETS=aws, what the SDK of AWS reads."),
        (
            "SSL_CERT_FILE, SSL_CERT_DIR",
            "The system's certificates, if they are elsewhere.",
        ),
    ];
    let others = others.map(|(names, meaning)| (names.to_owned(), meaning));
    for (names, meaning) in ids.chain(others) {
        let _ = writeln!(help, "  {names} (Optional): {meaning}");
    }
    for variables in [
        Surroundings::help(),
        SupervisorConfig::help(),
        Terminal::help(),
    ] {
        add_variables(help, &variables);
    }
}

/// Gives the program's name and version.
#[must_use]
pub fn version() -> String {
    format!("demo-service {}\n", Version::NUMBER)
}

//! The arguments.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use actix_web::http::Uri;
use environ::EnvConfig;
use lexopt::{Arg, Parser, ValueExt};

use super::completions::{SHELLS, Shell};
use super::files::{Options, ReportFormat};
use super::grammar::{COMMANDS, words};
use super::near::near;
use super::request::{parse_url, without_user};
use super::verdict::Verdict;
use crate::config::AppConfig;
use crate::config::cautions::own_names;

/// The task of the process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Serve until told to stop.
    Serve,
    /// Load and validate the configuration, and print its problems.
    Check {
        /// Whether to fetch the secrets.
        with_secrets: bool,
        /// How the result is shown.
        verdict: Verdict,
    },
    /// Bring the tables of the database up to date.
    Migrate,
    /// Print the help, or all about a variable.
    Help(Option<String>),
    /// Print completions for a shell.
    Completions(Shell),
    /// Print the version.
    Version,
    /// Print the variables.
    Config(Format),
    /// Print the findings about deployment files.
    CheckFiles(Options),
    /// Print the changes since a release whose variables are in a file, or the places of
    /// deployment files that the changes concern.
    Diff(PathBuf, Vec<PathBuf>),
    /// Print the differences between the instances at these URLs, each of which has a time to
    /// answer.
    Compare(Vec<Uri>, Duration),
    /// Request a URL, or readiness of the service that this environment configures, with a
    /// timeout.
    Probe(Option<Uri>, Duration),
    /// Print problems of the deployment, which is killed after a grace period.
    Doctor(Option<Duration>, Verdict),
}

/// The format of the variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Text,
    /// A table for a README.
    Markdown,
    /// A `.env` file.
    Env,
    /// A specification, for a program and for `config --diff`.
    Json,
    /// The `env:` of a container.
    Kubernetes,
    /// A Compose file.
    Compose,
    /// A drop-in of a systemd unit.
    Systemd,
    /// A JSON Schema of the environment.
    JsonSchema,
    /// A `.env.schema` for varlock.
    EnvSchema,
    /// A manual page.
    Man,
}

const FORMATS: &[(&str, Format)] = &[
    ("text", Format::Text),
    ("markdown", Format::Markdown),
    ("env", Format::Env),
    ("json", Format::Json),
    ("kubernetes", Format::Kubernetes),
    ("compose", Format::Compose),
    ("systemd", Format::Systemd),
    ("json-schema", Format::JsonSchema),
    ("env-schema", Format::EnvSchema),
    ("man", Format::Man),
];

const REPORT_FORMATS: &[(&str, ReportFormat)] = &[
    ("text", ReportFormat::Text),
    ("json", ReportFormat::Json),
    ("github", ReportFormat::Github),
    ("sarif", ReportFormat::Sarif),
];

/// The formats of a result, each with whether it is JSON.
const RESULT_FORMATS: &[(&str, bool)] = &[("text", false), ("json", true)];

const MAX_SECONDS: Duration = Duration::from_hours(24);

const DEFAULT_PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// Parses the arguments without the program's name. An error is for a person.
pub(super) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut parser = Parser::from_args(arguments);
    read(&mut parser).map_err(|err| {
        let message = err.to_string();
        let end = if message.ends_with('?') { "" } else { ";" };
        format!("{}{end} see --help", without_user(&message))
    })
}

fn read(parser: &mut Parser) -> Result<Command, lexopt::Error> {
    let mut command = Command::Serve;
    while let Some(argument) = parser.next()? {
        if let Arg::Long(name) = &argument
            && let Some(hint) = variable_hint(name)
        {
            let value = parser.optional_value().or_else(|| parser.value().ok());
            return Err(hint.with(value).into());
        }
        command = match argument {
            Arg::Long("help") | Arg::Short('h') => return read_help(parser),
            Arg::Long("version") | Arg::Short('V') => return read_version(parser),
            Arg::Long("check") if command == Command::Serve => return read_check(parser),
            Arg::Value(word) if word == "help" && command == Command::Serve => {
                return read_help(parser);
            }
            Arg::Value(word) if word == "version" && command == Command::Serve => {
                return read_version(parser);
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
            Arg::Value(word) if word == "completions" && command == Command::Serve => {
                return read_completions(parser);
            }
            other if command == Command::Serve => return Err(unexpected(other, "")),
            other => return Err(other.unexpected()),
        }
    }
    Ok(command)
}

fn read_version(parser: &mut Parser) -> Result<Command, lexopt::Error> {
    match parser.next()? {
        Some(Arg::Long("help") | Arg::Short('h')) => read_help(parser),
        Some(other) => Err(other.unexpected()),
        None => Ok(Command::Version),
    }
}

/// Reads the variable to explain, if any.
fn read_help(parser: &mut Parser) -> Result<Command, lexopt::Error> {
    let name = match parser.optional_value() {
        Some(name) => Some(name),
        None => match parser.next()? {
            Some(Arg::Value(name)) => Some(name),
            _ => None,
        },
    };
    Ok(Command::Help(
        name.map(|name| name.to_string_lossy().into_owned()),
    ))
}

/// Returns the error about an argument that nobody expects, with the word that was meant.
fn unexpected(argument: Arg<'_>, command: &str) -> lexopt::Error {
    if let Some(name) = assigned_variable(&argument) {
        return format!("{name}= sets a variable before the program's name only").into();
    }
    let meant = match &argument {
        Arg::Long(name) if is_option(name, command) => {
            let Some(first) = first_option(name, command) else {
                return TWO_ANSWERS.into();
            };
            return format!("--{name} counts after {first} only; write {first} before it").into();
        }
        Arg::Long(name) => near_option(name, command),
        Arg::Value(word) if command.is_empty() => {
            let word = word.to_string_lossy();
            let commands = COMMANDS.iter().map(|words| words.command);
            let command = near(&word, commands).map(str::to_owned);
            // `demo-service check` means `--check`.
            command.or_else(|| option_of(&word, ""))
        }
        _ => None,
    };
    let unexpected = argument.unexpected();
    match meant {
        Some(meant) => format!("{unexpected}; is {meant} meant?").into(),
        None => unexpected,
    }
}

/// Returns whether a command has an option.
fn is_option(name: &str, command: &str) -> bool {
    let mut options = words(command).into_iter().flat_map(|words| words.options);
    options.any(|flag| flag.name == name)
}

/// Returns the option that must stand before an option of a command, if there is any.
fn first_option(name: &str, command: &str) -> Option<&'static str> {
    match (command, name) {
        ("config", "check" | "compare" | "diff" | "format") => None,
        ("config", "timeout") => Some("config --compare"),
        ("config", _) => Some("config --check"),
        _ => Some("--check"),
    }
}

/// Returns the variable that an argument would set before the name of the program.
fn assigned_variable(argument: &Arg<'_>) -> Option<String> {
    let Arg::Value(word) = argument else {
        return None;
    };
    let (name, _) = word.to_str()?.split_once('=')?;
    own_names().iter().find(|own| *own == name).cloned()
}

/// Returns the option or the variable that an option means.
fn near_option(name: &str, command: &str) -> Option<String> {
    let option = option_of(name, command);
    option.or_else(|| {
        let variable = format!("APP_{}", name.to_ascii_uppercase().replace('-', "_"));
        let unknown = AppConfig::help().explain(&variable).err()?;
        unknown.near().map(str::to_owned)
    })
}

/// Returns the option of a command that a word means.
fn option_of(word: &str, command: &str) -> Option<String> {
    let options = words(command).into_iter().flat_map(|words| words.options);
    let option = near(word, options.map(|flag| flag.name))?;
    Some(format!("--{option}"))
}

fn read_check(parser: &mut Parser) -> Result<Command, lexopt::Error> {
    let (mut with_secrets, mut verdict) = (false, Verdict::default());
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return read_help(parser),
            Arg::Long("version") | Arg::Short('V') => return read_version(parser),
            Arg::Long("check") => {}
            Arg::Long("with-secrets") => with_secrets = true,
            Arg::Long("strict") => verdict.strict = true,
            Arg::Long("format") => verdict.json = read_format(parser)?,
            other => return Err(unexpected(other, "")),
        }
    }
    Ok(Command::Check {
        with_secrets,
        verdict,
    })
}

fn read_completions(parser: &mut Parser) -> Result<Command, lexopt::Error> {
    let mut shell = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return read_help(parser),
            Arg::Value(word) if shell.is_none() => {
                shell = Some(word.parse_with(|word| named(word, SHELLS))?);
            }
            other => return Err(unexpected(other, "completions")),
        }
    }
    let shell = shell.ok_or("completions needs a shell: bash, zsh or fish")?;
    Ok(Command::Completions(shell))
}

/// Returns whether a result is wanted as JSON.
fn read_format(parser: &mut Parser) -> Result<bool, lexopt::Error> {
    let format = |word: &str| named(word, RESULT_FORMATS);
    parser.value()?.parse_with(format)
}

/// The reason why options are rejected of which each asks for another output.
const TWO_ANSWERS: &str =
    "--check, --compare, --diff and another --format exclude each other; leave one out";

fn read_config(parser: &mut Parser) -> Result<Command, lexopt::Error> {
    let (mut format, mut diff) = (None, None::<(PathBuf, Vec<PathBuf>)>);
    while let Some(argument) = parser.next()? {
        match (argument, &mut diff) {
            (Arg::Long("help") | Arg::Short('h'), _) => return read_help(parser),
            (Arg::Long("check"), None) => return read_check_files(parser, format),
            (Arg::Long("compare"), None) if format.is_none() => return read_compare(parser),
            (Arg::Long("format"), None) => format = Some(parser.value()?),
            (Arg::Long("diff"), None) if format.is_none() => {
                diff = Some((parser.value()?.into(), Vec::new()));
            }
            (Arg::Value(file), Some((_, files))) => files.push(file.into()),
            (Arg::Long("check" | "compare" | "diff" | "format"), _) => {
                return Err(TWO_ANSWERS.into());
            }
            (other, _) => return Err(unexpected(other, "config")),
        }
    }
    Ok(match (diff, format) {
        (Some((old, files)), _) => Command::Diff(old, files),
        (None, Some(format)) => Command::Config(format.parse_with(|word| named(word, FORMATS))?),
        (None, None) => Command::Config(Format::Text),
    })
}

fn read_check_files(
    parser: &mut Parser,
    format: Option<OsString>,
) -> Result<Command, lexopt::Error> {
    let report_format = |word: OsString| word.parse_with(|word| named(word, REPORT_FORMATS));
    let mut options = Options::default();
    if let Some(format) = format {
        options.format = report_format(format)?;
    }
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return read_help(parser),
            Arg::Long("strict") => options.strict = true,
            Arg::Long("deny-warnings") => options.deny_warnings = true,
            Arg::Long("spec") => options.spec = Some(parser.value()?.into()),
            Arg::Long("container") => options.container = Some(parser.value()?.string()?),
            Arg::Long("format") => options.format = report_format(parser.value()?)?,
            Arg::Value(file) => options.files.push(file.into()),
            other => return Err(unexpected(other, "config")),
        }
    }
    if options.files.is_empty() {
        return Err("config --check needs files, or - for standard input".into());
    }
    let is_stdin = |path: &PathBuf| path.as_os_str() == "-";
    if options.spec.as_ref().is_some_and(is_stdin) && options.files.iter().any(is_stdin) {
        return Err("standard input cannot hold both the specification and a file".into());
    }
    Ok(Command::CheckFiles(options))
}

fn read_compare(parser: &mut Parser) -> Result<Command, lexopt::Error> {
    let (mut urls, mut timeout) = (Vec::new(), DEFAULT_PROBE_TIMEOUT);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return read_help(parser),
            Arg::Long("timeout") => timeout = parser.value()?.parse_with(seconds)?,
            Arg::Long("check" | "diff" | "format") => return Err(TWO_ANSWERS.into()),
            Arg::Value(url) => urls.push(parse_url(&url, "http://127.0.0.1:8000")?),
            other => return Err(unexpected(other, "config")),
        }
    }
    if urls.len() < 2 {
        return Err("config --compare needs two URLs, such as http://10.0.0.1:8000".into());
    }
    Ok(Command::Compare(urls, timeout))
}

fn read_probe(parser: &mut Parser) -> Result<Command, lexopt::Error> {
    let (mut url, mut timeout) = (None, DEFAULT_PROBE_TIMEOUT);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return read_help(parser),
            Arg::Long("timeout") => timeout = parser.value()?.parse_with(seconds)?,
            Arg::Value(value) if url.is_none() => {
                url = Some(parse_url(&value, "http://127.0.0.1:8000/-/ready")?);
            }
            other => return Err(unexpected(other, "probe")),
        }
    }
    Ok(Command::Probe(url, timeout))
}

fn read_doctor(parser: &mut Parser) -> Result<Command, lexopt::Error> {
    let (mut grace, mut verdict) = (None, Verdict::default());
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return read_help(parser),
            Arg::Long("grace") => grace = Some(parser.value()?.parse_with(seconds)?),
            Arg::Long("strict") => verdict.strict = true,
            Arg::Long("format") => verdict.json = read_format(parser)?,
            other => return Err(unexpected(other, "doctor")),
        }
    }
    Ok(Command::Doctor(grace, verdict))
}

/// Parses a number of seconds, or a duration with units, as variables have them.
fn seconds(word: &str) -> Result<Duration, String> {
    let seconds = word.parse().ok();
    let duration = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let duration = duration.or_else(|| {
        let units = WithUnits::from_source([("DURATION", word)]).ok();
        units.map(|units| units.duration)
    });
    let duration = duration.filter(|duration| !duration.is_zero() && *duration <= MAX_SECONDS);
    duration.ok_or_else(|| {
        "it is not a number of seconds above 0, like 2.5 or 1m30s, and at most a day".to_owned()
    })
}

/// A duration, loaded like a variable, because it has the same form.
#[derive(EnvConfig)]
#[env(prefix = "")]
struct WithUnits {
    duration: Duration,
}

/// An option that is a variable.
struct Hint {
    option: String,
    variable: String,
    is_secret: bool,
}

/// Returns the variable that an option means: `--port` is `APP_PORT`.
fn variable_hint(option: &str) -> Option<Hint> {
    let name = option.to_ascii_uppercase().replace('-', "_");
    let known = own_names();
    let spellings = [format!("APP_{name}"), name];
    let variable = spellings
        .into_iter()
        .find(|spelling| known.contains(spelling))?;
    let is_secret = AppConfig::secret_vars().contains(&variable);
    Some(Hint {
        option: option.to_owned(),
        variable,
        is_secret,
    })
}

impl Hint {
    /// Returns the message. A secret is not repeated.
    fn with(self, value: Option<OsString>) -> String {
        let Self {
            option,
            variable,
            is_secret,
        } = self;
        let value = value.and_then(|value| value.into_string().ok());
        let value = value.filter(|value| {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._:,/=-".contains(&byte);
            !is_secret
                && !value.is_empty()
                && !value.starts_with('-')
                && value.len() <= 64
                && value.bytes().all(is_plain)
        });
        match value {
            Some(value) => format!("unknown option --{option}; set {variable}={value}"),
            None => format!("unknown option --{option}; set {variable}"),
        }
    }
}

fn named<T: Copy>(word: &str, formats: &[(&str, T)]) -> Result<T, String> {
    let format = formats.iter().find(|(name, _)| *name == word);
    format.map(|(_, format)| *format).ok_or_else(|| {
        let names: Vec<_> = formats.iter().map(|(name, _)| *name).collect();
        format!("it is not one of {}", names.join(", "))
    })
}

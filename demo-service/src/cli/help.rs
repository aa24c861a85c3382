//! `--help`, `--version` and `config`.

use std::fmt::Write as _;

use environ::{EnvConfig, Help};

use super::args::Format;
use super::doctor::Surroundings;
use crate::config::AppConfig;
use crate::config::platform::Platform;
use crate::database::libpq;
use crate::process::systemd::SupervisorConfig;
use crate::secrets;
use crate::telemetry::Terminal;
use crate::telemetry::journal::Journal;
use crate::version::Version;

/// Returns the variables in a format.
#[must_use]
pub fn variables(format: Format) -> String {
    let help = AppConfig::help().secret_object("demo-service");
    match format {
        Format::Text => format!("{help}\n"),
        Format::Markdown => help.to_markdown(),
        Format::Env => help.to_dotenv(),
        Format::Json => format!("{}\n", help.to_json()),
        Format::Kubernetes => help.to_kubernetes(),
        Format::Compose => help.to_compose(),
        Format::Systemd => help.to_systemd(),
        Format::JsonSchema => format!("{}\n", help.to_json_schema()),
        Format::EnvSchema => help.to_env_schema(),
        Format::Man => help.to_man(),
    }
}

/// Returns usage, every variable, and the exit codes.
pub(super) fn help() -> String {
    let mut help = String::from(
        "\
A deployment-friendly service. It is configured by the environment alone.

Usage: demo-service [--check [--with-secrets] | --help | --version]
       demo-service --check [--with-secrets] [--strict] [--format text|json]
       demo-service migrate
       demo-service config [--format FORMAT | --diff OLD [FILE...]]
       demo-service config --check [--strict] [--deny-warnings] [--container NAME]
                           [--spec OTHER] [--format text|json|github|sarif]
                           FILE...
       demo-service probe [--timeout TIME] [URL]
       demo-service doctor [--grace TIME] [--strict] [--format text|json]
       demo-service help | version

  --check          load and validate the configuration, then exit
  --with-secrets   fetch the secrets for that, from where APP_SECRETS says
  --strict         exit with 78 for warnings too
  --format FORMAT  print the result as text or as json
  -h, --help       print this
  -V, --version    print the version

  migrate          bring the tables of the database up to date, then exit

  config           print the variables and exit
  --format FORMAT  as text, markdown, env, json, kubernetes, compose, systemd,
                   json-schema, env-schema or man
  --diff OLD       print what changed since the release OLD: its program, or its
                   `config --format json` in a file, or on stdin if that is `-`;
                   exit with 1 if it may break a deployment; with deployment files,
                   print the lines that the changes concern instead

  --check FILE...  print mistakes in deployment files, each with file and line:
                   Kubernetes, kustomize, Compose, systemd, .env, Dockerfile,
                   Procfile, app.json; - is standard input, such as rendered Helm;
                   exit with 78 if there are any
  --strict         with --check, an APP_* variable that nothing reads is an error
  --deny-warnings  with --check, exit with 78 for warnings too
  --container NAME with --check, judge the containers of this name
  --spec OTHER     with --check, judge the variables by the specification of another
                   build: its program, or its `config --format json` in a file, or on
                   stdin if that is `-`; ports, routes and times are of this build

  probe            ask the URL, or `/-/ready` of this configuration, with GET; exit with
                   1 unless the answer is 2xx
  --timeout TIME   wait so long for the answer, not 2s; a number is in seconds

  doctor           print what is odd about the deployment and exit
  --grace TIME     how long the service has to stop before it is killed
  --strict         exit with 1 for a warning
  --format FORMAT  print the findings as text or as json

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
  1         `probe` got another answer than 2xx, `config --diff` found what may
            break a deployment, or `doctor --strict` has a warning
  64        the command line is wrong
  69        the secrets or the database cannot be reached
  70        a bug
  71        the operating system refuses: to listen on APP_HOST and APP_PORT or
            APP_ADMIN_LISTEN, to hand over a socket, or to take what is printed
  75        requests were cut, because they took longer than APP_STOP_TIMEOUT or
            APP_DRAIN_TIMEOUT allow
  78        the configuration is wrong, or the store of secrets or the database
            refuses it
  130, 131, 143
            stopped at once by a second SIGINT, SIGQUIT or SIGTERM
",
    );
    help
}

fn add_variables(help: &mut String, variables: &Help) {
    for line in variables.to_string().lines() {
        let _ = writeln!(help, "  {line}");
    }
}

/// Adds the variables that are read besides the configuration.
fn add_others(help: &mut String) {
    let ids = secrets::id_variables().map(|id| {
        let meaning = "With APP_SECRETS=aws, the id of that secret alone.";
        (id, meaning)
    });
    let marks = Platform::marks().collect::<Vec<_>>().join(", ");
    let libpq = libpq::VARIABLES.map(|(name, _)| name).join(", ");
    let others = [
        (
            &*libpq,
            "What a `postgres://` URL leaves out, as for psql; `.pgpass` is read too.",
        ),
        (
            &*marks,
            "Marks of a platform, whose time for a stop counts unless APP_STOP_TIMEOUT is set.",
        ),
        ("LISTEN_FDS, LISTEN_PID", "The sockets that systemd passes."),
        ("AWS_*", "With APP_SECRETS=aws, what the SDK of AWS reads."),
        (
            "RUST_BACKTRACE",
            "With 1, a panic is logged with its stack.",
        ),
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
        Journal::help(),
    ] {
        add_variables(help, &variables);
    }
}

/// Returns the program's name and version.
pub(super) fn version() -> String {
    format!("demo-service {}\n", Version::NUMBER)
}

//! `--help`, `--version` and `config`.

use std::fmt::Write as _;
use std::io;

use environ::{EnvConfig, Help};

use super::args::Format;
use super::doctor::Surroundings;
use super::grammar::words;
use super::output::print;
use crate::config::AppConfig;
use crate::config::platform::Platform;
use crate::database::libpq;
use crate::process::Failure;
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
        Format::Text => format!("{}\n", Page::of_stdout().fit(help)),
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

/// The columns and the styles of the output.
pub(super) struct Page {
    width: usize,
    has_styles: bool,
}

impl Page {
    pub(super) fn of_stdout() -> Self {
        let (terminal, stdout) = (Terminal::of_process(), io::stdout());
        Self {
            width: terminal.width(&stdout),
            has_styles: terminal.has_colours(&stdout),
        }
    }

    fn fit(&self, help: Help) -> Help {
        help.width(self.width).styled(self.has_styles)
    }

    /// Returns a text whose lines at the margin are headings.
    fn headed(&self, text: &str) -> String {
        let styled = text.lines().map(|line| match line.split_once(':') {
            Some((heading, rest)) if self.has_styles && !line.starts_with(' ') => {
                format!("\u{1b}[1m{heading}:\u{1b}[0m{rest}\n")
            }
            _ => format!("{line}\n"),
        });
        styled.collect()
    }

    /// Adds an entry of a list: names, and their meaning below them.
    fn add(&self, page: &mut String, names: &str, meaning: &str) {
        for (indent, text) in [(2, names), (6, meaning)] {
            let mut column = self.width;
            for word in text.split(' ') {
                if column + 1 + word.len() > self.width {
                    let start = if column == self.width && page.ends_with('\n') {
                        ""
                    } else {
                        "\n"
                    };
                    page.push_str(start);
                    page.push_str(&" ".repeat(indent));
                    column = indent;
                } else {
                    page.push(' ');
                    column += 1;
                }
                page.push_str(word);
                column += word.len();
            }
            page.push('\n');
        }
    }
}

/// Prints all about a variable, or the help for the name of a command.
pub(super) fn explain(name: &str) -> Result<u8, Failure> {
    let page = Page::of_stdout();
    // The program without a command has an empty name.
    if !name.is_empty() && words(name).is_some() {
        return Ok(print(help(&page)));
    }
    let explained = page.fit(AppConfig::help()).explain(name);
    let explained = explained.or_else(|unknown| {
        let other = page.fit(Others::help()).explain(name);
        other.map_err(|other| {
            if unknown.near().is_some() {
                unknown
            } else {
                other
            }
        })
    });
    match explained {
        Ok(text) => Ok(print(format!("{text}\n"))),
        Err(unknown) if unknown.near().is_some() => Err(Failure::usage(&unknown.to_string())),
        Err(unknown) => Err(Failure::usage(&format!("{unknown}; see --help"))),
    }
}

/// Variables that are read besides the configuration.
#[derive(EnvConfig)]
#[env(prefix = "")]
#[expect(dead_code, reason = "only its help is asked for")]
struct Others {
    #[env(group, flatten)]
    surroundings: Surroundings,
    #[env(group, flatten)]
    supervisor: SupervisorConfig,
    #[env(group, flatten)]
    terminal: Terminal,
    #[env(group, flatten)]
    journal: Journal,
}

const USAGE: &str = r#"A deployment-friendly service. It is configured by the environment alone.

Usage: demo-service [--check [--with-secrets] | --help [NAME] | --version]
       demo-service --check [--with-secrets] [--strict] [--format text|json]
       demo-service migrate
       demo-service config [--format FORMAT | --diff OLD [FILE...]]
       demo-service config --compare [--timeout TIME] URL URL...
       demo-service config --check [--strict] [--deny-warnings] [--container NAME]
                           [--spec OTHER] [--format text|json|github|sarif]
                           FILE...
       demo-service probe [--timeout TIME] [URL]
       demo-service doctor [--grace TIME] [--strict] [--format text|json]
       demo-service completions bash|zsh|fish
       demo-service help [NAME] | version

  --check          validate the configuration and exit
  --with-secrets   with --check, fetch the secrets of the store in APP_SECRETS, too
  --strict         with --check, exit with 78 for warnings, too
  --format FORMAT  with --check, print the result as text or json
  -h, --help       print this page
  --help NAME      print the documentation of a variable
  -V, --version    print the version

  migrate          migrate the tables of the database and exit

  config           print the variables and exit
  --format FORMAT  text, markdown, env, json, kubernetes, compose, systemd,
                   json-schema, env-schema or man
  --diff OLD       print the changes since the release OLD, and exit with 1 if a change
                   may break a deployment; OLD is the program of that release, its
                   `config --format json` in a file, or - for standard input; with
                   deployment files, print the lines that the changes concern instead

  --compare URL... print the variables in which the instances at these URLs differ, and
                   exit with 1 if there is a difference; APP_ADMIN_TOKEN_FILE has the
                   token; secrets are compared under the same APP_FINGERPRINT_KEY only
  --timeout TIME   with --compare, time for each answer, 2s by default

  --check FILE...  print the mistakes of deployment files, each with file and line, and
                   exit with 78 if there is a mistake: Kubernetes, kustomize, Compose,
                   systemd, .env, Dockerfile, Procfile, app.json; - is standard input,
                   such as rendered Helm
  --strict         with --check, report an unread APP_* variable as an error
  --deny-warnings  with --check, exit with 78 for warnings, too
  --container NAME with --check, judge the containers with this name alone
  --spec OTHER     with --check, judge the variables by the specification of the build
                   OTHER: its program, its `config --format json` in a file, or - for
                   standard input; ports, routes and times are those of this build

  probe            send GET to the URL, or to `/-/ready` of this configuration, and exit
                   with 1 unless the answer is 2xx
  --timeout TIME   time for the answer, 2s by default; a number is in seconds

  doctor           print the findings about this deployment and exit
  --grace TIME     time from SIGTERM to SIGKILL
  --strict         exit with 1 for a warning
  --format FORMAT  print the findings as text or json

  completions      print the completions of a shell; for bash:
                   `eval "$(demo-service completions bash)"`
"#;

const EXIT_CODES: &str = "
Exit codes:

  0         success, or a stop after SIGTERM or SIGINT
  1         `probe` got no 2xx, a change of `config --diff` may break a deployment,
            `config --compare` found a difference, or `doctor --strict` has a warning
  64        the command line is wrong
  69        the secrets, the database or an instance cannot be reached
  70        a bug
  71        the operating system rejects an operation: listening on APP_HOST and
            APP_PORT or APP_ADMIN_LISTEN, taking over a socket, or printing
  75        requests were cut, because they took longer than APP_STOP_TIMEOUT or
            APP_DRAIN_TIMEOUT allows
  78        the configuration is wrong, or the store of secrets or the database
            rejects it
  130, 131, 143
            stopped at once by a second SIGINT, SIGQUIT or SIGTERM
";

/// Returns usage, every variable, and the exit codes.
pub(super) fn help(page: &Page) -> String {
    let variables = page.fit(AppConfig::help());
    let others = page.fit(Others::help());
    let mut help = page.headed(&format!("{USAGE}\nVariables:\n\n"));
    let _ = writeln!(help, "{variables}");
    help.push_str(&page.headed("\nOther variables that are read if set:\n\n"));
    add_others(page, &mut help);
    let _ = writeln!(help, "\n{others}");
    help.push_str(&page.headed(EXIT_CODES));
    help
}

/// Adds the variables that are read besides the configuration, by libraries.
fn add_others(page: &Page, help: &mut String) {
    let ids = secrets::id_variables("_SECRET_ID").map(|id| {
        let meaning = "Id of this secret alone, with APP_SECRETS=aws, azure or gcp.";
        (id, meaning)
    });
    let ciphertexts = secrets::id_variables("_KMS").map(|name| {
        let meaning = "Ciphertext of this secret (base64) for APP_SECRETS_GCP_KMS_KEY, or a file \
                       with it.";
        (format!("{name}, {name}_FILE"), meaning)
    });
    let marks = Platform::marks().collect::<Vec<_>>().join(", ");
    let libpq = libpq::VARIABLES.map(|(name, _)| name).join(", ");
    let others = [
        (
            &*libpq,
            "Parts that a `postgres://` URL omits, as in psql; `.pgpass` is read, too.",
        ),
        (
            &*marks,
            "Marks of a platform; its time for a stop applies unless APP_STOP_TIMEOUT is set.",
        ),
        ("LISTEN_FDS, LISTEN_PID", "Sockets that systemd passes."),
        (
            "AWS_*",
            "Variables of the SDK of AWS, with APP_SECRETS=aws.",
        ),
        (
            "AZURE_*, IDENTITY_ENDPOINT, IDENTITY_HEADER",
            "Tenant, client and its proof, or the identity of App Service, with \
             APP_SECRETS=azure, unless its own variables are set.",
        ),
        (
            "GOOGLE_APPLICATION_CREDENTIALS, GOOGLE_CLOUD_PROJECT, GCE_METADATA_HOST",
            "Credentials, project and metadata server, with APP_SECRETS=gcp, unless its own \
             variables are set.",
        ),
        (
            "RUST_BACKTRACE",
            "Stack trace in the log line of a panic, if 1.",
        ),
        (
            "SSL_CERT_FILE, SSL_CERT_DIR",
            "Certificates in place of the system's.",
        ),
    ];
    let others = others.map(|(names, meaning)| (names.to_owned(), meaning));
    for (names, meaning) in ids.chain(ciphertexts).chain(others) {
        page.add(help, &names, meaning);
    }
}

/// Returns the program's name and version.
pub(super) fn version() -> String {
    format!("demo-service {}\n", Version::NUMBER)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{USAGE, variables};
    use crate::cli::args::Format;
    use crate::cli::grammar::COMMANDS;

    /// The rule of `CONTRIBUTING.md`: a noun phrase of 90 characters or fewer.
    #[test]
    fn every_variable_has_a_short_line_of_help() {
        let spec: serde_json::Value = serde_json::from_str(&variables(Format::Json)).unwrap();
        let variables = spec["variables"].as_array().unwrap();
        assert!(variables.len() > 40, "{}", variables.len());
        for variable in variables {
            let (name, doc) = (&variable["name"], variable["doc"].as_str().unwrap());
            assert!(doc.chars().count() <= 90, "{name}: {doc}");
            let first = doc.split(' ').next().unwrap();
            let is_clause = ["How", "What", "Where", "Whether", "Which", "Who"].contains(&first);
            assert!(!is_clause, "{name}: {doc}");
        }
    }

    #[test]
    fn every_option_of_the_usage_is_in_the_grammar_and_the_reverse() {
        let is_part = |letter: char| letter.is_ascii_lowercase() || letter == '-';
        let words = USAGE.split(|letter| !is_part(letter));
        let shown: BTreeSet<&str> = words.filter_map(|word| word.strip_prefix("--")).collect();
        let known = COMMANDS.iter().flat_map(|words| words.options);
        let known: BTreeSet<&str> = known.map(|option| option.name).collect();
        assert_eq!(shown, known);
    }
}

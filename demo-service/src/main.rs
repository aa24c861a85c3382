//! The service's process, in the order in which it boots.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use actix_web::http::Uri;
use actix_web::web::Data;
use demo_service::activation::{self, Listener};
use demo_service::admin::Admin;
use demo_service::cli::{self, Command};
use demo_service::config::{AppConfig, Bootstrap, ServerConfig};
use demo_service::database::{Database, DatabaseError};
use demo_service::doctor::Deployment;
use demo_service::exit::{self, Failure};
use demo_service::probe::probe;
use demo_service::secrets::{self, Login, Secrets, SecretsError};
use demo_service::settings::Settings;
use demo_service::signals::Stop;
use demo_service::state::AppState;
use demo_service::supervisor::{Supervisor, SupervisorConfig};
use demo_service::telemetry::{self, Lines, Log};
use demo_service::version::Version;
use demo_service::{server, signals};
use environ::{Change, EnvConfig};
use tokio::sync::oneshot;
use tokio::time::timeout;
use tracing::{info, warn};

type Stopped = oneshot::Receiver<Stop>;

/// How long connections to the database may take to close.
const CLOSING: Duration = Duration::from_secs(2);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let log = Lines::default();
    let _flushed = log.flush_at_exit();
    ExitCode::from(run(log).await.unwrap_or_else(|failure| failure.report()))
}

async fn run(log: Lines) -> Result<u8, Failure> {
    let mut stop = signals::catch(&log)
        .map_err(|err| Failure::new(exit::OS_ERROR, "cannot catch signals", &err))?;

    let command = cli::parse(std::env::args_os().skip(1)).map_err(Failure::usage)?;
    match command {
        Command::Help => return Ok(say(cli::help())),
        Command::Version => return Ok(say(cli::version())),
        Command::Config(format) => return Ok(say(cli::variables(format))),
        Command::Diff(old) => return diff(&old),
        Command::Probe(url, timeout) => return ask(&url, timeout),
        Command::Doctor(grace) => return doctor(grace),
        Command::Check { .. } | Command::Migrate | Command::Serve => {}
    }

    // The whole report is that of the whole configuration.
    let boot = Bootstrap::loader().load();
    let boot = boot.map_err(|err| AppConfig::loader().load().err().unwrap_or(err))?;
    let boot = boot.config;
    if let Command::Check { with_secrets } = command {
        return check(&boot, with_secrets).await;
    }

    let log = telemetry::install(&boot.log, &log)
        .map_err(|err| Failure::new(exit::SOFTWARE, "cannot log", &err))?;
    let mut secrets = Secrets::default();
    let opened = tokio::select! {
        opened = secrets.open(&boot) => opened,
        _ = &mut stop => return given_back(&secrets, Ok(0)).await,
    };
    let ended = match opened {
        Ok(()) => serve(command, &mut secrets, log, stop).await,
        Err(err) => Err(secrets_failure(&err)),
    };
    given_back(&secrets, ended).await
}

async fn given_back<T>(secrets: &Secrets, ended: T) -> T {
    secrets.give_back().await;
    ended
}

/// Says what is wrong or odd, on stderr. Gives the exit code.
async fn check(boot: &Bootstrap, with_secrets: bool) -> Result<u8, Failure> {
    let mut secrets = Secrets::default();
    let loaded = if with_secrets {
        let opened = secrets
            .open(boot)
            .await
            .map_err(|err| secrets_failure(&err));
        let loaded = opened.and_then(|()| Ok(secrets.load()?));
        let checked = loaded.and_then(|loaded| open(&secrets, &loaded.config).map(|_| loaded));
        given_back(&secrets, checked).await?
    } else {
        secrets.load()?
    };
    exit::warn(&loaded.warnings);
    Ok(say("the configuration is valid\n"))
}

/// Serves, or does what else needs a database. Gives the exit code.
async fn serve(
    command: Command,
    secrets: &mut Secrets,
    log: Log,
    stop: Stopped,
) -> Result<u8, Failure> {
    let loaded = secrets.load()?;
    telemetry::log_warnings(&loaded.warnings);
    let (config, lent) = (&loaded.config, secrets.lent.as_ref());
    let (database, login) = open(secrets, config)?;
    if command == Command::Migrate {
        return migrate(&database, config.boot.start_timeout).await;
    }
    let kept = lent.cloned().zip(login);
    let kept = kept.map(|(lent, login)| tokio::spawn(lent.keep(database.clone(), login)));
    let version = Version::of_this_build();
    let state = AppState::new(database, lent, &config.health, version, log)
        .with_settings(Settings::new(&loaded.origins, &loaded.warnings))
        .with_admin_token(config.admin.token.clone());
    let state = Data::new(state);

    let supervised = SupervisorConfig::loader().load()?.config;
    let supervisor = Supervisor::connect(&supervised).unwrap_or_else(|err| {
        warn!(%err, "the supervisor does not listen where NOTIFY_SOCKET says");
        Supervisor::default()
    });
    let listener = listener(config, &supervised)?;
    let address = listener.socket.local_addr();
    let address = address.map_err(|err| Failure::new(exit::OS_ERROR, "cannot listen", &err))?;
    let (server, drain) = (&config.server, &config.drain);
    let admin = admin(server, &state)?;
    let broke_off = |err| Failure::new(exit::OS_ERROR, "the server broke off", &err);
    let serving = server::run(listener, state.clone(), server, drain, &supervisor, stop);
    let ended = tokio::select! {
        ended = serving => ended
            .map(|drained| drained.report())
            .map_err(broke_off),
        Err(err) = server::start(&state, config, &supervisor, address) => {
            Err(database_failure(exit::UNAVAILABLE, &err))
        }
    };
    let _ = timeout(CLOSING, state.database.close()).await;
    if let Some(kept) = kept {
        kept.abort();
    }
    if let Some(admin) = admin {
        admin.stop().await.map_err(broke_off)?;
    }
    ended
}

/// Takes the database, with the user that is lent for it, if one is.
fn open(secrets: &Secrets, config: &AppConfig) -> Result<(Database, Option<Login>), Failure> {
    let url = secrets::database_url(config);
    let url = url.map_err(|err| Failure::new(exit::CONFIG, "cannot use the database", &err))?;
    let login = secrets.lent.as_ref().map(|lent| lent.login(&url));
    let opened = login.transpose().and_then(|login| {
        let url = login.as_ref().map_or(&url, |login| &login.url);
        Ok((Database::open(url, &config.db)?, login))
    });
    opened.map_err(|err| database_failure(exit::CONFIG, &err))
}

/// Takes the socket that the supervisor holds, or listens where the configuration
/// says.
fn listener(config: &AppConfig, supervised: &SupervisorConfig) -> Result<Listener, Failure> {
    if let Err(err) = server::allow_connections() {
        warn!(%err, "cannot allow more open files, of which each connection is one");
    }
    let inherited = activation::inherited(supervised.listen_fdnames.as_deref());
    let inherited = inherited
        .map_err(|err| Failure::new(exit::OS_ERROR, "cannot take the inherited socket", &err))?;
    if let Some(listener) = inherited {
        return Ok(listener);
    }
    let address = config.listen();
    server::bind(address).map(Listener::own).map_err(|err| {
        let what = format_args!("cannot listen on {address} (see APP_HOST and APP_PORT)");
        Failure::new(exit::OS_ERROR, what, &err)
    })
}

/// Listens for operators, where they have a listener of their own.
fn admin(config: &ServerConfig, state: &Data<AppState>) -> Result<Option<Admin>, Failure> {
    let Some(address) = config.admin_listen else {
        return Ok(None);
    };
    let admin = server::bind(address).and_then(|socket| Admin::start(socket, state, config));
    admin.map(Some).map_err(|err| {
        let what = format_args!("cannot listen on {address} (see APP_ADMIN_LISTEN)");
        Failure::new(exit::OS_ERROR, what, &err)
    })
}

/// Brings the tables up to date. Gives the exit code.
async fn migrate(database: &Database, within: Duration) -> Result<u8, Failure> {
    let migrated = database.start(within, true).await;
    database.close().await;
    migrated.map_err(|err| database_failure(exit::UNAVAILABLE, &err))?;
    info!("the database is up to date");
    Ok(0)
}

/// A store that is away may be back at the next start; one that refuses has to
/// be told otherwise.
fn secrets_failure(err: &SecretsError) -> Failure {
    let code = if err.is_transient() {
        exit::UNAVAILABLE
    } else {
        exit::CONFIG
    };
    let what = format!("cannot fetch the secrets (see {})", err.variables());
    Failure::new(code, what, err)
}

fn database_failure(code: u8, err: &DatabaseError) -> Failure {
    let what = "cannot use the database (see APP_DB_URL, or `db_url` among the secrets)";
    Failure::new(code, what, err)
}

/// Prints what changed since a release whose variables are in the file `old`.
fn diff(old: &Path) -> Result<u8, Failure> {
    let what = || format!("cannot compare with {}", old.display());
    let text = fs::read_to_string(old).map_err(|err| Failure::new(exit::USAGE, what(), &err))?;
    let changes = AppConfig::help().diff(&text);
    let changes = changes.map_err(|err| Failure::new(exit::USAGE, what(), &err))?;
    if !changes.is_empty() {
        say(format!("{changes}\n"));
    }
    Ok(u8::from(changes.iter().any(Change::is_breaking)))
}

fn ask(url: &Uri, timeout: Duration) -> Result<u8, Failure> {
    let what = format_args!("{url}");
    probe(url, timeout).map_err(|err| Failure::new(exit::FAILED, what, &err))?;
    Ok(0)
}

/// Prints what is odd about the deployment.
fn doctor(grace: Option<Duration>) -> Result<u8, Failure> {
    let loaded = AppConfig::loader().load()?;
    let deployment = Deployment::of_this_process(&loaded, grace)?;
    let findings = deployment.findings().into_iter();
    let findings: Vec<_> = findings.map(|finding| finding.to_string()).collect();
    Ok(say(findings.join("\n") + "\n"))
}

/// Prints what was asked for. Gives the exit code.
fn say(text: impl AsRef<str>) -> u8 {
    match std::io::stdout().write_all(text.as_ref().as_bytes()) {
        Ok(()) => 0,
        Err(_) => exit::OS_ERROR,
    }
}

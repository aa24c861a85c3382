//! What the program does besides serving. Each gives the exit code.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use actix_web::http::Uri;
use environ::secrets::aws::AwsConfig;
use environ::{Change, EnvConfig, Loaded, Warning};
use tracing::info;

use crate::cli::doctor::Deployment;
use crate::cli::probe::{probe, shown};
use crate::config::{AppConfig, Bootstrap, SecretsConfig};
use crate::process::exit::{self, Failure};
use crate::process::signals::Stopped;
use crate::process::systemd::SupervisorConfig;
use crate::resources::Held;
use crate::secrets;

/// Says what is wrong or odd about the configuration, on stderr.
///
/// # Errors
///
/// All that is wrong.
pub fn check() -> Result<u8, Failure> {
    let loaded = load()?;
    exit::warn(&loaded.warnings);
    Ok(say("the configuration is valid\n"))
}

/// Loads the configuration without the secrets.
fn load() -> Result<Loaded<AppConfig>, environ::Error> {
    let mut loaded = AppConfig::loader().warn_unknown().load()?;
    SupervisorConfig::loader().load()?;
    if let SecretsConfig::Aws(AwsConfig {
        secret_id: None, ..
    }) = &loaded.config.boot.secrets
    {
        // They are read with the secrets.
        let is_id = |one: &Warning| secrets::id_variables().any(|id| id == one.name());
        loaded.warnings.retain(|warning| !is_id(warning));
    }
    Ok(loaded)
}

/// The same, with the secrets.
///
/// # Errors
///
/// All that is wrong, or why the secrets cannot be had.
pub async fn check_with_secrets(boot: &Bootstrap, stop: Stopped) -> Result<u8, Failure> {
    let check = async |held: &mut Held| {
        SupervisorConfig::loader().load()?;
        let (loaded, _) = held.open(boot, boot.start_deadline()).await?;
        exit::warn(&loaded.warnings);
        Ok(say("the configuration is valid\n"))
    };
    holding(stop, check).await
}

/// Brings the tables of the database up to date.
///
/// # Errors
///
/// If the secrets or the database cannot be reached, or not be used.
pub async fn migrate(boot: &Bootstrap, stop: Stopped) -> Result<u8, Failure> {
    let migrate = async |held: &mut Held| {
        let deadline = boot.start_deadline();
        let (loaded, database) = held.open(boot, deadline).await?;
        if secrets::is_embedded(&loaded.config) {
            let message = "there is nothing to migrate: APP_DB_URL is not set, and the database \
                           in memory is gone with the process";
            return Err(Failure::configuration(message));
        }
        database.start(deadline, true).await?;
        info!("the database is up to date");
        Ok(0)
    };
    holding(stop, migrate).await
}

/// Does what something has to be held for, and lets go of that. It ends as a signal
/// would have it that comes before the work is done.
async fn holding(
    stop: Stopped,
    work: impl AsyncFnOnce(&mut Held) -> Result<u8, Failure>,
) -> Result<u8, Failure> {
    let mut held = Held::default();
    let ended = tokio::select! {
        done = Box::pin(work(&mut held)) => done,
        Ok(signal) = stop => Ok(signal.exit_code()),
    };
    let _ = held.let_go().await;
    ended
}

/// Prints what changed since a release whose variables are in the file `old`.
///
/// # Errors
///
/// If the file cannot be read.
pub fn diff(old: &Path) -> Result<u8, Failure> {
    let what = || format!("cannot compare with {}", old.display());
    let text = fs::read_to_string(old).map_err(|err| Failure::new(exit::USAGE, what(), &err))?;
    let changes = AppConfig::help().diff(&text);
    let changes = changes.map_err(|err| Failure::new(exit::USAGE, what(), &err))?;
    if !changes.is_empty() {
        say(format!("{changes}\n"));
    }
    Ok(u8::from(changes.iter().any(Change::is_breaking)))
}

/// Asks a URL, and waits so long for the answer.
///
/// # Errors
///
/// If it is not 2xx.
pub fn ask(url: &Uri, timeout: Duration) -> Result<u8, Failure> {
    probe(url, timeout).map_err(|err| Failure::new(exit::FAILED, shown(url), &err))?;
    Ok(0)
}

/// Prints what is odd about the deployment, which has so long to stop.
///
/// # Errors
///
/// If its configuration is wrong.
pub fn doctor(grace: Option<Duration>) -> Result<u8, Failure> {
    let loaded = load()?;
    let deployment = Deployment::of_this_process(&loaded, grace)?;
    let mut report = String::new();
    for finding in deployment.findings() {
        let _ = writeln!(report, "{finding}");
    }
    Ok(say(report))
}

/// Prints what was asked for.
pub fn say(text: impl AsRef<str>) -> u8 {
    match io::stdout().write_all(text.as_ref().as_bytes()) {
        Ok(()) => 0,
        Err(_) => exit::OS_ERROR,
    }
}

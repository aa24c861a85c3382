//! `--check`: loads and validates the configuration.

use environ::{EnvConfig, Loaded, Process};

use super::output::print;
use super::resources::with_resources;
use super::verdict::Verdict;
use crate::boot::Resources;
use crate::config::{AppConfig, Bootstrap};
use crate::process::signals::Stopped;
use crate::process::systemd::SupervisorConfig;
use crate::process::{self, Failure, exit};
use crate::secrets;

/// Checks the configuration without the secrets.
pub(super) async fn check(verdict: Verdict) -> Result<u8, Failure> {
    print_result(verdict, load().await)
}

/// Loads the configuration without the secrets, and checks everything for which the start fails
/// before its first request.
pub(super) async fn load() -> Result<Loaded<AppConfig>, Failure> {
    let mut loaded = AppConfig::loader().warn_unknown().load()?;
    SupervisorConfig::loader().load()?;
    secrets::check(&loaded.config.boot.secrets).await?;
    loaded.config.check_database_url(&Process)?;
    let ends = loaded.config.boot.secrets.ends();
    loaded
        .warnings
        .retain(|warning| !secrets::is_id(warning, ends));
    Ok(loaded)
}

/// Checks the configuration with the secrets.
pub(super) async fn check_with_secrets(
    boot: Result<Bootstrap, Failure>,
    verdict: Verdict,
    stop: Stopped,
) -> Result<u8, Failure> {
    let boot = match boot {
        Ok(boot) => boot,
        Err(failure) => return print_result(verdict, Err(failure)),
    };
    let check = async |resources: &mut Resources| {
        let loaded = async {
            SupervisorConfig::loader().load()?;
            let loaded = resources.fetch(&boot).await?;
            resources.open_database(&loaded.config)?;
            Ok(loaded)
        };
        print_result(verdict, loaded.await)
    };
    with_resources(&boot, stop, check).await
}

/// Prints the result of a check, and returns the exit code.
fn print_result(
    verdict: Verdict,
    checked: Result<Loaded<AppConfig>, Failure>,
) -> Result<u8, Failure> {
    let (count, printed) = match checked {
        Err(failure) if verdict.json => {
            print(format!("{}\n", failure.to_json()));
            return Ok(failure.code());
        }
        Err(failure) => return Err(failure),
        Ok(loaded) if verdict.json => {
            let (json, count) = process::warnings_as_json(&loaded);
            (count, print(format!("{json}\n")))
        }
        Ok(loaded) => {
            let count = process::warn(&loaded);
            if verdict.strict && count > 0 {
                return Err(rejected(count));
            }
            (count, print("the configuration is valid\n"))
        }
    };
    let is_rejected = verdict.strict && count > 0;
    Ok(if is_rejected { exit::CONFIG } else { printed })
}

/// Returns the failure of a check that accepts no warning: a warning alone would not say why the
/// pipeline fails.
fn rejected(count: usize) -> Failure {
    let warnings = match count {
        1 => "a warning".to_owned(),
        count => format!("{count} warnings"),
    };
    let message = format!("the configuration has {warnings}; --strict accepts none");
    Failure::configuration(&message)
}

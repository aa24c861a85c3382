//! `--check`: loads and validates the configuration.

use environ::secrets::aws::AwsConfig;
use environ::{EnvConfig, Loaded};

use super::output::print;
use super::resources::with_resources;
use crate::boot::Resources;
use crate::config::{AppConfig, Bootstrap, SecretsConfig};
use crate::process::signals::Stopped;
use crate::process::systemd::SupervisorConfig;
use crate::process::{self, Failure};
use crate::secrets;

/// Checks the configuration without the secrets.
pub(super) fn check() -> Result<u8, Failure> {
    let loaded = load()?;
    process::warn(&loaded);
    Ok(print("the configuration is valid\n"))
}

/// Loads the configuration without the secrets.
pub(super) fn load() -> Result<Loaded<AppConfig>, Failure> {
    let mut loaded = AppConfig::loader().warn_unknown().load()?;
    SupervisorConfig::loader().load()?;
    if let SecretsConfig::Aws(AwsConfig {
        secret_id: None, ..
    }) = &loaded.config.boot.secrets
    {
        loaded.warnings.retain(|warning| !secrets::is_id(warning));
    }
    Ok(loaded)
}

/// Checks the configuration with the secrets.
pub(super) async fn check_with_secrets(boot: &Bootstrap, stop: Stopped) -> Result<u8, Failure> {
    let check = async |resources: &mut Resources| {
        SupervisorConfig::loader().load()?;
        let loaded = resources.fetch(boot).await?;
        resources.open_database(&loaded.config)?;
        process::warn(&loaded);
        Ok(print("the configuration is valid\n"))
    };
    with_resources(boot, stop, check).await
}

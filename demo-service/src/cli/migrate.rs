//! `migrate`: brings the tables of the database up to date.

use tracing::info;

use super::resources::with_resources;
use crate::boot::Resources;
use crate::config::Bootstrap;
use crate::process::Failure;
use crate::process::signals::Stopped;

/// Migrates the database.
pub(super) async fn migrate(boot: &Bootstrap, stop: Stopped) -> Result<u8, Failure> {
    let migrate = async |resources: &mut Resources| {
        let loaded = resources.fetch(boot).await?;
        let database = resources.open_database(&loaded.config)?;
        if loaded.config.has_embedded_database() {
            let message = "there is nothing to migrate: APP_DB_URL is not set, and the database \
                           in memory is gone with the process";
            return Err(Failure::configuration(message));
        }
        database.start(resources.deadline, true).await?;
        info!("the database is up to date");
        Ok(0)
    };
    with_resources(boot, stop, migrate).await
}

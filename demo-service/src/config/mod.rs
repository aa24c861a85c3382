//! Everything that differs between one deployment and another.

mod address;
mod admin;
mod bootstrap;
pub(crate) mod cautions;
mod database;
mod database_files;
mod database_parameters;
pub(crate) mod database_url;
mod drain;
pub(crate) mod effective;
mod effective_limits;
mod fingerprint;
mod fingerprint_key;
mod health;
mod level;
mod listeners;
mod log;
mod network;
#[cfg(feature = "otel")]
mod otel;
pub(crate) mod platform;
mod rules;
mod secrets;
mod server;
pub(crate) mod stop;

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use environ::{EnvConfig, Secret, Source};

pub use self::admin::{AdminConfig, MetricsConfig};
pub(crate) use self::admin::{AdminToken, Exposure};
pub use self::bootstrap::Bootstrap;
pub use self::database::DatabaseConfig;
pub use self::drain::DrainConfig;
pub(crate) use self::effective_limits::EffectiveLimits;
pub(crate) use self::fingerprint::Fingerprints;
pub use self::fingerprint_key::FingerprintConfig;
pub use self::health::{Check, HealthConfig};
pub(crate) use self::level::LEVELS;
pub use self::level::Level;
pub(crate) use self::listeners::{Host, Listeners, Switches};
pub use self::log::{LogConfig, LogFormat};
pub use self::network::Network;
#[cfg(feature = "otel")]
pub(crate) use self::otel::{OtelConfig, Sampler};
#[cfg(feature = "aws")]
pub use self::secrets::AwsConfig;
#[cfg(feature = "azure")]
pub use self::secrets::AzureConfig;
#[cfg(feature = "gcp")]
pub use self::secrets::GcpConfig;
#[cfg(feature = "vault")]
pub use self::secrets::VaultSecretsConfig;
pub use self::secrets::{DirConfig, SecretsConfig};
pub use self::server::{LimitsConfig, ServerConfig};
pub(crate) use self::stop::StopBudget;
pub use self::stop::StopConfig;

/// The database without `APP_DB_URL` and with fake secrets: lost on exit.
const EMBEDDED: &str = "sqlite::memory:";

/// The demo service.
#[derive(Debug, EnvConfig)]
#[env(prefix = "APP", validate = no_fakes_in_prod, validate = listens_apart)]
pub struct AppConfig {
    /// Address to listen on.
    #[env(default = "127.0.0.1", alias = "HOST", parse = address::host)]
    pub host: IpAddr,
    /// Port to listen on; 0 picks a free port, which is logged.
    #[env(default = 8000, alias = "PORT", parse = address::port)]
    pub port: u16,
    /// Deployment and start, loaded before the secrets.
    #[env(group, flatten)]
    pub boot: Bootstrap,
    /// The database, which counts visits.
    #[env(group)]
    pub db: DatabaseConfig,
    /// Health checks.
    #[env(group, flatten)]
    pub health: HealthConfig,
    /// Operators.
    #[env(group)]
    pub admin: AdminConfig,
    /// Metrics.
    #[env(group)]
    pub metrics: MetricsConfig,
    /// Comparison of instances.
    #[env(group)]
    pub fingerprint: FingerprintConfig,
    /// The time of a stop as a whole.
    #[env(group)]
    pub stop: StopConfig,
    /// The phases of a stop.
    #[env(group)]
    pub drain: DrainConfig,
    /// Workers, connections and listeners.
    #[env(group, flatten)]
    pub server: ServerConfig,
}

impl AppConfig {
    /// Returns the address and port to listen on.
    #[must_use]
    pub fn listen(&self) -> SocketAddr {
        SocketAddr::new(self.host, self.port)
    }

    /// Returns the operator endpoints that answer every client.
    pub(crate) fn exposure(&self) -> Exposure {
        Exposure {
            operators: self.admin.open,
            metrics: self.admin.open || self.metrics.open,
        }
    }

    /// Returns the time of a stop and its phases, for a process with the environment `env`.
    pub(crate) fn stop_budget(&self, env: &dyn Source) -> StopBudget {
        StopBudget::new(&self.stop, &self.drain, env)
    }

    /// Returns whether visits are kept in memory: the fake secrets include a database.
    pub(crate) fn has_embedded_database(&self) -> bool {
        self.db.url.get().is_none() && matches!(self.boot.secrets, SecretsConfig::Fake)
    }

    /// Returns the names of everything that is fake, if anything is.
    pub(crate) fn fakes(&self) -> Option<&'static str> {
        match (&self.boot.secrets, self.has_embedded_database()) {
            (_, true) => Some("secrets, database"),
            (SecretsConfig::Fake, false) => Some("secrets"),
            (_, false) => None,
        }
    }

    /// Returns the URL of the database, whose user a Vault may replace.
    pub(crate) fn database_url(&self) -> Result<Secret<String>, NoDatabase> {
        if let Some(url) = &*self.db.url.get() {
            return Ok(url.clone());
        }
        let Some(place) = self.boot.secrets.place_of_url(&self.boot.env) else {
            return Ok(Secret::new(EMBEDDED.to_owned()));
        };
        Err(NoDatabase(place))
    }

    /// Checks that the URL of the database is set, or may be among the secrets of the store, as
    /// far as `env` tells before these are fetched.
    pub(crate) fn check_database_url(&self, env: &dyn Source) -> Result<(), NoDatabase> {
        let is_set = |end: &&str| {
            let text = env.get(&format!("APP_DB_URL{end}"));
            text.is_some_and(|text| !text.is_empty())
        };
        let ends = self.boot.secrets.ends();
        if ends.is_empty() || ends.iter().any(is_set) {
            return Ok(());
        }
        self.database_url().map(drop)
    }
}

/// No secret is the URL of the database.
#[derive(Debug)]
pub(crate) struct NoDatabase(String);

impl fmt::Display for NoDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "APP_DB_URL is not set, and there is no `db_url` in {}; set one of them",
            self.0
        )
    }
}

impl std::error::Error for NoDatabase {}

/// Validates the whole config, because the URL of the database matters too.
fn no_fakes_in_prod(config: &AppConfig) -> Result<(), String> {
    if config.boot.is_prod() && config.has_embedded_database() {
        return Err(format!(
            "APP_ENV={} rejects fake secrets; set APP_DB_URL or APP_DB_URL_FILE, or set \
             APP_SECRETS to the store of the real secrets",
            config.boot.env
        ));
    }
    Ok(())
}

/// Port 0 never clashes: the system picks a free port each time.
fn listens_apart(config: &AppConfig) -> Result<(), String> {
    let listen = config.listen();
    let is_same = |admin: &SocketAddr| {
        let ips = [admin.ip(), listen.ip()];
        admin.port() == listen.port()
            && listen.port() != 0
            && (ips[0] == ips[1] || ips.iter().any(IpAddr::is_unspecified))
    };
    match config.server.admin_listen.filter(is_same) {
        Some(admin) => Err(format!(
            "APP_ADMIN_LISTEN={admin} clashes with APP_HOST and APP_PORT, {listen}; set another \
             port"
        )),
        None => Ok(()),
    }
}

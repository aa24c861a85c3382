//! Everything that differs between one deployment and another.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use environ::{EnvConfig, EnvValue};

use crate::forwarded::Network;
use crate::telemetry::Level;

/// The demo service.
#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
pub struct AppConfig {
    /// Address to listen on.
    #[env(default = "127.0.0.1", alias = "HOST")]
    pub host: IpAddr,
    /// Port to listen on; 0 picks a free one, which is logged.
    #[env(default = 8000, alias = "PORT")]
    pub port: u16,
    /// How logs are written.
    #[env(group)]
    pub log: LogConfig,
    /// Where secrets come from.
    #[env(group)]
    pub secrets: SecretsConfig,
    /// How the service stops.
    #[env(group)]
    pub drain: DrainConfig,
    /// How requests are served.
    #[env(group, flatten)]
    pub server: ServerConfig,
}

impl AppConfig {
    /// Gives the address and port to listen on.
    #[must_use]
    pub fn listen(&self) -> SocketAddr {
        SocketAddr::new(self.host, self.port)
    }
}

/// How logs are written. They go to stdout.
#[derive(Debug, EnvConfig)]
pub struct LogConfig {
    /// The least level that is written, for all or by module:
    /// `info,demo_service=debug`.
    #[env(default = "info", alias = "LOG_LEVEL")]
    pub level: Level,
    /// How a line looks: for a person or for a program.
    #[env(default = "human", alias = "LOG_FORMAT")]
    pub format: LogFormat,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnvValue)]
pub enum LogFormat {
    /// For a person at a terminal.
    Human,
    /// For a program: one JSON object a line.
    Json,
    /// For Dockerflow: one JSON object a line, in the schema of mozlog 2.0.
    Mozlog,
}

/// Where secrets come from.
#[derive(Debug, EnvConfig)]
pub enum SecretsConfig {
    /// Made up, for development.
    #[env(default)]
    Fake,
    /// One file each in a directory, as containers and systemd mount them.
    Dir(DirConfig),
}

/// A directory with one file for each secret.
#[derive(Debug, EnvConfig)]
pub struct DirConfig {
    /// Directory with one file for each secret, called after it.
    #[env(default = "/run/secrets")]
    pub path: PathBuf,
}

/// How the service stops on SIGTERM.
#[derive(Clone, Debug, EnvConfig)]
pub struct DrainConfig {
    /// How long to go on serving while readiness says no, so that load
    /// balancers notice.
    #[env(default = "10s", validate = at_most_a_day)]
    pub delay: Duration,
    /// How long requests in flight may take after that.
    #[env(default = "25s", validate = at_most_a_day)]
    pub timeout: Duration,
}

/// How requests are served.
#[derive(Clone, Debug, EnvConfig)]
pub struct ServerConfig {
    /// Threads that serve requests; one for each core, if not set.
    #[env(range = 1..=512)]
    pub workers: Option<usize>,
    /// How long an idle connection is kept; longer than a load balancer keeps
    /// it, or the two race.
    #[env(default = "75s", validate = at_most_a_day)]
    pub keep_alive: Duration,
    /// Proxies that may say who asked, in `X-Forwarded-For`, under which
    /// `X-Request-ID`, and that they send no more: addresses and networks.
    #[env(default = "127.0.0.0/8,::1", allow_empty)]
    pub trusted_proxies: Vec<Network>,
    /// Whether `/-/chaos` may be asked to misbehave, for tests of a deployment.
    #[env(default = false)]
    pub chaos: bool,
}

/// Longer is a mistake, and no clock can be set so far ahead.
fn at_most_a_day(duration: &Duration) -> Result<(), &'static str> {
    if *duration > Duration::from_secs(86_400) {
        return Err("it must be a day at most");
    }
    Ok(())
}

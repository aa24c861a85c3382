//! Everything that differs between one deployment and another.

pub(crate) mod database_url;
pub mod effective;
pub mod level;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use environ::secrets::aws::AwsConfig;
use environ::secrets::vault::VaultConfig;
use environ::{EnvConfig, EnvValue, Secret};
use tokio::time::Instant;

use crate::health::heartbeat::Check;
use crate::http::proxies::Network;
use crate::secrets;
use crate::telemetry::Level;

/// The demo service.
#[derive(Debug, EnvConfig)]
#[env(prefix = "APP", validate = no_fakes_in_prod, validate = listens_apart)]
pub struct AppConfig {
    /// Address to listen on.
    #[env(default = "127.0.0.1", alias = "HOST")]
    pub host: IpAddr,
    /// Port to listen on; 0 picks a free one, which is logged.
    #[env(default = 8000, alias = "PORT")]
    pub port: u16,
    /// What the rest needs.
    #[env(group, flatten)]
    pub boot: Bootstrap,
    /// Where visits are counted.
    #[env(group)]
    pub db: DatabaseConfig,
    /// What makes the service ready, and what tells how it is.
    #[env(group, flatten)]
    pub health: HealthConfig,
    /// Who may change what runs.
    #[env(group)]
    pub admin: AdminConfig,
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

/// What must be known before secrets are: it is loaded first, by itself.
#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
pub struct Bootstrap {
    /// What the deployment is called, in letters, digits, `.`, `_` and `-`; `prod`, or
    /// `production`, takes no fake secrets.
    #[env(default = "dev", validate = is_a_name)]
    pub env: String,
    /// How logs are written.
    #[env(group)]
    pub log: LogConfig,
    /// Where secrets come from.
    #[env(group)]
    pub secrets: SecretsConfig,
    /// How long to try to reach what the service depends on, all in all, before it
    /// gives up.
    #[env(default = "30s", validate = more_than_nothing, validate = at_most_a_day)]
    pub start_timeout: Duration,
}

impl Bootstrap {
    /// Gives when a start that begins now gives up.
    #[must_use]
    pub fn start_deadline(&self) -> Instant {
        Instant::now() + self.start_timeout
    }

    /// Whether the deployment is the one that everybody else's depends on.
    #[must_use]
    pub fn is_prod(&self) -> bool {
        ["prod", "production"]
            .iter()
            .any(|name| self.env.eq_ignore_ascii_case(name))
    }

    /// Whether it is a developer's own.
    #[must_use]
    pub fn is_dev(&self) -> bool {
        self.env == "dev"
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
#[expect(clippy::large_enum_variant, reason = "there is one of it")]
pub enum SecretsConfig {
    /// Made up, for development.
    #[env(default)]
    Fake,
    /// One file each in a directory, as containers and systemd mount them.
    Dir(DirConfig),
    /// A Vault, HashiCorp's or OpenBao.
    Vault(VaultSecretsConfig),
    /// AWS Secrets Manager.
    Aws(AwsConfig),
}

/// A directory with one file for each secret.
#[derive(Debug, EnvConfig)]
pub struct DirConfig {
    /// Directory with one file for each secret, called after it.
    #[env(default = "/run/secrets")]
    pub path: PathBuf,
}

/// A document of a Vault, and a user of the database if it lends one.
#[derive(Debug, EnvConfig)]
pub struct VaultSecretsConfig {
    /// Where the Vault is, and how to log in.
    #[env(group, flatten)]
    pub server: VaultConfig,
    /// Where the KV engine is mounted.
    #[env(default = "secret", non_empty)]
    pub mount: String,
    /// Path of the document, whose members are the secrets; `{APP_ENV}/app-name`,
    /// if not set.
    #[env(non_empty)]
    pub path: Option<String>,
    /// Version of the KV engine.
    #[env(default = 2, range = 1..=2)]
    pub kv_version: u8,
    /// Role for which the database engine makes users, who take the place of the
    /// one in `db_url`; if not set, none is made.
    #[env(non_empty)]
    pub db_role: Option<String>,
    /// Where the database engine is mounted.
    #[env(default = "database", non_empty)]
    pub db_mount: String,
}

impl VaultSecretsConfig {
    /// Gives the path of the document.
    pub(crate) fn document(&self, env: &str) -> String {
        let own = || format!("{env}/app-name");
        self.path.clone().unwrap_or_else(own)
    }
}

/// The database.
#[derive(Clone, Debug, EnvConfig)]
#[env(validate = usable_url)]
pub struct DatabaseConfig {
    /// URL of the database, unless it is among the secrets: a `postgres://` or
    /// `sqlite:` one; neither gives a database in memory.
    #[env(example = "postgres://app:password@db.internal/app")]
    pub url: Option<Secret<String>>,
    /// Whether to bring the tables up to date at the start, for which the role
    /// must be allowed to create some; `demo-service migrate` does it too.
    #[env(default = true)]
    pub migrate: bool,
    /// Connections at most.
    #[env(default = 10, range = 1..=1000)]
    pub max_connections: u32,
    /// How long a request waits for a connection.
    #[env(default = "2s", validate = at_most_a_day)]
    pub acquire_timeout: Duration,
    /// How long the database may take to answer a request that has one.
    #[env(default = "5s", validate = at_most_a_day)]
    pub query_timeout: Duration,
    /// How long a try to connect may take, at the start and with new credentials.
    #[env(default = "5s", validate = at_most_a_day)]
    pub connect_timeout: Duration,
}

/// What makes the service ready, and what tells how it is.
#[derive(Clone, Debug, EnvConfig)]
pub struct HealthConfig {
    /// How often the checks of `/__heartbeat__` are run.
    #[env(default = "10s", validate = not_too_often, validate = at_most_a_day)]
    pub heartbeat_interval: Duration,
    /// Which of the checks make the instance not ready when they fail; an outage
    /// then takes all instances out at once.
    #[env(default)]
    pub ready_checks: Vec<Check>,
}

/// Who may change what runs.
#[derive(Debug, EnvConfig)]
pub struct AdminConfig {
    /// What `/-/log-level` wants as `Authorization: Bearer` before it changes
    /// anything; not set, nobody may.
    #[env(example = "at-least-16-letters", validate = looks_like_a_token)]
    pub token: Option<Secret<String>>,
}

/// How the service stops on SIGTERM.
#[derive(Clone, Debug, EnvConfig)]
pub struct DrainConfig {
    /// How long to go on serving while readiness says no, so that load
    /// balancers notice.
    #[env(default = "10s", validate = at_most_a_day)]
    pub delay: Duration,
    /// How long requests in flight may take after that, in whole seconds: a part of
    /// one is one.
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
    /// What requests may cost.
    #[env(group, flatten)]
    pub limits: LimitsConfig,
    /// Address and port for operators alone; if not set, they ask at the
    /// service's own. Their paths are then nowhere else: `/-/`, `/healthz` and
    /// `/__*`, which includes what balancers and supervisors check.
    #[env(example = "127.0.0.1:8001")]
    pub admin_listen: Option<SocketAddr>,
    /// Proxies that may say who asked, in `X-Forwarded-For`, under which
    /// `X-Request-ID`, and that they send no more: addresses and networks.
    #[env(default = "127.0.0.0/8,::1", allow_empty)]
    pub trusted_proxies: Vec<Network>,
    /// Whether `/-/chaos` may be asked to misbehave, for tests of a deployment.
    #[env(default = false)]
    pub chaos: bool,
}

/// Of the whole group, since the reason why a secret is refused is not shown.
fn usable_url(config: &DatabaseConfig) -> Result<(), String> {
    let checked = config.url.as_ref().map_or(Ok(()), database_url::check);
    checked.map_err(|reason| format!("APP_DB_URL: {reason}"))
}

/// White space at its end, as of a file from elsewhere, would make it another one's.
fn is_a_name(name: &str) -> Result<(), String> {
    let odd = |letter: &char| !letter.is_ascii_alphanumeric() && !"._-".contains(*letter);
    match name.chars().find(odd) {
        Some(odd) => Err(format!("{odd:?} is no part of a name")),
        None => Ok(()),
    }
}

/// Of the whole config, which is seen once each field is right: it takes the URL too.
fn no_fakes_in_prod(config: &AppConfig) -> Result<(), String> {
    if config.boot.is_prod() && secrets::is_embedded(config) {
        return Err(format!(
            "APP_ENV={} takes no fake secrets; set APP_DB_URL or APP_DB_URL_FILE, or say in \
             APP_SECRETS where the real ones come from",
            config.boot.env
        ));
    }
    Ok(())
}

/// Port 0 is another one each time.
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
            "APP_ADMIN_LISTEN={admin} is where APP_HOST and APP_PORT listen, {listen}; give it \
             another port"
        )),
        None => Ok(()),
    }
}

/// What requests may cost.
#[derive(Clone, Debug, EnvConfig)]
pub struct LimitsConfig {
    /// How long a request may be served, its body included; longer is 504. Less
    /// than the drain's timeout, or a drain may cut it.
    #[env(default = "20s", validate = more_than_nothing, validate = at_most_a_day)]
    pub request_timeout: Duration,
    /// How long a client may take to send the head of the first request of a
    /// connection; longer is 408.
    #[env(default = "5s", validate = more_than_nothing, validate = at_most_a_day)]
    pub head_timeout: Duration,
    /// The largest body of a request in bytes; a larger one is 413.
    #[env(default = 262_144, range = 0..=1_073_741_824)]
    pub max_body: usize,
    /// How many requests may be served at once; one more is 503. Those of
    /// operators are not counted.
    #[env(default = 1000, range = 1..=1_000_000)]
    pub max_in_flight: usize,
    /// How many connections may be open at once; one more waits until one is
    /// closed.
    #[env(default = 10_000, range = 1..=1_000_000)]
    pub max_connections: usize,
}

/// What is asked would do little else.
fn not_too_often(interval: &Duration) -> Result<(), &'static str> {
    if *interval < Duration::from_millis(100) {
        return Err("it must be 100ms at least");
    }
    Ok(())
}

/// None at all refuses everything.
fn more_than_nothing(duration: &Duration) -> Result<(), &'static str> {
    if duration.is_zero() {
        return Err("it must be more than nothing");
    }
    Ok(())
}

/// Longer is a mistake, and no clock can be set so far ahead.
fn at_most_a_day(duration: &Duration) -> Result<(), &'static str> {
    if *duration > Duration::from_hours(24) {
        return Err("it must be a day at most");
    }
    Ok(())
}

/// A header cannot carry anything else, and the newline at the end of a file is
/// the usual mistake.
fn looks_like_a_token(token: &Secret<String>) -> Result<(), &'static str> {
    let token = token.expose();
    if token.len() < 16 || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("it must be 16 letters, digits and signs or more, without white space");
    }
    Ok(())
}

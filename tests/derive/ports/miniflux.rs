//! Miniflux: no prefix, a unit in most names, certificates that exclude each other, secrets in
//! files, names of former releases.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use environ::{EnvConfig, EnvValue, Secret};

use super::{Network, assert_whole, clean, warnings};
use crate::{load, problems};

#[derive(Debug, EnvConfig)]
#[env(
    prefix = "",
    all_or_none(cert_file, key_file),
    removed("POCKET_CONSUMER_KEY", "the service has ended; remove it"),
    removed("SERVER_TIMING_HEADER", "remove it")
)]
pub(super) struct Config {
    #[env(default = "http://localhost", validate = has_no_slash)]
    base_url: String,
    /// Addresses or sockets to listen on.
    #[env(default = "127.0.0.1:8080")]
    listen_addr: Vec<String>,
    /// Replaces the addresses.
    port: Option<u16>,
    #[env(skip, default_fn = listening(listen_addr, port))]
    listening: Vec<String>,
    #[env(default = false)]
    https: bool,
    #[env(default = true, deprecated = "ENABLE_HSTS")]
    hsts: bool,
    cert_file: Option<PathBuf>,
    key_file: Option<PathBuf>,
    #[env(conflicts = "cert_file")]
    cert_domain: Option<String>,

    #[env(group)]
    log: Log,
    #[env(group)]
    database: Database,
    #[env(default = false)]
    run_migrations: bool,
    #[env(default = false)]
    disable_http_service: bool,
    #[env(default = false)]
    disable_scheduler_service: bool,
    #[env(group, flatten)]
    polling: Polling,
    #[env(group)]
    cleanup: Cleanup,
    #[env(group)]
    media_proxy: MediaProxy,
    #[env(group, flatten)]
    fetch: Fetch,
    #[env(group, flatten, switch = "CREATE_ADMIN")]
    admin: Option<Admin>,
    #[env(group, selector = "PROVIDER")]
    oauth2: Option<OAuth2>,
    #[env(name = "OAUTH2_USER_CREATION", default = false)]
    oauth2_user_creation: bool,
    #[env(default = false)]
    disable_local_auth: bool,
    #[env(group)]
    http_client: HttpClient,
    #[env(unit = "s", default = 300)]
    http_server_timeout: Duration,
    #[env(group, prefix = "AUTH_PROXY", when = "header")]
    auth_proxy: Option<AuthProxy>,
    #[env(group, prefix = "MAINTENANCE", switch = "MODE")]
    maintenance: Option<Maintenance>,
    #[env(group, prefix = "METRICS", switch = "COLLECTOR")]
    metrics: Option<Metrics>,
    #[env(default = true)]
    watchdog: bool,
    #[env(default = false)]
    webauthn: bool,
    #[env(default = false)]
    disable_api: bool,
}

#[derive(Debug, EnvConfig)]
#[env(validate = debug_is_level)]
struct Log {
    #[env(default = "stderr")]
    file: String,
    #[env(default = false)]
    date_time: bool,
    #[env(default = "text")]
    format: Format,
    #[env(default = "info")]
    level: Level,
    #[env(name = "DEBUG", default = false)]
    debug: bool,
}

#[derive(Debug, PartialEq, EnvValue)]
enum Format {
    Text,
    Json,
}

#[derive(Debug, PartialEq, EnvValue)]
enum Level {
    Debug,
    Info,
    #[env(alias = "warn")]
    Warning,
    Error,
}

#[derive(Debug, EnvConfig)]
#[env(validate = fewest_is_below_most)]
struct Database {
    #[env(default = "user=postgres password=postgres dbname=miniflux2 sslmode=disable")]
    url: Secret<String>,
    #[env(default = 20, range = 1..)]
    max_conns: u16,
    #[env(default = 1)]
    min_conns: u16,
    #[env(unit = "m", default = 5, range = "1m"..)]
    connection_lifetime: Duration,
}

#[derive(Debug, EnvConfig)]
struct Polling {
    #[env(unit = "m", default = 60, range = "1m"..)]
    polling_frequency: Duration,
    #[env(default = 16, range = 1..)]
    worker_pool_size: u16,
    #[env(default = 100, range = 1..)]
    batch_size: u16,
    #[env(default = "round_robin")]
    polling_scheduler: Scheduler,
    #[env(default = 3)]
    polling_parsing_error_limit: u16,
    #[env(unit = "m", default = 30)]
    force_refresh_interval: Duration,
    #[env(group, prefix = "SCHEDULER_ENTRY_FREQUENCY")]
    by_entries: ByEntries,
    #[env(
        group,
        prefix = "SCHEDULER_ROUND_ROBIN",
        defaults(min_interval = 60, max_interval = 1440)
    )]
    in_turn: Interval,
}

#[derive(Debug, PartialEq, EnvValue)]
#[env(rename_all = "snake_case")]
enum Scheduler {
    RoundRobin,
    EntryFrequency,
}

#[derive(Debug, EnvConfig)]
struct ByEntries {
    #[env(group, flatten, defaults(min_interval = 5, max_interval = 1440))]
    interval: Interval,
    #[env(default = 1, range = 1..)]
    factor: u16,
}

#[derive(Debug, EnvConfig)]
struct Interval {
    #[env(unit = "m", range = "1m"..)]
    min_interval: Duration,
    #[env(unit = "m", range = "1m"..)]
    max_interval: Duration,
}

#[derive(Debug, EnvConfig)]
struct Cleanup {
    #[env(unit = "h", default = 24, range = "1h"..)]
    frequency_hours: Duration,
    #[env(unit = "d", default = 60)]
    archive_read_days: Duration,
    #[env(unit = "d", default = 180)]
    archive_unread_days: Duration,
    #[env(default = 10_000)]
    archive_batch_size: u32,
    #[env(unit = "d", default = 30)]
    remove_sessions_days: Duration,
}

#[derive(Debug, EnvConfig)]
struct MediaProxy {
    #[env(default = "http-only", deprecated = "PROXY_OPTION")]
    mode: ProxyMode,
    #[env(default = "image", deprecated = "PROXY_MEDIA_TYPES")]
    resource_types: Vec<Media>,
    #[env(unit = "s", default = 120, range = "1s"..)]
    http_client_timeout: Duration,
    custom_url: Option<String>,
    #[env(default_fn = random)]
    private_key: Secret<String>,
}

#[derive(Debug, PartialEq, EnvValue)]
enum ProxyMode {
    None,
    HttpOnly,
    All,
}

#[derive(Debug, PartialEq, EnvValue)]
enum Media {
    Image,
    Audio,
    Video,
}

#[derive(Debug, EnvConfig)]
struct Fetch {
    #[env(default = false)]
    fetch_bilibili_watch_time: bool,
    #[env(default = false)]
    fetch_nebula_watch_time: bool,
    #[env(default = false)]
    fetch_odysee_watch_time: bool,
    #[env(default = false)]
    fetch_youtube_watch_time: bool,
    youtube_api_key: Option<Secret<String>>,
    #[env(default = "https://www.youtube-nocookie.com/embed/")]
    youtube_embed_url_override: String,
    #[env(default = "yewtu.be")]
    invidious_instance: String,
    #[env(unit = "d", default = 0)]
    filter_entry_max_age_days: Duration,
}

#[derive(Debug, EnvConfig)]
struct Admin {
    #[env(file)]
    admin_username: String,
    #[env(len = 6..)]
    admin_password: Secret<String>,
}

#[derive(Debug, EnvConfig)]
enum OAuth2 {
    #[env(flatten)]
    Google(Client),
    #[env(flatten)]
    Oidc(Oidc),
}

#[derive(Debug, EnvConfig)]
struct Client {
    #[env(file)]
    client_id: String,
    client_secret: Secret<String>,
    redirect_url: String,
}

#[derive(Debug, EnvConfig)]
struct Oidc {
    #[env(group, flatten)]
    client: Client,
    oidc_discovery_endpoint: String,
    #[env(default = "OpenID Connect")]
    oidc_provider_name: String,
}

#[derive(Debug, EnvConfig)]
#[env(at_most_one_of(proxy, proxies))]
struct HttpClient {
    #[env(unit = "s", default = 20, range = "1s"..)]
    timeout: Duration,
    /// Megabytes.
    #[env(default = 15, range = 1..)]
    max_body_size: u32,
    proxy: Option<String>,
    proxies: Option<Vec<String>>,
    #[env(default = "Mozilla/5.0 (compatible; Miniflux)")]
    user_agent: String,
}

#[derive(Debug, EnvConfig)]
struct AuthProxy {
    header: Option<String>,
    #[env(default = false)]
    user_creation: bool,
    #[env(
        name = "TRUSTED_REVERSE_PROXY_NETWORKS",
        non_empty,
        example = "10.0.0.0/8"
    )]
    networks: Vec<Network>,
}

#[derive(Debug, EnvConfig)]
struct Maintenance {
    #[env(default = "Miniflux is currently under maintenance")]
    message: String,
}

#[derive(Debug, EnvConfig)]
#[env(all_or_none(username, password))]
struct Metrics {
    #[env(unit = "s", default = 60, range = "1s"..)]
    refresh_interval: Duration,
    #[env(default = "127.0.0.1/8")]
    allowed_networks: Vec<Network>,
    #[env(file)]
    username: Option<String>,
    password: Option<Secret<String>>,
}

fn has_no_slash(url: &str) -> Result<(), &'static str> {
    if url.ends_with('/') {
        Err("it must not end with a slash")
    } else {
        Ok(())
    }
}

fn listening(addresses: &[String], port: &Option<u16>) -> Vec<String> {
    match port {
        Some(port) => vec![SocketAddr::from(([0; 8], *port)).to_string()],
        None => addresses.to_vec(),
    }
}

fn random() -> Secret<String> {
    Secret::new("made at the start".to_owned())
}

fn debug_is_level(log: &Log) -> Result<(), &'static str> {
    if log.debug && log.level == Level::Error {
        Err("DEBUG shows all, and the level only errors; remove one of them")
    } else {
        Ok(())
    }
}

fn fewest_is_below_most(database: &Database) -> Result<(), environ::Invalid> {
    if database.min_conns > database.max_conns {
        return Err(environ::Invalid::at(
            "min_conns",
            "it is above DATABASE_MAX_CONNS",
        ));
    }
    Ok(())
}

const SAMPLE: &[(&str, &str)] = &[
    (
        "DATABASE_URL",
        "postgres://miniflux:hunter2@db/miniflux?sslmode=disable",
    ),
    ("RUN_MIGRATIONS", "1"),
    ("CREATE_ADMIN", "1"),
    ("ADMIN_USERNAME", "admin"),
    ("ADMIN_PASSWORD", "test123"),
    ("BASE_URL", "https://reader.example.com"),
    ("POLLING_FREQUENCY", "90"),
    ("CLEANUP_ARCHIVE_READ_DAYS", "30"),
    ("MEDIA_PROXY_MODE", "all"),
    ("MEDIA_PROXY_RESOURCE_TYPES", "image,video"),
    ("METRICS_COLLECTOR", "1"),
    ("METRICS_ALLOWED_NETWORKS", "10.0.0.0/8,fd00::/8"),
    ("OAUTH2_PROVIDER", "oidc"),
    ("OAUTH2_CLIENT_ID", "id"),
    ("OAUTH2_CLIENT_SECRET", "hush"),
    (
        "OAUTH2_REDIRECT_URL",
        "https://reader.example.com/oauth2/oidc/callback",
    ),
    ("OAUTH2_OIDC_DISCOVERY_ENDPOINT", "https://id.example.com"),
    ("PORT", "9000"),
];

#[test]
fn the_sample_is_loaded() {
    let config = clean::<Config>(SAMPLE);
    assert_whole(&config, include_str!("values/miniflux.txt"));
    assert_eq!(config.admin.unwrap().admin_password.expose(), "test123");
    assert_eq!(config.media_proxy.private_key.expose(), "made at the start");
    let Some(OAuth2::Oidc(oidc)) = config.oauth2 else {
        panic!("PROVIDER is oidc")
    };
    assert_eq!(oidc.client.client_secret.expose(), "hush");
}

#[test]
fn former_names_are_warnings() {
    let pairs = [
        ("PROXY_OPTION", "none"),
        ("POCKET_CONSUMER_KEY", "x"),
        ("METRICS_USERNAME", "me"),
        ("AUTH_PROXY_USER_CREATION", "1"),
        ("OAUTH2_CLIENT_ID", ""),
    ];
    assert_eq!(
        warnings::<Config>(&pairs),
        "PROXY_OPTION: deprecated; write MEDIA_PROXY_MODE instead\n\
         AUTH_PROXY_USER_CREATION: not read, since AUTH_PROXY_HEADER is not set\n\
         METRICS_USERNAME: not read, since METRICS_COLLECTOR is not set\n\
         POCKET_CONSUMER_KEY: no longer read; the service has ended; remove it"
    );
    let config = load::<Config>(&pairs);
    assert!(config.oauth2.is_none() && config.metrics.is_none());
    assert_eq!(config.media_proxy.mode, ProxyMode::None);
}

#[test]
fn mistakes_are_reported_at_once() {
    let pairs = [
        ("BASE_URL", "https://reader.example.com/"),
        ("CERT_FILE", "/c.pem"),
        ("CERT_DOMAIN", "reader.example.com"),
        ("DATABASE_MIN_CONNS", "30"),
        ("DATABASE_CONNECTION_LIFETIME", "30s"),
        ("POLLING_SCHEDULER", "round-robbin"),
        ("SCHEDULER_ROUND_ROBIN_MAX_INTERVAL", "0"),
        ("CREATE_ADMIN", "1"),
        ("ADMIN_PASSWORD", "short"),
        ("OAUTH2_PROVIDER", "oidc"),
        ("OAUTH2_CLIENT_ID", "id"),
        ("HTTP_CLIENT_PROXY", "http://a"),
        ("HTTP_CLIENT_PROXIES", "http://b,http://c"),
        ("METRICS_COLLECTOR", "1"),
        ("METRICS_ALLOWED_NETWORKS", "10.0.0.0/8, 127.0.0.1"),
        ("MEDIA_PROXY_RESOURCE_TYPES", "image,vidio"),
        ("CLEANUP_FREQUENCY_HOURS", "P1D"),
    ];
    assert_eq!(
        problems::<Config>(&pairs),
        "  BASE_URL                            \"https://reader.example.com/\" is refused: it must not end with a slash\n  \
         DATABASE_CONNECTION_LIFETIME        \"30s\" is refused: it must be at least 1m\n  \
         POLLING_SCHEDULER                   \"round-robbin\" is not one of: round_robin, entry_frequency\n  \
         SCHEDULER_ROUND_ROBIN_MAX_INTERVAL  \"0\" is refused: it must be at least 1m\n  \
         CLEANUP_FREQUENCY_HOURS             \"P1D\" is not a number of hours, or a duration such as 90m: ISO 8601 is not read; write 1d\n  \
         MEDIA_PROXY_RESOURCE_TYPES          \"image,vidio\": element 2, \"vidio\", is not one of: image, audio, video\n  \
         ADMIN_USERNAME                      not set; required because CREATE_ADMIN is true\n  \
         ADMIN_PASSWORD                      the secret is refused: it must have at least 6 characters\n  \
         OAUTH2_CLIENT_SECRET                not set; required because OAUTH2_PROVIDER is oidc\n  \
         OAUTH2_REDIRECT_URL                 not set; required because OAUTH2_PROVIDER is oidc\n  \
         OAUTH2_OIDC_DISCOVERY_ENDPOINT      not set; required because OAUTH2_PROVIDER is oidc\n  \
         HTTP_CLIENT_PROXIES                 set, although HTTP_CLIENT_PROXY is set; remove one of them\n  \
         METRICS_ALLOWED_NETWORKS            \"10.0.0.0/8, 127.0.0.1\": element 2, \"127.0.0.1\", is not a network: it must be an address, `/` and a number of bits\n  \
         KEY_FILE                            not set; required because CERT_FILE is set\n  \
         CERT_FILE                           set, although CERT_DOMAIN is set; remove one of them"
    );
}

#[test]
fn every_default_and_example_is_read() {
    environ::testing::assert_valid::<Config>();
}

//! The backend of crates.io: no prefix, limits of one shape with defaults of their own, a
//! database pool that depends on other variables.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use environ::{EnvConfig, EnvValue, Invalid, Secret};

use super::{Network, assert_whole, clean, warnings, with};
use crate::{load, problems};

#[derive(Debug, EnvConfig)]
#[env(prefix = "")]
pub(super) struct Server {
    #[env(present)]
    heroku: bool,
    #[env(present)]
    dev_docker: bool,
    /// Address to listen on.
    #[env(skip, default_fn = address(heroku, dev_docker))]
    ip: IpAddr,
    #[env(default = 8888)]
    port: u16,
    /// Threads for blocking work.
    server_threads: Option<usize>,
    #[env(default = "crates.io")]
    domain_name: String,
    /// Signs and encrypts cookies.
    #[env(len = 32.., example = "badkeyabcdefghijklmnopqrstuvwxyzabcdef")]
    session_key: Secret<String>,
    #[env(group, prefix = "GH")]
    github: GitHub,
    #[env(group, flatten)]
    database: Database,
    #[env(group, prefix = "S3", when = "bucket")]
    storage: Option<Bucket>,
    #[env(group, prefix = "CDN_LOG_QUEUE", when = "url")]
    cdn_logs: Option<Queue>,
    #[env(group, prefix = "RATE_LIMITER")]
    limits: Limits,
    #[env(group, flatten)]
    web: Web,
    #[env(group, flatten)]
    cache: Cache,
    #[env(group, prefix = "MAILGUN_SMTP")]
    mail: Option<Mailgun>,
    #[env(group, when = "dsn_api")]
    sentry: Option<Sentry>,
    #[env(group, prefix = "GIT")]
    index: Index,
    #[env(default)]
    excluded_crate_names: BTreeSet<String>,
    /// Header, and the variable that lists the values to block.
    #[env(default)]
    blocked_traffic: BTreeMap<String, String>,
    #[env(default)]
    blocked_routes: BTreeSet<String>,
    max_new_versions_daily: Option<u32>,
    #[env(unit = "ms", default = 60_000)]
    downloads_persist_interval_ms: Duration,
    metrics_authorization_token: Option<Secret<String>>,
    #[env(unit = "s")]
    instance_metrics_log_every_seconds: Option<Duration>,
    #[env(present)]
    force_unconditional_redirects: bool,
    /// Why no token can be made now.
    disable_token_creation: Option<String>,
    banner_message: Option<String>,
    cloudfront_distribution: Option<String>,
    fastly_api_token: Option<Secret<String>>,
    #[env(default = "crates.io")]
    trustpub_audience: String,
}

#[derive(Debug, EnvConfig)]
struct GitHub {
    client_id: String,
    client_secret: Secret<String>,
}

#[derive(Debug, EnvConfig)]
#[env(validate = follower_is_there)]
struct Database {
    #[env(name = "DATABASE_URL", example = "postgres://localhost/registry")]
    leader: Secret<String>,
    #[env(name = "READ_ONLY_REPLICA_URL")]
    follower: Option<Secret<String>>,
    /// The database that is away.
    #[env(name = "DB_OFFLINE")]
    offline: Option<Away>,
    #[env(name = "READ_ONLY_MODE", present)]
    read_only: bool,
    #[env(name = "DB_TCP_TIMEOUT_MS", unit = "ms", default = 15_000)]
    tcp_timeout: Duration,
    #[env(group, prefix = "DB_PRIMARY")]
    primary: Pool,
    #[env(group, prefix = "DB_REPLICA")]
    replica: Pool,
    /// Whether every connection is read-only.
    #[env(skip, default_fn = all_read_only(read_only, offline))]
    all_read_only: bool,
}

#[derive(Debug, PartialEq, EnvValue)]
enum Away {
    Leader,
    Follower,
}

#[derive(Debug, EnvConfig)]
struct Pool {
    #[env(default = 3, range = 1..)]
    pool_size: u32,
    min_idle: Option<u32>,
}

#[derive(Debug, EnvConfig)]
struct Bucket {
    bucket: String,
    region: Option<String>,
    #[env(name = "AWS_ACCESS_KEY", deprecated = "S3_ACCESS_KEY")]
    access_key: Secret<String>,
    #[env(name = "AWS_SECRET_KEY", deprecated = "S3_SECRET_KEY")]
    secret_key: Secret<String>,
    index_bucket: Option<String>,
    index_region: Option<String>,
    cdn: Option<String>,
}

#[derive(Debug, EnvConfig)]
struct Queue {
    url: String,
    region: String,
    access_key: Secret<String>,
    secret_key: Secret<String>,
}

#[derive(Debug, EnvConfig)]
struct Limits {
    #[env(group, defaults(rate_seconds = 600, burst = 5))]
    publish_new: Limit,
    #[env(group, defaults(rate_seconds = 60, burst = 30))]
    publish_update: Limit,
    #[env(group, defaults(rate_seconds = 60, burst = 100))]
    yank_unyank: Limit,
}

#[derive(Debug, EnvConfig)]
struct Limit {
    #[env(unit = "s")]
    rate_seconds: Duration,
    burst: i32,
}

#[derive(Debug, EnvConfig)]
#[env(prefix = "WEB")]
struct Web {
    #[env(
        name = "WEB_ALLOWED_ORIGINS",
        non_empty,
        example = "http://localhost:4200"
    )]
    allowed_origins: Vec<String>,
    #[env(name = "WEB_MAX_ALLOWED_PAGE_OFFSET", default = 200)]
    max_page_offset: u32,
    #[env(name = "WEB_PAGE_OFFSET_UA_BLOCKLIST", default)]
    user_agents: Vec<String>,
    #[env(name = "WEB_PAGE_OFFSET_CIDR_BLOCKLIST", default, validate = are_narrow)]
    networks: Vec<Network>,
    #[env(name = "WEB_CDN_USER_AGENT", default = "Amazon CloudFront")]
    cdn_user_agent: String,
    #[env(group, prefix = "WEB_CAPACITY")]
    capacity: Capacity,
}

#[derive(Debug, EnvConfig)]
struct Capacity {
    #[env(present)]
    report_only: bool,
    #[env(default = 50)]
    log_total_at_count: usize,
    #[env(default = 50, range = ..=100)]
    log_pct: u8,
    #[env(default = 70, range = ..=100)]
    throttle_pct: u8,
    #[env(default = 80, range = ..=100)]
    dl_only_pct: u8,
}

#[derive(Debug, EnvConfig)]
struct Cache {
    #[env(default = 10_000)]
    version_id_cache_size: u64,
    #[env(unit = "s", default = 300)]
    version_id_cache_ttl: Duration,
}

#[derive(Debug, EnvConfig)]
struct Mailgun {
    login: String,
    password: Secret<String>,
    server: String,
}

#[derive(Debug, EnvConfig)]
struct Sentry {
    dsn_api: Option<Secret<String>>,
    env_api: String,
    #[env(default = 0.0, range = 0.0..=1.0)]
    traces_sample_rate_api: f32,
}

#[derive(Debug, EnvConfig)]
#[env(at_most_one_of(ssh_key, http_user), all_or_none(http_user, http_pwd))]
struct Index {
    repo_url: String,
    ssh_key: Option<Secret<String>>,
    http_user: Option<String>,
    http_pwd: Option<Secret<String>>,
}

fn address(heroku: &bool, docker: &bool) -> IpAddr {
    let is_open = *heroku || *docker;
    (if is_open {
        Ipv4Addr::UNSPECIFIED
    } else {
        Ipv4Addr::LOCALHOST
    })
    .into()
}

fn all_read_only(read_only: &bool, offline: &Option<Away>) -> bool {
    *read_only || *offline == Some(Away::Leader)
}

fn follower_is_there(database: &Database) -> Result<(), Invalid> {
    if database.offline == Some(Away::Leader) && database.follower.is_none() {
        return Err(Invalid::at(
            "follower",
            "with DB_OFFLINE=leader it is the only database",
        ));
    }
    Ok(())
}

fn are_narrow(networks: &[Network]) -> Result<(), &'static str> {
    let is_narrow = |it: &Network| it.bits >= if it.address.is_ipv4() { 16 } else { 64 };
    if networks.iter().all(is_narrow) {
        Ok(())
    } else {
        Err("a network must have at least 16 bits, or 64 for IPv6")
    }
}

/// What a developer sets.
const SAMPLE: &[(&str, &str)] = &[
    ("DATABASE_URL", "postgres://postgres@localhost/registry"),
    ("SESSION_KEY", "badkeyabcdefghijklmnopqrstuvwxyzabcdef"),
    ("TEST_DATABASE_URL", ""),
    ("S3_BUCKET", ""),
    ("GIT_REPO_URL", "file:///tmp/index-bare"),
    ("GH_CLIENT_ID", "id"),
    ("GH_CLIENT_SECRET", "hush"),
    (
        "WEB_ALLOWED_ORIGINS",
        "http://localhost:8888,http://localhost:4200",
    ),
    ("MAILGUN_SMTP_LOGIN", ""),
    ("MAILGUN_SMTP_PASSWORD", ""),
];

#[test]
fn the_sample_is_loaded() {
    let server = clean::<Server>(SAMPLE);
    assert_whole(&server, include_str!("values/crates_io.txt"));
    assert_eq!(
        server.session_key.expose(),
        "badkeyabcdefghijklmnopqrstuvwxyzabcdef"
    );
    assert_eq!(server.github.client_secret.expose(), "hush");
    assert_eq!(
        server.database.leader.expose(),
        "postgres://postgres@localhost/registry"
    );
}

#[test]
fn an_environment_alone_does_not_switch_sentry_on() {
    let pairs = with(SAMPLE, &[("SENTRY_ENV_API", "local")]);
    assert!(load::<Server>(&pairs).sentry.is_none());
    assert_eq!(
        warnings::<Server>(&pairs),
        "SENTRY_ENV_API: not read, since SENTRY_DSN_API is not set"
    );
}

#[test]
fn production_has_storage_and_a_follower() {
    let pairs = with(
        SAMPLE,
        &[
            ("HEROKU", "1"),
            ("PORT", "5000"),
            ("READ_ONLY_REPLICA_URL", "postgres://replica/registry"),
            ("DB_OFFLINE", "leader"),
            ("DB_REPLICA_POOL_SIZE", "10"),
            ("S3_BUCKET", "crates"),
            ("S3_ACCESS_KEY", "id"),
            ("AWS_SECRET_KEY", "hush"),
            ("RATE_LIMITER_PUBLISH_NEW_RATE_SECONDS", "5 min"),
            ("RATE_LIMITER_YANK_UNYANK_BURST", "7"),
            (
                "BLOCKED_TRAFFIC",
                "User-Agent=BLOCKED_AGENTS,X-Real-Ip=BLOCKED_IPS",
            ),
            (
                "WEB_PAGE_OFFSET_CIDR_BLOCKLIST",
                "10.1.0.0/16, 2001:db8::/64",
            ),
            ("FORCE_UNCONDITIONAL_REDIRECTS", ""),
            ("SENTRY_DSN_API", "https://x@sentry/1"),
            ("SENTRY_ENV_API", "production"),
        ],
    );
    assert_eq!(
        warnings::<Server>(&pairs),
        "S3_ACCESS_KEY: deprecated; write AWS_ACCESS_KEY instead"
    );
    let server = load::<Server>(&pairs);
    assert_eq!(
        (server.ip, server.port),
        (Ipv4Addr::UNSPECIFIED.into(), 5000)
    );
    assert!(server.force_unconditional_redirects && server.database.all_read_only);
    let storage = server.storage.unwrap();
    assert_eq!(
        (&*storage.bucket, &**storage.access_key.expose()),
        ("crates", "id")
    );
    let limits = server.limits;
    assert_eq!(limits.publish_new.rate_seconds, Duration::from_mins(5));
    assert_eq!((limits.publish_new.burst, limits.yank_unyank.burst), (5, 7));
    assert_eq!(
        format!("{:?}", server.web.networks),
        "[10.1.0.0/16, 2001:db8::/64]"
    );
}

#[test]
fn mistakes_are_reported_at_once() {
    let pairs = with(
        SAMPLE,
        &[
            ("SESSION_KEY", "short"),
            ("WEB_ALLOWED_ORIGINS", ""),
            ("DB_OFFLINE", "Leader"),
            ("DB_TCP_TIMEOUT_MS", "15 secnds"),
            ("DB_PRIMARY_POOL_SIZE", "0"),
            ("WEB_PAGE_OFFSET_CIDR_BLOCKLIST", "10.1.0.0/16, 10.0.0.0/8"),
            ("RATE_LIMITER_YANK_UNYANK_RATE_SECONDS", "soon"),
            ("MAILGUN_SMTP_LOGIN", "me"),
            ("GIT_SSH_KEY", "key"),
            ("GIT_HTTP_USER", "me"),
            ("S3_BUCKET", "crates"),
            ("AWS_ACCESS_KEY", "id"),
            ("AWS_SECRET_KEY", ""),
            ("S3_SECRET_KEY", ""),
        ],
    );
    assert_eq!(
        problems::<Server>(&pairs),
        "  SESSION_KEY                            the secret is refused: it must have at least 32 characters\n                                         \
         Signs and encrypts cookies.\n  \
         DB_TCP_TIMEOUT_MS                      \"15 secnds\" is not a number of milliseconds, or a duration such as 90s: \"secnds\" is not a unit; there are d, h, m, s, ms, us and ns\n  \
         DB_PRIMARY_POOL_SIZE                   \"0\" is refused: it must be at least 1\n  \
         AWS_SECRET_KEY                         set to nothing, which counts as not set; required because S3_BUCKET is set\n  \
         RATE_LIMITER_YANK_UNYANK_RATE_SECONDS  \"soon\" is not a number of seconds, or a duration such as 5m: it must be a number, like 30, or a duration, like 30s\n  \
         WEB_ALLOWED_ORIGINS                    set to nothing, which counts as not set; expected a list, each a text\n  \
         WEB_PAGE_OFFSET_CIDR_BLOCKLIST         \"10.1.0.0/16, 10.0.0.0/8\" is refused: a network must have at least 16 bits, or 64 for IPv6\n  \
         MAILGUN_SMTP_PASSWORD                  set to nothing, which counts as not set; required because MAILGUN_SMTP_LOGIN is set\n  \
         MAILGUN_SMTP_SERVER                    not set; required because MAILGUN_SMTP_LOGIN is set\n  \
         GIT_HTTP_USER                          set, although GIT_SSH_KEY is set; remove one of them\n  \
         GIT_HTTP_PWD                           not set; required because GIT_HTTP_USER is set"
    );
}

#[test]
fn a_follower_that_is_the_only_database_must_be_there() {
    let pairs = with(SAMPLE, &[("DB_OFFLINE", "leader")]);
    assert_eq!(
        problems::<Server>(&pairs),
        "  READ_ONLY_REPLICA_URL  refused: with DB_OFFLINE=leader it is the only database"
    );
}

#[test]
fn every_default_and_example_is_read() {
    environ::testing::assert_valid::<Server>();
}

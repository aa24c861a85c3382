//! Svix: one prefix, addresses that fall back to the address of Redis, words of backends that
//! need an address, numbers in units that no name tells.

use std::net::SocketAddr;
use std::time::Duration;

use environ::{EnvConfig, EnvValue, Invalid, Secret};

use super::{Network, assert_whole, clean, with};
use crate::problems;

#[derive(Debug, EnvConfig)]
#[env(prefix = "SVIX", validate = backends_have_an_address)]
pub(super) struct Config {
    #[env(default = "0.0.0.0:8071")]
    listen_address: SocketAddr,
    operational_webhook_address: Option<String>,
    /// Encrypts what is stored; never changes.
    main_secret: Option<Secret<String>>,
    #[env(group)]
    jwt: Jwt,
    #[env(default = "hmac256")]
    default_signature_type: Signature,
    #[env(default = "info")]
    log_level: Level,
    #[env(default = "default")]
    log_format: Format,
    #[env(group)]
    opentelemetry: OpenTelemetry,
    #[env(default = false)]
    db_tracing: bool,
    sentry_dsn: Option<Secret<String>>,
    #[env(default = "dev")]
    environment: Environment,
    /// The time before each attempt.
    #[env(unit = "s", default = "5,300,1800,7200,18000,36000,36000")]
    retry_schedule: Vec<Duration>,
    #[env(alias = "DATABASE_URL", example = "postgres://localhost/svix")]
    db_dsn: Secret<String>,
    #[env(default = 20, range = 10..)]
    db_pool_max_size: u16,
    redis_dsn: Option<Secret<String>>,
    #[env(default = 20, range = 10..)]
    redis_pool_max_size: u16,
    #[env(default = "redis")]
    queue_type: QueueType,
    #[env(default_fn = or(redis_dsn))]
    queue_dsn: Option<Secret<String>>,
    #[env(default = "memory")]
    cache_type: CacheType,
    #[env(default_fn = or(redis_dsn))]
    cache_dsn: Option<Secret<String>>,
    rabbit_dsn: Option<Secret<String>>,
    rabbit_consumer_prefetch_size: Option<u16>,
    #[env(default = false)]
    whitelabel_headers: bool,
    #[env(default = false)]
    endpoint_https_only: bool,
    #[env(unit = "s", default = 20, range = "1s"..="30s")]
    worker_request_timeout: Duration,
    #[env(unit = "h", default = 120)]
    endpoint_failure_disable_after: Duration,
    #[env(default = true)]
    api_enabled: bool,
    #[env(default = true)]
    worker_enabled: bool,
    whitelist_subnets: Option<Vec<Network>>,
    #[env(default = 500)]
    worker_max_tasks: u16,
    #[env(default = false)]
    dangerous_disable_tls_verification: bool,
    #[env(default = "self_hosted")]
    region: String,
    #[env(default = "https://app.svix.com")]
    app_portal_url: String,
    #[env(group, prefix = "PROXY", when = "addr")]
    proxy: Option<Proxy>,
}

#[derive(Debug, EnvConfig)]
struct Jwt {
    #[env(example = "x")]
    secret: Secret<String>,
    #[env(default = "HS256")]
    algorithm: Algorithm,
}

#[derive(Debug, PartialEq, EnvValue)]
#[env(rename_all = "UPPERCASE")]
enum Algorithm {
    Hs256,
    Hs384,
    Hs512,
    Rs256,
    EdDsa,
}

#[derive(Debug, PartialEq, EnvValue)]
#[env(rename_all = "lowercase")]
enum Signature {
    Hmac256,
    Ed25519,
}

#[derive(Debug, PartialEq, EnvValue)]
enum Level {
    Info,
    Debug,
    Trace,
}

#[derive(Debug, PartialEq, EnvValue)]
enum Format {
    Default,
    Json,
}

#[derive(Debug, EnvConfig)]
struct OpenTelemetry {
    address: Option<String>,
    #[env(requires = "address", range = 0.0..=1.0)]
    sample_ratio: Option<f64>,
    #[env(default = "svix_server")]
    service_name: String,
}

#[derive(Debug, PartialEq, EnvValue)]
enum Environment {
    Dev,
    Staging,
    Prod,
}

#[derive(Debug, PartialEq, EnvValue)]
#[env(rename_all = "lowercase")]
enum QueueType {
    Memory,
    Redis,
    RedisCluster,
    RabbitMq,
}

#[derive(Debug, PartialEq, EnvValue)]
#[env(rename_all = "lowercase")]
enum CacheType {
    Memory,
    Redis,
    RedisCluster,
    None,
}

#[derive(Debug, EnvConfig)]
struct Proxy {
    addr: Option<String>,
    #[env(default)]
    noproxy: Vec<String>,
}

fn or(redis: &Option<Secret<String>>) -> Option<Secret<String>> {
    redis.clone()
}

fn backends_have_an_address(config: &Config) -> Result<(), Invalid> {
    let missing = |field, why| Err(Invalid::at(field, why));
    match (&config.queue_type, &config.queue_dsn, &config.rabbit_dsn) {
        (QueueType::Redis | QueueType::RedisCluster, None, _) => {
            missing("queue_dsn", "SVIX_QUEUE_TYPE needs it, or SVIX_REDIS_DSN")
        }
        (QueueType::RabbitMq, _, None) => missing("rabbit_dsn", "SVIX_QUEUE_TYPE needs it"),
        _ => match (&config.cache_type, &config.cache_dsn) {
            (CacheType::Redis | CacheType::RedisCluster, None) => {
                missing("cache_dsn", "SVIX_CACHE_TYPE needs it, or SVIX_REDIS_DSN")
            }
            _ => Ok(()),
        },
    }
}

const SAMPLE: &[(&str, &str)] = &[
    ("SVIX_JWT_SECRET", "x"),
    (
        "DATABASE_URL",
        "postgresql://postgres:postgres@pgbouncer/postgres",
    ),
    ("SVIX_REDIS_DSN", "redis://redis:6379"),
    ("SVIX_QUEUE_TYPE", "rediscluster"),
    ("SVIX_CACHE_TYPE", "redis"),
    ("SVIX_CACHE_DSN", "redis://cache:6379"),
    ("SVIX_RETRY_SCHEDULE", "5, 1m, 300"),
    ("SVIX_WHITELIST_SUBNETS", "127.0.0.1/32,172.17.0.0/16"),
    ("SVIX_ENDPOINT_FAILURE_DISABLE_AFTER", "240"),
    ("SVIX_OPENTELEMETRY_ADDRESS", "http://otel:4317"),
    ("SVIX_OPENTELEMETRY_SAMPLE_RATIO", "0.25"),
    ("SVIX_LOG_LEVEL", "debug"),
    ("SVIX_API_ENABLED", "True"),
];

#[test]
fn the_sample_is_loaded() {
    let config = clean::<Config>(SAMPLE);
    assert_whole(&config, include_str!("values/svix.txt"));
    assert_eq!(config.jwt.secret.expose(), "x");
    assert_eq!(config.queue_dsn.unwrap().expose(), "redis://redis:6379");
    assert_eq!(config.cache_dsn.unwrap().expose(), "redis://cache:6379");
    assert_eq!(
        config.db_dsn.expose(),
        "postgresql://postgres:postgres@pgbouncer/postgres"
    );
}

#[test]
fn a_backend_without_an_address_is_reported_at_its_variable() {
    let pairs = [
        ("SVIX_JWT_SECRET", "x"),
        ("SVIX_DB_DSN", "postgres://db/svix"),
    ];
    assert_eq!(
        problems::<Config>(&pairs),
        "  SVIX_QUEUE_DSN  refused: SVIX_QUEUE_TYPE needs it, or SVIX_REDIS_DSN"
    );
    let pairs = with(&pairs, &[("SVIX_QUEUE_TYPE", "rabbitmq")]);
    assert_eq!(
        problems::<Config>(&pairs),
        "  SVIX_RABBIT_DSN  refused: SVIX_QUEUE_TYPE needs it"
    );
    let pairs = with(
        &pairs,
        &[("SVIX_QUEUE_TYPE", "memory"), ("SVIX_CACHE_TYPE", "redis")],
    );
    assert_eq!(
        problems::<Config>(&pairs),
        "  SVIX_CACHE_DSN  refused: SVIX_CACHE_TYPE needs it, or SVIX_REDIS_DSN"
    );
}

#[test]
fn mistakes_are_reported_at_once() {
    let pairs = [
        ("SVIX_LISTEN_ADDRESS", "8071"),
        ("SVIX_JWT_SECRT", "x"),
        ("SVIX_JWT_ALGORITHM", "HS265"),
        ("SVIX_DB_POOL_MAX_SIZE", "5"),
        ("SVIX_RETRY_SCHEDULE", "[5,300]"),
        ("SVIX_WORKER_REQUEST_TIMEOUT", "45"),
        ("SVIX_WHITELIST_SUBNETS", "[127.0.0.1/32, 172.17.0.0/16]"),
        ("SVIX_OPENTELEMETRY_SAMPLE_RATIO", "1.5"),
        ("SVIX_QUEUE_TYPE", "rediscluser"),
    ];
    assert_eq!(
        problems::<Config>(&pairs),
        "  SVIX_LISTEN_ADDRESS              \"8071\" is not a socket address, like 127.0.0.1:8000: the address is missing; write 0.0.0.0:8071\n  \
         SVIX_JWT_SECRET                  not set\n                                   \
         SVIX_JWT_SECRT is set but not read; is it meant?\n  \
         SVIX_JWT_ALGORITHM               \"HS265\" is not one of: HS256, HS384, HS512, RS256, EDDSA\n  \
         SVIX_OPENTELEMETRY_SAMPLE_RATIO  \"1.5\" is refused: it must be from 0 to 1\n  \
         SVIX_OPENTELEMETRY_ADDRESS       not set; required because SVIX_OPENTELEMETRY_SAMPLE_RATIO is set\n  \
         SVIX_RETRY_SCHEDULE              \"[5,300]\" is not a list, each a number of seconds, or a duration such as 5m: looks like JSON; write 5,300\n                                   \
         The time before each attempt.\n  \
         SVIX_DB_DSN                      not set\n  \
         SVIX_DB_POOL_MAX_SIZE            \"5\" is refused: it must be at least 10\n  \
         SVIX_QUEUE_TYPE                  \"rediscluser\" is not one of: memory, redis, rediscluster, rabbitmq\n  \
         SVIX_WORKER_REQUEST_TIMEOUT      \"45\" is refused: it must be from 1s to 30s\n  \
         SVIX_WHITELIST_SUBNETS           \"[127.0.0.1/32, 172.17.0.0/16]\" is not a list, each a network: looks like YAML; write 127.0.0.1/32,172.17.0.0/16"
    );
}

#[test]
fn every_default_and_example_is_read() {
    environ::testing::assert_valid::<Config>();
}

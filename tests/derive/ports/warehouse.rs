//! `PyPI`'s warehouse: no prefix, backends with parameters in one variable, caches that fall back
//! to one Redis, rates in words.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::Duration;

use environ::{EnvConfig, EnvValue, Secret};

use super::{assert_whole, clean, with};
use crate::problems;

#[derive(Debug, EnvConfig)]
#[env(prefix = "")]
pub(super) struct Config {
    #[env(group)]
    warehouse: Warehouse,
    #[env(group, prefix = "DATABASE")]
    database: Database,
    #[env(name = "REDIS_URL", example = "redis://localhost:6379/0")]
    redis: Secret<String>,
    #[env(name = "REDIS_SESSIONS_URL", default_from = "{redis}")]
    sessions: Secret<String>,
    #[env(name = "RATELIMIT_URL", default_from = "{redis}")]
    ratelimit: Secret<String>,
    #[env(name = "OIDC_JWK_CACHE_URL", default_from = "{redis}")]
    jwk_cache: Secret<String>,
    #[env(name = "CELERY_BROKER_URL", alias = "AMQP_URL", example = "sqs://")]
    broker: Secret<String>,
    #[env(name = "CELERY_RESULT_URL", default_from = "{redis}")]
    results: Secret<String>,
    #[env(alias = "ELASTICSEARCH_URL", example = "http://search/dev")]
    opensearch_url: String,
    #[env(name = "SESSION_SECRET", example = "insecure")]
    session_secret: Secret<String>,
    #[env(group)]
    camo: Camo,
    #[env(default = "https://pythonhosted.org/{project}/")]
    docs_url: String,
    #[env(default = "https://status.python.org")]
    statuspage_url: String,
    #[env(group, flatten)]
    backends: Backends,
    #[env(group, prefix = "TOKEN")]
    tokens: Tokens,
    #[env(group, flatten)]
    limits: Limits,
    #[env(group, when = "url")]
    hcaptcha: Option<Hcaptcha>,
    #[env(group, prefix = "AWS")]
    aws: Option<Aws>,
    #[env(group, when = "dsn")]
    sentry: Option<Sentry>,
    #[env(name = "DATADOG_HOST", default = "localhost")]
    datadog_host: String,
    #[env(name = "METRICS_BACKEND", default = "warehouse.metrics.NullMetrics")]
    metrics: Backend,
}

#[derive(Debug, EnvConfig)]
struct Warehouse {
    #[env(default = "production")]
    env: Stage,
    #[env(example = "insecuretoken")]
    token: Secret<String>,
    /// The domain of the site.
    domain: Option<String>,
    legacy_domain: Option<String>,
    #[env(default)]
    allowed_domains: Vec<String>,
    theme: Option<String>,
    #[env(default = 1)]
    num_proxies: u8,
    ip_salt: Option<Secret<String>>,
    #[env(default = 1)]
    release_files_table: u8,
}

#[derive(Debug, PartialEq, EnvValue)]
enum Stage {
    Production,
    Development,
}

#[derive(Debug, EnvConfig)]
struct Database {
    #[env(example = "postgresql://localhost/warehouse")]
    url: Secret<String>,
    #[env(default = 35)]
    pool_size: u32,
}

#[derive(Debug, EnvConfig)]
struct Camo {
    /// `{request.domain}` stands for the domain of the request.
    #[env(default = "{request.scheme}://{request.domain}:9000/")]
    url: String,
    #[env(example = "insecure")]
    key: Secret<String>,
}

/// A class, and the parameters after it: `some.Class path=/x url=http://y`.
#[derive(Debug, PartialEq)]
struct Backend {
    class: String,
    parameters: BTreeMap<String, String>,
}

impl FromStr for Backend {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut words = text.split_whitespace();
        let class = words.next().filter(|class| class.contains('.'));
        let class = class.ok_or("it must begin with a class, such as warehouse.x.Y")?;
        let pair = |word: &str| {
            let (key, value) = word.split_once('=').ok_or(format!("{word} has no ="))?;
            Ok((key.to_owned(), value.to_owned()))
        };
        Ok(Self {
            class: class.to_owned(),
            parameters: words.map(pair).collect::<Result<_, String>>()?,
        })
    }
}

#[derive(Debug, EnvConfig)]
struct Backends {
    #[env(example = "warehouse.packaging.services.LocalFileStorage path=/packages")]
    files_backend: Backend,
    archive_files_backend: Option<Backend>,
    #[env(example = "warehouse.packaging.services.LocalSimpleStorage path=/simple")]
    simple_backend: Backend,
    #[env(example = "warehouse.packaging.services.LocalDocsStorage path=/docs")]
    docs_backend: Backend,
    #[env(example = "warehouse.email.services.SMTPEmailSender host=smtp")]
    mail_backend: Backend,
    #[env(default = "warehouse.accounts.NullEmailBreachedService")]
    breached_emails: Backend,
    #[env(default = "warehouse.accounts.NullPasswordBreachedService")]
    breached_passwords: Backend,
    #[env(default = "warehouse.malware.services.PrinterMalwareCheckService")]
    malware_check_backend: Backend,
    #[env(default = "warehouse.cache.origin.NullOriginCache")]
    origin_cache: Backend,
}

#[derive(Debug, EnvConfig)]
struct Tokens {
    #[env(group, defaults(max_age = 21_600))]
    password: Token,
    #[env(group, defaults(max_age = 21_600))]
    email: Token,
    #[env(group, prefix = "TWO_FACTOR", defaults(max_age = 300))]
    two_factor: Token,
    #[env(group, prefix = "REMEMBER_DEVICE", defaults(max_age = 2_592_000))]
    remember_device: Token,
}

#[derive(Debug, EnvConfig)]
struct Token {
    #[env(example = "insecure")]
    secret: Secret<String>,
    #[env(unit = "s")]
    max_age: Duration,
}

/// So many in so long: `10 per 5 minutes`.
#[derive(Debug, PartialEq)]
struct Rate {
    count: u32,
    per: String,
}

impl FromStr for Rate {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WHY: &str = "write it like 10 per 5 minutes";
        let (count, per) = text.split_once(" per ").ok_or(WHY)?;
        let count = count.parse().map_err(|_| WHY)?;
        Ok(Self {
            count,
            per: per.to_owned(),
        })
    }
}

#[derive(Debug, EnvConfig)]
struct Limits {
    #[env(default = "10 per 5 minutes")]
    user_login_ratelimit_string: Rate,
    #[env(default = "10 per 5 minutes")]
    ip_login_ratelimit_string: Rate,
    #[env(default = "1000 per 5 minutes")]
    global_login_ratelimit_string: Rate,
    #[env(default = "5 per 5 minutes")]
    two_factor_user_ratelimit_string: Rate,
    #[env(default = "2 per day")]
    email_add_ratelimit_string: Rate,
    #[env(default = "5 per day")]
    password_reset_ratelimit_string: Rate,
    #[env(default = "20 per hour")]
    project_create_user_ratelimit_string: Rate,
}

#[derive(Debug, EnvConfig)]
struct Hcaptcha {
    url: Option<String>,
    site_key: String,
    secret_key: Secret<String>,
}

#[derive(Debug, EnvConfig)]
struct Aws {
    access_key_id: String,
    secret_access_key: Secret<String>,
    #[env(default = "us-east-1")]
    region: String,
}

#[derive(Debug, EnvConfig)]
struct Sentry {
    dsn: Option<Secret<String>>,
    frontend_dsn: Option<String>,
    #[env(default = 0.0, range = 0.0..=1.0)]
    traces_sample_rate: f32,
}

const SAMPLE: &[(&str, &str)] = &[
    ("WAREHOUSE_ENV", "development"),
    ("WAREHOUSE_TOKEN", "insecuretoken"),
    ("WAREHOUSE_LEGACY_DOMAIN", "pypi.python.org"),
    ("AMQP_URL", "amqp://guest@rabbitmq:5672//"),
    ("DATABASE_URL", "postgresql://postgres@db/warehouse"),
    ("ELASTICSEARCH_URL", "http://elasticsearch:9200/development"),
    ("REDIS_URL", "redis://redis:6379/0"),
    ("REDIS_SESSIONS_URL", "redis://sessions:6379/0"),
    ("SESSION_SECRET", "an insecure development secret"),
    ("CAMO_KEY", "insecure camo key"),
    (
        "FILES_BACKEND",
        "warehouse.packaging.services.LocalFileStorage path=/packages url=http://x/{path}",
    ),
    (
        "SIMPLE_BACKEND",
        "warehouse.packaging.services.LocalSimpleStorage path=/simple",
    ),
    (
        "DOCS_BACKEND",
        "warehouse.packaging.services.LocalDocsStorage path=/docs",
    ),
    (
        "MAIL_BACKEND",
        "warehouse.email.services.SMTPEmailSender host=smtp port=2525 ssl=false",
    ),
    (
        "TOKEN_PASSWORD_SECRET",
        "an insecure password reset secret key",
    ),
    (
        "TOKEN_EMAIL_SECRET",
        "an insecure email verification secret key",
    ),
    ("TOKEN_EMAIL_MAX_AGE", "86400"),
    (
        "TOKEN_TWO_FACTOR_SECRET",
        "an insecure two-factor auth secret key",
    ),
    (
        "TOKEN_REMEMBER_DEVICE_SECRET",
        "an insecure remember device secret key",
    ),
    ("USER_LOGIN_RATELIMIT_STRING", "20 per 1 minute"),
    ("HCAPTCHA_SITE_KEY", ""),
    ("DATADOG_HOST", "notdatadog"),
];

#[test]
fn the_sample_is_loaded() {
    let config = clean::<Config>(SAMPLE);
    assert_whole(&config, include_str!("values/warehouse.txt"));
    assert_eq!(config.ratelimit.expose(), "redis://redis:6379/0");
    assert_eq!(config.sessions.expose(), "redis://sessions:6379/0");
    assert_eq!(config.broker.expose(), "amqp://guest@rabbitmq:5672//");
    assert_eq!(
        config.session_secret.expose(),
        "an insecure development secret"
    );
}

#[test]
fn mistakes_are_reported_at_once() {
    let pairs = with(
        SAMPLE,
        &[
            ("REDIS_URL", ""),
            ("WAREHOUSE_ENV", "staging"),
            ("FILES_BACKEND", "path=/packages"),
            ("DOCS_BACKEND", "warehouse.docs.Local /docs"),
            ("TOKEN_EMAIL_SECRET", ""),
            ("TOKEN_PASSWORD_MAX_AGE", "6 hurs"),
            ("USER_LOGIN_RATELIMIT_STRING", "20/minute"),
            ("HCAPTCHA_URL", "https://hcaptcha.com"),
            ("AWS_ACCESS_KEY_ID", "id"),
            ("SENTRY_DSN", "https://x@sentry/1"),
            ("SENTRY_TRACES_SAMPLE_RATE", "2"),
        ],
    );
    assert_eq!(
        problems::<Config>(&pairs),
        "  WAREHOUSE_ENV                \"staging\" is not one of: production, development\n  \
         REDIS_URL                    set to nothing, which counts as not set\n  \
         FILES_BACKEND                \"path=/packages\" is not a backend: it must begin with a class, such as warehouse.x.Y\n  \
         DOCS_BACKEND                 \"warehouse.docs.Local /docs\" is not a backend: /docs has no =\n  \
         TOKEN_PASSWORD_MAX_AGE       \"6 hurs\" is not a number of seconds, or a duration such as 5m: \"hurs\" is not a unit; there are d, h, m, s, ms, us and ns\n  \
         TOKEN_EMAIL_SECRET           set to nothing, which counts as not set\n  \
         USER_LOGIN_RATELIMIT_STRING  \"20/minute\" is not a rate: write it like 10 per 5 minutes\n  \
         HCAPTCHA_SITE_KEY            set to nothing, which counts as not set; required because HCAPTCHA_URL is set\n  \
         HCAPTCHA_SECRET_KEY          not set; required because HCAPTCHA_URL is set\n  \
         AWS_SECRET_ACCESS_KEY        not set; required because AWS_ACCESS_KEY_ID is set\n  \
         SENTRY_TRACES_SAMPLE_RATE    \"2\" is refused: it must be from 0 to 1"
    );
}

#[test]
fn every_default_and_example_is_read() {
    environ::testing::assert_valid::<Config>();
}

//! Plausible: no prefix, a mail service that one variable selects, words that are names of
//! modules, a setting with three values.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use environ::{EnvConfig, EnvValue, Secret};

use super::{assert_whole, clean, warnings};
use crate::{load, problems};

#[derive(Debug, EnvConfig)]
#[env(prefix = "", file, validate = ports_differ)]
pub(super) struct Config {
    #[env(default = "prod")]
    environment: Environment,
    /// The address of the site.
    base_url: String,
    #[env(len = 32.., example = "oI5rzqBRxMwtYYmDRVWyH6VBzI1sMFGi")]
    secret_key_base: Secret<String>,
    #[env(default_from = "{secret_key_base}")]
    totp_vault_key: Secret<String>,
    #[env(default = "0.0.0.0")]
    listen_ip: IpAddr,
    #[env(default = 8000, alias = "PORT")]
    http_port: u16,
    https_port: Option<u16>,
    #[env(default_fn = is_https(base_url))]
    secure_cookie: bool,
    #[env(default = true)]
    selfhost: bool,
    #[env(default = "warning")]
    log_level: Level,
    #[env(default = false)]
    log_failed_login_attempts: bool,
    #[env(default = true)]
    disable_registration: Registration,
    #[env(default = false)]
    enable_email_verification: bool,
    #[env(default)]
    admin_user_ids: Vec<u64>,
    #[env(default = false)]
    disable_cron: bool,
    #[env(group)]
    database: Database,
    #[env(group)]
    clickhouse: Clickhouse,
    #[env(group, flatten)]
    geo: Geo,
    #[env(group, flatten)]
    mail: Mail,
    #[env(group)]
    google: Option<Google>,
    #[env(group)]
    paddle: Option<Paddle>,
    #[env(group, prefix = "S3", switch = "ENABLED")]
    storage: Option<S3>,
    #[env(group)]
    help_scout: Option<HelpScout>,
    #[env(group)]
    hcaptcha: Option<Hcaptcha>,
    sentry_dsn: Option<Secret<String>>,
    #[env(default = true)]
    promex_disabled: bool,
    #[env(default = 1_000_000)]
    site_default_ingest_threshold: u64,
    #[env(default = "data")]
    persistent_cache_dir: PathBuf,
}

#[derive(Debug, PartialEq, EnvValue)]
enum Environment {
    Dev,
    Test,
    Staging,
    Prod,
}

#[derive(Debug, PartialEq, EnvValue)]
enum Level {
    Debug,
    Info,
    Warning,
    Error,
}

#[derive(Debug, PartialEq, EnvValue)]
#[env(rename_all = "snake_case")]
enum Registration {
    #[env(rename = "true")]
    Disabled,
    #[env(rename = "false")]
    Open,
    InviteOnly,
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct Database {
    #[env(default = "postgres://postgres:postgres@plausible_db:5432/plausible_db")]
    url: Secret<String>,
    socket_dir: Option<PathBuf>,
    cacertfile: Option<PathBuf>,
    #[env(default = 10, range = 1..)]
    pool_size: u16,
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct Clickhouse {
    #[env(default = "http://plausible_events_db:8123/plausible_events_db")]
    database_url: Secret<String>,
    #[env(unit = "ms", default = 5000)]
    flush_interval_ms: Duration,
    #[env(default = 1_000_000)]
    max_buffer_size_bytes: u64,
    #[env(default = 5)]
    ingest_pool_size: u16,
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct Geo {
    maxmind_license_key: Option<Secret<String>>,
    #[env(default = "GeoLite2-City")]
    maxmind_edition: String,
    #[env(conflicts = "maxmind_license_key")]
    geolite2_country_db: Option<PathBuf>,
    #[env(default = true)]
    show_cities: bool,
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct Mail {
    #[env(default = "plausible@localhost")]
    mailer_email: String,
    mailer_name: Option<String>,
    #[env(group, flatten, selector = "MAILER_ADAPTER")]
    adapter: Adapter,
}

#[derive(Debug, EnvConfig)]
enum Adapter {
    #[env(default, rename = "Bamboo.Mua")]
    Mua,
    #[env(rename = "Bamboo.LocalAdapter")]
    Local,
    #[env(rename = "Bamboo.SMTPAdapter", flatten)]
    Smtp(Smtp),
    #[env(rename = "Bamboo.PostmarkAdapter", flatten)]
    Postmark(Postmark),
    #[env(rename = "Bamboo.MailgunAdapter", flatten)]
    Mailgun(Mailgun),
    #[env(rename = "Bamboo.MandrillAdapter", flatten)]
    Mandrill(Mandrill),
    #[env(rename = "Bamboo.SendGridAdapter", flatten)]
    SendGrid(SendGrid),
}

#[derive(Debug, EnvConfig)]
struct Smtp {
    #[env(name = "SMTP_HOST_ADDR", default = "localhost")]
    host: String,
    #[env(name = "SMTP_HOST_SSL_ENABLED", default = false)]
    ssl: bool,
    #[env(name = "SMTP_HOST_PORT", default_fn = mail_port(ssl))]
    port: u16,
    #[env(name = "SMTP_USER_NAME", requires = "password")]
    user: Option<String>,
    #[env(name = "SMTP_USER_PWD")]
    password: Option<Secret<String>>,
    #[env(name = "SMTP_RETRIES", default = 2)]
    retries: u8,
}

#[derive(Debug, EnvConfig)]
struct Postmark {
    #[env(name = "POSTMARK_API_KEY")]
    key: Secret<String>,
}

#[derive(Debug, EnvConfig)]
struct Mailgun {
    #[env(name = "MAILGUN_API_KEY")]
    key: Secret<String>,
    #[env(name = "MAILGUN_DOMAIN")]
    domain: String,
    #[env(name = "MAILGUN_BASE_URI")]
    base: Option<String>,
}

#[derive(Debug, EnvConfig)]
struct Mandrill {
    #[env(name = "MANDRILL_API_KEY")]
    key: Secret<String>,
}

#[derive(Debug, EnvConfig)]
struct SendGrid {
    #[env(name = "SENDGRID_API_KEY")]
    key: Secret<String>,
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct Google {
    client_id: String,
    client_secret: Secret<String>,
    #[env(default = "https://www.googleapis.com")]
    api_url: String,
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct Paddle {
    vendor_auth_code: Secret<String>,
    vendor_id: u32,
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct S3 {
    access_key_id: String,
    secret_access_key: Secret<String>,
    region: String,
    endpoint: String,
    exports_bucket: String,
    imports_bucket: String,
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct HelpScout {
    app_id: String,
    app_secret: Secret<String>,
    signature_key: Secret<String>,
    vault_key: Secret<String>,
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct Hcaptcha {
    sitekey: String,
    secret: Secret<String>,
}

fn is_https(url: &str) -> bool {
    url.starts_with("https://")
}

fn mail_port(ssl: &bool) -> u16 {
    if *ssl { 465 } else { 25 }
}

fn ports_differ(config: &Config) -> Result<(), environ::Invalid> {
    if config.https_port == Some(config.http_port) {
        return Err(environ::Invalid::at("https_port", "it is HTTP_PORT too"));
    }
    Ok(())
}

const SAMPLE: &[(&str, &str)] = &[
    ("BASE_URL", "http://localhost:8000"),
    ("SECURE_COOKIE", "false"),
    (
        "DATABASE_URL",
        "postgres://postgres:postgres@127.0.0.1:5432/plausible_dev",
    ),
    (
        "CLICKHOUSE_DATABASE_URL",
        "http://127.0.0.1:8123/plausible_events_db",
    ),
    ("CLICKHOUSE_MAX_BUFFER_SIZE_BYTES", "500000"),
    ("SECRET_KEY_BASE", "njrhntbycvastyvtk1zycwfm981vpo0xrvwjjv"),
    ("ENVIRONMENT", "dev"),
    ("MAILER_ADAPTER", "Bamboo.SMTPAdapter"),
    ("SMTP_HOST_SSL_ENABLED", "true"),
    ("SMTP_USER_NAME", "me"),
    ("SMTP_USER_PWD", "hunter2"),
    ("LOG_LEVEL", "debug"),
    ("DISABLE_REGISTRATION", "invite_only"),
    ("SELFHOST", "false"),
    ("DISABLE_CRON", "true"),
    ("ADMIN_USER_IDS", "1"),
    ("SHOW_CITIES", "true"),
    ("PADDLE_VENDOR_AUTH_CODE", "895e20d4"),
    ("PADDLE_VENDOR_ID", "3942"),
    ("GOOGLE_CLIENT_ID", ""),
    ("GOOGLE_CLIENT_SECRET", ""),
    ("S3_ENABLED", "true"),
    ("S3_ACCESS_KEY_ID", "minioadmin"),
    ("S3_SECRET_ACCESS_KEY", "minioadmin"),
    ("S3_REGION", "us-east-1"),
    ("S3_ENDPOINT", "http://localhost:10000"),
    ("S3_EXPORTS_BUCKET", "dev-exports"),
    ("S3_IMPORTS_BUCKET", "dev-imports"),
];

#[test]
fn the_sample_is_loaded() {
    let config = clean::<Config>(SAMPLE);
    assert_whole(&config, include_str!("values/plausible.txt"));
    assert_eq!(
        config.totp_vault_key.expose(),
        config.secret_key_base.expose()
    );
    assert_eq!(
        config.storage.unwrap().secret_access_key.expose(),
        "minioadmin"
    );
    let Adapter::Smtp(smtp) = config.mail.adapter else {
        panic!("MAILER_ADAPTER is Bamboo.SMTPAdapter")
    };
    assert_eq!(smtp.password.unwrap().expose(), "hunter2");
}

#[test]
fn variables_of_another_mail_service_are_warnings() {
    let pairs = [
        ("BASE_URL", "https://stats.example.com"),
        ("SECRET_KEY_BASE", "njrhntbycvastyvtk1zycwfm981vpo0xrvwjjv"),
        ("SMTP_HOST_ADDR", "smtp.example.com"),
        ("PORT", "80"),
        ("HTTP_PORT", "8080"),
    ];
    assert_eq!(
        warnings::<Config>(&pairs),
        "PORT: not read, since HTTP_PORT is set too\n\
         SMTP_HOST_ADDR: not read, since MAILER_ADAPTER is Bamboo.Mua"
    );
    let config = load::<Config>(&pairs);
    assert!(config.secure_cookie && matches!(config.mail.adapter, Adapter::Mua));
}

#[test]
fn mistakes_are_reported_at_once() {
    let pairs = [
        ("BASE_URL", ""),
        ("SECRET_KEY_BASE", "short"),
        ("DISABLE_REGISTRATION", "invite-onyl"),
        ("MAILER_ADAPTER", "Bamboo.PostmarkAdapter"),
        ("MAXMIND_LICENSE_KEY", "key"),
        ("GEOLITE2_COUNTRY_DB", "/geo.mmdb"),
        ("GOOGLE_CLIENT_ID", "id"),
        ("S3_ENABLED", "true"),
        ("S3_REGION", "us-east-1"),
        ("ADMIN_USER_IDS", "1,two"),
        ("LISTEN_IP", "127.0.0.1:8000"),
    ];
    assert_eq!(
        problems::<Config>(&pairs),
        "  BASE_URL              set to nothing, which counts as not set\n                        \
         The address of the site.\n  \
         SECRET_KEY_BASE       the secret is refused: it must have at least 32 characters\n  \
         LISTEN_IP             \"127.0.0.1:8000\" is not an IP address: the port does not belong here; write 127.0.0.1\n  \
         DISABLE_REGISTRATION  \"invite-onyl\" is not one of: true, false, invite_only\n  \
         ADMIN_USER_IDS        \"1,two\": element 2, \"two\", is not a u64: it must be a whole number from 0 to 18446744073709551615\n  \
         MAXMIND_LICENSE_KEY   set, although GEOLITE2_COUNTRY_DB is set; remove one of them\n  \
         POSTMARK_API_KEY      not set; required because MAILER_ADAPTER is Bamboo.PostmarkAdapter\n  \
         GOOGLE_CLIENT_SECRET  not set; required because GOOGLE_CLIENT_ID is set\n  \
         S3_ACCESS_KEY_ID      not set; required because S3_ENABLED is true\n  \
         S3_SECRET_ACCESS_KEY  not set; required because S3_ENABLED is true\n  \
         S3_ENDPOINT           not set; required because S3_ENABLED is true\n  \
         S3_EXPORTS_BUCKET     not set; required because S3_ENABLED is true\n  \
         S3_IMPORTS_BUCKET     not set; required because S3_ENABLED is true"
    );
}

#[test]
fn every_default_and_example_is_read() {
    environ::testing::assert_valid::<Config>();
}

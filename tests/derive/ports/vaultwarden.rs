//! Vaultwarden: no prefix, every variable may name a file, folders below a folder, groups that
//! a bool switches on, schedules that may be switched off by an empty text.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use environ::{EnvConfig, EnvValue, Invalid, Secret};

use super::{assert_whole, clean, warnings};
use crate::problems;

#[derive(Debug, EnvConfig)]
#[env(prefix = "", file)]
pub(super) struct Config {
    #[env(default = "data")]
    data_folder: PathBuf,
    #[env(default_from = "{data_folder}/rsa_key")]
    rsa_key_filename: PathBuf,
    #[env(default_from = "{data_folder}/icon_cache")]
    icon_cache_folder: PathBuf,
    #[env(default_from = "{data_folder}/attachments")]
    attachments_folder: PathBuf,
    #[env(default_from = "{data_folder}/sends")]
    sends_folder: PathBuf,
    #[env(default_from = "{data_folder}/tmp")]
    tmp_folder: PathBuf,
    #[env(default_from = "{data_folder}/templates")]
    templates_folder: PathBuf,
    #[env(default = false)]
    reload_templates: bool,
    #[env(default = "web-vault/")]
    web_vault_folder: PathBuf,
    #[env(default = true)]
    web_vault_enabled: bool,

    #[env(default_from = "{data_folder}/db.sqlite3")]
    database_url: Secret<String>,
    #[env(default = true)]
    enable_db_wal: bool,
    /// Attempts to connect at the start; 0 is no end.
    #[env(default = 15)]
    db_connection_retries: u32,
    #[env(group, prefix = "DATABASE")]
    pool: Pool,

    #[env(default = true)]
    enable_websocket: bool,
    #[env(group, switch = "ENABLED")]
    push: Option<Push>,
    #[env(group, flatten)]
    jobs: Jobs,

    /// Address that browsers see.
    #[env(default = "http://localhost", validate = begins_with_http)]
    domain: String,
    #[env(skip, default_fn = is_https(domain))]
    domain_is_https: bool,
    #[env(group, flatten)]
    rules: Rules,
    hibp_api_key: Option<Secret<String>>,
    #[env(group, flatten)]
    icons: Icons,
    #[env(default = "X-Real-IP")]
    ip_header: String,
    #[env(default)]
    experimental_client_feature_flags: Vec<String>,
    #[env(group, flatten)]
    logs: Logs,

    /// Without a token there is no admin page.
    admin_token: Option<Secret<String>>,
    #[env(default = false)]
    disable_admin_token: bool,
    #[env(unit = "m", default = 20)]
    admin_session_lifetime: Duration,
    #[env(
        group,
        prefix = "ADMIN_RATELIMIT",
        defaults(seconds = 300, max_burst = 3)
    )]
    admin_limit: RateLimit,
    #[env(
        group,
        prefix = "LOGIN_RATELIMIT",
        defaults(seconds = 60, max_burst = 10)
    )]
    login_limit: RateLimit,

    #[env(group, switch = "ENABLED")]
    sso: Option<Sso>,
    #[env(group)]
    yubico: Option<Yubico>,
    #[env(group, when = "ikey")]
    duo: Option<Duo>,
    #[env(group, prefix = "EMAIL")]
    email_codes: EmailCodes,
    #[env(group, flatten)]
    mail: Mail,
    #[env(group)]
    rocket: Rocket,
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct Pool {
    #[env(unit = "s", default = 30)]
    timeout: Duration,
    #[env(unit = "s", default = 600)]
    idle_timeout: Duration,
    #[env(default = 2)]
    min_conns: u32,
    #[env(default = 10, range = 1..)]
    max_conns: u32,
    /// Statements for a new connection.
    #[env(default)]
    conn_init: String,
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct Push {
    installation_id: Secret<String>,
    installation_key: Secret<String>,
    #[env(default = "https://push.bitwarden.com")]
    relay_uri: String,
    #[env(default = "https://identity.bitwarden.com")]
    identity_uri: String,
}

/// Six fields, each `*` or a list of numbers or words: the grammar of the service's scheduler.
#[derive(Debug, PartialEq)]
struct Cron(String);

impl FromStr for Cron {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_whitespace().count() {
            6 => Ok(Self(text.to_owned())),
            5 => Err("it has five fields; write the seconds first"),
            _ => Err("it must have six fields"),
        }
    }
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct Jobs {
    /// 0 switches all jobs off.
    #[env(unit = "ms", default = 30_000)]
    job_poll_interval_ms: Duration,
    #[env(allow_empty, default = "0 5 * * * *", expected = "a cron schedule")]
    send_purge_schedule: Option<Cron>,
    #[env(allow_empty, default = "0 5 0 * * *", expected = "a cron schedule")]
    trash_purge_schedule: Option<Cron>,
    #[env(allow_empty, default = "30 * * * * *", expected = "a cron schedule")]
    incomplete_2fa_schedule: Option<Cron>,
    #[env(allow_empty, default = "0 3 * * * *", expected = "a cron schedule")]
    emergency_notification_reminder_schedule: Option<Cron>,
    #[env(allow_empty, default = "0 7 * * * *", expected = "a cron schedule")]
    emergency_request_timeout_schedule: Option<Cron>,
    #[env(allow_empty, default = "0 10 0 * * *", expected = "a cron schedule")]
    event_cleanup_schedule: Option<Cron>,
    #[env(allow_empty, default = "30 * * * * *", expected = "a cron schedule")]
    auth_request_purge_schedule: Option<Cron>,
    #[env(allow_empty, default = "30 * * * * *", expected = "a cron schedule")]
    duo_context_purge_schedule: Option<Cron>,
    #[env(allow_empty, default = "0 20 0 * * *", expected = "a cron schedule")]
    purge_incomplete_sso_auth: Option<Cron>,
    #[env(unit = "d")]
    events_days_retain: Option<Duration>,
    #[env(unit = "d")]
    trash_auto_delete_days: Option<Duration>,
    #[env(unit = "m", default = 3)]
    incomplete_2fa_time_limit: Duration,
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct Rules {
    #[env(default = true)]
    sends_allowed: bool,
    #[env(default = true)]
    signups_allowed: bool,
    #[env(default = false)]
    signups_verify: bool,
    #[env(unit = "s", default = 3600)]
    signups_verify_resend_time: Duration,
    #[env(default = 6)]
    signups_verify_resend_limit: u32,
    #[env(default)]
    signups_domains_whitelist: Vec<String>,
    #[env(default = false)]
    org_events_enabled: bool,
    #[env(default = "all", expected = "all, none or a list of mail addresses")]
    org_creation_users: Creators,
    #[env(default = false)]
    org_groups_enabled: bool,
    /// Kilobytes.
    org_attachment_limit: Option<u64>,
    user_attachment_limit: Option<u64>,
    user_send_limit: Option<u64>,
    #[env(default = true)]
    invitations_allowed: bool,
    #[env(default = "Vaultwarden")]
    invitation_org_name: String,
    #[env(unit = "h", default = 120, range = "1h"..)]
    invitation_expiration_hours: Duration,
    #[env(default = true)]
    emergency_access_allowed: bool,
    #[env(default = true)]
    email_change_allowed: bool,
    #[env(default = 600_000, range = 100_000..)]
    password_iterations: i32,
    #[env(default = true)]
    password_hints_allowed: bool,
    #[env(default = false)]
    show_password_hint: bool,
    #[env(default = false)]
    require_device_email: bool,
    #[env(default = false)]
    disable_2fa_remember: bool,
    #[env(default = false)]
    authenticator_disable_time_drift: bool,
    #[env(default = false)]
    increase_note_size_limit: bool,
    #[env(default = false)]
    enforce_single_org_with_reset_pw_policy: bool,
    #[env(default, separator = " ")]
    allowed_iframe_ancestors: Vec<String>,
    #[env(default, separator = " ")]
    allowed_connect_src: Vec<String>,
}

/// `all`, `none` or a list of addresses.
#[derive(Debug, PartialEq)]
enum Creators {
    All,
    Nobody,
    Only(Vec<String>),
}

impl FromStr for Creators {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "all" => Self::All,
            "none" => Self::Nobody,
            list if list.split(',').all(|user| user.contains('@')) => {
                Self::Only(list.split(',').map(|user| user.trim().to_owned()).collect())
            }
            _ => return Err("no mail address is in it"),
        })
    }
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct Icons {
    #[env(default = "internal")]
    icon_service: String,
    #[env(default = 302, validate = is_redirect)]
    icon_redirect_code: u16,
    #[env(unit = "s", default = 2_592_000)]
    icon_cache_ttl: Duration,
    #[env(unit = "s", default = 259_200)]
    icon_cache_negttl: Duration,
    #[env(unit = "s", default = 10)]
    icon_download_timeout: Duration,
    #[env(default = false)]
    disable_icon_download: bool,
    #[env(deprecated = "ICON_BLACKLIST_REGEX")]
    http_request_block_regex: Option<String>,
    #[env(default = true, deprecated = "ICON_BLACKLIST_NON_GLOBAL_IPS")]
    http_request_block_non_global_ips: bool,
    #[env(default = false)]
    dns_prefer_ipv6: bool,
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct Logs {
    #[env(default = "info")]
    log_level: String,
    #[env(default = true)]
    extended_logging: bool,
    #[env(default = "%Y-%m-%d %H:%M:%S.%3f")]
    log_timestamp_format: String,
    #[env(default = false)]
    use_syslog: bool,
    log_file: Option<PathBuf>,
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct RateLimit {
    #[env(unit = "s")]
    seconds: Duration,
    #[env(range = 1..)]
    max_burst: u32,
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct Sso {
    authority: String,
    client_id: String,
    client_secret: Secret<String>,
    #[env(default = false)]
    only: bool,
    #[env(default = true)]
    signups_match_email: bool,
    #[env(default = false)]
    allow_unknown_email_verification: bool,
    #[env(default = "email profile", separator = " ")]
    scopes: Vec<String>,
    #[env(default)]
    authorize_extra_params: String,
    #[env(default = true)]
    pkce: bool,
    audience_trusted: Option<String>,
    #[env(json)]
    master_password_policy: Option<serde_json::Value>,
    #[env(default = false)]
    auth_only_not_session: bool,
    #[env(unit = "s", default = 0)]
    client_cache_expiration: Duration,
    #[env(default = false)]
    debug_tokens: bool,
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct Yubico {
    client_id: String,
    secret_key: Secret<String>,
    server: Option<String>,
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct Duo {
    ikey: Option<String>,
    skey: Secret<String>,
    host: String,
    #[env(default = false)]
    use_iframe: bool,
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct EmailCodes {
    #[env(default = 6, range = 6..)]
    token_size: u8,
    #[env(unit = "s", default = 600)]
    expiration_time: Duration,
    #[env(default = 3)]
    attempts_limit: u64,
    #[env(name = "EMAIL_2FA_ENFORCE_ON_VERIFIED_INVITE", default = false)]
    enforce_on_verified_invite: bool,
    #[env(name = "EMAIL_2FA_AUTO_FALLBACK", default = false)]
    auto_fallback: bool,
}

#[derive(Debug, EnvConfig)]
#[env(file, validate = has_sender)]
struct Mail {
    #[env(group, when = "host")]
    smtp: Option<Smtp>,
    #[env(default = false)]
    use_sendmail: bool,
    sendmail_command: Option<PathBuf>,
    helo_name: Option<String>,
}

#[derive(Debug, EnvConfig)]
#[env(file, all_or_none(username, password))]
struct Smtp {
    host: Option<String>,
    #[env(default = "starttls")]
    security: Security,
    #[env(default_fn = port(security))]
    port: u16,
    from: String,
    #[env(default = "Vaultwarden")]
    from_name: String,
    username: Option<String>,
    password: Option<Secret<String>>,
    #[env(default)]
    auth_mechanism: Vec<Mechanism>,
    #[env(unit = "s", default = 15)]
    timeout: Duration,
    #[env(default = true)]
    embed_images: bool,
    #[env(default = false)]
    debug: bool,
    #[env(default = false)]
    accept_invalid_certs: bool,
    #[env(default = false)]
    accept_invalid_hostnames: bool,
}

#[derive(Debug, PartialEq, EnvValue)]
#[env(rename_all = "snake_case")]
enum Security {
    Starttls,
    ForceTls,
    Off,
}

#[derive(Debug, PartialEq, EnvValue)]
enum Mechanism {
    Plain,
    Login,
    Xoauth2,
}

#[derive(Debug, EnvConfig)]
#[env(file)]
struct Rocket {
    #[env(default = "0.0.0.0")]
    address: std::net::IpAddr,
    #[env(default = 8000)]
    port: u16,
    #[env(
        expected = "a table such as {certs=\"a.pem\",key=\"b.pem\"}",
        example = "{certs=\"a\",key=\"b\"}"
    )]
    tls: Option<RocketTls>,
}

/// `{certs="...",key="..."}`
#[derive(Debug, PartialEq)]
struct RocketTls {
    certs: PathBuf,
    key: PathBuf,
}

impl FromStr for RocketTls {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let inner = text
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        let inner = inner.ok_or("it must be in braces")?;
        let find = |key: &str| {
            let mut parts = inner.split(',').filter_map(|part| part.split_once('='));
            let (_, value) = parts.find(|(name, _)| name.trim() == key)?;
            Some(PathBuf::from(value.trim().trim_matches('"')))
        };
        let (certs, key) = (find("certs"), find("key"));
        let (certs, key) = certs.zip(key).ok_or("it must have `certs` and `key`")?;
        Ok(Self { certs, key })
    }
}

fn begins_with_http(domain: &str) -> Result<(), &'static str> {
    if domain.starts_with("http://") || domain.starts_with("https://") {
        Ok(())
    } else {
        Err("it must begin with http:// or https://")
    }
}

fn is_https(domain: &str) -> bool {
    domain.starts_with("https://")
}

fn is_redirect(code: &u16) -> Result<(), &'static str> {
    match code {
        301 | 302 | 307 | 308 => Ok(()),
        _ => Err("it must be 301, 302, 307 or 308"),
    }
}

fn port(security: &Security) -> u16 {
    match security {
        Security::Starttls => 587,
        Security::ForceTls => 465,
        Security::Off => 25,
    }
}

fn has_sender(mail: &Mail) -> Result<(), Invalid> {
    if mail.use_sendmail && mail.smtp.is_some() {
        return Err(Invalid::at(
            "use_sendmail",
            "SMTP_HOST is set; remove one of them",
        ));
    }
    Ok(())
}

const SAMPLE: &[(&str, &str)] = &[
    ("DATA_FOLDER", "/srv/vault"),
    ("TMP_FOLDER", "/tmp/vault"),
    ("DATABASE_URL", "postgresql://vault:hunter2@db/vault"),
    ("DOMAIN", "https://vault.example.com:8443"),
    ("SIGNUPS_ALLOWED", "false"),
    ("SIGNUPS_DOMAINS_WHITELIST", "example.com,example.net"),
    ("ORG_CREATION_USERS", "a@example.com,b@example.com"),
    ("SEND_PURGE_SCHEDULE", ""),
    ("EVENTS_DAYS_RETAIN", ""),
    ("TRASH_AUTO_DELETE_DAYS", "30"),
    ("PUSH_ENABLED", "true"),
    ("PUSH_INSTALLATION_ID", "id"),
    ("PUSH_INSTALLATION_KEY", "key"),
    ("SSO_ENABLED", "false"),
    ("YUBICO_CLIENT_ID", ""),
    ("SMTP_HOST", "smtp.example.com"),
    ("SMTP_FROM", "vault@example.com"),
    ("SMTP_SECURITY", "force_tls"),
    ("SMTP_USERNAME", "vault"),
    ("SMTP_PASSWORD", "hunter3"),
    ("SMTP_AUTH_MECHANISM", "Plain,Login"),
    ("ADMIN_TOKEN", "$argon2id$v=19$m=65540"),
    ("ROCKET_PORT", "80"),
    ("ROCKET_TLS", "{certs=\"/c.pem\",key=\"/k.pem\"}"),
];

#[test]
fn the_sample_is_loaded() {
    let config = clean::<Config>(SAMPLE);
    assert_whole(&config, include_str!("values/vaultwarden.txt"));
    assert_eq!(
        config.database_url.expose(),
        "postgresql://vault:hunter2@db/vault"
    );
    assert_eq!(config.push.unwrap().installation_key.expose(), "key");
    assert_eq!(
        config.mail.smtp.unwrap().password.unwrap().expose(),
        "hunter3"
    );
    assert_eq!(
        config.admin_token.unwrap().expose(),
        "$argon2id$v=19$m=65540"
    );
}

#[test]
fn without_a_variable_the_folders_are_below_data() {
    let config = clean::<Config>(&[]);
    assert_eq!(config.tmp_folder, PathBuf::from("data/tmp"));
    assert_eq!(config.database_url.expose(), "data/db.sqlite3");
    assert!(!config.domain_is_https && config.mail.smtp.is_none() && config.push.is_none());
}

#[test]
fn every_variable_may_name_a_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "30\n").unwrap();
    let path = file.path().to_str().unwrap();
    let pairs = [
        ("ADMIN_TOKEN_FILE", path),
        ("DATABASE_TIMEOUT_FILE", path),
        ("LOG_FILE", "/x"),
    ];
    let config = clean::<Config>(&pairs);
    assert_eq!(config.admin_token.unwrap().expose(), "30");
    assert_eq!(config.pool.timeout, Duration::from_secs(30));
    assert_eq!(config.logs.log_file, Some(PathBuf::from("/x")));
}

#[test]
fn groups_that_are_off_are_warnings() {
    let pairs = [
        ("SMTP_FROM", "vault@example.com"),
        ("SMTP_PORT", "x"),
        ("PUSH_INSTALLATION_ID", "id"),
        ("SSO_ENABLED", "no"),
        ("SSO_CLIENT_ID", "id"),
        ("ICON_BLACKLIST_NON_GLOBAL_IPS", "false"),
    ];
    assert_eq!(
        warnings::<Config>(&pairs),
        "PUSH_INSTALLATION_ID: not read, since PUSH_ENABLED is not set\n\
         ICON_BLACKLIST_NON_GLOBAL_IPS: deprecated; write HTTP_REQUEST_BLOCK_NON_GLOBAL_IPS instead\n\
         SSO_CLIENT_ID: not read, since SSO_ENABLED is false\n\
         SMTP_PORT: not read, since SMTP_HOST is not set\n\
         SMTP_FROM: not read, since SMTP_HOST is not set"
    );
}

#[test]
fn mistakes_are_reported_at_once() {
    let pairs = [
        ("DOMAIN", "vault.example.com"),
        ("SEND_PURGE_SCHEDULE", "5 * * * *"),
        ("ORG_CREATION_USERS", "admin"),
        ("INVITATION_EXPIRATION_HOURS", "0"),
        ("PASSWORD_ITERATIONS", "600_000"),
        ("ICON_REDIRECT_CODE", "303"),
        ("PUSH_ENABLED", "true"),
        ("YUBICO_CLIENT_ID", "11111"),
        ("SMTP_HOST", "smtp.example.com"),
        ("SMTP_SECURITY", "ssl"),
        ("SMTP_USERNAME", "me"),
        ("SMTP_AUTH_MECHANISM", "Plain,Logn"),
        ("SSO_ENABLED", "ture"),
        ("EMAIL_TOKEN_SIZE", "5"),
        ("ROCKET_TLS", "{certs=\"/c.pem\"}"),
        ("ROCKET_ADDRESS", "localhost"),
    ];
    assert_eq!(
        problems::<Config>(&pairs),
        "  PUSH_INSTALLATION_ID         not set; required because PUSH_ENABLED is true\n  \
         PUSH_INSTALLATION_KEY        not set; required because PUSH_ENABLED is true\n  \
         SEND_PURGE_SCHEDULE          \"5 * * * *\" is not a cron schedule: it has five fields; write the seconds first\n  \
         DOMAIN                       \"vault.example.com\" is refused: it must begin with http:// or https://\n                               \
         Address that browsers see.\n  \
         ORG_CREATION_USERS           \"admin\" is not all, none or a list of mail addresses: no mail address is in it\n  \
         INVITATION_EXPIRATION_HOURS  \"0\" is refused: it must be at least 1h\n  \
         PASSWORD_ITERATIONS          \"600_000\" is not an i32: write 600000\n  \
         ICON_REDIRECT_CODE           \"303\" is refused: it must be 301, 302, 307 or 308\n  \
         SSO_ENABLED                  \"ture\" is not one of: true, false, yes, no, on, off, 1, 0\n  \
         YUBICO_SECRET_KEY            not set; required because YUBICO_CLIENT_ID is set\n  \
         EMAIL_TOKEN_SIZE             \"5\" is refused: it must be at least 6\n  \
         SMTP_SECURITY                \"ssl\" is not one of: starttls, force_tls, off\n  \
         SMTP_FROM                    not set; required because SMTP_HOST is set\n  \
         SMTP_AUTH_MECHANISM          \"Plain,Logn\": element 2, \"Logn\", is not one of: plain, login, xoauth2\n  \
         SMTP_PASSWORD                not set; required because SMTP_USERNAME is set\n  \
         ROCKET_ADDRESS               \"localhost\" is not an IP address: names are not looked up; write 127.0.0.1\n  \
         ROCKET_TLS                   \"{certs=\\\"/c.pem\\\"}\" is not a table such as {certs=\"a.pem\",key=\"b.pem\"}: it must have `certs` and `key`"
    );
}

#[test]
fn every_default_and_example_is_read() {
    environ::testing::assert_valid::<Config>();
}

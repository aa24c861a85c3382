//! Mastodon's groups for mail and search: a server that switches mail on, the same group a
//! second time for mail in bulk, a bool that switches search on.

use std::path::PathBuf;
use std::time::Duration;

use environ::{EnvConfig, EnvValue, Secret};

use super::{assert_whole, clean, warnings};
use crate::{load, problems};

#[derive(Debug, EnvConfig)]
#[env(prefix = "")]
pub(super) struct Config {
    local_domain: String,
    redis_namespace: Option<String>,
    #[env(group, when = "server")]
    smtp: Option<Smtp>,
    /// For mail to many.
    #[env(
        group,
        prefix = "BULK_SMTP",
        when = "server",
        defaults(delivery_method = "sendmail")
    )]
    bulk: Option<Smtp>,
    #[env(group, prefix = "ES", switch = "ENABLED")]
    search: Option<Search>,
    #[env(skip, default_fn = index_prefix(search, redis_namespace))]
    index_prefix: Option<String>,
}

#[derive(Debug, EnvConfig)]
#[env(all_or_none(login, password), at_most_one_of(tls, ssl))]
struct Smtp {
    server: Option<String>,
    #[env(default = 25)]
    port: u16,
    login: Option<String>,
    password: Option<Secret<String>>,
    from_address: String,
    reply_to: Option<String>,
    return_path: Option<String>,
    domain: Option<String>,
    #[env(default = "smtp")]
    delivery_method: Delivery,
    #[env(default = "plain")]
    auth_method: Auth,
    ca_file: Option<PathBuf>,
    #[env(default = "peer")]
    openssl_verify_mode: Verify,
    #[env(default = "auto")]
    enable_starttls: StartTls,
    tls: Option<bool>,
    ssl: Option<bool>,
    #[env(unit = "s", default = 20)]
    read_timeout: Duration,
}

#[derive(Debug, PartialEq, EnvValue)]
enum Delivery {
    Smtp,
    Sendmail,
    File,
}

#[derive(Debug, PartialEq, EnvValue)]
#[env(rename_all = "snake_case")]
enum Auth {
    Plain,
    Login,
    CramMd5,
    None,
}

#[derive(Debug, PartialEq, EnvValue)]
#[env(rename_all = "snake_case")]
enum Verify {
    None,
    Peer,
    ClientOnce,
    FailIfNoPeerCert,
}

#[derive(Debug, PartialEq, EnvValue)]
enum StartTls {
    Auto,
    Always,
    Never,
}

#[derive(Debug, EnvConfig)]
#[env(all_or_none(user, pass))]
struct Search {
    #[env(default = "localhost")]
    host: String,
    #[env(default = 9200)]
    port: u16,
    user: Option<String>,
    pass: Option<Secret<String>>,
    prefix: Option<String>,
    #[env(default = "single_node_cluster")]
    preset: Preset,
    ca_file: Option<PathBuf>,
}

#[derive(Debug, PartialEq, EnvValue)]
#[env(rename_all = "snake_case")]
enum Preset {
    SingleNodeCluster,
    SmallCluster,
    LargeCluster,
}

fn index_prefix(search: &Option<Search>, namespace: &Option<String>) -> Option<String> {
    let own = search.as_ref()?.prefix.as_ref();
    own.or(namespace.as_ref()).cloned()
}

const SAMPLE: &[(&str, &str)] = &[
    ("LOCAL_DOMAIN", "example.com"),
    ("REDIS_NAMESPACE", "cache"),
    ("ES_ENABLED", "true"),
    ("ES_HOST", "search"),
    ("ES_PORT", "9201"),
    ("ES_USER", "elastic"),
    ("ES_PASS", "hunter2"),
    ("ES_PRESET", "small_cluster"),
    ("SMTP_SERVER", "smtp.example.com"),
    ("SMTP_PORT", "587"),
    ("SMTP_LOGIN", "me"),
    ("SMTP_PASSWORD", "hunter3"),
    ("SMTP_FROM_ADDRESS", "notifications@example.com"),
    ("BULK_SMTP_SERVER", "bulk.example.com"),
    ("BULK_SMTP_FROM_ADDRESS", "news@example.com"),
];

#[test]
fn the_sample_is_loaded() {
    let config = clean::<Config>(SAMPLE);
    assert_whole(&config, include_str!("values/mastodon.txt"));
    assert_eq!(config.smtp.unwrap().password.unwrap().expose(), "hunter3");
    assert_eq!(config.search.unwrap().pass.unwrap().expose(), "hunter2");
}

/// As the sample of the service has it.
#[test]
fn empty_and_switched_off_groups_are_absent() {
    let pairs = [
        ("LOCAL_DOMAIN", "example.com"),
        ("ES_ENABLED", "false"),
        ("ES_HOST", "localhost"),
        ("SMTP_SERVER", ""),
        ("SMTP_PORT", "587"),
        ("SMTP_LOGIN", ""),
        ("SMTP_FROM_ADDRESS", "notifications@example.com"),
    ];
    let config = load::<Config>(&pairs);
    assert!(config.smtp.is_none() && config.bulk.is_none() && config.search.is_none());
    assert_eq!(
        warnings::<Config>(&pairs),
        "SMTP_PORT: not read, since SMTP_SERVER is not set\n\
         SMTP_FROM_ADDRESS: not read, since SMTP_SERVER is not set\n\
         ES_HOST: not read, since ES_ENABLED is false"
    );
}

#[test]
fn mistakes_are_reported_at_once() {
    let pairs = [
        ("LOCAL_DOMIAN", "example.com"),
        ("ES_ENABLED", "true"),
        ("ES_USER", "elastic"),
        ("ES_PRESET", "single_node"),
        ("ES_PORT", "tcp://10.0.0.1:9200"),
        ("SMTP_SERVER", "smtp.example.com"),
        ("SMTP_TLS", "true"),
        ("SMTP_SSL", "true"),
        ("SMTP_AUTH_METHOD", "cram-md5"),
        ("SMTP_OPENSSL_VERIFY_MODE", "off"),
        ("SMTP_PASSWORD", "hunter3"),
    ];
    assert_eq!(
        problems::<Config>(&pairs),
        "  LOCAL_DOMAIN              not set\n                            \
         LOCAL_DOMIAN is set but not read; is it meant?\n  \
         SMTP_FROM_ADDRESS         not set; required because SMTP_SERVER is set\n  \
         SMTP_OPENSSL_VERIFY_MODE  \"off\" is not one of: none, peer, client_once, fail_if_no_peer_cert\n  \
         SMTP_SSL                  set, although SMTP_TLS is set; remove one of them\n  \
         SMTP_LOGIN                not set; required because SMTP_PASSWORD is set\n  \
         ES_PORT                   \"tcp://10.0.0.1:9200\" is not a u16: it must be a whole number from 0 to 65535\n                            \
         Kubernetes sets it for the Service `es`; set `enableServiceLinks: false` in the pod, or rename the Service\n  \
         ES_PRESET                 \"single_node\" is not one of: single_node_cluster, small_cluster, large_cluster\n  \
         ES_PASS                   not set; required because ES_USER is set"
    );
}

#[test]
fn every_default_and_example_is_read() {
    environ::testing::assert_valid::<Config>();
}

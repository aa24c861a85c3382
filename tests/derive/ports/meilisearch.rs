//! Meilisearch: sizes, numbers that the machine decides, a flag that may be a time, a key that
//! production needs, two groups that are there in full or not at all.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use environ::{EnvConfig, EnvValue, Invalid, Secret};

use super::{assert_whole, clean};
use crate::problems;

#[derive(Debug, EnvConfig)]
#[env(prefix = "MEILI", validate = production_has_a_key)]
pub(super) struct Options {
    #[env(default = "development")]
    env: Stage,
    #[env(default = "./data.ms")]
    db_path: PathBuf,
    #[env(default = "localhost:7700")]
    http_addr: String,
    master_key: Option<Secret<String>>,
    #[env(default = false)]
    no_analytics: bool,
    #[env(default = "100 MB")]
    http_payload_size_limit: Size,
    #[env(default = "info")]
    log_level: Level,
    #[env(default = "2 TiB")]
    max_index_size: Size,
    #[env(default = "100 GiB")]
    max_task_db_size: Size,
    /// Two thirds of the memory, if unset.
    #[env(default_fn = two_thirds_of_memory)]
    max_indexing_memory: Size,
    /// Half of the processors, if unset.
    #[env(default_fn = half_of_processors, range = 1..)]
    max_indexing_threads: usize,
    #[env(group, flatten)]
    dumps: Dumps,
    #[env(group, flatten)]
    snapshots: Snapshots,
    #[env(group)]
    ssl: Ssl,
    #[env(group, prefix = "S3")]
    s3: Option<S3>,
    #[env(group, prefix = "TASK_WEBHOOK", when = "url")]
    webhook: Option<Webhook>,
    #[env(group, prefix = "EXPERIMENTAL")]
    experimental: Experimental,
}

#[derive(Debug, PartialEq, EnvValue)]
enum Stage {
    Development,
    Production,
}

#[derive(Debug, PartialEq, EnvValue)]
enum Level {
    Off,
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

/// A number of bytes. Stands for the type of a crate that the service uses.
#[derive(Debug, PartialEq)]
struct Size(u64);

impl FromStr for Size {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WHY: &str = "write a number and a unit such as MB or GiB";
        let digits = text.trim_end_matches(|letter: char| !letter.is_ascii_digit());
        let factor = match text[digits.len()..].trim() {
            "" | "B" => 1,
            "MB" => 1_000_000,
            "MiB" => 1 << 20,
            "GiB" => 1 << 30,
            "TiB" => 1 << 40,
            _ => return Err(WHY),
        };
        let number: u64 = digits.parse().map_err(|_| WHY)?;
        number.checked_mul(factor).map(Self).ok_or(WHY)
    }
}

#[derive(Debug, EnvConfig)]
#[env(at_most_one_of(import_dump, import_snapshot))]
struct Dumps {
    #[env(default = "dumps/")]
    dump_dir: PathBuf,
    import_dump: Option<PathBuf>,
    #[env(default = false)]
    ignore_missing_dump: bool,
    #[env(default = false)]
    ignore_dump_if_db_exists: bool,
    import_snapshot: Option<PathBuf>,
    #[env(default = false)]
    ignore_missing_snapshot: bool,
    #[env(default = false)]
    ignore_snapshot_if_db_exists: bool,
}

#[derive(Debug, EnvConfig)]
struct Snapshots {
    #[env(default = "snapshots/")]
    snapshot_dir: PathBuf,
    /// The time between two snapshots.
    #[env(default = "false", expected = "a bool, or a number of seconds")]
    schedule_snapshot: Schedule,
}

/// A flag, or a number of seconds.
#[derive(Debug, PartialEq)]
enum Schedule {
    Never,
    Every(Duration),
}

impl FromStr for Schedule {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "false" => Ok(Self::Never),
            "" | "true" => Ok(Self::Every(Duration::from_hours(24))),
            text => match text.parse() {
                Ok(seconds) => Ok(Self::Every(Duration::from_secs(seconds))),
                Err(_) => Err("a time has no unit here"),
            },
        }
    }
}

#[derive(Debug, EnvConfig)]
#[env(all_or_none(cert_path, key_path))]
struct Ssl {
    cert_path: Option<PathBuf>,
    key_path: Option<PathBuf>,
    #[env(requires(cert_path, key_path))]
    auth_path: Option<PathBuf>,
    #[env(requires = "cert_path")]
    ocsp_path: Option<PathBuf>,
    #[env(default = false)]
    require_auth: bool,
    #[env(default = false)]
    resumption: bool,
    #[env(default = false)]
    tickets: bool,
}

#[derive(Debug, EnvConfig)]
struct S3 {
    bucket_url: String,
    bucket_region: String,
    bucket_name: String,
    #[env(default)]
    snapshot_prefix: String,
    access_key: Secret<String>,
    secret_key: Secret<String>,
    #[env(default = "375 MiB")]
    multipart_part_size: Size,
}

#[derive(Debug, EnvConfig)]
struct Webhook {
    url: Option<String>,
    authorization_header: Option<Secret<String>>,
}

#[derive(Debug, EnvConfig)]
struct Experimental {
    #[env(default = false)]
    enable_metrics: bool,
    #[env(default = false)]
    enable_logs_route: bool,
    #[env(default = "human")]
    logs_mode: LogsMode,
    #[env(default = 1000, range = 1..)]
    search_queue_size: usize,
    #[env(default = 0)]
    drop_search_after: u64,
    #[env(default = false)]
    reduce_indexing_memory_usage: bool,
    #[env(default_fn = no_limit)]
    max_number_of_batched_tasks: usize,
    #[env(default = 0)]
    embedding_cache_entries: usize,
    #[env(default = false)]
    no_snapshot_compaction: bool,
    contains_filter: Option<bool>,
}

#[derive(Debug, PartialEq, EnvValue)]
enum LogsMode {
    Human,
    Json,
}

fn two_thirds_of_memory() -> Size {
    Size(6_000_000_000)
}

fn half_of_processors() -> usize {
    4
}

fn no_limit() -> usize {
    usize::MAX
}

fn production_has_a_key(options: &Options) -> Result<(), Invalid> {
    let length = options.master_key.as_ref().map(|key| key.expose().len());
    match (&options.env, length) {
        (Stage::Production, None) => Err(Invalid::at(
            "master_key",
            "MEILI_ENV is production, which needs a key",
        )),
        (Stage::Production, Some(..16)) => Err(Invalid::at(
            "master_key",
            "in production it must have 16 bytes or more",
        )),
        _ => Ok(()),
    }
}

const SAMPLE: &[(&str, &str)] = &[
    ("MEILI_ENV", "production"),
    ("MEILI_MASTER_KEY", "a-key-of-twenty-five-bytes"),
    ("MEILI_NO_ANALYTICS", "true"),
    ("MEILI_HTTP_ADDR", "0.0.0.0:7700"),
    ("MEILI_LOG_LEVEL", "INFO"),
    ("MEILI_MAX_INDEXING_MEMORY", "2 GiB"),
    ("MEILI_MAX_INDEXING_THREADS", "8"),
    ("MEILI_DUMP_DIR", "/var/dumps"),
    ("MEILI_IMPORT_DUMP", ""),
    ("MEILI_SCHEDULE_SNAPSHOT", "86400"),
    ("MEILI_SSL_CERT_PATH", "/c.pem"),
    ("MEILI_SSL_KEY_PATH", "/k.pem"),
    ("MEILI_TASK_WEBHOOK_URL", "https://hooks.example.com"),
    ("MEILI_EXPERIMENTAL_ENABLE_METRICS", "true"),
];

#[test]
fn the_sample_is_loaded() {
    let options = clean::<Options>(SAMPLE);
    assert_whole(&options, include_str!("values/meilisearch.txt"));
    assert_eq!(
        options.master_key.unwrap().expose(),
        "a-key-of-twenty-five-bytes"
    );
}

#[test]
fn development_needs_nothing() {
    let options = clean::<Options>(&[]);
    assert_eq!(
        (options.max_indexing_threads, options.max_indexing_memory),
        (4, Size(6_000_000_000))
    );
    assert!(options.s3.is_none() && options.webhook.is_none());
}

#[test]
fn production_needs_a_key_of_its_length() {
    assert_eq!(
        problems::<Options>(&[("MEILI_ENV", "production")]),
        "  MEILI_MASTER_KEY  refused: MEILI_ENV is production, which needs a key"
    );
    let pairs = [("MEILI_ENV", "production"), ("MEILI_MASTER_KEY", "short")];
    assert_eq!(
        problems::<Options>(&pairs),
        "  MEILI_MASTER_KEY  refused: in production it must have 16 bytes or more"
    );
}

#[test]
fn mistakes_are_reported_at_once() {
    let pairs = [
        ("MEILI_ENV", "prod"),
        ("MEILI_HTTP_PAYLOAD_SIZE_LIMIT", "100 Megabytes"),
        ("MEILI_MAX_INDEXING_THREADS", "0"),
        ("MEILI_IMPORT_DUMP", "a.dump"),
        ("MEILI_IMPORT_SNAPSHOT", "b.snapshot"),
        ("MEILI_SCHEDULE_SNAPSHOT", "daily"),
        ("MEILI_SSL_AUTH_PATH", "/ca"),
        ("MEILI_SSL_KEY_PATH", "/k.pem"),
        ("MEILI_S3_BUCKET_URL", "https://s3"),
        ("MEILI_S3_ACCESS_KEY", "id"),
        ("MEILI_EXPERIMENTAL_LOGS_MODE", "yaml"),
        ("MEILI_NO_ANALYTICS", "maybe"),
    ];
    assert_eq!(
        problems::<Options>(&pairs),
        "  MEILI_ENV                      \"prod\" is not one of: development, production\n  \
         MEILI_NO_ANALYTICS             \"maybe\" is not one of: true, false, yes, no, on, off, 1, 0\n  \
         MEILI_HTTP_PAYLOAD_SIZE_LIMIT  \"100 Megabytes\" is not a size: write a number and a unit such as MB or GiB\n  \
         MEILI_MAX_INDEXING_THREADS     \"0\" is refused: it must be at least 1\n                                 \
         Half of the processors, if unset.\n  \
         MEILI_IMPORT_SNAPSHOT          set, although MEILI_IMPORT_DUMP is set; remove one of them\n  \
         MEILI_SCHEDULE_SNAPSHOT        \"daily\" is not a bool, or a number of seconds: a time has no unit here\n                                 \
         The time between two snapshots.\n  \
         MEILI_SSL_CERT_PATH            not set; required because MEILI_SSL_KEY_PATH is set\n  \
         MEILI_S3_BUCKET_REGION         not set; required because MEILI_S3_BUCKET_URL is set\n  \
         MEILI_S3_BUCKET_NAME           not set; required because MEILI_S3_BUCKET_URL is set\n  \
         MEILI_S3_SECRET_KEY            not set; required because MEILI_S3_BUCKET_URL is set\n  \
         MEILI_EXPERIMENTAL_LOGS_MODE   \"yaml\" is not one of: human, json"
    );
}

#[test]
fn every_default_and_example_is_read() {
    environ::testing::assert_valid::<Options>();
}

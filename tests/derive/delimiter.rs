//! A delimiter of a root's own between the segments of names.

use std::collections::BTreeMap;

use environ::secrets::VaultEnvSecrets;
use environ::{Document, EnvConfig, Secret};

use crate::{load, problems};

#[derive(Debug, PartialEq, EnvConfig)]
#[env(prefix = "APP", delimiter = "__")]
struct Cfg {
    log_level: Option<String>,
    #[env(group)]
    log: Log,
    #[env(group)]
    db: Option<Db>,
    #[env(group, switch = "ENABLED")]
    search: Option<Search>,
    #[env(group, selector = "TYPE")]
    storage: Storage,
    #[env(group)]
    cache: Cache,
    #[env(group)]
    up_stream: Vec<Host>,
    #[env(group)]
    shard: BTreeMap<String, Host>,
    #[env(group, flatten)]
    http: Http,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Log {
    #[env(default = "info", deprecated = "LOG_LEVEL")]
    level: String,
    #[env(group)]
    file: Option<Host>,
}

#[derive(Debug, PartialEq, EnvConfig)]
#[env(all_or_none(user, password))]
struct Db {
    url: String,
    user: Option<String>,
    #[env(file)]
    password: Option<String>,
    #[env(default_from = "{url}/2")]
    replica_url: String,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Search {
    #[env(default = 9200)]
    port: u16,
}

#[derive(Debug, PartialEq, EnvConfig)]
enum Storage {
    #[env(default)]
    Memory,
    S3(Bucket),
    #[env(flatten)]
    Disk(Disk),
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Bucket {
    bucket: String,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Disk {
    path: String,
}

#[derive(Debug, PartialEq, EnvConfig)]
enum Cache {
    #[env(default)]
    Off,
    Redis(Host),
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Host {
    host: String,
    #[env(default = 80)]
    port: u16,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Http {
    #[env(default = 8000, alias = "PORT")]
    port: u16,
    #[env(group)]
    tls: Option<Tls>,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Tls {
    cert: String,
}

const PAIRS: &[(&str, &str)] = &[
    ("APP_LOG_LEVEL", "own"),
    ("APP_LOG__LEVEL", "warn"),
    ("APP_LOG__FILE__HOST", "a"),
    ("APP_DB__URL", "db"),
    ("APP_SEARCH__ENABLED", "true"),
    ("APP_STORAGE__TYPE", "s3"),
    ("APP_STORAGE__S3__BUCKET", "b"),
    ("APP_CACHE", "redis"),
    ("APP_CACHE__REDIS__HOST", "c"),
    ("APP_UP_STREAM__0__HOST", "d"),
    ("APP_UP_STREAM__1__HOST", "e"),
    ("APP_SHARD__EU_WEST__HOST", "f"),
    ("APP_SHARD__EU_WEST__PORT", "81"),
    ("PORT", "9000"),
    ("APP_TLS__CERT", "g"),
];

fn host(name: &str, port: u16) -> Host {
    let host = name.to_owned();
    Host { host, port }
}

fn whole() -> Cfg {
    Cfg {
        log_level: Some("own".to_owned()),
        log: Log {
            level: "warn".to_owned(),
            file: Some(host("a", 80)),
        },
        db: Some(Db {
            url: "db".to_owned(),
            user: None,
            password: None,
            replica_url: "db/2".to_owned(),
        }),
        search: Some(Search { port: 9200 }),
        storage: Storage::S3(Bucket {
            bucket: "b".to_owned(),
        }),
        cache: Cache::Redis(host("c", 80)),
        up_stream: vec![host("d", 80), host("e", 80)],
        shard: BTreeMap::from([("eu_west".to_owned(), host("f", 81))]),
        http: Http {
            port: 9000,
            tls: Some(Tls {
                cert: "g".to_owned(),
            }),
        },
    }
}

#[test]
fn the_delimiter_joins_groups_and_no_prefix() {
    let loaded = Cfg::loader().source(PAIRS).strict().load().unwrap();
    assert_eq!(loaded.config, whole());
    assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
    assert!(loaded.origins.get("APP_SHARD__EU_WEST__PORT").is_some());
    assert_eq!(load::<Cfg>(PAIRS), whole());
}

/// The fields of the tree with the names of the variables that they read.
#[test]
fn every_format_of_help_has_the_delimiter() {
    assert_eq!(
        Cfg::help().to_lines(),
        "APP_LOG_LEVEL (Optional)\n\
         APP_LOG__LEVEL (Optional, Default=info): Deprecated: LOG_LEVEL.\n\
         APP_LOG__FILE__HOST (Required if any APP_LOG__FILE__* is set)\n\
         APP_LOG__FILE__PORT (Optional, Default=80)\n\
         APP_DB__URL (Required if any APP_DB__* is set)\n\
         APP_DB__USER (Optional): All or none of: APP_DB__USER, APP_DB__PASSWORD.\n\
         APP_DB__PASSWORD (Optional): All or none of: APP_DB__USER, APP_DB__PASSWORD. Or a file: APP_DB__PASSWORD_FILE.\n\
         APP_DB__REPLICA_URL (Optional, Default=$APP_DB__URL/2)\n\
         APP_SEARCH__ENABLED (Optional, Default=false): One of: true, false, yes, no, on, off, 1, 0.\n\
         APP_SEARCH__PORT (Optional, Default=9200): Read only if APP_SEARCH__ENABLED=true.\n\
         APP_STORAGE__TYPE (Optional, Default=memory): One of: memory, s3, disk.\n\
         APP_STORAGE__S3__BUCKET (Required if APP_STORAGE__TYPE=s3)\n\
         APP_STORAGE__PATH (Required if APP_STORAGE__TYPE=disk)\n\
         APP_CACHE (Optional, Default=off): One of: off, redis.\n\
         APP_CACHE__REDIS__HOST (Required if APP_CACHE=redis)\n\
         APP_CACHE__REDIS__PORT (Optional, Default=80): Read only if APP_CACHE=redis.\n\
         APP_UP_STREAM__<N>__HOST (Required if any APP_UP_STREAM__<N>__* is set)\n\
         APP_UP_STREAM__<N>__PORT (Optional, Default=80)\n\
         APP_SHARD__<KEY>__HOST (Required if any APP_SHARD__<KEY>__* is set)\n\
         APP_SHARD__<KEY>__PORT (Optional, Default=80)\n\
         APP_PORT (Optional, Default=8000): Also: PORT.\n\
         APP_TLS__CERT (Required if any APP_TLS__* is set)"
    );
    let json = Cfg::help().to_json();
    for text in [
        "\"APP_DB__*\"",
        "\"APP_STORAGE__TYPE\"",
        "\"APP_DB__PASSWORD_FILE\"",
    ] {
        assert!(json.contains(text), "{text} {json}");
    }
    let help = Cfg::help().prefix("BLUE").to_markdown();
    assert!(help.contains("`BLUE_UP_STREAM__<N>__HOST`"), "{help}");
    assert!(help.contains("any `BLUE_DB__*` is set"), "{help}");
    environ::testing::assert_valid::<Cfg>();
    let same = Cfg::help().diff(&json).unwrap();
    assert!(same.is_empty(), "{same}");
}

#[test]
fn reports_name_the_variables_as_they_are_read() {
    assert_eq!(
        problems::<Cfg>(&[
            ("APP_LOG__LEVEL", "warn"),
            ("LOG_LEVEL", "info"),
            ("APP_DB__USER", "me"),
            ("APP_SEARCH__ENABLED", "maybe"),
            ("APP_STORAGE__TYPE", "s3"),
            ("APP_UP_STREAM__1__HOST", "e"),
            ("APP_SHARD__EU__PORT", "x"),
            ("APP_TLS_CERT", "g"),
        ]),
        "  LOG_LEVEL                deprecated, and set to something else than APP_LOG__LEVEL; remove LOG_LEVEL\n  \
         APP_DB__URL              not set; required because APP_DB__USER is set\n  \
         APP_DB__PASSWORD         not set; required because APP_DB__USER is set\n  \
         APP_SEARCH__ENABLED      \"maybe\" is not one of: true, false, yes, no, on, off, 1, 0\n  \
         APP_STORAGE__S3__BUCKET  not set; required because APP_STORAGE__TYPE is s3\n  \
         APP_UP_STREAM__0__*      0 is left out, since APP_UP_STREAM__1__* is set; groups are numbered from 0, without a gap\n  \
         APP_SHARD__EU__HOST      not set; required because APP_SHARD__EU__PORT is set\n  \
         APP_SHARD__EU__PORT      \"x\" is not a u16: it must be a whole number from 0 to 65535"
    );
}

#[test]
fn near_misses_have_the_delimiter() {
    let report = |pairs: &[(&str, &str)]| {
        let err = Cfg::loader().source(pairs).strict().load().unwrap_err();
        let lines: Vec<String> = err.problems().map(ToString::to_string).collect();
        lines.join("\n")
    };
    assert_eq!(
        report(&[
            ("APP_LOG__LEVLE", "warn"),
            ("APP_DB_URL", "db"),
            ("APP_STORAGE_TYPE", "s3"),
            ("APP_CACHE__TYPE", "redis"),
            ("APP_UP_STREAM_0_HOST", "d"),
            ("APP_UP_STREAM__00__HOST", "d"),
            ("APP_SHARD", "eu"),
            ("APP_SHARD__EU__HOSST", "f"),
        ]),
        "APP_UP_STREAM__00__HOST: the number has no leading zero; write APP_UP_STREAM__0__HOST\n\
         APP_SHARD: set, but groups are named; write APP_SHARD__<KEY>__HOST\n\
         APP_CACHE__TYPE: set, but no field reads it; is APP_CACHE meant?\n\
         APP_DB_URL: set, but no field reads it; is APP_DB__URL meant?\n\
         APP_LOG__LEVLE: set, but no field reads it; is APP_LOG__LEVEL meant?\n\
         APP_SHARD__EU__HOSST: set, but no field reads it; is APP_SHARD__EU__HOST meant?\n\
         APP_STORAGE_TYPE: set, but no field reads it; is APP_STORAGE__TYPE meant?\n\
         APP_UP_STREAM_0_HOST: set, but no field reads it; is APP_UP_STREAM__0__HOST meant?"
    );
}

/// `db_url` beside a group `db` with a field `url`.
#[test]
fn a_long_name_beside_a_group_is_another_variable() {
    let cfg: Cfg = load(&[("APP_LOG_LEVEL", "own")]);
    assert_eq!(
        (cfg.log_level.as_deref(), &*cfg.log.level),
        (Some("own"), "info")
    );
}

#[test]
fn a_prefix_may_end_in_the_delimiter_or_be_empty() {
    #[derive(Debug, PartialEq, EnvConfig)]
    #[env(prefix = "APP__", delimiter = "__")]
    struct Doubled {
        port: u16,
        #[env(group)]
        db: Tls,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    #[env(prefix = "", delimiter = "__")]
    struct Bare {
        port: u16,
        #[env(group)]
        db: Tls,
    }

    let (port, cert) = (80, "c".to_owned());
    let db = Tls { cert };
    let pairs = [("APP__PORT", "80"), ("APP__DB__CERT", "c")];
    assert_eq!(load::<Doubled>(&pairs), Doubled { port, db });
    let report = problems::<Doubled>(&[]);
    assert_eq!(
        report,
        "  APP__PORT      not set; expected a u16\n  APP__DB__CERT  not set"
    );
    let db = Tls {
        cert: "c".to_owned(),
    };
    let pairs = [("PORT", "80"), ("DB__CERT", "c")];
    assert_eq!(load::<Bare>(&pairs), Bare { port, db });
    environ::testing::assert_valid::<Doubled>();
    environ::testing::assert_valid::<Bare>();
}

#[test]
fn a_one_of_group_may_be_a_root_with_a_delimiter() {
    #[derive(Debug, PartialEq, EnvConfig)]
    #[env(prefix = "FILES", delimiter = "__")]
    enum Files {
        Disk(Disk),
    }

    let path = "/x".to_owned();
    assert_eq!(
        load::<Files>(&[("FILES", "disk"), ("FILES_DISK__PATH", "/x")]),
        Files::Disk(Disk { path })
    );
}

/// A group type may say what the root says.
#[test]
fn a_group_may_repeat_the_delimiter_of_its_root() {
    #[derive(Debug, PartialEq, EnvConfig)]
    #[env(delimiter = "__")]
    struct Outer {
        #[env(group)]
        inner: Inner,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    #[env(delimiter = "__")]
    struct Inner {
        tls_cert: Option<String>,
        #[env(group)]
        tls: Tls,
    }

    let pairs = [("APP_INNER__TLS__CERT", "a"), ("APP_INNER__TLS_CERT", "b")];
    let outer: Outer = load(&pairs);
    assert_eq!(
        (&*outer.inner.tls.cert, outer.inner.tls_cert.as_deref()),
        ("a", Some("b"))
    );
}

#[derive(Debug, EnvConfig)]
#[env(delimiter = "__")]
struct Secrets {
    db_url: Option<Secret<String>>,
    #[env(group)]
    db: Url,
}

#[derive(Debug, EnvConfig)]
struct Url {
    url: Secret<String>,
}

/// A key is the name below the prefix, so that two secrets never share a key.
#[test]
fn keys_of_secrets_have_the_delimiter() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("db__url"), "inner").unwrap();
    std::fs::write(dir.path().join("db_url"), "outer").unwrap();
    let store = environ::secrets::DirSecrets::from_path(dir.path());
    let cfg = Secrets::loader().source(()).secrets(store).load().unwrap();
    assert_eq!(cfg.config.db.url.expose(), "inner");
    assert_eq!(cfg.config.db_url.unwrap().expose(), "outer");
    assert_eq!(Secrets::secret_vars(), ["APP_DB_URL", "APP_DB__URL"]);
    let loader = Secrets::loader().secrets(VaultEnvSecrets::new("SECRET"));
    assert!(loader.secret_vars().contains(&"SECRET_DB__URL".to_owned()));
    let kubernetes = Secrets::help().to_kubernetes();
    assert!(kubernetes.contains("key: db__url"), "{kubernetes}");
}

#[test]
fn documents_are_read_by_path() {
    let document = serde_json::json!({
        "log-level": "own",
        "log": { "level": "warn", "file": { "host": "a" } },
        "db": { "url": "db" },
        "search": { "enabled": true },
        "storage": { "type": "s3", "s3": { "bucket": "b" } },
        "cache": { "redis": { "host": "c" } },
        "up_stream": [{ "host": "d" }, { "host": "e" }],
        "shard": { "eu-west": { "host": "f", "port": 81 } },
        "port": 9000,
        "tls": { "cert": "g" },
    });
    let document = Document::from_serialize("config.json", &document);
    let loaded = Cfg::loader().source(document).strict().load().unwrap();
    assert_eq!(loaded.config, whole());
}

#[test]
fn the_embedded_specification_has_the_delimiter() {
    const LEN: usize = environ::embedded::len::<Cfg>();
    let bytes = environ::embedded::bytes::<Cfg, LEN>();
    let spec = environ::embedded::read(&bytes[..]).unwrap();
    let help = Cfg::help().diff(&spec).unwrap();
    assert!(help.is_empty(), "{help}");
}

#[test]
fn deployments_are_judged_by_the_delimiter() {
    let file = tempfile::Builder::new().suffix(".env").tempfile().unwrap();
    let texts = PAIRS.iter().map(|(name, text)| format!("{name}={text}\n"));
    std::fs::write(file.path(), texts.collect::<String>()).unwrap();
    let report = Cfg::deployment().file(file.path()).strict().check();
    assert!(report.is_clean(), "{report}");
    std::fs::write(file.path(), "APP_DB__USER=me\nAPP_TLS_CERT=x\n").unwrap();
    let report = Cfg::deployment()
        .file(file.path())
        .strict()
        .check()
        .to_string();
    let report = report.replace(&file.path().display().to_string(), "FILE");
    assert_eq!(
        report,
        "FILE:1:1: APP_DB__PASSWORD: not set; required because APP_DB__USER is set; set it\n\
         FILE:1:1: APP_DB__URL: not set; required because APP_DB__USER is set; set it\n\
         FILE:2:1: APP_TLS_CERT: set, but no field reads it; is APP_TLS__CERT meant?"
    );
}

#[test]
fn a_variable_of_two_readers_is_a_conflict() {
    #[derive(Debug, EnvConfig)]
    #[env(delimiter = "__")]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        #[env(group)]
        db: BTreeMap<String, Replicated>,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(
        dead_code,
        non_snake_case,
        reason = "never loads; the delimiter in a name"
    )]
    struct Replicated {
        url: String,
        replica__url: Option<String>,
    }

    let pairs = [
        ("APP_DB__EU__URL", "1"),
        ("APP_DB__EU__REPLICA__URL", "2"),
        ("APP_DB__EU__REPLICA__REPLICA__URL", "2"),
    ];
    assert_eq!(
        problems::<Cfg>(&pairs),
        "  APP_DB__EU__REPLICA__URL  read as db.eu.replica__url and as db.eu__replica.url; rename one of the keys"
    );
}

//! Defaults that are made of other fields, or belong to the use of a group.

use std::path::{Path, PathBuf};
use std::time::Duration;

use environ::{EnvConfig, EnvValue, Secret};

use crate::{load, problems};

#[derive(Debug, PartialEq, EnvConfig)]
struct Files {
    #[env(default = "data")]
    data_folder: PathBuf,
    /// Where uploads go first.
    #[env(default_from = "{data_folder}/tmp")]
    tmp_folder: PathBuf,
    #[env(default_from = "{tmp_folder}/{{icons}}")]
    icons: String,
}

#[test]
fn a_default_has_the_effective_texts_of_other_fields() {
    let files = |data: &str, tmp: &str, icons: &str| Files {
        data_folder: data.into(),
        tmp_folder: tmp.into(),
        icons: icons.to_owned(),
    };
    assert_eq!(
        load::<Files>(&[]),
        files("data", "data/tmp", "data/tmp/{icons}")
    );
    assert_eq!(
        load::<Files>(&[("APP_DATA_FOLDER", "/srv")]),
        files("/srv", "/srv/tmp", "/srv/tmp/{icons}")
    );
    assert_eq!(
        load::<Files>(&[("APP_TMP_FOLDER", "/tmp")]),
        files("data", "/tmp", "/tmp/{icons}")
    );
    let loaded = Files::loader().source([("APP_DATA_FOLDER", "/srv")]);
    let origins = loaded.load().unwrap().origins;
    let origin = origins.get("APP_ICONS").unwrap();
    assert!(origin.is_default());
}

#[test]
fn every_format_of_help_names_the_variables_of_a_default() {
    assert_eq!(
        Files::help().to_lines(),
        "\
APP_DATA_FOLDER (Optional, Default=data)
APP_TMP_FOLDER (Optional, Default=$APP_DATA_FOLDER/tmp): Where uploads go first.
APP_ICONS (Optional, Default=$APP_TMP_FOLDER/{icons})"
    );
    let table = Files::help().to_markdown();
    assert!(table.contains("| `$APP_DATA_FOLDER/tmp` |"), "{table}");
    let example = Files::help().to_dotenv();
    assert!(
        example.contains("# Where uploads go first. Default: $APP_DATA_FOLDER/tmp.\n"),
        "{example}"
    );
    let json: serde_json::Value = serde_json::from_str(&Files::help().to_json()).unwrap();
    let variable = &json["variables"][1];
    assert_eq!(variable["default_from"], "$APP_DATA_FOLDER/tmp");
    assert_eq!(
        (&variable["default"], &variable["required"]),
        (&().into(), &false.into())
    );
    environ::testing::assert_valid::<Files>();
}

#[test]
fn a_diff_names_a_default_of_other_fields() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Old {
        #[env(default = "data")]
        data_folder: PathBuf,
        #[env(default = "tmp")]
        tmp_folder: PathBuf,
    }

    let changes = Files::help().diff(&Old::help().to_json()).unwrap();
    assert_eq!(
        changes.to_string(),
        "newly reads APP_ICONS\n\
         default of APP_TMP_FOLDER changed from tmp to $APP_DATA_FOLDER/tmp"
    );
}

/// The text goes through the parser of the field, like that of any default.
#[test]
fn a_default_of_other_fields_is_read_like_the_variable() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        host: String,
        #[env(default_from = "{host}:80,{host}:443")]
        listen: Vec<String>,
        #[env(default_from = "{host}")]
        port: u16,
    }

    let cfg: Cfg = load(&[("APP_HOST", "1")]);
    assert_eq!(
        (cfg.listen, cfg.port),
        (vec!["1:80".to_owned(), "1:443".to_owned()], 1)
    );
    assert_eq!(
        problems::<Cfg>(&[("APP_HOST", "x")]),
        "  APP_PORT  the default \"x\" from $APP_HOST is not a u16: it must be a whole number from 0 to 65535"
    );
    assert_eq!(problems::<Cfg>(&[]), "  APP_HOST  not set");
}

/// A list stands there as it was written.
#[test]
fn a_list_in_a_default_is_its_text() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(separator = ";")]
        hosts: Vec<String>,
        #[env(default_from = "x,{hosts}")]
        all: String,
    }

    assert_eq!(load::<Cfg>(&[("APP_HOSTS", "a;b")]).all, "x,a;b");
}

#[test]
fn a_secret_may_stand_in_a_secret() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        password: Secret<String>,
        #[env(default_from = "postgres://app:{password}@db")]
        url: Secret<String>,
        #[env(default_from = "{password}")]
        pin: Secret<u8>,
    }

    let cfg: Cfg = load(&[("APP_PASSWORD", "7"), ("APP_PIN", "1")]);
    assert_eq!(cfg.password.expose(), "7");
    assert_eq!(cfg.url.expose(), "postgres://app:7@db");
    assert_eq!(cfg.pin.expose(), &1);
    let report = problems::<Cfg>(&[("APP_PASSWORD", "hunter2")]);
    assert!(
        report.starts_with("  APP_PIN  the default is not a u8"),
        "{report}"
    );
    assert!(!report.contains("hunter2"), "{report}");
    let loaded = Cfg::loader()
        .source([("APP_PASSWORD", "77")])
        .load()
        .unwrap();
    assert!(
        !format!("{:?}", loaded.origins).contains("77"),
        "{:?}",
        loaded.origins
    );
    assert!(!Cfg::help().to_lines().contains('$'));
    assert!(!Cfg::help().to_json().contains("default_from"));
}

/// JSON may hold a secret anywhere.
#[test]
fn a_default_with_json_in_it_is_never_shown() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its origins and problems are asked for")]
    struct Cfg {
        #[env(json)]
        pins: Vec<u16>,
        #[env(default_from = "{pins}")]
        text: String,
        #[env(default_from = "{text}")]
        copy: String,
        #[env(default = "a")]
        plain: String,
        #[env(default_from = "{plain}")]
        plain_copy: String,
        #[env(default_from = "{copy}")]
        pin: u16,
    }

    let report = problems::<Cfg>(&[("APP_PINS", "[7777]")]);
    assert_eq!(
        report,
        "  APP_PIN  the default is not a u16: it must be a whole number from 0 to 65535"
    );
    let pairs = [("APP_PINS", "[7777]"), ("APP_PIN", "1")];
    let origins = Cfg::loader().source(pairs).load().unwrap().origins;
    let names = ["APP_PINS", "APP_TEXT", "APP_COPY", "APP_PLAIN_COPY"];
    let shown = names.map(|name| origins.shown(name).unwrap());
    assert_eq!(shown, ["[REDACTED]", "[REDACTED]", "[REDACTED]", "a"]);
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Pool {
    workers: u8,
    #[env(default_fn = twice(workers))]
    connections: u16,
    #[env(group)]
    tls: Option<Tls>,
    #[env(default_fn = port(tls))]
    port: u16,
    #[env(skip, default_fn = address(port, tls))]
    address: String,
    #[env(skip, default_fn = length(address))]
    length: usize,
    #[env(skip)]
    unused: u8,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Tls {
    cert: PathBuf,
}

fn twice(workers: &u8) -> u16 {
    u16::from(*workers) * 2
}

#[expect(clippy::ref_option, reason = "the argument is the value of a field")]
fn port(tls: &Option<Tls>) -> u16 {
    if tls.is_some() { 443 } else { 80 }
}

#[expect(clippy::ref_option, reason = "the argument is the value of a field")]
fn address(port: &u16, tls: &Option<Tls>) -> String {
    let cert = tls.as_ref().map_or(Path::new("none"), |tls| &tls.cert);
    format!("{port} {}", cert.display())
}

fn length(address: &str) -> usize {
    address.len()
}

#[test]
fn a_function_is_given_the_values_of_other_fields() {
    let pool: Pool = load(&[("APP_WORKERS", "4")]);
    assert_eq!((pool.connections, pool.port), (8, 80));
    assert_eq!(
        (&*pool.address, pool.length, pool.unused),
        ("80 none", 7, 0)
    );
    let pairs = [
        ("APP_WORKERS", "4"),
        ("APP_CONNECTIONS", "1"),
        ("APP_TLS_CERT", "/x"),
    ];
    let pool: Pool = load(&pairs);
    assert_eq!((pool.connections, &*pool.address), (1, "443 /x"));
    assert!(!Pool::help().to_lines().contains("ADDRESS"));
}

#[test]
fn a_function_is_not_called_if_one_of_its_fields_failed() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        _workers: u8,
        #[env(default_fn = never(_workers))]
        _connections: u8,
        #[env(skip, default_fn = never(_connections))]
        _computed: u8,
    }

    fn never(_: &u8) -> u8 {
        panic!("called without a value")
    }

    assert_eq!(
        problems::<Cfg>(&[]),
        "  APP__WORKERS  not set; expected a u8"
    );
    assert_eq!(
        problems::<Cfg>(&[("APP__CONNECTIONS", "x")]),
        "  APP__WORKERS      not set; expected a u8\n  \
         APP__CONNECTIONS  \"x\" is not a u8: it must be a whole number from 0 to 255"
    );
}

/// The function returns the type of the field.
#[test]
fn a_function_may_return_the_option_of_its_field() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        redis: Option<String>,
        #[env(default_fn = same(redis))]
        cache: Option<String>,
        #[env(allow_empty, default_fn = two)]
        replicas: Option<u8>,
    }

    #[expect(clippy::ref_option, reason = "the argument is the value of a field")]
    fn same(redis: &Option<String>) -> Option<String> {
        redis.clone()
    }

    #[expect(clippy::unnecessary_wraps, reason = "the type of the field")]
    fn two() -> Option<u8> {
        Some(2)
    }

    let cfg = |redis: Option<&str>, cache: Option<&str>, replicas| Cfg {
        redis: redis.map(str::to_owned),
        cache: cache.map(str::to_owned),
        replicas,
    };
    assert_eq!(load::<Cfg>(&[]), cfg(None, None, Some(2)));
    assert_eq!(
        load::<Cfg>(&[("APP_REDIS", "a"), ("APP_CACHE", ""), ("APP_REPLICAS", "")]),
        cfg(Some("a"), Some("a"), None)
    );
    assert_eq!(
        load::<Cfg>(&[
            ("APP_REDIS", "a"),
            ("APP_CACHE", "b"),
            ("APP_REPLICAS", "7")
        ]),
        cfg(Some("a"), Some("b"), Some(7))
    );
    assert_eq!(
        problems::<Cfg>(&[("APP_REPLICAS", "x")]),
        "  APP_REPLICAS  \"x\" is not a u8: it must be a whole number from 0 to 255"
    );
    environ::testing::assert_valid::<Cfg>();
}

#[test]
fn an_option_with_a_default_is_none_if_it_is_set_to_nothing() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(allow_empty, default = "30s")]
        timeout: Option<Duration>,
        #[env(allow_empty, default_from = "{timeout}", range = ..Duration::from_secs(99))]
        idle: Option<Duration>,
    }

    let half = Some(Duration::from_secs(30));
    let cfg = |timeout, idle| Cfg { timeout, idle };
    assert_eq!(load::<Cfg>(&[]), cfg(half, half));
    assert_eq!(load::<Cfg>(&[("APP_TIMEOUT", "")]), cfg(None, None));
    let minute = Some(Duration::from_mins(1));
    assert_eq!(load::<Cfg>(&[("APP_IDLE", "1m")]), cfg(half, minute));
    let report = problems::<Cfg>(&[("APP_TIMEOUT", "2m")]);
    assert!(
        report.starts_with("  APP_IDLE  the default \"2m\" from $APP_TIMEOUT is refused"),
        "{report}"
    );
    assert_eq!(
        Cfg::help().to_lines().lines().next().unwrap(),
        "APP_TIMEOUT (Optional, Default=30s): May be empty."
    );
}

#[test]
fn a_default_of_a_use_may_be_an_alias_of_a_word() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(group, defaults(level = "warning"))]
        log: Log,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Log {
        #[env(default = "INFO")]
        level: Level,
    }

    #[derive(Debug, PartialEq, EnvValue)]
    enum Level {
        Info,
        #[env(alias = "warning")]
        Warn,
    }

    assert_eq!(load::<Cfg>(&[]).log.level, Level::Warn);
    assert_eq!(
        Cfg::help().to_lines(),
        "APP_LOG_LEVEL (Optional, Default=warning): One of: info, warn."
    );
    environ::testing::assert_valid::<Cfg>();
}

#[test]
fn present_is_whether_a_variable_is_there_at_all() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(name = "NO_COLOR", present)]
        no_color: bool,
    }

    assert!(!load::<Cfg>(&[]).no_color);
    for text in ["", "0", "false", "x"] {
        assert!(load::<Cfg>(&[("NO_COLOR", text)]).no_color, "{text}");
    }
    assert_eq!(
        Cfg::help().to_dotenv(),
        "# On if set, even to an empty text.\n# NO_COLOR=1\n"
    );
    let json: serde_json::Value = serde_json::from_str(&Cfg::help().to_json()).unwrap();
    let variable = &json["variables"][0];
    assert_eq!(
        (&variable["type"], &variable["present"]),
        (&"flag".into(), &true.into())
    );
    environ::testing::assert_valid::<Cfg>();
}

#[test]
fn every_variable_of_a_struct_may_name_a_file() {
    #[derive(Debug, PartialEq, EnvConfig)]
    #[env(file)]
    struct Cfg {
        user: String,
        #[env(default = 1)]
        port: u16,
    }

    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "7\n").unwrap();
    let path = file.path().to_str().unwrap();
    let cfg: Cfg = load(&[("APP_USER_FILE", path), ("APP_PORT_FILE", path)]);
    assert_eq!((&*cfg.user, cfg.port), ("7", 7));
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Limits {
    #[env(group, defaults(rate = 600, burst = 5, mode = "soft"))]
    login: Limit,
    #[env(group)]
    search: Limit,
    #[env(group, defaults(rate = 1))]
    admin: Option<Limit>,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Limit {
    /// Requests a minute.
    rate: u16,
    #[env(default = 10)]
    burst: u8,
    mode: Option<String>,
}

#[test]
fn a_use_of_a_group_may_have_other_defaults() {
    let limit = |rate, burst, mode: Option<&str>| Limit {
        rate,
        burst,
        mode: mode.map(str::to_owned),
    };
    assert_eq!(
        load::<Limits>(&[("APP_SEARCH_RATE", "9")]),
        Limits {
            login: limit(600, 5, Some("soft")),
            search: limit(9, 10, None),
            admin: Some(limit(1, 10, None)),
        }
    );
    assert_eq!(
        problems::<Limits>(&[]),
        "  APP_SEARCH_RATE  not set; expected a u16\n                   Requests a minute."
    );
    assert_eq!(
        Limits::help().to_lines(),
        "\
APP_LOGIN_RATE (Optional, Default=600): Requests a minute.
APP_LOGIN_BURST (Optional, Default=5)
APP_LOGIN_MODE (Optional, Default=soft)
APP_SEARCH_RATE (Required): Requests a minute.
APP_SEARCH_BURST (Optional, Default=10)
APP_SEARCH_MODE (Optional)
APP_ADMIN_RATE (Optional, Default=1): Requests a minute.
APP_ADMIN_BURST (Optional, Default=10)
APP_ADMIN_MODE (Optional)"
    );
    environ::testing::assert_valid::<Limits>();
}

/// The text of a field that is wrong is wrong in each default that has it, too.
#[test]
fn a_wrong_text_is_reported_once_and_not_in_the_defaults_that_have_it() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "it does not load")]
    struct Cfg {
        #[env(default = 3, alias = "RETRIES")]
        retries: u8,
        #[env(default_from = "{retries}")]
        more: u8,
        #[env(default_from = "{more}0")]
        most: u8,
    }

    assert_eq!(
        problems::<Cfg>(&[("RETRIES", "x")]),
        "  RETRIES  \"x\" is not a u8: it must be a whole number from 0 to 255"
    );
    assert_eq!(
        problems::<Cfg>(&[("RETRIES", "x"), ("APP_MORE", "30")]),
        "  RETRIES   \"x\" is not a u8: it must be a whole number from 0 to 255\n  \
         APP_MOST  the default \"300\" from ${APP_MORE}0 is not a u8: it must be from 0 to 255"
    );
    assert_eq!(
        problems::<Cfg>(&[("RETRIES", "30")]),
        "  APP_MOST  the default \"300\" from ${APP_MORE}0 is not a u8: it must be from 0 to 255"
    );
}

/// Otherwise `$APP_MORE0` would seem to be a variable.
#[test]
fn a_name_in_a_default_ends_where_the_text_goes_on() {
    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cfg {
        #[env(default = "a")]
        host: String,
        #[env(default_from = "{host}_1,{host}/b,{host}")]
        hosts: Vec<String>,
    }

    let default = "${APP_HOST}_1,$APP_HOST/b,$APP_HOST";
    let help = Cfg::help().to_lines();
    assert!(help.contains(&format!("Default={default})")), "{help}");
    let json = Cfg::help().to_json();
    assert!(
        json.contains(&format!("\"default_from\": \"{default}\"")),
        "{json}"
    );
}

//! Optional groups that a certain variable switches on, and the variable that selects a
//! variant.

use environ::{EnvConfig, Invalid, Secret};

use crate::{load, problems};

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    #[env(group, when = "dsn")]
    sentry: Option<Sentry>,
    #[env(group, prefix = "ES", switch = "ENABLED")]
    search: Option<Search>,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Sentry {
    #[env(alias = "SENTRY_DSN")]
    dsn: Option<String>,
    env_api: String,
    #[env(default = "0.1")]
    rate: f64,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Search {
    host: String,
    #[env(default = 9200)]
    port: u16,
}

/// The warnings, one a line.
fn warnings<T: EnvConfig>(pairs: &[(&str, &str)]) -> String {
    let loaded = T::loader().source(pairs).load().unwrap();
    let warnings: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
    warnings.join("\n")
}

#[test]
fn only_the_variable_of_when_switches_the_group_on() {
    let pairs = [("APP_SENTRY_ENV_API", "local"), ("APP_SENTRY_RATE", "x")];
    assert_eq!(load::<Cfg>(&pairs).sentry, None);
    assert_eq!(
        warnings::<Cfg>(&pairs),
        "APP_SENTRY_ENV_API: not read, since APP_SENTRY_DSN is not set\n\
         APP_SENTRY_RATE: not read, since APP_SENTRY_DSN is not set"
    );
    assert_eq!(load::<Cfg>(&[("APP_SENTRY_DSN", "")]).sentry, None);
    for name in ["APP_SENTRY_DSN", "SENTRY_DSN"] {
        let pairs = [(name, "https://x@y/1"), ("APP_SENTRY_ENV_API", "local")];
        let sentry = Sentry {
            dsn: Some("https://x@y/1".to_owned()),
            env_api: "local".to_owned(),
            rate: 0.1,
        };
        assert_eq!(load::<Cfg>(&pairs).sentry, Some(sentry));
        assert_eq!(warnings::<Cfg>(&pairs), "");
        assert_eq!(
            problems::<Cfg>(&pairs[..1]),
            format!("  APP_SENTRY_ENV_API  not set; required because {name} is set")
        );
    }
}

#[test]
fn a_raw_name_is_that_of_the_field() {
    #[derive(Debug, PartialEq, EnvConfig)]
    #[env(validate = refused)]
    struct Cfg {
        #[env(group, when = "r#type")]
        raw: Option<Kind>,
        #[env(group, when = "type")]
        bare: Option<Kind>,
    }
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Kind {
        r#type: String,
    }
    fn refused(cfg: &Cfg) -> Result<(), Invalid> {
        match &cfg.bare {
            Some(kind) if kind.r#type == "x" => Err(Invalid::at("bare.r#type", "no x")),
            _ => Ok(()),
        }
    }

    let cfg: Cfg = load(&[("APP_RAW_TYPE", "a")]);
    assert_eq!((cfg.raw.is_some(), cfg.bare), (true, None));
    assert_eq!(
        problems::<Cfg>(&[("APP_BARE_TYPE", "x")]),
        "  APP_BARE_TYPE  refused: no x"
    );
}

#[test]
fn a_validator_names_a_field_of_a_group_beside_its_switch() {
    #[derive(Debug, EnvConfig)]
    #[env(validate = refused)]
    struct Cfg {
        #[env(group, switch = "ENABLED")]
        _cache: Option<Search>,
    }
    fn refused(_: &Cfg) -> Result<(), Invalid> {
        Err(Invalid::at("_cache.port", "no port"))
    }

    assert_eq!(problems::<Cfg>(&[]), "  APP__CACHE_PORT  refused: no port");
}

#[test]
fn a_switch_is_off_when_unset() {
    for pairs in [
        &[][..],
        &[("APP_ES_HOST", "localhost")],
        &[("APP_ES_ENABLED", "false"), ("APP_ES_PORT", "x")],
        &[("APP_ES_ENABLED", "")],
    ] {
        assert_eq!(load::<Cfg>(pairs).search, None, "{pairs:?}");
    }
    assert_eq!(
        warnings::<Cfg>(&[("APP_ES_HOST", "localhost")]),
        "APP_ES_HOST: not read, since APP_ES_ENABLED is not set"
    );
    assert_eq!(
        warnings::<Cfg>(&[("APP_ES_ENABLED", "no"), ("APP_ES_HOST", "localhost")]),
        "APP_ES_HOST: not read, since APP_ES_ENABLED is false"
    );
}

#[test]
fn a_switch_that_is_on_makes_its_group_required() {
    let search = Search {
        host: "localhost".to_owned(),
        port: 9200,
    };
    let pairs = [("APP_ES_ENABLED", "Yes"), ("APP_ES_HOST", "localhost")];
    assert_eq!(load::<Cfg>(&pairs).search, Some(search));
    assert_eq!(
        problems::<Cfg>(&[("APP_ES_ENABLED", "1")]),
        "  APP_ES_HOST  not set; required because APP_ES_ENABLED is true"
    );
}

#[test]
fn a_bad_word_in_a_switch_is_its_only_problem() {
    let pairs = [("APP_ES_ENABLED", "ture"), ("APP_ES_PORT", "x")];
    assert_eq!(
        problems::<Cfg>(&pairs),
        "  APP_ES_ENABLED  \"ture\" is not one of: true, false, yes, no, on, off, 1, 0"
    );
}

/// A field of an optional type, a field with a default, a secret in a file, a group in a group.
#[test]
fn the_variable_of_when_may_be_any_variable() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(group)]
        mail: Mail,
    }

    #[derive(Debug, EnvConfig)]
    struct Mail {
        #[env(group, flatten, when = "password")]
        login: Option<Login>,
        #[env(group, when = "port")]
        relay: Option<Relay>,
    }

    #[derive(Debug, EnvConfig)]
    struct Login {
        user: String,
        password: Secret<String>,
    }

    #[derive(Debug, EnvConfig)]
    struct Relay {
        #[env(default = 25)]
        port: u16,
        host: Option<String>,
    }

    let cfg: Cfg = load(&[("APP_MAIL_USER", "me"), ("APP_MAIL_RELAY_HOST", "x")]);
    assert!(cfg.mail.login.is_none() && cfg.mail.relay.is_none());
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "hunter2\n").unwrap();
    let path = file.path().to_str().unwrap();
    let pairs = [
        ("APP_MAIL_USER", "me"),
        ("APP_MAIL_PASSWORD_FILE", path),
        ("APP_MAIL_RELAY_PORT", "26"),
    ];
    let mail = load::<Cfg>(&pairs).mail;
    let login = mail.login.unwrap();
    assert_eq!(
        (&*login.user, &**login.password.expose()),
        ("me", "hunter2")
    );
    let relay = mail.relay.unwrap();
    assert_eq!((relay.port, relay.host), (26, None));
    assert_eq!(
        problems::<Cfg>(&pairs[1..2]),
        "  APP_MAIL_USER  not set; required because APP_MAIL_PASSWORD_FILE is set"
    );
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Files {
    #[env(group, selector = "TYPE")]
    storage: Storage,
}

#[derive(Debug, PartialEq, EnvConfig)]
enum Storage {
    #[env(default)]
    Memory,
    AwsS3(Bucket),
    #[env(flatten)]
    Gcs(Bucket),
    #[env(flatten)]
    Disk(Disk),
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Bucket {
    bucket: String,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Disk {
    /// Where files are.
    #[env(name = "FILES")]
    path: String,
    #[env(default = "main")]
    bucket: String,
}

#[test]
fn a_selector_has_a_segment_of_its_own() {
    assert_eq!(load::<Files>(&[]).storage, Storage::Memory);
    let bucket = || Bucket {
        bucket: "b".to_owned(),
    };
    let pairs = [
        ("APP_STORAGE_TYPE", "aws_s3"),
        ("APP_STORAGE_AWS_S3_BUCKET", "b"),
    ];
    assert_eq!(load::<Files>(&pairs).storage, Storage::AwsS3(bucket()));
    let pairs = [("APP_STORAGE_TYPE", "gcs"), ("APP_STORAGE_BUCKET", "b")];
    assert_eq!(load::<Files>(&pairs).storage, Storage::Gcs(bucket()));
    assert_eq!(
        problems::<Files>(&[("APP_STORAGE_TYPE", "gcs")]),
        "  APP_STORAGE_BUCKET  not set; required because APP_STORAGE_TYPE is gcs"
    );
    assert_eq!(
        problems::<Files>(&[("APP_STORAGE_TYPE", "s3")]),
        "  APP_STORAGE_TYPE  \"s3\" is not one of: memory, aws-s3, gcs, disk"
    );
}

#[test]
fn a_variable_may_be_read_by_several_variants() {
    let pairs = [
        ("APP_STORAGE_TYPE", "disk"),
        ("FILES", "/x"),
        ("APP_STORAGE_BUCKET", "b"),
    ];
    let (path, bucket) = ("/x".to_owned(), "b".to_owned());
    assert_eq!(
        load::<Files>(&pairs).storage,
        Storage::Disk(Disk { path, bucket })
    );
    assert_eq!(warnings::<Files>(&pairs), "");
    let pairs = [("APP_STORAGE_BUCKET", "b")];
    assert_eq!(
        warnings::<Files>(&pairs),
        "APP_STORAGE_BUCKET: not read, since APP_STORAGE_TYPE is memory"
    );
}

#[test]
fn every_format_of_help_names_switches_and_selectors() {
    assert_eq!(
        Cfg::help().to_lines(),
        "\
APP_SENTRY_DSN (Optional): Also: SENTRY_DSN.
APP_SENTRY_ENV_API (Required if any of APP_SENTRY_DSN, SENTRY_DSN is set)
APP_SENTRY_RATE (Optional, Default=0.1): Read only if any of APP_SENTRY_DSN, SENTRY_DSN is set.
APP_ES_ENABLED (Optional, Default=false): One of: true, false, yes, no, on, off, 1, 0.
APP_ES_HOST (Required if APP_ES_ENABLED=true)
APP_ES_PORT (Optional, Default=9200): Read only if APP_ES_ENABLED=true."
    );
    assert_eq!(
        Files::help().to_markdown(),
        "\
### `APP_STORAGE_*`

| variable | type | default | meaning |
|---|---|---|---|
| `APP_STORAGE_TYPE` | word | `memory` | One of: memory, aws-s3, gcs, disk. |
| `APP_STORAGE_BUCKET` | text | **required** if `APP_STORAGE_TYPE=gcs` |  |
| `FILES` | text | **required** if `APP_STORAGE_TYPE=disk` | Where files are. |
| `APP_STORAGE_BUCKET` | text | `main` | Read only if APP_STORAGE_TYPE=disk. |

### `APP_STORAGE_AWS_S3_*` (if `APP_STORAGE_TYPE=aws-s3`)

| variable | type | default | meaning |
|---|---|---|---|
| `APP_STORAGE_AWS_S3_BUCKET` | text | **required** if `APP_STORAGE_TYPE=aws-s3` |  |
"
    );
    environ::testing::assert_valid::<Cfg>();
    environ::testing::assert_valid::<Files>();
}

#[test]
fn variants_that_read_a_variable_alike_share_a_line_of_help() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cfg {
        #[env(group)]
        via: Via,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    enum Via {
        #[env(flatten)]
        Tcp(Disk),
        #[env(flatten)]
        Udp(Disk),
    }

    assert_eq!(
        Cfg::help().to_lines(),
        "\
APP_VIA (Required): One of: tcp, udp.
FILES (Required if APP_VIA=tcp or APP_VIA=udp): Where files are.
APP_VIA_BUCKET (Optional, Default=main): Read only if APP_VIA=tcp or APP_VIA=udp."
    );
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
struct Service {
    #[env(group)]
    store: Store,
    #[env(group, switch = "ENABLED")]
    cache: Option<Cache>,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
enum Store {
    #[env(default)]
    Memory,
    Disk(Folder),
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
struct Folder {
    path: String,
    #[env(default = 10)]
    size: u32,
    key: Option<Secret<String>>,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
struct Cache {
    ttl: Option<u32>,
}

#[test]
fn a_line_below_no_heading_says_when_an_optional_variable_is_read() {
    let help = Service::help();
    assert_eq!(
        help.to_lines(),
        "\
APP_STORE (Optional, Default=memory): One of: memory, disk.
APP_STORE_DISK_PATH (Required if APP_STORE=disk)
APP_STORE_DISK_SIZE (Optional, Default=10): Read only if APP_STORE=disk.
APP_STORE_DISK_KEY (Optional, Secret): Or a file: APP_STORE_DISK_KEY_FILE. Read only if APP_STORE=disk.
APP_CACHE_ENABLED (Optional, Default=false): One of: true, false, yes, no, on, off, 1, 0.
APP_CACHE_TTL (Optional): Read only if APP_CACHE_ENABLED=true."
    );
    assert_eq!(
        help.to_dotenv(),
        "\
# One of: memory, disk.
# APP_STORE=memory

# Required if APP_STORE=disk.
# APP_STORE_DISK_PATH=change-me

# Read only if APP_STORE=disk.
# APP_STORE_DISK_SIZE=10

# Secret. Or a file: APP_STORE_DISK_KEY_FILE. Read only if APP_STORE=disk.
# APP_STORE_DISK_KEY=change-me

# One of: true, false, yes, no, on, off, 1, 0.
# APP_CACHE_ENABLED=true

# Read only if APP_CACHE_ENABLED=true.
# APP_CACHE_TTL=1
"
    );
    assert_eq!(
        help.to_kubernetes(),
        r#"env:
  # One of: memory, disk.
  - name: APP_STORE
    value: "memory"
  # Required if APP_STORE=disk.
  # - name: APP_STORE_DISK_PATH
  #   value: "change-me"
  # Read only if APP_STORE=disk.
  # - name: APP_STORE_DISK_SIZE
  #   value: "10"
  # Or a file: APP_STORE_DISK_KEY_FILE. Read only if APP_STORE=disk.
  # - name: APP_STORE_DISK_KEY
  #   valueFrom:
  #     secretKeyRef:
  #       name: app
  #       key: store_disk_key
  # One of: true, false, yes, no, on, off, 1, 0.
  - name: APP_CACHE_ENABLED
    value: "false"
  # Read only if APP_CACHE_ENABLED=true.
  # - name: APP_CACHE_TTL
  #   value: "1"
"#
    );
}

/// The line of a secret is about the file itself.
#[test]
fn a_line_of_a_file_does_not_call_the_file_another_way() {
    let help = Service::help();
    assert_eq!(
        help.to_compose(),
        r#"services:
  app:
    image: app
    environment:
      # One of: memory, disk.
      APP_STORE: "memory"
      # Required if APP_STORE=disk.
      # APP_STORE_DISK_PATH: "change-me"
      # Read only if APP_STORE=disk.
      # APP_STORE_DISK_SIZE: "10"
      # Read only if APP_STORE=disk.
      # APP_STORE_DISK_KEY_FILE: "/run/secrets/store_disk_key"
      # One of: true, false, yes, no, on, off, 1, 0.
      APP_CACHE_ENABLED: "false"
      # Read only if APP_CACHE_ENABLED=true.
      # APP_CACHE_TTL: "1"
    # secrets:
      # - store_disk_key
# secrets:
  # store_disk_key:
  #   file: "./secrets/store_disk_key"
"#
    );
    assert_eq!(
        help.to_systemd(),
        r#"[Service]
# One of: memory, disk.
Environment="APP_STORE=memory"
# Required if APP_STORE=disk.
# Environment="APP_STORE_DISK_PATH=change-me"
# Read only if APP_STORE=disk.
# Environment="APP_STORE_DISK_SIZE=10"
# Read only if APP_STORE=disk.
# LoadCredential=store_disk_key:/etc/app/store_disk_key
# Environment="APP_STORE_DISK_KEY_FILE=%d/store_disk_key"
# One of: true, false, yes, no, on, off, 1, 0.
Environment="APP_CACHE_ENABLED=false"
# Read only if APP_CACHE_ENABLED=true.
# Environment="APP_CACHE_TTL=1"
"#
    );
}

#[test]
fn a_heading_says_when_its_variables_are_read_and_their_lines_do_not() {
    assert_eq!(
        Service::help().to_string(),
        "\
APP_STORE_*
  APP_STORE            One of: memory, disk. [default: memory]

APP_STORE_DISK_* (if APP_STORE=disk)
  APP_STORE_DISK_PATH  [required]
  APP_STORE_DISK_SIZE  [default: 10]
  APP_STORE_DISK_KEY   Or a file: APP_STORE_DISK_KEY_FILE. [secret]

APP_CACHE_*
  APP_CACHE_ENABLED    [default: false]
  APP_CACHE_TTL        Read only if APP_CACHE_ENABLED=true."
    );
    assert_eq!(
        Service::help().explain("APP_CACHE_TTL").unwrap(),
        "\
APP_CACHE_TTL

  Type      u32
  Required  no, and read only if APP_CACHE_ENABLED=true
  Names     APP_CACHE_TTL
  Example   APP_CACHE_TTL=1"
    );
}

/// The changes from release to release.
#[test]
fn a_diff_names_the_new_condition() {
    mod old {
        #[derive(Debug, environ::EnvConfig)]
        #[expect(dead_code, reason = "only its help is asked for")]
        pub(super) struct Cfg {
            #[env(group)]
            sentry: Option<super::Sentry>,
            #[env(group, prefix = "ES")]
            search: Option<super::Search>,
        }
    }

    let changes = Cfg::help().diff(&old::Cfg::help().to_json()).unwrap();
    assert_eq!(
        changes.to_string(),
        "\
newly reads APP_ES_ENABLED
when of APP_ES_HOST changed from any APP_ES_* is set to APP_ES_ENABLED=true
when of APP_ES_PORT changed from any APP_ES_* is set to APP_ES_ENABLED=true
when of APP_SENTRY_DSN changed from any APP_SENTRY_* or SENTRY_DSN is set to none
when of APP_SENTRY_ENV_API changed from any APP_SENTRY_* or SENTRY_DSN is set to APP_SENTRY_DSN or SENTRY_DSN is set
when of APP_SENTRY_RATE changed from any APP_SENTRY_* or SENTRY_DSN is set to APP_SENTRY_DSN or SENTRY_DSN is set"
    );
    let same = Cfg::help().diff(&Cfg::help().to_json()).unwrap();
    assert!(same.is_empty(), "{same}");
    let same = Files::help().diff(&Files::help().to_json()).unwrap();
    assert!(same.is_empty(), "{same}");
}

#[test]
fn a_selector_under_the_name_of_other_programs_is_a_near_miss() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(group)]
        _storage: Via,
        #[env(group)]
        _cache: Option<Storage>,
    }

    #[derive(Debug, EnvConfig)]
    enum Via {
        Tcp,
        Pipe,
    }

    assert_eq!(
        problems::<Cfg>(&[("APP__STORAGE_TYPE", "tcp")]),
        "  APP__STORAGE  not set; expected one of: tcp, pipe\n                \
         APP__STORAGE_TYPE is set but not read; is it meant?"
    );
    let pairs = [("APP__STORAGE", "pipe"), ("APP__CACHE_TYPE", "disk")];
    let report = Cfg::loader().source(pairs).strict().load().unwrap_err();
    assert_eq!(
        report.problems().next().unwrap().to_string(),
        "APP__CACHE_TYPE: set, but no field reads it; is APP__CACHE meant?"
    );
}

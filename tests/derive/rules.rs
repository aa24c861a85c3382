//! Rules between the fields of a struct.

use std::collections::BTreeMap;

use environ::{EnvConfig, Invalid, Secret};

use crate::{load, problems};

#[derive(Debug, PartialEq, EnvConfig)]
#[env(one_of(url, host))]
struct Db {
    /// The whole address.
    #[env(conflicts = "port")]
    url: Option<String>,
    host: Option<String>,
    port: Option<u16>,
}

#[derive(Debug, PartialEq, EnvConfig)]
#[env(
    all_or_none(cert, key),
    at_least_one_of(http, https, unix),
    removed("APP_TLS", "use APP_CERT")
)]
struct Web {
    cert: Option<String>,
    key: Option<String>,
    http: Option<u16>,
    #[env(requires(cert, key))]
    https: Option<u16>,
    #[env(group)]
    unix: Option<Unix>,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Unix {
    path: String,
    #[env(default = 600)]
    mode: u16,
}

#[test]
fn one_of_wants_exactly_one() {
    let url = Some("x".to_owned());
    let db = Db {
        url,
        host: None,
        port: None,
    };
    assert_eq!(load::<Db>(&[("APP_URL", "x")]), db);
    assert!(
        load::<Db>(&[("APP_HOST", "x"), ("APP_PORT", "1")])
            .url
            .is_none()
    );
    assert_eq!(
        problems::<Db>(&[("APP_HOST", "x"), ("APP_URL", "x")]),
        "  APP_HOST  set, although APP_URL is set; remove one of them"
    );
    assert_eq!(
        problems::<Db>(&[]),
        "  APP_URL  not set\n           \
         set exactly one of: APP_URL, APP_HOST\n           \
         The whole address."
    );
    assert_eq!(
        problems::<Db>(&[("APP_HOST", "")]),
        "  APP_HOST  set to nothing, which counts as not set\n            \
         set exactly one of: APP_URL, APP_HOST"
    );
    let codes: Vec<&str> = Db::from_source([("APP_UNREAD", "x")])
        .unwrap_err()
        .problems()
        .map(environ::Problem::code)
        .collect();
    assert_eq!(codes, ["missing"]);
}

#[test]
fn a_near_miss_is_a_hint_in_a_rule_too() {
    let report = problems::<Db>(&[("APP_ULR", "x")]);
    assert!(
        report.contains("APP_ULR is set but not read; is it meant?"),
        "{report}"
    );
}

#[test]
fn fields_that_exclude_each_other_are_a_conflict() {
    assert_eq!(
        problems::<Db>(&[("APP_URL", "x"), ("APP_PORT", "1")]),
        "  APP_PORT  set, although APP_URL is set; remove one of them"
    );
    let err = Db::from_source([("APP_URL", "x"), ("APP_PORT", "1")]).unwrap_err();
    assert_eq!(err.problems().next().unwrap().code(), "conflict");
}

#[test]
fn a_field_may_require_others() {
    let pairs = [("APP_HTTPS", "443"), ("APP_CERT", "c"), ("APP_KEY", "k")];
    assert_eq!(load::<Web>(&pairs).https, Some(443));
    assert_eq!(
        problems::<Web>(&pairs[..1]),
        "  APP_CERT  not set; required because APP_HTTPS is set\n  \
         APP_KEY   not set; required because APP_HTTPS is set"
    );
    assert_eq!(
        problems::<Web>(&[("APP_HTTP", "80"), ("APP_KEY", "k")]),
        "  APP_CERT  not set; required because APP_KEY is set"
    );
}

#[test]
fn a_field_that_two_rules_need_is_missing_once() {
    assert_eq!(
        problems::<Web>(&[("APP_HTTPS", "443"), ("APP_KEY", "k")]),
        "  APP_CERT  not set; required because APP_KEY is set"
    );
}

#[test]
fn a_group_may_be_in_a_rule() {
    let pairs = [("APP_UNIX_PATH", "/x")];
    let unix = Unix {
        path: "/x".to_owned(),
        mode: 600,
    };
    assert_eq!(load::<Web>(&pairs).unix, Some(unix));
    assert_eq!(
        problems::<Web>(&[]),
        "  APP_HTTP  not set\n            \
         set at least one of: APP_HTTP, APP_HTTPS, APP_UNIX_*"
    );
}

/// A field that is set counts, with any value: a wrong value is a problem of its own.
#[test]
fn a_field_that_failed_keeps_and_breaks_rules_like_any_other() {
    assert_eq!(
        problems::<Web>(&[("APP_HTTP", "x")]),
        "  APP_HTTP  \"x\" is not a u16: it must be a whole number from 0 to 65535"
    );
    assert_eq!(
        problems::<Db>(&[("APP_URL", "x"), ("APP_PORT", "x")]),
        "  APP_PORT  \"x\" is not a u16: it must be a whole number from 0 to 65535\n  \
         APP_PORT  set, although APP_URL is set; remove one of them"
    );
}

#[test]
fn a_rule_makes_an_optional_group_all_or_nothing() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Cfg {
        #[env(group)]
        db: Option<Db>,
    }

    assert_eq!(load::<Cfg>(&[]).db, None);
    assert_eq!(
        problems::<Cfg>(&[("APP_DB_PORT", "1")]),
        "  APP_DB_URL  not set; required because APP_DB_PORT is set\n              \
         set exactly one of: APP_DB_URL, APP_DB_HOST\n              \
         The whole address."
    );
    assert!(load::<Cfg>(&[("APP_DB_HOST", "x")]).db.is_some());
}

#[test]
fn a_removed_variable_is_a_warning_with_the_remedy() {
    let pairs = [("APP_HTTP", "80"), ("APP_TLS", "x")];
    let loaded = Web::loader().source(pairs).strict().load().unwrap();
    let [warning] = &loaded.warnings[..] else {
        panic!("{:?}", loaded.warnings);
    };
    assert_eq!(warning.to_string(), "APP_TLS: no longer read; use APP_CERT");
    assert_eq!(warning.code(), "removed");
}

#[test]
fn a_diff_has_the_remedy_of_a_removed_variable() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Web1 {
        tls: Option<String>,
        http: Option<u16>,
    }

    let changes = Web::help().diff(&Web1::help().to_json()).unwrap();
    let change = changes.iter().find(|change| change.name() == "APP_TLS");
    let change = change.unwrap();
    assert_eq!(change.to_string(), "no longer reads APP_TLS; use APP_CERT");
    assert_eq!((change.code(), change.is_breaking()), ("removed", true));
}

/// Of two uses of a group too.
#[test]
fn a_removed_variable_has_a_single_warning_and_line_of_help() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(group)]
        _one: Old,
        #[env(group)]
        _two: Old,
    }

    #[derive(Debug, EnvConfig)]
    #[env(removed("OLD", "remove it"))]
    struct Old {
        _a: Option<u8>,
    }

    let loaded = Cfg::loader().source([("OLD", "x")]).load().unwrap();
    let warnings: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings, ["OLD: no longer read; remove it"]);
    let help = Cfg::help().to_lines();
    assert_eq!(help.matches("OLD (Removed)").count(), 1, "{help}");
    let man = Cfg::help().to_man();
    assert_eq!(
        man.matches(".B OLD\n(Removed)\nremove it\n").count(),
        1,
        "{man}"
    );
    let explained = Cfg::help().explain("old").unwrap();
    assert_eq!(explained, "OLD\n  No longer read; remove it.");
}

#[test]
fn every_format_of_help_names_the_rules() {
    assert_eq!(
        Db::help().to_lines(),
        "\
APP_URL (Optional): The whole address. Exactly one of: APP_URL, APP_HOST. Not beside: APP_PORT.
APP_HOST (Optional): Exactly one of: APP_URL, APP_HOST.
APP_PORT (Optional): Not beside: APP_URL."
    );
    assert_eq!(
        Db::help().to_dotenv(),
        "\
# The whole address. Exactly one of: APP_URL, APP_HOST. Not beside: APP_PORT.
APP_URL=change-me

# Exactly one of: APP_URL, APP_HOST.
# or instead: APP_HOST=change-me

# Not beside: APP_URL.
# or instead: APP_PORT=1
"
    );
    assert_eq!(
        Web::help().to_markdown(),
        "\
| variable | type | default | meaning |
|---|---|---|---|
| `APP_CERT` | text |  | All or none of: APP_CERT, APP_KEY. Required if APP_HTTPS is set. |
| `APP_KEY` | text |  | All or none of: APP_CERT, APP_KEY. Required if APP_HTTPS is set. |
| `APP_HTTP` | u16 |  | At least one of: APP_HTTP, APP_HTTPS, APP_UNIX_*. |
| `APP_HTTPS` | u16 |  | At least one of: APP_HTTP, APP_HTTPS, APP_UNIX_*. Needs: APP_CERT, APP_KEY. |

### `APP_UNIX_*` (if any of them is set)

| variable | type | default | meaning |
|---|---|---|---|
| `APP_UNIX_PATH` | text | **required** if any `APP_UNIX_*` is set | At least one of: APP_HTTP, APP_HTTPS, APP_UNIX_*. |
| `APP_UNIX_MODE` | u16 | `600` |  |

### Removed

| variable | type | default | meaning |
|---|---|---|---|
| `APP_TLS` |  |  | Removed: use APP_CERT |
"
    );
    assert!(
        Web::help()
            .to_lines()
            .ends_with("\nAPP_TLS (Removed): use APP_CERT")
    );
    let removed = "\n\nRemoved\n  APP_TLS        use APP_CERT";
    let help = Web::help().to_string();
    assert!(help.ends_with(removed), "{help}");
    let kubernetes = Db::help().to_kubernetes();
    assert!(kubernetes.contains("\n  - name: APP_URL\n"), "{kubernetes}");
    assert!(
        kubernetes.contains("\n  # - name: APP_HOST\n"),
        "{kubernetes}"
    );
    let json: serde_json::Value = serde_json::from_str(&Db::help().to_json()).unwrap();
    assert_eq!(
        json["rules"],
        serde_json::json!([
            { "rule": "one_of", "variables": ["APP_URL", "APP_HOST"], "fields": ["url", "host"] },
            { "rule": "at_most_one_of", "variables": ["APP_URL", "APP_PORT"], "fields": ["url", "port"] },
        ])
    );
}

/// As it is, and with every comment removed.
#[test]
fn examples_never_set_variables_that_exclude_each_other() {
    fn check<T: EnvConfig>() {
        let example = T::help().to_dotenv();
        for prefix in ["", "# "] {
            let lines = example.lines().filter_map(|line| {
                let line = line.strip_prefix(prefix).unwrap_or(line);
                let (name, value) = line.split_once('=')?;
                let is_name = name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
                is_name.then(|| (name.to_owned(), value.to_owned()))
            });
            let pairs: Vec<(String, String)> = lines.collect();
            if let Err(err) = T::from_source(pairs) {
                panic!("{err}\n{example}");
            }
        }
        environ::testing::assert_valid::<T>();
    }

    #[derive(Debug, EnvConfig)]
    #[env(at_most_one_of(a, b), all_or_none(b, c), one_of(c, d))]
    #[expect(dead_code, reason = "only its example is asked for")]
    struct Chain {
        a: Option<u8>,
        b: Option<u8>,
        #[env(requires = "e")]
        c: Option<u8>,
        d: Option<u8>,
        e: Option<u8>,
    }

    check::<Db>();
    check::<Web>();
    check::<Chain>();
}

#[test]
fn a_diff_names_new_rules() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Db1 {
        url: Option<String>,
        host: Option<String>,
        port: Option<u16>,
    }

    let changes = Db::help().diff(&Db1::help().to_json()).unwrap();
    assert_eq!(
        changes.to_string(),
        "newly asks for exactly one of APP_URL, APP_HOST\n\
         newly asks for at most one of APP_URL, APP_PORT"
    );
    assert!(changes.iter().all(environ::Change::is_breaking));
    // A rule is found by its first variable.
    let names = |changes: &environ::Changes| -> Vec<String> {
        let names = changes.iter().map(|change| change.name().to_owned());
        names.collect()
    };
    assert_eq!(names(&changes), ["APP_URL", "APP_URL"]);
    let changes = Db1::help().diff(&Db::help().to_json()).unwrap();
    assert_eq!(
        changes.to_string(),
        "no longer asks for exactly one of APP_URL, APP_HOST\n\
         no longer asks for at most one of APP_URL, APP_PORT"
    );
    assert!(!changes.iter().any(environ::Change::is_breaking));
    assert_eq!(names(&changes), ["APP_URL", "APP_URL"]);
}

/// The switch of a group is set only if its text is true, and any text of a variable counts.
#[test]
fn a_variable_in_place_of_a_switch_may_break_a_rule_and_the_reverse_may_not() {
    #[derive(Debug, EnvConfig)]
    #[env(at_most_one_of(tls, plain))]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Switched {
        #[env(group, switch = "ENABLED")]
        tls: Option<Tls>,
        plain: Option<u16>,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Tls {
        #[env(default = 12)]
        version: u8,
    }

    #[derive(Debug, EnvConfig)]
    #[env(at_most_one_of(tls, plain))]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Unswitched {
        #[env(name = "APP_TLS_ENABLED")]
        tls: Option<bool>,
        plain: Option<u16>,
    }

    let lines = |changes: &environ::Changes| -> Vec<String> {
        let lines = changes.iter().map(|change| {
            let sign = if change.is_breaking() { "! " } else { "" };
            format!("{sign}{change}")
        });
        lines.collect()
    };
    let changes = Unswitched::help().diff(&Switched::help().to_json());
    assert_eq!(
        lines(&changes.unwrap()),
        [
            "! no longer reads APP_TLS_VERSION",
            "! newly asks for at most one of APP_TLS_ENABLED, APP_PLAIN",
            "APP_TLS_ENABLED no longer has the default false",
        ]
    );
    let changes = Switched::help().diff(&Unswitched::help().to_json());
    assert_eq!(
        lines(&changes.unwrap()),
        [
            "APP_TLS_ENABLED newly has the default false",
            "newly reads APP_TLS_VERSION",
        ]
    );
}

#[test]
fn a_validator_of_a_struct_may_name_a_field() {
    #[derive(Debug, EnvConfig)]
    #[env(prefix = "", validate = check)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        /// The first.
        #[env(name = "LEAST")]
        least: u8,
        token: Secret<String>,
        #[env(group)]
        unix: Option<Unix>,
    }

    fn check(cfg: &Cfg) -> Result<(), Invalid> {
        match cfg.least {
            0 => Err(Invalid::at("least", "zero")),
            1 => Err(Invalid::at("unix.path", "no path")),
            2 => Err(Invalid::at("token", cfg.token.expose())),
            _ => Err(Invalid::new("odd")),
        }
    }

    let report = |least| problems::<Cfg>(&[("LEAST", least), ("TOKEN", "hunter2")]);
    assert_eq!(report("0"), "  LEAST  refused: zero\n         The first.");
    assert_eq!(report("1"), "  UNIX_PATH  refused: no path");
    assert_eq!(
        report("2"),
        "  TOKEN  refused; the reason is not shown, because it quotes a secret"
    );
    assert_eq!(report("3"), "  Cfg  refused: odd");
}

#[test]
fn a_validator_of_a_struct_may_name_a_field_of_a_list_or_a_map() {
    #[derive(Debug, EnvConfig)]
    #[env(validate = check)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        field: String,
        #[env(group)]
        up: Vec<Unix>,
        #[env(group)]
        by: BTreeMap<String, Unix>,
    }

    fn check(cfg: &Cfg) -> Result<(), Invalid> {
        Err(Invalid::at(cfg.field.clone(), "odd"))
    }

    for (field, name) in [
        ("up", "APP_UP_*"),
        ("up[0]", "APP_UP_0_*"),
        ("up[1].path", "APP_UP_1_PATH"),
        ("up.1.mode", "APP_UP_1_MODE"),
        ("by[eu].path", "APP_BY_EU_PATH"),
        ("by.eu.path", "APP_BY_EU_PATH"),
        ("by[eu].nothing", "APP_*"),
    ] {
        let report = problems::<Cfg>(&[("APP_FIELD", field)]);
        assert_eq!(report, format!("  {name}  refused: odd"), "{field}");
    }
}

/// A list that must have a group is a variable that is required.
#[test]
fn an_optional_group_may_have_a_list_that_is_not_empty() {
    #[derive(Debug, EnvConfig)]
    struct Cfg {
        #[env(group)]
        proxy: Option<Proxy>,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its presence matters")]
    struct Proxy {
        name: Option<String>,
        #[env(group, non_empty)]
        to: Vec<Unix>,
    }

    assert!(load::<Cfg>(&[]).proxy.is_none());
    assert_eq!(
        problems::<Cfg>(&[("APP_PROXY_NAME", "x")]),
        "  APP_PROXY_TO_0_*  not set; required because APP_PROXY_NAME is set"
    );
    let json = Proxy::help().to_json();
    assert!(json.contains("\"at_least_one_of\""), "{json}");
    environ::testing::assert_valid::<Proxy>();
}

#[test]
fn an_example_has_the_variables_that_a_required_variable_needs() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its example is asked for")]
    struct Cfg {
        #[env(requires(key))]
        cert: String,
        key: Option<String>,
        #[env(group)]
        db: Option<Db>,
        #[env(group)]
        up: Vec<Db>,
        #[env(group)]
        by: BTreeMap<String, Db>,
    }

    let example = Cfg::help().to_dotenv();
    assert!(example.contains("\nAPP_KEY=change-me\n"), "{example}");
    // Rules of an absent group need nothing.
    for name in ["APP_DB_URL", "APP_UP_0_URL", "APP_BY_MAIN_URL"] {
        let line = format!("\n# {name}=change-me\n");
        assert!(example.contains(&line), "{example}");
    }
}

#[test]
fn an_example_sets_of_a_group_in_a_rule_the_required_variables_or_else_the_first() {
    #[derive(Debug, EnvConfig)]
    #[env(one_of(tcp, unix), at_least_one_of(limits, rate))]
    #[expect(dead_code, reason = "only its example is asked for")]
    struct Cfg {
        #[env(group)]
        tcp: Option<Tcp>,
        #[env(group)]
        unix: Option<Unix>,
        #[env(group)]
        limits: Option<Limits>,
        rate: Option<u16>,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its example is asked for")]
    struct Tcp {
        user: Option<String>,
        host: String,
        port: u16,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its example is asked for")]
    struct Limits {
        soft: Option<u16>,
        hard: Option<u16>,
    }

    let example = Cfg::help().to_dotenv();
    let values: Vec<&str> = example.lines().filter(|line| line.contains('=')).collect();
    assert_eq!(
        values,
        [
            "# APP_TCP_USER=change-me",
            "APP_TCP_HOST=change-me",
            "APP_TCP_PORT=1",
            "# or instead: APP_UNIX_PATH=change-me",
            "# or instead: APP_UNIX_MODE=600",
            "APP_LIMITS_SOFT=1",
            "# APP_LIMITS_HARD=1",
            "# APP_RATE=1",
        ]
    );
    environ::testing::assert_valid::<Cfg>();
}

#[test]
fn two_rules_that_exclude_the_same_fields_are_one_problem() {
    #[derive(Debug, EnvConfig)]
    #[env(at_most_one_of(a, b))]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        #[env(conflicts(b))]
        a: Option<u8>,
        b: Option<u8>,
    }

    assert_eq!(
        problems::<Cfg>(&[("APP_A", "1"), ("APP_B", "1")]),
        "  APP_B  set, although APP_A is set; remove one of them"
    );
}

#[derive(Debug, EnvConfig)]
#[env(one_of(cache, local))]
#[expect(dead_code, reason = "only its problems are asked for")]
struct Switched {
    #[env(group, switch = "ON")]
    cache: Option<Unix>,
    local: Option<String>,
    #[env(requires(cache))]
    ttl: Option<u8>,
    #[env(conflicts(cache))]
    offline: Option<u8>,
}

#[test]
fn a_wrong_word_in_a_switch_neither_keeps_nor_breaks_a_rule() {
    for rest in [
        &[][..],
        &[("APP_LOCAL", "x"), ("APP_TTL", "1"), ("APP_OFFLINE", "1")],
    ] {
        assert_eq!(
            problems::<Switched>(&[&[("APP_CACHE_ON", "yse")], rest].concat()),
            "  APP_CACHE_ON  \"yse\" is not one of: true, false, yes, no, on, off, 1, 0"
        );
    }
}

#[test]
fn a_switch_that_is_off_is_not_called_unset() {
    let pairs = [("APP_CACHE_ON", "no"), ("APP_LOCAL", "x"), ("APP_TTL", "1")];
    assert_eq!(
        problems::<Switched>(&pairs),
        "  APP_CACHE_ON  switched off; required because APP_TTL is set"
    );
    let err = Switched::from_source(pairs).unwrap_err();
    assert_eq!(err.problems().next().unwrap().code(), "missing");
}

#[test]
fn a_field_that_is_one_of_several_and_needed_says_both() {
    assert_eq!(
        problems::<Switched>(&[("APP_TTL", "1")]),
        "  APP_CACHE_ON  not set; required because APP_TTL is set\n                \
         set exactly one of: APP_CACHE_ON, APP_LOCAL"
    );
}

#[test]
fn a_rule_points_at_an_empty_variable_under_any_name_and_at_an_empty_file() {
    #[derive(Debug, EnvConfig)]
    #[env(at_least_one_of(cert, token))]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        cert: Option<String>,
        #[env(alias = "TOKEN")]
        token: Option<Secret<String>>,
    }

    let hint = "set at least one of: APP_CERT, APP_TOKEN";
    assert_eq!(
        problems::<Cfg>(&[("TOKEN", "")]),
        format!("  TOKEN  set to nothing, which counts as not set\n         {hint}")
    );
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap();
    assert_eq!(
        problems::<Cfg>(&[("APP_TOKEN_FILE", path)]),
        format!(
            "  APP_TOKEN_FILE  the file {path} is empty, which counts as not set\n  \
             \x20               {hint}"
        )
    );
}

#[test]
fn an_example_leaves_out_optional_groups_in_a_group_that_a_rule_needs() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its example is asked for")]
    struct Cfg {
        #[env(group, non_empty)]
        peers: Vec<Peer>,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its example is asked for")]
    struct Peer {
        host: String,
        #[env(group)]
        login: Login,
        #[env(group)]
        unix: Option<Unix>,
        #[env(group, switch = "ON")]
        cache: Option<Unix>,
        #[env(group, when = "path")]
        socket: Option<Unix>,
        #[env(group)]
        store: Store,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its example is asked for")]
    struct Login {
        user: String,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its example is asked for")]
    enum Store {
        Disk(Unix),
        Tape(Unix),
    }

    let example = Cfg::help().to_dotenv();
    let set = example.lines().filter(|line| line.starts_with("APP_"));
    assert_eq!(
        set.collect::<Vec<&str>>(),
        [
            "APP_PEERS_0_HOST=change-me",
            "APP_PEERS_0_LOGIN_USER=change-me",
            "APP_PEERS_0_STORE=disk",
            "APP_PEERS_0_STORE_DISK_PATH=change-me",
        ]
    );
    environ::testing::assert_valid::<Cfg>();
}

/// A struct without variables has checks and warnings too.
#[test]
fn a_struct_without_variables_is_checked_and_warns() {
    #[derive(Debug, EnvConfig)]
    #[env(prefix = "APP", validate = is_never)]
    struct Checked {
        #[env(skip)]
        seen: u8,
    }
    #[derive(Debug, EnvConfig)]
    #[env(prefix = "APP", removed("APP_OLD", "set APP_NEW"))]
    struct Warned {}
    fn is_never(checked: &Checked) -> Result<(), String> {
        Err(format!("{} are seen", checked.seen))
    }
    assert_eq!(problems::<Checked>(&[]), "  APP_*  refused: 0 are seen");
    let loaded = Warned::loader().source([("APP_OLD", "1")]).load().unwrap();
    let warnings: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings, ["APP_OLD: no longer read; set APP_NEW"]);
}

use std::collections::BTreeMap;

use environ::{EnvConfig, Error, Loaded};

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    database_url: String,
    #[env(default = 8, alias = "POOL", deprecated = "APP_POOL")]
    database_pool: u8,
    #[env(file)]
    motd: Option<String>,
    #[env(group)]
    up: Vec<Up>,
    #[env(group)]
    store: Store,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Up {
    host: String,
}

#[derive(Debug, PartialEq, EnvConfig)]
enum Store {
    #[env(default)]
    Memory,
    Disk(Up),
}

fn strict(pairs: &[(&str, &str)]) -> Result<Loaded<Cfg>, Error> {
    Cfg::loader().source(pairs).strict().load()
}

fn problems(pairs: &[(&str, &str)]) -> Vec<String> {
    problems_of(&strict(pairs).unwrap_err())
}

fn problems_of(err: &Error) -> Vec<String> {
    err.problems().map(ToString::to_string).collect()
}

#[test]
fn every_name_that_is_read_is_known() {
    let pairs = [
        ("APP_DATABASE_URL", "x"),
        ("POOL", "1"),
        ("APP_POOL", "1"),
        ("APP_UP_0_HOST", "a"),
        ("APP_UP_1_HOST", "a"),
        ("APP_STORE", "memory"),
        ("APP_STORE_DISK_HOST", "a"),
        ("APPLE", "x"),
        ("OTHER_VAR", "x"),
    ];
    assert!(strict(&pairs).is_ok());
}

/// Both halves of a typing error are one message.
#[test]
fn an_unread_variable_is_joined_with_the_missing_one() {
    assert_eq!(
        problems(&[("APP_DATABSE_URL", "x")]),
        ["APP_DATABASE_URL: not set; APP_DATABSE_URL is set but not read; is it meant?"]
    );
}

#[test]
fn an_unread_variable_is_a_problem_and_the_nearest_is_named() {
    assert_eq!(
        problems(&[
            ("APP_DATABASE_URL", "x"),
            ("APP_DATABSE_POOL", "9"),
            ("APP_MOTD_FLIE", "x"),
            // `APP_POOL` is out of use.
            ("APP_POOOL", "9"),
            ("APP_SOMETHING_ELSE", "9"),
            ("APP_UP_2_HOSTS", "9"),
        ]),
        [
            "APP_DATABSE_POOL: set, but no field reads it; is APP_DATABASE_POOL meant?",
            "APP_MOTD_FLIE: set, but no field reads it; is APP_MOTD_FILE meant?",
            "APP_POOOL: set, but no field reads it; remove it",
            "APP_SOMETHING_ELSE: set, but no field reads it; remove it",
            "APP_UP_2_HOSTS: set, but no field reads it; is APP_UP_2_HOST meant?",
        ]
    );
    let err = strict(&[("APP_DATABASE_URL", "x"), ("APP_X", "x")]).unwrap_err();
    assert_eq!(err.problems().next().unwrap().code(), "unknown");
}

#[test]
fn without_strict_mode_an_unread_variable_is_nothing() {
    let pairs = [("APP_DATABASE_URL", "x"), ("APP_DATABSE_POOL", "9")];
    assert_eq!(Cfg::loader().source(pairs).load().unwrap().warnings, []);
}

#[test]
fn an_unread_variable_can_be_a_warning() {
    let warned = |pairs: &[(&str, &str)]| {
        let loaded = Cfg::loader().source(pairs).warn_unknown().load()?;
        let warnings = loaded.warnings.iter();
        let warnings = warnings.map(|one| (one.code(), one.to_string()));
        Ok::<Vec<_>, Error>(warnings.collect())
    };
    let unknown = |text: &str| ("unknown", text.to_owned());
    assert_eq!(
        warned(&[
            ("APP_DATABASE_URL", "x"),
            ("APP_DATABSE_POOL", "9"),
            ("APP_SOMETHING_ELSE", "9"),
            ("OTHER_VAR", "x"),
        ])
        .unwrap(),
        [
            unknown("APP_DATABSE_POOL: set, but no field reads it; is APP_DATABASE_POOL meant?"),
            unknown("APP_SOMETHING_ELSE: set, but no field reads it; remove it"),
        ]
    );
    assert_eq!(
        warned(&[("APP_DATABSE_URL", "x"), ("APP_X", "x")])
            .unwrap_err()
            .problems()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        ["APP_DATABASE_URL: not set; APP_DATABSE_URL is set but not read; is it meant?"]
    );
    // A source that cannot be listed has no unknown variable to warn of.
    let url = environ::from_fn(|name| (name == "APP_DATABASE_URL").then_some("x"));
    let loaded = Cfg::loader().source(url).warn_unknown().load().unwrap();
    assert_eq!(loaded.warnings, []);
}

/// Without a prefix the rest of the environment is other programs': only a name that is
/// much like a name of the config is reported.
#[test]
fn without_a_prefix_only_near_misses_are_reported() {
    #[derive(Debug, PartialEq, EnvConfig)]
    #[env(prefix = "")]
    struct Bare {
        #[env(default = 1)]
        port: u16,
        #[env(group)]
        smtp: Smtp,
        #[env(group)]
        ssh: Option<Up>,
        #[env(group)]
        up: Vec<Up>,
        patch: Option<String>,
        users: Option<String>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Smtp {
        #[env(default = "localhost")]
        host: String,
        user: Option<String>,
    }

    let others = [
        ("HOME", "/root"),
        ("PATH", "/bin"),
        ("USER", "me"),
        ("HOSTNAME", "x"),
        ("LC_ALL", "C"),
        ("KUBERNETES_SERVICE_HOST", "10.0.0.1"),
        ("SSH_AUTH_SOCK", "/tmp/x"),
        ("SMTP_OF_ANOTHER", "x"),
        ("UP", "a,b"),
        ("UPTIME", "1"),
        // The right name is set.
        ("SMTP_USER", "x"),
        ("SMTP_USERS", "x"),
    ];
    let load = |name| {
        let pairs = [&others[..], &[(name, "x")]].concat();
        let warned = Bare::loader().source(&pairs).warn_unknown().load();
        let warned = warned.map(|loaded| loaded.warnings.iter().map(ToString::to_string).collect());
        let strict = Bare::loader().source(&pairs).strict().load();
        let strict = strict.map(drop).map_err(|err| err.to_string());
        (warned.unwrap_or_else(|err| vec![err.to_string()]), strict)
    };
    assert_eq!(load("NOTHING_LIKE_IT"), (vec![], Ok(())));
    for (name, meant) in [
        ("SMTP_HOTS", "SMTP_HOST"),
        ("PROT", "PORT"),
        ("UP_0_HOSST", "UP_0_HOST"),
    ] {
        let why = format!("set, but no field reads it; is {meant} meant?");
        let report = format!("1 problem with the environment:\n  {name}  {why}");
        assert_eq!(load(name), (vec![format!("{name}: {why}")], Err(report)));
    }
}

#[test]
fn without_a_prefix_a_missing_variable_is_joined_with_its_near_miss() {
    #[derive(Debug, PartialEq, EnvConfig)]
    #[env(prefix = "")]
    struct Bare {
        port: u16,
        #[env(group)]
        log: Up,
        path_: Option<String>,
        paths: String,
    }

    let pairs = [
        ("PORT", "1"),
        ("PATH", "/bin"),
        ("HOME", "/root"),
        ("LOG_HOSTS", "y"),
    ];
    let err = Bare::loader().source(pairs).strict().load().unwrap_err();
    assert_eq!(
        err.to_string(),
        "2 problems with the environment:\n  \
         LOG_HOST  not set\n            \
         LOG_HOSTS is set but not read; is it meant?\n  \
         PATHS     not set"
    );
}

/// A name that is set is another variable, rather than the misspelt variable.
#[test]
fn a_name_that_is_set_is_not_offered() {
    assert_eq!(
        problems(&[
            ("APP_DATABASE_URL", "x"),
            ("APP_DATABASE_URLS", "x"),
            ("APP_DATABASE_POOL", "8"),
            ("APP_DATABSE_POOL", "9"),
            ("APP_STORE_DISK_HOST", ""),
            ("APP_STORE_DISK_HOTS", "x"),
            ("APP_UP_0_HOST", "x"),
            ("APP_UP_0_HOTS", "x"),
        ]),
        [
            "APP_DATABASE_URLS: set, but no field reads it; remove it",
            "APP_DATABSE_POOL: set, but no field reads it; remove it",
            "APP_STORE_DISK_HOTS: set, but no field reads it; is APP_STORE_DISK_HOST meant?",
            "APP_UP_0_HOTS: set, but no field reads it; remove it",
        ]
    );
}

#[test]
fn a_source_that_cannot_be_listed_cannot_be_strict() {
    #[derive(Debug, EnvConfig)]
    struct Nothing {}

    for (prefix, name) in [("APP", "APP_*"), ("", "environment")] {
        let err = Nothing::loader()
            .prefix(prefix)
            .source(environ::from_fn(|_| None::<String>))
            .strict()
            .load()
            .unwrap_err();
        assert_eq!(
            err.problems().next().unwrap().to_string(),
            format!(
                "{name}: the source cannot list its variables, so strict mode cannot check them"
            )
        );
    }
}

/// Other programs put the selector at the group itself, or call it otherwise.
#[test]
fn a_selector_and_a_switch_are_recognised_by_the_names_that_others_give_them() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its problems are asked for")]
    struct Cfg {
        #[env(group, selector = "FLAVOUR")]
        store: Store,
        #[env(group)]
        mail: Store,
        #[env(group, switch = "ON")]
        cache: Option<Up>,
    }

    let report = |name, value| {
        let strict = Cfg::loader().source([(name, value)]).strict().load();
        strict.unwrap_err().to_string()
    };
    for (name, value, meant) in [
        ("APP_STORE", "disk", "APP_STORE_FLAVOUR"),
        ("APP_STORE_TYPE", "disk", "APP_STORE_FLAVOUR"),
        ("APP_MAIL_TYPE", "disk", "APP_MAIL"),
        ("APP_CACHE", "true", "APP_CACHE_ON"),
        ("APP_CACHE_ENABLED", "true", "APP_CACHE_ON"),
    ] {
        assert_eq!(
            report(name, value),
            format!(
                "1 problem with the environment:\n  \
                 {name}  set, but no field reads it; is {meant} meant?"
            )
        );
    }
    assert!(report("APP_CACHE_TYPE", "x").ends_with("remove it"));
}

/// Any name may be a key of the map.
#[test]
fn a_selector_is_nearer_than_a_key_of_a_map() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its problems are asked for")]
    struct Cfg {
        #[env(group, selector = "FLAVOUR")]
        store: Store,
        #[env(group)]
        v: BTreeMap<String, Store>,
    }

    for name in ["APP_STORE", "APP_STORE_TYPE"] {
        let strict = Cfg::loader().source([(name, "disk")]).strict().load();
        assert_eq!(
            problems_of(&strict.unwrap_err()),
            [format!(
                "{name}: set, but no field reads it; is APP_STORE_FLAVOUR meant?"
            )]
        );
    }
}

#[test]
fn a_missing_selector_is_joined_with_the_name_that_others_give_it() {
    #[derive(Debug, EnvConfig)]
    #[env(one_of(cache, disk))]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        #[env(group, selector = "TYPE")]
        store: Needed,
        #[env(group, switch = "ON")]
        cache: Option<Up>,
        disk: Option<String>,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    enum Needed {
        Memory,
        Disk(Up),
    }

    for (store, cache) in [
        ("APP_STORE", "APP_CACHE"),
        ("APP_STORE_KIND", "APP_CACHE_ENABLED"),
    ] {
        let pairs = [(store, "disk"), (cache, "true")];
        let err = Cfg::loader().source(pairs).strict().load().unwrap_err();
        assert_eq!(
            err.to_string(),
            format!(
                "2 problems with the environment:\n  \
                 APP_STORE_TYPE  not set; expected one of: memory, disk\n  \
                 \x20               {store} is set but not read; is it meant?\n  \
                 APP_CACHE_ON    not set\n  \
                 \x20               set exactly one of: APP_CACHE_ON, APP_DISK\n  \
                 \x20               {cache} is set but not read; is it meant?"
            )
        );
    }
}

/// The segment of a variant that is flattened, of a group that the name does not have.
#[test]
fn a_missing_variable_is_joined_with_its_name_with_or_without_a_group() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        #[env(group)]
        disk: Flat,
        #[env(group)]
        database: Up,
        #[env(group)]
        mail: Mail,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    enum Flat {
        #[env(default, flatten)]
        Local(Up),
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Mail {
        #[env(group)]
        primary: Up,
    }

    let pairs = [
        ("APP_DISK_LOCAL_HOST", "x"),
        ("APP_HOST", "x"),
        ("APP_MAIL_HOST", "x"),
        ("APP_OTHER_GROUP_HOST", "x"),
    ];
    let err = Cfg::loader().source(pairs).strict().load().unwrap_err();
    assert_eq!(
        err.to_string(),
        "4 problems with the environment:
  APP_DISK_HOST          not set; required because APP_DISK is local by default
                         APP_DISK_LOCAL_HOST is set but not read; is it meant?
  APP_DATABASE_HOST      not set
                         APP_HOST is set but not read; is it meant?
  APP_MAIL_PRIMARY_HOST  not set
                         APP_MAIL_HOST is set but not read; is it meant?
  APP_OTHER_GROUP_HOST   set, but no field reads it; remove it"
    );
}

/// The list and the map have names that differ in one letter.
#[test]
fn a_name_without_its_number_is_that_of_its_own_list() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        #[env(group)]
        hosts: Vec<Up>,
        #[env(group)]
        host: BTreeMap<String, Up>,
    }

    let err = Cfg::loader()
        .source([("APP_HOSTS_HOST", "a"), ("APP_HOST_HOST", "b")])
        .strict()
        .load()
        .unwrap_err();
    assert_eq!(
        problems_of(&err),
        [
            "APP_HOSTS_HOST: set, but no field reads it; is APP_HOSTS_0_HOST meant?",
            "APP_HOST_HOST: set, but no field reads it; is APP_HOST_<KEY>_HOST meant?",
        ]
    );
}

#[test]
fn a_variable_that_takes_no_file_is_named_beside_its_file() {
    let pairs = [
        ("APP_DATABASE_URL_FILE", "/run/url"),
        ("APP_DATABASE_POOL_FILE", "/run/pool"),
    ];
    assert_eq!(
        problems(&pairs),
        [
            "APP_DATABASE_URL: not set; APP_DATABASE_URL_FILE is set, but APP_DATABASE_URL takes no \
             file; set APP_DATABASE_URL to the text of the file",
            "APP_DATABASE_POOL_FILE: set, but APP_DATABASE_POOL takes no file; set APP_DATABASE_POOL \
             to the text of the file",
        ]
    );
}

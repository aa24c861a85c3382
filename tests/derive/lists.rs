use environ::{EnvConfig, Secret};

use crate::{load, problems};

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    #[env(group)]
    upstream: Vec<Upstream>,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Upstream {
    host: String,
    #[env(default = 80)]
    port: u16,
    #[env(group)]
    tls: Option<Tls>,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Tls {
    cert: String,
    key: String,
}

fn upstream(host: &str, port: u16) -> Upstream {
    Upstream {
        host: host.into(),
        port,
        tls: None,
    }
}

#[test]
fn groups_are_numbered_from_0() {
    assert_eq!(load::<Cfg>(&[]).upstream, []);
    let cfg = load::<Cfg>(&[
        ("APP_UPSTREAM_1_HOST", "b"),
        ("APP_UPSTREAM_0_HOST", "a"),
        ("APP_UPSTREAM_1_PORT", "81"),
        ("APP_UPSTREAM_2_HOST", "c"),
    ]);
    assert_eq!(
        cfg.upstream,
        [upstream("a", 80), upstream("b", 81), upstream("c", 80)]
    );
}

#[test]
fn more_than_ten_are_in_order() {
    let pairs: Vec<_> = (0..25)
        .map(|i| (format!("APP_UPSTREAM_{i}_HOST"), i.to_string()))
        .collect();
    let cfg = Cfg::from_source(&pairs).unwrap();
    let hosts: Vec<_> = cfg
        .upstream
        .iter()
        .map(|upstream| upstream.host.clone())
        .collect();
    assert_eq!(hosts, (0..25).map(|i| i.to_string()).collect::<Vec<_>>());
}

#[test]
fn a_gap_is_a_problem_and_so_is_what_is_missing() {
    assert_eq!(
        problems::<Cfg>(&[
            ("APP_UPSTREAM_1_HOST", "b"),
            ("APP_UPSTREAM_2_PORT", "x"),
            ("APP_UPSTREAM_7_TLS_KEY", "k"),
        ]),
        "  APP_UPSTREAM_0_*         0 is left out, since APP_UPSTREAM_1_* is set; \
         groups are numbered from 0, without a gap\n\
         \x20 APP_UPSTREAM_3_*         3 to 6 are left out, since APP_UPSTREAM_7_* is set; \
         groups are numbered from 0, without a gap\n\
         \x20 APP_UPSTREAM_2_HOST      not set; required because APP_UPSTREAM_2_PORT is set\n\
         \x20 APP_UPSTREAM_2_PORT      \"x\" is not a u16: it must be a whole number from 0 to 65535\n\
         \x20 APP_UPSTREAM_7_HOST      not set; required because APP_UPSTREAM_7_TLS_KEY is set\n\
         \x20 APP_UPSTREAM_7_TLS_CERT  not set; required because APP_UPSTREAM_7_TLS_KEY is set"
    );
    assert_eq!(
        problems::<Cfg>(&[("APP_UPSTREAM_0_HOST", "a"), ("APP_UPSTREAM_2_HOST", "c")]),
        "  APP_UPSTREAM_1_*  1 is left out, since APP_UPSTREAM_2_* is set; \
         groups are numbered from 0, without a gap"
    );
    let largest = "APP_UPSTREAM_18446744073709551615_HOST";
    assert_eq!(
        problems::<Cfg>(&[(largest, "x")]),
        "  APP_UPSTREAM_0_*  0 to 18446744073709551614 are left out, \
         since APP_UPSTREAM_18446744073709551615_* is set; \
         groups are numbered from 0, without a gap"
    );
    let err = Cfg::from_source([("APP_UPSTREAM_9_HOST", "x")]).unwrap_err();
    let codes: Vec<_> = err.problems().map(environ::Problem::code).collect();
    assert_eq!(codes, ["gap"]);
}

#[test]
fn a_number_is_one_only_as_it_is_written_and_only_with_something_set() {
    for name in [
        "APP_UPSTREAM_x_HOST",
        "APP_UPSTREAM_0HOST",
        "APP_UPSTREAM_0_OTHER",
        "APP_UPSTREAM_99999999999999999999_HOST",
        "APP_UPSTREAMS_0_HOST",
    ] {
        assert_eq!(load::<Cfg>(&[(name, "x")]).upstream, [], "{name}");
    }
    for name in [
        "APP_UPSTREAM_0_HOST",
        "APP_UPSTREAM_00_HOST",
        "APP_UPSTREAM",
    ] {
        assert_eq!(load::<Cfg>(&[(name, "")]).upstream, [], "{name}");
    }
}

/// Each was no group at all, silently.
#[test]
fn a_list_that_is_written_otherwise_is_a_problem() {
    for (pairs, report) in [
        (
            &[("APP_UPSTREAM_00_HOST", "a")][..],
            "  APP_UPSTREAM_00_HOST  the number has no leading zero; write APP_UPSTREAM_0_HOST",
        ),
        (
            &[
                ("APP_UPSTREAM_0_HOST", "a"),
                ("APP_UPSTREAM_01_PORT", "81"),
                ("APP_UPSTREAM_00_HOST", "b"),
                ("APP_UPSTREAM_0010_TLS_CERT", "c"),
                ("APP_UPSTREAM_02_OTHER", "x"),
            ],
            "  APP_UPSTREAM_0010_TLS_CERT  the number has no leading zero; \
             write APP_UPSTREAM_10_TLS_CERT\n\
             \x20 APP_UPSTREAM_00_HOST        the number has no leading zero, \
             and APP_UPSTREAM_0_HOST is set too; remove one of them\n\
             \x20 APP_UPSTREAM_01_PORT        the number has no leading zero; \
             write APP_UPSTREAM_1_PORT",
        ),
        (
            &[("APP_UPSTREAM", "a,b")],
            "  APP_UPSTREAM  set, but groups are numbered; write APP_UPSTREAM_0_HOST",
        ),
    ] {
        assert_eq!(problems::<Cfg>(pairs), report);
        let err = Cfg::from_source(pairs).unwrap_err();
        assert!(err.problems().all(|problem| problem.code() == "invalid"));
    }
    // A closure is asked for the name of the list too.
    let err = Cfg::from_source(environ::from_fn(|name| {
        (name == "APP_UPSTREAM").then_some("a")
    }));
    assert_eq!(
        err.unwrap_err().to_string(),
        "1 problem with the environment:\n  \
         APP_UPSTREAM  set, but groups are numbered; write APP_UPSTREAM_0_HOST"
    );
}

#[test]
fn a_list_that_is_written_otherwise_is_all_that_is_reported() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct AtLeastOne {
        #[env(group, non_empty)]
        up: Vec<Upstream>,
    }

    let strict = |pairs: crate::Pairs<'_>| {
        let err = AtLeastOne::loader().source(pairs).strict().load();
        let report = err.unwrap_err().to_string();
        report.split_once('\n').unwrap().1.to_owned()
    };
    assert_eq!(
        strict(&[("APP_UP", "a,b")]),
        "  APP_UP  set, but groups are numbered; write APP_UP_0_HOST"
    );
    assert_eq!(
        strict(&[("APP_UP_007_HOST", "a")]),
        "  APP_UP_007_HOST  the number has no leading zero; write APP_UP_7_HOST"
    );
    assert_eq!(
        strict(&[("APP_UP", "a,b"), ("APP_UP_0_HOST", "a")]),
        "  APP_UP  set, but groups are numbered; write APP_UP_0_HOST"
    );
    assert_eq!(
        strict(&[("APP_UP_0_HOSST", "a")]),
        "  APP_UP_0_*  not set\n\
         \x20             APP_UP_0_HOSST is set but not read; is it meant?"
    );
}

/// The names of groups, and of groups in groups, are names that could be read.
#[test]
fn a_misspelt_name_in_a_numbered_group_is_corrected() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Outer {
        #[env(group)]
        up: Vec<Upstream>,
        #[env(group)]
        pool: Vec<Cfg>,
    }

    let unknown = |name: &str| {
        let pairs = [("APP_UP_0_HOST", "a"), (name, "x")];
        let err = Outer::loader().source(pairs).strict().load();
        let report = err.unwrap_err().to_string();
        report.split_once("\n  ").unwrap().1.to_owned()
    };
    for (name, meant) in [
        ("APP_UP_0_PROT", "APP_UP_0_PORT"),
        ("APP_UP_1_HOSST", "APP_UP_1_HOST"),
        ("APP_UP_12_TLS_CRET", "APP_UP_12_TLS_CERT"),
        ("APP_UPP_3_HOST", "APP_UP_3_HOST"),
        ("APP_UP_PORT", "APP_UP_0_PORT"),
        ("APP_UP_O_PORT", "APP_UP_0_PORT"),
        ("APP_POOL_1_UPSTREAM_2_HSOT", "APP_POOL_1_UPSTREAM_2_HOST"),
        ("APP_POOL_1_UPSTREM_2_HOST", "APP_POOL_1_UPSTREAM_2_HOST"),
    ] {
        assert_eq!(
            unknown(name),
            format!("{name}  set, but no field reads it; is {meant} meant?")
        );
    }
    // APP_UP_0_HOST is set, so it is not meant.
    for name in ["APP_UP_HOST", "APP_UP_0_HOSST", "APP_UP_0_NAME"] {
        assert_eq!(
            unknown(name),
            format!("{name}  set, but no field reads it; remove it")
        );
    }
}

#[test]
fn one_can_be_demanded() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct AtLeastOne {
        #[env(group, non_empty, prefix = "UP")]
        upstreams: Vec<Upstream>,
    }

    assert_eq!(problems::<AtLeastOne>(&[]), "  APP_UP_0_*  not set");
    assert_eq!(
        load::<AtLeastOne>(&[("APP_UP_0_HOST", "a")]).upstreams,
        [upstream("a", 80)]
    );
}

#[test]
fn a_list_of_one_of_groups_and_of_lists_works() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Outer {
        #[env(group)]
        sink: Vec<Sink>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    enum Sink {
        Stdout,
        Pool(Cfg),
    }

    let outer = load::<Outer>(&[
        ("APP_SINK_0", "stdout"),
        ("APP_SINK_1", "pool"),
        ("APP_SINK_1_POOL_UPSTREAM_0_HOST", "a"),
    ]);
    let pool = Cfg {
        upstream: vec![upstream("a", 80)],
    };
    assert_eq!(outer.sink, [Sink::Stdout, Sink::Pool(pool)]);
    assert_eq!(
        problems::<Outer>(&[("APP_SINK_0_POOL_UPSTREAM_0_HOST", "a")]),
        "  APP_SINK_0  not set; required because APP_SINK_0_POOL_UPSTREAM_0_HOST is set; \
         expected one of: stdout, pool"
    );
}

/// A closure is asked for each group in turn.
#[test]
fn a_source_that_cannot_be_listed_is_tried() {
    let source = environ::from_fn(|name| match name {
        "APP_UPSTREAM_0_HOST" => Some("a"),
        "APP_UPSTREAM_1_HOST" => Some("b"),
        "APP_UPSTREAM_3_HOST" => Some("d"),
        _ => None,
    });
    let cfg = Cfg::from_source(source).unwrap();
    assert_eq!(cfg.upstream, [upstream("a", 80), upstream("b", 80)]);
}

#[test]
fn an_optional_group_around_a_list_counts_it() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Outer {
        #[env(group)]
        inner: Option<Inner>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Inner {
        name: String,
        #[env(group)]
        up: Vec<Upstream>,
    }

    assert_eq!(load::<Outer>(&[]), Outer { inner: None });
    assert_eq!(
        problems::<Outer>(&[("APP_INNER_UP_0_HOST", "a")]),
        "  APP_INNER_NAME  not set; required because APP_INNER_UP_0_HOST is set"
    );
}

#[test]
fn secrets_in_a_list_are_listed_and_hidden() {
    #[derive(Debug, EnvConfig)]
    struct Users {
        #[env(group)]
        user: Vec<User>,
    }

    #[derive(Debug, EnvConfig)]
    struct User {
        password: Secret<String>,
    }

    let users = load::<Users>(&[("APP_USER_0_PASSWORD", "hunter2")]);
    assert_eq!(users.user[0].password.expose(), "hunter2");
    assert_eq!(
        format!("{users:?}"),
        "Users { user: [User { password: [REDACTED] }] }"
    );
    assert_eq!(
        Users::secret_vars(),
        [""; 0],
        "none is in the environment of this process"
    );
}

/// Its name is near that of a missing group, and near that of a variable in the group.
#[test]
fn a_misspelt_name_is_a_single_hint() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "it does not load")]
    struct Proxies {
        #[env(group, non_empty)]
        proxies: Vec<Proxy>,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "it does not load")]
    struct Proxy {
        url: String,
    }

    assert_eq!(
        problems::<Proxies>(&[("APP_PROXIES_URL", "a")]),
        "  APP_PROXIES_0_*  not set\n                   \
         APP_PROXIES_URL is set but not read; is it meant?"
    );
}

#[test]
fn an_empty_variable_of_a_group_that_is_left_out_is_pointed_out() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Demanded {
        #[env(group, non_empty)]
        upstream: Vec<Upstream>,
        #[env(group, non_empty)]
        by: std::collections::BTreeMap<String, Upstream>,
    }

    assert_eq!(
        problems::<Cfg>(&[("APP_UPSTREAM_0_TLS_KEY", ""), ("APP_UPSTREAM_1_HOST", "b")]),
        "  APP_UPSTREAM_0_*  0 is left out, since APP_UPSTREAM_1_* is set; \
         groups are numbered from 0, without a gap\n  \
         \x20                 APP_UPSTREAM_0_TLS_KEY is set to nothing, which counts as not set"
    );

    assert_eq!(
        problems::<Demanded>(&[("APP_UPSTREAM_0_HOST", ""), ("APP_BY_EU_HOST", "")]),
        "  APP_UPSTREAM_0_*  not set\n  \
         \x20                 APP_UPSTREAM_0_HOST is set to nothing, which counts as not set\n  \
         APP_BY_*          not set\n  \
         \x20                 APP_BY_EU_HOST is set to nothing, which counts as not set"
    );
}

/// The variables of a variant are not read without the selector.
#[test]
fn a_list_that_is_written_otherwise_is_corrected_to_a_variable_that_is_always_read() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Stores {
        #[env(group)]
        stores: Vec<Store>,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    enum Store {
        #[env(default)]
        Memory,
        Disk(Tls),
    }

    assert_eq!(
        problems::<Stores>(&[("APP_STORES", "disk")]),
        "  APP_STORES  set, but groups are numbered; write APP_STORES_0"
    );
}

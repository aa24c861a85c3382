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
        "APP_UPSTREAM_00_HOST",
        "APP_UPSTREAM_x_HOST",
        "APP_UPSTREAM_0HOST",
        "APP_UPSTREAM_0_OTHER",
        "APP_UPSTREAM_99999999999999999999_HOST",
        "APP_UPSTREAMS_0_HOST",
    ] {
        assert_eq!(load::<Cfg>(&[(name, "x")]).upstream, [], "{name}");
    }
    assert_eq!(load::<Cfg>(&[("APP_UPSTREAM_0_HOST", "")]).upstream, []);
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

/// A closure is asked for one group after the other.
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

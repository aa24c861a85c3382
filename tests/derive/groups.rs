use environ::EnvConfig;

use crate::{load, problems};

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    #[env(group)]
    db: Option<Db>,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Db {
    #[env(alias = "DATABASE_URL")]
    url: String,
    #[env(default = 5)]
    timeout: u32,
    #[env(group)]
    tls: Option<Tls>,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Tls {
    cert: String,
    key: String,
}

#[test]
fn nothing_set_is_none() {
    assert_eq!(load::<Cfg>(&[]), Cfg { db: None });
    assert_eq!(
        load::<Cfg>(&[("APP_DB", "x"), ("APP_DB_", "x")]),
        Cfg { db: None }
    );
}

#[test]
fn what_is_required_is_enough() {
    let db = Db {
        url: "x".into(),
        timeout: 5,
        tls: None,
    };
    assert_eq!(load::<Cfg>(&[("APP_DB_URL", "x")]).db, Some(db));
}

#[test]
fn an_alias_switches_a_group_on() {
    let db = Db {
        url: "x".into(),
        timeout: 5,
        tls: None,
    };
    assert_eq!(load::<Cfg>(&[("DATABASE_URL", "x")]).db, Some(db));
}

#[test]
fn an_empty_variable_does_not_switch_a_group_on() {
    assert_eq!(load::<Cfg>(&[("APP_DB_TIMEOUT", "")]), Cfg { db: None });
}

#[test]
fn an_inner_group_switches_the_outer_one_on() {
    assert_eq!(
        problems::<Cfg>(&[("APP_DB_TLS_CERT", "c"), ("APP_DB_TLS_KEY", "k")]),
        "  APP_DB_URL  not set; required because APP_DB_TLS_CERT is set"
    );
}

#[test]
fn each_problem_tells_what_switched_its_own_group_on() {
    assert_eq!(
        problems::<Cfg>(&[("APP_DB_TIMEOUT", "1"), ("APP_DB_TLS_KEY", "k")]),
        "  APP_DB_URL       not set; required because APP_DB_TIMEOUT is set\n\
         \x20 APP_DB_TLS_CERT  not set; required because APP_DB_TLS_KEY is set"
    );
}

#[test]
fn a_wrong_value_switches_a_group_on() {
    assert_eq!(
        problems::<Cfg>(&[("APP_DB_TIMEOUT", "soon")]),
        "  APP_DB_URL      not set; required because APP_DB_TIMEOUT is set\n\
         \x20 APP_DB_TIMEOUT  \"soon\" is not a u32: it must be a whole number from 0 to 4294967295"
    );
}

/// The group is absent, and so are its problems.
#[test]
fn an_absent_group_reports_nothing() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Outer {
        #[env(group)]
        inner: Option<BadDefault>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct BadDefault {
        #[env(default = "x")]
        number: f64,
        required: String,
    }

    assert_eq!(load::<Outer>(&[]), Outer { inner: None });
    assert_eq!(
        problems::<Outer>(&[("APP_INNER_REQUIRED", "x")]),
        "  APP_INNER_NUMBER  the default \"x\" is not an f64: it must be a number, like 0.5"
    );
}

#[test]
fn a_group_that_is_optional_twice_over_needs_its_own_variable() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Outer {
        #[env(group)]
        middle: Option<Middle>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Middle {
        #[env(group)]
        tls: Option<Tls>,
        #[env(default = 1)]
        size: u8,
    }

    let middle = Some(Middle { tls: None, size: 1 });
    assert_eq!(
        load::<Outer>(&[]),
        Outer { middle },
        "nothing in `Middle` is required"
    );
}

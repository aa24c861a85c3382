//! A Service called like the prefix makes Kubernetes set `APP_PORT`, and more.

use std::collections::BTreeMap;

use environ::EnvConfig;

use crate::problems;

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    #[env(default = 8000)]
    port: u16,
}

/// What the kubelet sets in each pod for a Service `app` with the ports 80 and 443.
const LINKS: &[(&str, &str)] = &[
    ("APP_SERVICE_HOST", "10.0.0.1"),
    ("APP_SERVICE_PORT", "80"),
    ("APP_SERVICE_PORT_HTTP", "80"),
    ("APP_SERVICE_PORT_HTTPS", "443"),
    ("APP_PORT", "tcp://10.0.0.1:80"),
    ("APP_PORT_80_TCP", "tcp://10.0.0.1:80"),
    ("APP_PORT_80_TCP_PROTO", "tcp"),
    ("APP_PORT_80_TCP_PORT", "80"),
    ("APP_PORT_80_TCP_ADDR", "10.0.0.1"),
    ("APP_PORT_443_TCP", "tcp://10.0.0.1:443"),
    ("APP_PORT_443_TCP_PROTO", "tcp"),
    ("APP_PORT_443_TCP_PORT", "443"),
    ("APP_PORT_443_TCP_ADDR", "10.0.0.1"),
];

#[test]
fn a_service_link_is_explained() {
    assert_eq!(
        problems::<Cfg>(LINKS),
        "  APP_PORT  \"tcp://10.0.0.1:80\" is not a u16: it must be a whole number from 0 to 65535\n\
         \x20           Kubernetes sets it for the Service `app`; \
         set `enableServiceLinks: false` in the pod, or rename one of them"
    );
}

#[test]
fn strict_mode_knows_service_links() {
    let mut pairs = LINKS.to_vec();
    pairs.push(("APP_PORT", "8000"));
    assert_eq!(
        Cfg::loader()
            .source(&pairs)
            .strict()
            .load()
            .unwrap()
            .config
            .port,
        8000
    );
    // A Service `app-cache`, whose variables begin with the prefix too.
    let pairs = [
        ("APP_CACHE_SERVICE_HOST", "10.0.0.2"),
        ("APP_CACHE_PORT_6379_TCP", "tcp://10.0.0.2:6379"),
    ];
    assert!(Cfg::loader().source(pairs).strict().load().is_ok());
}

/// Without the Service's host it only looks like one.
#[test]
fn what_only_looks_like_a_service_link_is_unknown() {
    let pairs = [("APP_CACHE_PORT", "6379"), ("APP_DB_PORT_5432_TCP", "x")];
    let err = Cfg::loader().source(pairs).strict().load().unwrap_err();
    assert_eq!(err.problems().len(), 2);
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Clustered {
    #[env(group)]
    db: BTreeMap<String, Db>,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Db {
    host: String,
    #[env(default = 5432)]
    port: u16,
}

/// A Service `app-db`, whose variables read as if they were groups of the map.
#[test]
fn a_service_link_is_no_group_of_a_map() {
    let links = LINKS.iter().map(|(name, value)| {
        let name = name.replacen("APP_", "APP_DB_", 1);
        (name, (*value).to_owned())
    });
    let mut pairs: Vec<_> = links.collect();
    pairs.push(("APP_DB_MAIN_HOST".to_owned(), "db.internal".to_owned()));
    // A key like another's: there is no such Service in the cluster.
    pairs.push((
        "APP_DB_MY_SERVICE_HOST".to_owned(),
        "my.internal".to_owned(),
    ));
    pairs.push(("APP_DB_MY_SERVICE_PORT".to_owned(), "1".to_owned()));
    let db = |host: &str, port| Db {
        host: host.to_owned(),
        port,
    };
    assert_eq!(
        Clustered::from_source(&pairs).unwrap().db,
        BTreeMap::from([
            ("main".to_owned(), db("db.internal", 5432)),
            ("my_service".to_owned(), db("my.internal", 1)),
        ])
    );
}

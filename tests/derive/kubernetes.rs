//! A Service called like the prefix makes Kubernetes set `APP_PORT`, and more.

use std::collections::BTreeMap;

use environ::EnvConfig;

use crate::{load, problems};

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    #[env(default = 8000)]
    port: u16,
}

/// The variables that the kubelet sets in each pod for a Service `app` with the ports 80 and 443.
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
         set `enableServiceLinks: false` in the pod, or rename the Service"
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
    // A Service `app-cache`, with variables that begin with the prefix too.
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

/// A Service `app-db`, with variables that read like groups of the map.
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

/// The links of a Service of this name, as pairs.
fn links(service: &str) -> Vec<(String, String)> {
    let links = LINKS.iter().map(|(name, value)| {
        let name = name.replacen("APP_", &format!("{service}_"), 1);
        (name, (*value).to_owned())
    });
    links.collect()
}

/// Loads from the links of a Service, and from nothing but its address too.
fn with_links<T: EnvConfig>(service: &str, others: &[(&str, &str)]) -> T {
    let others = others
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let mut all: Vec<(String, String)> = others.collect();
    let mut alone = all.clone();
    alone.push((format!("{service}_PORT"), "tcp://10.0.0.1:80".to_owned()));
    T::from_source(&alone).unwrap_or_else(|err| panic!("{err}"));
    all.extend(links(service));
    T::from_source(&all).unwrap_or_else(|err| panic!("{err}"))
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Texts {
    url: String,
    #[env(default = "6379")]
    port: String,
}

#[test]
fn a_service_link_switches_no_optional_group_on() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Optional {
        #[env(group)]
        db: Option<Texts>,
        #[env(group)]
        cache: Option<OnlyPort<String>>,
        #[env(group)]
        queue: Option<OnlyPort<u16>>,
        #[env(group)]
        search_service: Option<HostAndPort>,
        #[env(group)]
        outer: Option<Outer>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    #[env(bound = "T: environ::EnvValue")]
    struct OnlyPort<T> {
        port: T,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct HostAndPort {
        host: String,
        port: u16,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Outer {
        name: String,
        #[env(group)]
        inner: Option<Texts>,
        #[env(group)]
        named: BTreeMap<String, Texts>,
        #[env(group)]
        numbered: Vec<Texts>,
    }

    let nothing = Optional {
        db: None,
        cache: None,
        queue: None,
        search_service: None,
        outer: None,
    };
    for service in [
        "APP_DB",
        "APP_CACHE",
        "APP_QUEUE",
        "APP_SEARCH",
        "APP_OUTER",
        "APP_OUTER_INNER",
        "APP_OUTER_NAMED",
        "APP_OUTER_NAMED_A",
        "APP_OUTER_NUMBERED",
        "APP_OUTER_NUMBERED_0",
    ] {
        assert_eq!(with_links::<Optional>(service, &[]), nothing, "{service}");
        let pairs = links(service);
        let strict = Optional::loader().source(&pairs).strict().load().unwrap();
        assert_eq!((strict.config, strict.warnings), (load(&[]), vec![]));
    }
    // A variable of the user's own does.
    let db = Texts {
        url: "x".into(),
        port: "tcp://10.0.0.1:80".into(),
    };
    let on = with_links::<Optional>("APP_DB", &[("APP_DB_URL", "x")]);
    assert_eq!(on.db, Some(db));
    let mut pairs = links("APP_DB");
    pairs.push(("APP_DB_PORT".to_owned(), "5432".to_owned()));
    let report = Optional::from_source(&pairs).unwrap_err().to_string();
    assert_eq!(
        report,
        "1 problem with the environment:\n  \
         APP_DB_URL  not set; required because APP_DB_PORT is set"
    );
}

/// Names that are whole, and a name that the use of a group gives.
#[test]
fn a_service_link_with_another_name_switches_no_optional_group_on() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Optional {
        #[env(group)]
        aliased: Option<Aliased>,
        #[env(group)]
        deprecated: Option<Deprecated>,
        #[env(group)]
        named: Option<Named>,
        #[env(group)]
        selected: Option<Selected>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Aliased {
        url: String,
        #[env(alias = "DB", alias = "DB_PORT")]
        to: Option<String>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Deprecated {
        url: String,
        #[env(deprecated = "CACHE_SERVICE_HOST")]
        to: Option<String>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Named {
        url: String,
        #[env(name = "QUEUE_PORT")]
        to: Option<String>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Selected {
        #[env(group, selector = "PORT")]
        via: Via,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    enum Via {
        Unix,
        Tcp,
    }

    let nothing = || Optional {
        aliased: None,
        deprecated: None,
        named: None,
        selected: None,
    };
    for service in ["DB", "CACHE", "QUEUE", "APP_SELECTED_VIA"] {
        assert_eq!(with_links::<Optional>(service, &[]), nothing(), "{service}");
    }
    let on = with_links::<Optional>("DB", &[("APP_ALIASED_URL", "x")]);
    let aliased = Aliased {
        url: "x".to_owned(),
        to: Some("tcp://10.0.0.1:80".to_owned()),
    };
    assert_eq!(on.aliased, Some(aliased));
}

#[test]
fn a_service_link_is_no_group_of_a_list_and_selects_no_variant() {
    #[derive(Debug, PartialEq, EnvConfig)]
    struct Several {
        #[env(group)]
        up: Vec<Texts>,
        #[env(group)]
        db: BTreeMap<String, Texts>,
        #[env(group)]
        via: Option<Via>,
        #[env(group)]
        by_default: Option<ByDefault>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    enum Via {
        Tcp(Texts),
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    enum ByDefault {
        #[env(default)]
        Nothing,
        Tcp(Texts),
    }

    for service in [
        "APP_UP_0",
        "APP_UP",
        "APP_DB",
        "APP_DB_0",
        "APP_VIA_TCP",
        "APP_VIA",
    ] {
        assert_eq!(
            with_links::<Several>(service, &[]),
            Several {
                up: vec![],
                db: BTreeMap::new(),
                via: None,
                by_default: Some(ByDefault::Nothing),
            },
            "{service}"
        );
    }
    let pairs = [links("APP_BY_DEFAULT_TCP"), links("APP_UP_0")].concat();
    let loaded = Several::loader().source(&pairs).strict().load().unwrap();
    assert_eq!(loaded.warnings, []);
}

#[test]
fn a_text_that_is_a_service_link_is_a_warning() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only the warnings are asked for")]
    struct Links {
        port: String,
        service_host: Option<String>,
        #[env(default = 1)]
        service_port: u16,
        #[env(alias = "DB_PORT")]
        db: Option<String>,
        token_port: Option<environ::Secret<String>>,
    }

    let mut pairs = links("APP");
    pairs.extend(links("DB"));
    let warned = |pairs: &[(String, String)]| {
        let loaded = Links::loader().source(pairs).load().unwrap();
        let warnings = loaded.warnings.iter();
        let links = warnings.filter(|warning| warning.code() == "service_link");
        links.map(ToString::to_string).collect::<Vec<_>>()
    };
    let of = |name: &str, service: &str| {
        format!(
            "{name}: Kubernetes sets it for the Service `{service}`; \
             set `enableServiceLinks: false` in the pod, or rename the Service"
        )
    };
    assert_eq!(
        warned(&pairs),
        [
            of("APP_PORT", "app"),
            of("APP_SERVICE_HOST", "app"),
            of("APP_SERVICE_PORT", "app"),
            of("DB_PORT", "db"),
        ]
    );
    let own = ["APP_PORT", "APP_SERVICE_HOST", "DB_PORT", "APP_TOKEN_PORT"];
    let own = own.map(|name| (name.to_owned(), "80".to_owned()));
    assert_eq!(warned(&own), [""; 0]);
}

/// Of a value that fails, the problem says it.
#[test]
fn a_number_that_is_a_service_link_is_a_problem_that_names_the_service() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only the problems are asked for")]
    struct Host {
        port: String,
        service_host: u16,
    }

    let err = Host::from_source(links("APP")).unwrap_err();
    let warnings = err.warnings();
    let warnings: Vec<_> = warnings.map(|it| (it.name(), it.code())).collect();
    assert_eq!(warnings, [("APP_PORT", "service_link")]);
    assert_eq!(
        err.to_string(),
        "1 problem with the environment:\n  \
         APP_SERVICE_HOST  \"10.0.0.1\" is not a u16: it must be a whole number from 0 to 65535\n                    \
         Kubernetes sets it for the Service `app`; \
         set `enableServiceLinks: false` in the pod, or rename the Service"
    );
}

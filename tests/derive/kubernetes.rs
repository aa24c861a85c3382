//! A Service called like the prefix makes Kubernetes set `APP_PORT`, and more.

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
        "  APP_PORT  \"tcp://10.0.0.1:80\" is not a u16: invalid digit found in string\n\
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

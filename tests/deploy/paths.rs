//! No spelling of an operator's path comes past a proxy.

use std::any::Any;
use std::fmt::Write;
use std::net::SocketAddr;

use crate::caddy::Caddy;
use crate::haproxy::{Haproxy, address, shipped};
use crate::nginx::Nginx;
use crate::process::Process;
use crate::raw::Raw;
use crate::spellings::{operators, spellings};

/// Paths that the service has to reject alone, because these proxies do not.
const LESS: [(&str, &str); 2] = [
    ("the talk's rule", "if { path_beg /-/ }"),
    ("no rule", "if FALSE"),
];

#[test]
fn no_spelling_of_an_operators_path_comes_past_haproxy() {
    assert_nothing_comes_past(&Proxied::by_haproxy(|config| config));
}

#[test]
fn no_spelling_of_an_operators_path_comes_past_nginx() {
    assert_nothing_comes_past(&Proxied::by_nginx());
}

#[test]
fn no_spelling_of_an_operators_path_comes_past_caddy() {
    assert_nothing_comes_past(&Proxied::by_caddy());
}

fn assert_nothing_comes_past(proxied: &Proxied) {
    let mut through = String::new();
    for path in operators() {
        let spellings = spellings(path);
        for path in spellings.iter().map(String::as_str).chain([path]) {
            proxied.ask(path, &mut through);
        }
    }
    assert_eq!(through, "", "these got through");
}

#[test]
fn the_service_refuses_what_another_rule_lets_through() {
    for (rule, condition) in LESS {
        let shipped = "if { path,url_dec -m beg /-/ /__ /healthz }";
        let proxied = Proxied::by_haproxy(|config| {
            assert!(config.contains(shipped), "{config}");
            config.replace(shipped, condition)
        });
        let mut through = String::new();
        for path in operators() {
            for spelling in spellings(path) {
                proxied.ask(&spelling, &mut through);
            }
        }
        assert_eq!(through, "", "these got through with {rule}");
    }
}

/// A proxy, and an instance behind it.
struct Proxied {
    public: SocketAddr,
    _proxy: Box<dyn Any>,
    _instance: Process,
}

impl Proxied {
    fn by_haproxy(edit: impl Fn(String) -> String) -> Self {
        Self::start(|servers| {
            let public = address();
            let haproxy = Haproxy::start(&edit(shipped(public, servers)));
            haproxy.wait_for("app1", "UP");
            (public, Box::new(haproxy))
        })
    }

    fn by_nginx() -> Self {
        Self::start(|servers| {
            let nginx = Nginx::start(servers);
            (nginx.address(), Box::new(nginx))
        })
    }

    fn by_caddy() -> Self {
        Self::start(|servers| {
            let caddy = Caddy::start(servers);
            (caddy.address(), Box::new(caddy))
        })
    }

    /// Starts the first of three servers, and the proxy before them.
    fn start(proxy: impl FnOnce(&[SocketAddr]) -> (SocketAddr, Box<dyn Any>)) -> Self {
        let servers = [(); 3].map(|()| address());
        let host = servers[0].ip().to_string();
        let port = servers[0].port().to_string();
        let vars = [("HOST", &*host), ("PORT", &*port), ("APP_CHAOS", "yes")];
        let instance = Process::start(&vars);
        instance.line("listening");
        let (public, proxy) = proxy(&servers);
        let answer = Raw::connect(public).request("GET", "/hello").answer();
        assert_eq!((answer.status, &*answer.body), (200, "Hello World!"));
        Self {
            public,
            _proxy: proxy,
            _instance: instance,
        }
    }

    /// Asks for `path`, and notes if it is not refused.
    fn ask(&self, path: &str, through: &mut String) {
        let mut connection = Raw::connect(self.public);
        let answer = connection.request("GET", path).try_answer(true);
        let status = answer.map(|answer| answer.status);
        if !matches!(status, Some(404 | 400)) {
            let _ = writeln!(through, "{path}: {status:?}");
        }
    }
}

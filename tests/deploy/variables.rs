//! Programs that fill the environment, and then become the service.

use std::fs;
use std::process::Output;

use crate::app::{App, Started, eventually, output, shipped};
use crate::client::Client;
use crate::component::component;
use crate::haproxy::address;
use crate::postgres_server::PostgresServer;

fn said(output: &Output) -> String {
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&said).into_owned()
}

#[test]
fn direnv_starts_it_with_the_envrc_once_that_is_allowed() {
    let app = App::install();
    app.copy("direnv/.envrc", ".envrc", &[]);
    fs::write(app.path(".env"), "LOG_FORMAT=json\n").unwrap();
    let run = |arguments: &[&str]| output(&mut app.command("/usr/bin/direnv", arguments, &[]));
    let blocked = run(&["exec", ".", "./run-app.sh"]);
    assert_eq!(blocked.status.code(), Some(1));
    assert!(said(&blocked).contains("is blocked"), "{}", said(&blocked));
    let allowed = run(&["allow"]);
    assert!(allowed.status.success(), "{}", said(&allowed));

    let started = app.start("/usr/bin/direnv", &["exec", ".", "./run-app.sh"], &[]);
    let ended = app.stop_by_sigterm(started);
    assert!(ended.stdout.contains("\"DEBUG\""), "{}", ended.stdout);
}

#[test]
fn dotenv_starts_it_with_the_file_and_what_is_set_wins() {
    let app = App::install();
    let file = shipped("dotenv/.env");
    let arguments = ["-f", file.to_str().unwrap(), "run", "--no-override", "--"];
    let dotenv = component("python/bin/dotenv");
    let check = [&arguments[..], &["./run-app.sh", "--check"]].concat();
    // The file sets APP_ENV, so that this variable is set already.
    let checked = output(&mut app.command(&dotenv, &check, &[("APP_ENV", "prod")]));
    assert_eq!(checked.status.code(), Some(78), "{}", said(&checked));
    assert!(
        said(&checked).contains("APP_ENV=prod"),
        "{}",
        said(&checked)
    );

    let run = [&arguments[..], &["./run-app.sh"]].concat();
    let started = app.start(dotenv, &run, &[]);
    app.stop_by_sigterm(started);
}

#[test]
fn envsubst_makes_the_url_of_its_parts() {
    let app = App::install();
    let postgres = PostgresServer::start();
    let secrets = app.path("secrets");
    let edits = [("/run/demo-service", secrets.to_str().unwrap())];
    // The server of this test has no certificate.
    let without_tls = [("?sslmode=verify-full", "")];
    app.copy("envsubst/db_url.in", "db_url.in", &without_tls);
    let run = app.copy("envsubst/run", "run", &edits);
    let url = postgres.admin_url();
    let (user, host) = url["postgres://".len()..].split_once('@').unwrap();
    let (user, password) = user.split_once(':').unwrap();
    let (host, name) = host.split_once('/').unwrap();
    let parts = [
        ("LOG_FORMAT", "json"),
        ("DB_USER", user),
        ("DB_PASSWORD", password),
        ("DB_HOST", host),
        ("DB_NAME", name),
    ];
    let without = output(&mut app.command(&run, &[], &parts[..4]));
    assert_eq!(without.status.code(), Some(2), "{}", said(&without));
    assert!(said(&without).contains("DB_NAME"), "{}", said(&without));

    let started = app.start(&run, &[], &parts);
    started.process().text("\"message\":\"ready\"");
    assert_eq!(Client::new(app.address).send("POST", "/visits").status, 200);
    let ended = app.stop_by_sigterm(started);
    assert_eq!(postgres.execute("SELECT count FROM visits"), "1\n");
    assert!(!format!("{ended:?}").contains(password), "{ended:?}");
}

/// An etcd of a test's own, ended when it is dropped.
struct Etcd {
    _server: Started,
    endpoint: String,
}

impl Etcd {
    fn start(app: &App) -> Self {
        let [endpoint, peer] = [(); 2].map(|()| format!("http://{}", address()));
        let server = app.start(
            "/usr/bin/etcd",
            &[
                "--data-dir=etcd",
                &format!("--listen-client-urls={endpoint}"),
                &format!("--advertise-client-urls={endpoint}"),
                &format!("--listen-peer-urls={peer}"),
                &format!("--initial-advertise-peer-urls={peer}"),
                &format!("--initial-cluster=default={peer}"),
            ],
            &[],
        );
        let this = Self {
            _server: server,
            endpoint,
        };
        eventually("etcd", || this.client(app, &["endpoint", "health"]));
        this
    }

    fn client(&self, app: &App, arguments: &[&str]) -> bool {
        let vars = [self.var(), ("ETCDCTL_DIAL_TIMEOUT", "1s")];
        let answer = output(&mut app.command("/usr/bin/etcdctl", arguments, &vars));
        answer.status.success()
    }

    fn var(&self) -> (&'static str, &str) {
        ("ETCDCTL_ENDPOINTS", &self.endpoint)
    }
}

#[test]
fn etcd_holds_the_variables() {
    let app = App::install();
    let run = app.copy("etcd/run", "run", &[]);
    let etcd = Etcd::start(&app);
    let put = |key, value| assert!(etcd.client(&app, &["put", key, value]));
    put("/demo-service/APP_LOG_FORMAT", "json");
    put("/demo-service/APP_TRUSTED_PROXIES", "127.0.0.0/8, ::1");
    let started = app.start(&run, &[], &[etcd.var()]);
    app.stop_by_sigterm(started);

    put("/demo-service/PATH", "/nowhere");
    let refused = output(&mut app.command(&run, &[], &[etcd.var()]));
    assert_eq!(refused.status.code(), Some(78), "{}", said(&refused));
    let nowhere = [("ETCDCTL_ENDPOINTS", "http://127.0.0.1:1")];
    let away = output(&mut app.command(&run, &[], &nowhere));
    assert_eq!(away.status.code(), Some(1), "{}", said(&away));
}

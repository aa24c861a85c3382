//! Programs that fill the environment, and then become the service.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
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

/// A key of a test's own, and the recipient that secrets are encrypted for.
fn age_key(app: &App) -> (String, String) {
    let key = app.path("key");
    let made = output(&mut app.command("/usr/bin/age-keygen", &["-o", key.to_str().unwrap()], &[]));
    let said = said(&made);
    let (_, recipient) = said.split_once("Public key: ").expect(&said);
    (
        key.to_str().unwrap().to_owned(),
        recipient.trim_end().to_owned(),
    )
}

/// The service reads the secret from a file, which is gone after the drain.
#[test]
fn fnox_decrypts_the_secret_into_a_file_and_waits_for_the_drain() {
    let app = App::install();
    let (key, recipient) = age_key(&app);
    let shipped = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    app.copy("fnox/fnox.toml", "fnox.toml", &[(shipped, &recipient)]);
    let files = app.path("files");
    fs::create_dir(&files).unwrap();
    let vars = [
        ("FNOX_AGE_KEY_FILE", &*key),
        ("TMPDIR", files.to_str().unwrap()),
    ];
    let fnox = component("bin/fnox");
    let set = ["set", "APP_DB_URL_FILE", "sqlite:visits.db?mode=rwc"];
    let encrypted = output(&mut app.command(&fnox, &set, &vars));
    assert!(encrypted.status.success(), "{}", said(&encrypted));
    let file = fs::read_to_string(app.path("fnox.toml")).unwrap();
    assert!(!file.contains("visits.db"), "{file}");

    let start = ["--no-daemon", "exec", "--", "./run-app.sh"];
    let started = app.start(&fnox, &start, &vars);
    started.process().text("\"message\":\"ready\"");
    assert_eq!(Client::new(app.address).send("POST", "/visits").status, 200);
    let held = || fs::read_dir(&files).unwrap().count();
    assert_eq!(held(), 1);
    app.stop_by_sigterm(started);
    assert_eq!(held(), 0);
    assert!(app.path("visits.db").exists());

    let stranger = [("FNOX_AGE_KEY_FILE", "/dev/null"), vars[1]];
    let refused = output(&mut app.command(&fnox, &start, &stranger));
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
}

#[test]
fn sops_decrypts_the_variables_and_becomes_the_service() {
    let app = App::install();
    let (key, recipient) = age_key(&app);
    let run = app.copy("sops/run", "run", &[]);
    let sops = component("bin/sops");
    let path = format!("{}:/usr/bin:/bin", sops.parent().unwrap().display());
    let vars = [("SOPS_AGE_KEY_FILE", &*key), ("PATH", &*path)];
    let plain = "APP_LOG_FORMAT=json\nAPP_DB_URL=sqlite:visits.db?mode=rwc\n";
    fs::write(app.path("plain.env"), plain).unwrap();
    let encrypt = ["encrypt", "--age", &recipient, "plain.env"];
    let encrypted = output(&mut app.command(&sops, &encrypt, &vars));
    assert!(encrypted.status.success(), "{}", said(&encrypted));
    assert!(
        !said(&encrypted).contains("visits.db"),
        "{}",
        said(&encrypted)
    );
    fs::write(app.path("secrets.env"), encrypted.stdout).unwrap();

    let started = app.start(&run, &[], &vars);
    let pid = started.process().pid();
    started.process().text("\"message\":\"ready\"");
    assert_eq!(Client::new(app.address).send("POST", "/visits").status, 200);
    let program = fs::read_link(format!("/proc/{pid}/exe")).unwrap();
    assert_eq!(program, app.path("demo-service"));
    app.stop_by_sigterm(started);
    assert!(app.path("visits.db").exists());

    let stranger = [("SOPS_AGE_KEY_FILE", "/dev/null"), vars[1]];
    let refused = output(&mut app.command(&run, &[], &stranger));
    assert_eq!(refused.status.code(), Some(128), "{}", said(&refused));
}

#[test]
fn mise_sets_the_variables_of_its_file_and_becomes_the_service() {
    let app = App::install();
    app.copy("mise/mise.toml", "mise.toml", &[]);
    fs::write(app.path(".env"), "APP_DB_URL_FILE=url\n").unwrap();
    fs::write(app.path("url"), "sqlite:visits.db?mode=rwc").unwrap();
    fs::set_permissions(app.path("url"), Permissions::from_mode(0o600)).unwrap();
    // No file beside those of the test, and nothing to be asked of the network.
    let vars = [("MISE_OFFLINE", "1"), ("MISE_YES", "1")];
    let mise = component("bin/mise");
    let trusted = output(&mut app.command(&mise, &["trust"], &vars));
    assert!(trusted.status.success(), "{}", said(&trusted));
    let started = app.start(&mise, &["exec", "--", "./run-app.sh"], &vars);
    let pid = started.process().pid();
    started.process().text("\"message\":\"ready\"");
    assert_eq!(Client::new(app.address).send("POST", "/visits").status, 200);
    let program = fs::read_link(format!("/proc/{pid}/exe")).unwrap();
    assert_eq!(program, app.path("demo-service"));
    app.stop_by_sigterm(started);
    assert!(app.path("visits.db").exists());
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

//! Reloads: secrets and limits that are replaced while requests are served.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::Client;
use crate::metrics::counts;
use crate::process::Process;
use crate::raw::Raw;

pub(crate) const FIRST: &str = "the-first-token-of-30-letters";
pub(crate) const SECOND: &str = "the-second-token-of-30-letters";

pub(crate) const APPLIED: &str = "new values are in effect";
pub(crate) const REFUSED: &str =
    "the new configuration is refused: the former values stay in effect";

/// The time in which a change takes effect.
const SOON: Duration = Duration::from_secs(2);

/// A service with its secrets in a directory.
struct Service {
    dir: TempDir,
    process: Process,
    client: Client,
}

impl Service {
    fn start(vars: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("admin_token"), FIRST).unwrap();
        fs::write(dir.path().join("db_url"), url(dir.path(), "")).unwrap();
        Self::start_in(dir, vars)
    }

    fn start_in(dir: TempDir, vars: &[(&str, &str)]) -> Self {
        let mut all = vec![
            ("APP_SECRETS", "dir"),
            ("APP_SECRETS_DIR_PATH", dir.path().to_str().unwrap()),
            ("APP_DRAIN_DELAY", "0s"),
        ];
        all.extend(vars);
        let process = Process::start(&all);
        let client = process.client();
        Self {
            dir,
            process,
            client,
        }
    }

    fn write(&self, name: &str, text: &str) {
        replace(self.dir.path(), name, text);
    }

    fn change(&self, token: &str) -> u16 {
        change(&self.client, token)
    }

    fn config(&self) -> Value {
        serde_json::from_str(&self.client.get("/-/config").body).unwrap()
    }

    /// Returns the last reload in `/-/config`, without its age.
    fn last(&self) -> Value {
        let mut last = self.config()["reloads"]["last"].take();
        if let Some(last) = last.as_object_mut() {
            last.remove("age_seconds");
        }
        last
    }

    fn stop(self) {
        self.process.signal(Signal::TERM);
        assert_eq!(self.process.wait().code, Some(0));
    }
}

/// Returns the answer to a change that is sent with a token.
pub(crate) fn change(client: &Client, token: &str) -> u16 {
    let body = r#"{"level":"info","ttl":"1s"}"#;
    let length = body.len();
    let request = format!(
        "PUT /-/log-level HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    );
    let mut connection = Raw::connect(client.address);
    connection.send(request).answer().status
}

/// Returns the URL of a file in a directory. Other parameters are another spelling.
pub(crate) fn url(dir: &Path, parameters: &str) -> String {
    format!("sqlite:{}/db?mode=rwc{parameters}", dir.display())
}

/// Replaces a file by a rename.
fn replace(dir: &Path, name: &str, text: &str) {
    fs::write(dir.join(".new"), text).unwrap();
    fs::rename(dir.join(".new"), dir.join(name)).unwrap();
}

/// Waits for a condition, and returns the time that it took.
pub(crate) fn within(time: Duration, what: &str, mut is_so: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < time, "{what} takes more than {time:?}");
        thread::sleep(Duration::from_millis(20));
    }
    begun.elapsed()
}

/// Without a token, the listener of operators would be open to everybody.
#[test]
fn a_token_that_is_gone_stays_in_effect() {
    let service = Service::start(&[]);
    fs::remove_file(service.dir.path().join("admin_token")).unwrap();
    service.process.signal(Signal::HUP);
    let expected = json!({
        "outcome": "refused",
        "variables": [],
        "need_restart": [],
        "problems": ["APP_ADMIN_TOKEN is gone: its removal needs a restart"],
    });
    within(SOON, "the report", || service.last() == expected);
    assert_eq!(service.change(FIRST), 200);
    assert_eq!(service.change(SECOND), 401);
    service.write("admin_token", SECOND);
    within(SOON, "the new token", || service.change(SECOND) == 200);
    service.stop();
}

#[test]
fn a_token_that_was_replaced_is_401_within_two_seconds() {
    let service = Service::start(&[]);
    assert_eq!(service.change(FIRST), 200);
    assert_eq!(service.change(SECOND), 401);
    service.write("admin_token", SECOND);
    within(SOON, "the new token", || service.change(FIRST) == 401);
    assert_eq!(service.change(SECOND), 200);
    assert_eq!(
        service.process.line(APPLIED)["variables"],
        "APP_ADMIN_TOKEN"
    );
    let expected = json!({
        "outcome": "applied",
        "variables": ["APP_ADMIN_TOKEN"],
        "need_restart": [],
        "problems": [],
    });
    within(SOON, "the report", || service.last() == expected);
    let counts = counts(&service.client);
    let reloads = |outcome: &str| {
        counts[&format!("demo_service_config_reloads_total{{outcome=\"{outcome}\"}}")]
    };
    assert_eq!((reloads("applied"), reloads("refused")), (1, 0));
    assert_eq!(counts["demo_service_config_last_reload_successful"], 1);
    assert!(counts["demo_service_config_last_reload_success_timestamp_seconds"] > 0);
    service.stop();
}

#[test]
fn the_swap_of_a_mounted_directory_takes_effect_as_a_whole() {
    let dir = tempfile::tempdir().unwrap();
    let mount = |version: &str, token: &str, parameters: &str| {
        let new = dir.path().join(version);
        fs::create_dir(&new).unwrap();
        fs::write(new.join("admin_token"), token).unwrap();
        fs::write(new.join("db_url"), url(dir.path(), parameters)).unwrap();
        symlink(version, dir.path().join("..data_tmp")).unwrap();
        fs::rename(dir.path().join("..data_tmp"), dir.path().join("..data")).unwrap();
    };
    mount("..1", FIRST, "");
    for name in ["admin_token", "db_url"] {
        symlink(format!("..data/{name}"), dir.path().join(name)).unwrap();
    }
    let path = dir.path().to_owned();
    let service = Service::start_in(
        tempfile::tempdir().unwrap(),
        &[("APP_SECRETS_DIR_PATH", path.to_str().unwrap())],
    );
    assert_eq!(
        service.client.send("POST", "/visits").body,
        r#"{"visits":1}"#
    );
    mount("..2", SECOND, "&cache=private");
    within(SOON, "the swap", || service.change(SECOND) == 200);
    assert_eq!(
        service.process.line(APPLIED)["variables"],
        "APP_ADMIN_TOKEN, APP_DB_URL"
    );
    assert_eq!(
        service.client.send("POST", "/visits").body,
        r#"{"visits":2}"#
    );
    service.stop();
}

#[test]
fn a_file_that_is_written_slowly_is_never_half_applied() {
    let service = Service::start(&[]);
    let mut file = fs::File::create(service.dir.path().join("admin_token")).unwrap();
    for part in SECOND.as_bytes().chunks(10) {
        thread::sleep(Duration::from_millis(200));
        file.write_all(part).unwrap();
        assert_eq!(service.change(FIRST), 200);
        assert_eq!(service.change(&SECOND[..20]), 401);
    }
    drop(file);
    within(SOON, "the new token", || service.change(SECOND) == 200);
    let reloads = || service.config()["reloads"].clone();
    within(SOON, "the report", || reloads()["applied"] == 1);
    assert_eq!(reloads()["refused"], 0);
    service.stop();
}

#[test]
fn a_value_that_is_wrong_is_refused_and_nothing_is_applied() {
    let service = Service::start(&[]);
    let before = service.client.send("POST", "/visits").body;
    // The token is right, the URL is wrong: neither takes effect.
    service.write("db_url", "mysql://app:hunter2@db/app");
    service.write("admin_token", SECOND);
    let line = service.process.line(REFUSED);
    assert_eq!(line["level"], "ERROR");
    let problems = line["problems"].as_str().unwrap();
    assert!(
        problems.starts_with("APP_DB_*: refused: APP_DB_URL: "),
        "{problems}"
    );
    assert!(!line.to_string().contains("hunter2"), "{line}");
    assert_eq!(service.change(SECOND), 401);
    assert_eq!(service.change(FIRST), 200);
    within(SOON, "the report", || {
        service.last()["outcome"] == "refused"
    });
    assert_eq!(service.last()["problems"], json!([problems]));
    assert_eq!(
        counts(&service.client)["demo_service_config_last_reload_successful"],
        0
    );
    assert_eq!(service.client.get("/visits").body, before);

    service.write("db_url", &url(service.dir.path(), "&cache=private"));
    within(SOON, "the correction", || service.change(SECOND) == 200);
    assert_eq!(service.client.get("/visits").body, before);
    // The value is in effect before the reload is counted.
    within(SOON, "the success", || {
        counts(&service.client)["demo_service_config_last_reload_successful"] == 1
    });
    service.stop();
}

#[test]
fn a_database_that_cannot_be_used_is_refused_and_the_former_stays() {
    let service = Service::start(&[]);
    let before = service.client.send("POST", "/visits").body;
    let other = tempfile::tempdir().unwrap();
    for (wrong, reason) in [
        // The tables are not there.
        (url(other.path(), ""), "APP_DB_URL: "),
        (
            "postgres://app:hunter2@127.0.0.1:1/app".to_owned(),
            "another kind of database",
        ),
    ] {
        service.write("admin_token", SECOND);
        service.write("db_url", &wrong);
        let line = service.process.texts(REFUSED, reason);
        assert!(!line.contains("hunter2"), "{line}");
        assert_eq!(service.change(FIRST), 200);
        assert_eq!(service.client.get("/visits").body, before);
    }
    // The refusal is logged once, although the load is repeated.
    thread::sleep(Duration::from_millis(2_500));
    service.process.signal(Signal::TERM);
    let log = service.process.wait().log();
    let refused = log.iter().filter(|line| line["message"] == REFUSED);
    assert_eq!(refused.count(), 2);
}

#[test]
fn limits_and_the_log_level_in_files_are_replaced() {
    let files = tempfile::tempdir().unwrap();
    let path = |name: &str| files.path().join(name).to_str().unwrap().to_owned();
    for (name, text) in [
        ("level", "info"),
        ("timeout", "20s"),
        ("body", "1000"),
        ("in_flight", "10"),
    ] {
        fs::write(path(name), text).unwrap();
    }
    let service = Service::start(&[
        ("LOG_LEVEL_FILE", &path("level")),
        ("APP_REQUEST_TIMEOUT_FILE", &path("timeout")),
        ("APP_MAX_BODY_FILE", &path("body")),
        ("APP_MAX_IN_FLIGHT_FILE", &path("in_flight")),
        ("APP_CHAOS", "true"),
    ]);
    let level = || {
        let level: Value = serde_json::from_str(&service.client.get("/-/log-level").body).unwrap();
        level["configured"].as_str().unwrap().to_owned()
    };
    assert_eq!(level(), "info");
    replace(files.path(), "timeout", "100ms");
    within(SOON, "the timeout", || {
        service.client.get("/-/chaos/delay/500").status == 504
    });
    replace(files.path(), "body", "10");
    within(SOON, "the size of a body", || {
        let body = "POST /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n\r\n";
        let mut connection = Raw::connect(service.client.address);
        connection.send(body).answer().status == 413
    });
    let chunked = |bytes: usize| {
        let head = "POST /-/chaos/swallow HTTP/1.1\r\nHost: localhost\r\n\
                    Transfer-Encoding: chunked\r\n\r\n";
        let body = format!("{bytes:x}\r\n{}\r\n0\r\n\r\n", "x".repeat(bytes));
        let mut connection = Raw::connect(service.client.address);
        connection.send(head).send(body).answer().status
    };
    assert_eq!([chunked(10), chunked(11)], [200, 413]);
    replace(files.path(), "body", "2000");
    within(SOON, "the size of a body", || chunked(2000) == 200);
    assert_eq!(chunked(2001), 413);
    replace(files.path(), "level", "warn");
    within(SOON, "the level", || level() == "warn");
    // The second request is one too many.
    replace(files.path(), "timeout", "5s");
    replace(files.path(), "in_flight", "1");
    within(Duration::from_secs(10), "the number of requests", || {
        let slow = service.client.clone();
        let slow = thread::spawn(move || slow.get("/-/chaos/delay/200").status);
        thread::sleep(Duration::from_millis(50));
        let second = service.client.get("/hello").status;
        slow.join().unwrap() == 200 && second == 503
    });
    assert_eq!(service.client.get("/hello").status, 200);
    let shown = service.config()["variables"].clone();
    let shown = shown.as_array().unwrap().iter();
    let shown: Vec<&Value> = shown
        .filter(|it| it["name"] == "APP_MAX_IN_FLIGHT")
        .map(|it| &it["value"])
        .collect();
    assert_eq!(shown, ["1"]);
    service.stop();
}

#[test]
fn a_level_that_was_changed_for_a_time_outlives_a_reload() {
    let files = tempfile::tempdir().unwrap();
    let path = files.path().join("level");
    fs::write(&path, "info").unwrap();
    let service = Service::start(&[("LOG_LEVEL_FILE", path.to_str().unwrap())]);
    let body = r#"{"level":"debug","ttl":"4s"}"#;
    let length = body.len();
    let request = format!(
        "PUT /-/log-level HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {FIRST}\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    );
    let mut connection = Raw::connect(service.client.address);
    assert_eq!(connection.send(request).answer().status, 200);
    replace(files.path(), "level", "warn");
    let level =
        || -> Value { serde_json::from_str(&service.client.get("/-/log-level").body).unwrap() };
    within(SOON, "the level", || level()["configured"] == "warn");
    assert!(level()["level"].as_str().unwrap().starts_with("debug"));
    within(Duration::from_secs(6), "the end", || {
        level()["level"] == "warn"
    });
    service.stop();
}

#[test]
fn a_hangup_reloads_at_once() {
    let service = Service::start(&[]);
    // A machine with other work may be late now and then, and is not late each time.
    let takes_effect_at_once = |token| {
        service.write("admin_token", token);
        service.process.signal(Signal::HUP);
        let begun = Instant::now();
        service.process.line(APPLIED);
        // Without the time in which a change settles.
        begun.elapsed() < Duration::from_millis(240)
    };
    let tokens = [SECOND, FIRST].into_iter().cycle().take(10);
    assert!(tokens.into_iter().any(takes_effect_at_once));
    service.write("admin_token", SECOND);
    within(SOON, "the token", || service.change(SECOND) == 200);
    service.process.signal(Signal::HUP);
    service.process.line("the configuration is unchanged");
    service.write("admin_token", "short");
    service.process.signal(Signal::HUP);
    service.process.line(REFUSED);
    assert_eq!(service.change(SECOND), 200);
    service.stop();
}

#[test]
fn no_output_shows_a_secret_that_was_replaced_or_refused() {
    const CANARY: &str = "hunter2-canary-hunter2";
    let service = Service::start(&[("LOG_LEVEL", "trace,sqlx=trace")]);
    let mut outputs = String::new();
    let other = format!("sqlite:{}/{CANARY}?mode=rw", service.dir.path().display());
    for (name, text) in [
        ("admin_token", CANARY.to_owned()),
        ("admin_token", format!("{CANARY} with spaces")),
        ("admin_token", FIRST.to_owned()),
        ("db_url", format!("postgres://app:{CANARY}@127.0.0.1:1/app")),
        ("db_url", other),
        ("db_url", format!("mysql://{CANARY}")),
        ("db_url", String::new()),
        ("db_url", url(service.dir.path(), "&cache=private")),
    ] {
        service.write(name, &text);
        service.process.signal(Signal::HUP);
        thread::sleep(Duration::from_millis(600));
        for path in [
            "/-/config",
            "/-/",
            "/-/metrics",
            "/__heartbeat__",
            "/visits",
        ] {
            write!(outputs, "{:?}", service.client.get(path)).unwrap();
        }
    }
    service.process.signal(Signal::TERM);
    let ended = service.process.wait();
    assert_eq!(ended.code, Some(0));
    outputs.push_str(&ended.stdout);
    outputs.push_str(&ended.stderr);
    assert!(outputs.contains("\"refused\\\":4") || outputs.contains(REFUSED));
    assert!(!outputs.contains(CANARY), "{outputs}");
}

/// Nothing is asked of the database, and no thread turns.
#[test]
fn an_idle_watch_costs_little() {
    let service = Service::start(&[]);
    let ticks = || {
        let stat = fs::read_to_string(format!("/proc/{}/stat", service.process.pid())).unwrap();
        let (_, fields) = stat.rsplit_once(") ").unwrap();
        let fields: Vec<u64> = fields
            .split_whitespace()
            .skip(11)
            .take(2)
            .map(|field| field.parse().unwrap())
            .collect();
        fields[0] + fields[1]
    };
    let before = ticks();
    thread::sleep(Duration::from_secs(3));
    let spent = ticks() - before;
    // A tick is 10 ms: far below a tenth of one processor.
    assert!(spent < 15, "{spent} ticks in 3 s");
    service.stop();
}

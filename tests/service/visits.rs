use std::fs;
use std::thread;

use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpSocket;

use crate::client::{Answer, Client};
use crate::in_process::TestService;
use crate::process::{Ended, Process};

/// Goes in as a password; must come out nowhere.
const CANARY: &str = "hunter2-canary";

/// A database in a file, which is made when it is first opened.
fn file(dir: &TempDir) -> String {
    format!("sqlite:{}?mode=rwc", dir.path().join("db").display())
}

fn visits(answer: &Answer) -> i64 {
    assert_eq!(answer.status, 200, "{answer:?}");
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    body["visits"].as_i64().unwrap()
}

#[test]
fn get_counts_visits_and_post_adds_one() {
    let service = TestService::start(&[]);
    let client = &service.client;
    assert_eq!(client.get("/visits").body, r#"{"visits":0}"#);
    assert_eq!(client.send("POST", "/visits").body, r#"{"visits":1}"#);
    assert_eq!(client.send("POST", "/visits").body, r#"{"visits":2}"#);
    let get = client.get("/visits");
    assert_eq!((get.status, &*get.body), (200, r#"{"visits":2}"#));
    assert_eq!(get.header("content-type"), Some("application/json"));
    let head = client.send("HEAD", "/visits");
    assert_eq!((head.status, &*head.body), (200, ""));
    let put = client.send("PUT", "/visits");
    assert_eq!(put.status, 405);
    assert_eq!(put.header("allow"), Some("GET, HEAD, POST, OPTIONS"));
}

#[test]
fn no_visit_is_lost_among_workers() {
    for workers in ["1", "4"] {
        let service = TestService::start(&[("APP_WORKERS", workers)]);
        post(&service.client, 8, 50);
        assert_eq!(visits(&service.client.get("/visits")), 400);
    }
}

/// Adds visits from several threads, each with connections of its own.
fn post(client: &Client, threads: usize, each: usize) {
    thread::scope(|scope| {
        for _ in 0..threads {
            let client = Client::new(client.address);
            scope.spawn(move || {
                for _ in 0..each {
                    visits(&client.send("POST", "/visits"));
                }
            });
        }
    });
}

#[test]
fn a_file_keeps_its_visits_and_instances_that_start_at_once_share_them() {
    let dir = tempfile::tempdir().unwrap();
    let url = file(&dir);
    let vars = [("APP_DB_URL", &*url), ("APP_DRAIN_DELAY", "0s")];
    let processes: Vec<_> = (0..4).map(|_| Process::start(&vars)).collect();
    for process in &processes {
        post(&process.client(), 2, 5);
    }
    for process in processes {
        process.signal(Signal::TERM);
        assert_eq!(process.wait().code, Some(0));
    }
    let process = Process::start(&vars);
    assert_eq!(visits(&process.client().get("/visits")), 40);
}

#[test]
fn a_file_that_a_backup_replaces_is_read_and_written_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let process = Process::start(&[("APP_DB_URL", &*file(&dir))]);
    let client = process.client();
    assert_eq!(visits(&client.send("POST", "/visits")), 1);
    let [db, backup] = ["db", "backup"].map(|name| dir.path().join(name));
    fs::copy(&db, &backup).unwrap();
    assert_eq!(visits(&client.send("POST", "/visits")), 2);
    fs::rename(&backup, &db).unwrap();
    assert_eq!(visits(&client.get("/visits")), 1);
    assert_eq!(visits(&client.send("POST", "/visits")), 2);
    fs::copy(&db, &backup).unwrap();
    fs::rename(&backup, &db).unwrap();
    assert_eq!(visits(&client.send("POST", "/visits")), 3);
}

#[test]
fn a_file_that_is_removed_is_an_outage_until_it_is_back() {
    for creates in ["", "?mode=rwc"] {
        let dir = tempfile::tempdir().unwrap();
        let migrated = Process::run(&["migrate"], &[("APP_DB_URL", &*file(&dir))]);
        assert_eq!(migrated.code, Some(0), "{}", migrated.stdout);
        let [db, away] = ["db", "away"].map(|name| dir.path().join(name));
        let url = format!("sqlite:{}{creates}", db.display());
        let process = Process::start(&[("APP_DB_URL", &*url)]);
        let client = process.client();
        assert_eq!(visits(&client.send("POST", "/visits")), 1);
        fs::rename(&db, &away).unwrap();
        for method in ["GET", "POST"] {
            assert_eq!(client.send(method, "/visits").status, 503, "{method}");
        }
        assert!(!db.exists(), "{url}");
        fs::rename(&away, &db).unwrap();
        assert_eq!(visits(&client.send("POST", "/visits")), 2);
    }
}

#[test]
fn migrate_makes_the_tables_and_does_it_once() {
    let dir = tempfile::tempdir().unwrap();
    let url = file(&dir);
    let vars = [
        ("APP_DB_URL", &*url),
        ("APP_DB_MIGRATE", "no"),
        ("APP_START_TIMEOUT", "300ms"),
    ];
    let ended = Process::start(&vars).wait();
    assert_eq!(ended.code, Some(69), "{}", ended.stdout);
    assert!(
        ended.stdout.contains(
            "cannot use the database (see APP_DB_URL, or `db_url` among the secrets): \
             no such table: visits (code 1); run `demo-service migrate` with this URL"
        ),
        "{}",
        ended.stdout
    );
    for _ in 0..2 {
        let ended = Process::run(&["migrate"], &vars[..1]);
        assert_eq!(ended.code, Some(0), "{}", ended.stdout);
        assert!(ended.stdout.contains(" the database is up to date\n"));
    }
    let process = Process::start(&vars);
    assert_eq!(visits(&process.client().send("POST", "/visits")), 1);
}

#[test]
fn a_url_that_cannot_be_one_is_78_and_not_shown() {
    let dir = tempfile::tempdir().unwrap();
    for (url, reason) in [
        (CANARY.to_owned(), "it is not a URL"),
        (
            format!("mysql://app:{CANARY}@db/app"),
            "it must begin with `postgres://` or `sqlite:`",
        ),
        (
            // A variable for the path that is not set.
            "sqlite:".to_owned(),
            "it names no file; write `sqlite:PATH`, or `sqlite::memory:` for a database that is \
             lost on exit",
        ),
        (
            "sqlite://?mode=rwc".to_owned(),
            "it names no file; write `sqlite:PATH`, or `sqlite::memory:` for a database that is \
             lost on exit",
        ),
        (
            format!("postgres://app@db/app?pasword={CANARY}"),
            "its parameter `pasword` is unknown; leave it out, or write one of \
             `application_name`, `dbname`, `host`, `hostaddr`, `options`, `password`, `port`, \
             `sslcert`, `sslkey`, `sslmode`, `sslrootcert`, `user`, or `options[pasword]` for a \
             setting of the server",
        ),
        (
            // A password with `&`, not encoded.
            format!("postgres://app@db/app?password=x&{CANARY}"),
            "its parameter number 2 is unknown; leave it out, or write one of \
             `application_name`, `dbname`, `host`, `hostaddr`, `options`, `password`, `port`, \
             `sslcert`, `sslkey`, `sslmode`, `sslrootcert`, `user`, or `options[NAME]` for a \
             setting of the server",
        ),
        (
            format!("postgres://app@db/app?port={CANARY}"),
            "a part of it is rejected by the driver",
        ),
        (
            format!("sqlite:db?mode={CANARY}"),
            "a part of it is rejected by the driver",
        ),
    ] {
        for arguments in [&[][..], &["--check"], &["migrate"]] {
            let ended = Process::run(arguments, &[("APP_DB_URL", &*url)]);
            let stderr = format!(
                "demo-service: 1 problem with the environment:\n  \
                   APP_DB_*  refused: APP_DB_URL: {reason}\n"
            );
            let refused = Ended {
                code: Some(78),
                stdout: String::new(),
                stderr,
            };
            assert_eq!(ended, refused);
        }
        fs::write(dir.path().join("db_url"), &url).unwrap();
        let path = dir.path().to_str().unwrap();
        let vars = [("APP_SECRETS", "dir"), ("APP_SECRETS_DIR_PATH", path)];
        let ended = Process::start(&vars).wait();
        assert_eq!(ended.code, Some(78));
        let stderr = format!(
            "demo-service: 1 problem with the environment:\n  \
               APP_DB_*  refused: APP_DB_URL: {reason}\n"
        );
        assert_eq!(ended.stderr, stderr);
        assert!(!ended.stdout.contains(CANARY), "{}", ended.stdout);
    }
}

fn refusal(url: &str) -> String {
    let ended = Process::run(&["--check"], &[("APP_DB_URL", url)]);
    assert_eq!((ended.code, &*ended.stdout), (Some(78), ""), "{url}");
    let prefix = "demo-service: 1 problem with the environment:\n  \
                    APP_DB_*  refused: APP_DB_URL: ";
    let reason = ended.stderr.strip_prefix(prefix);
    let reason = reason.unwrap_or_else(|| panic!("{url}: {}", ended.stderr));
    reason.trim_end().to_owned()
}

/// The parameters of libpq and of other drivers, each of which somebody copies.
#[test]
fn a_parameter_that_is_not_read_is_named_with_the_remedy() {
    for (parameter, remedy) in [
        ("channel_binding=require", "`sslmode=verify-full`"),
        ("connect_timeout=10", "APP_DB_CONNECT_TIMEOUT"),
        ("pool_timeout=10", "APP_DB_ACQUIRE_TIMEOUT"),
        ("target_session_attrs=read-write", "name the primary"),
        ("keepalives_idle=30", "each connection is tested"),
        ("passfile=/etc/pgpass", "PGPASSFILE"),
        (
            "service=app",
            "write the parameters of the service file into the URL",
        ),
        ("gssencmode=disable", "by password or certificate"),
        ("sslcrl=/etc/crl", "`sslrootcert`"),
        ("ssl=true", "`sslmode=verify-full`"),
        ("client_encoding=utf8", "UTF8"),
        ("fallback_application_name=x", "`application_name`"),
        ("replication=database", "does not have it"),
        ("pgbouncer=true", "no statement is prepared"),
        ("connection_limit=5", "APP_DB_MAX_CONNECTIONS"),
        ("schema=app", "`options[search_path]=...`"),
        ("statement_timeout=5000", "APP_DB_QUERY_TIMEOUT"),
        ("geqo=off", "`options[geqo]`"),
    ] {
        let (name, _) = parameter.split_once('=').unwrap();
        let url = format!("postgres://app:{CANARY}@db/app?sslmode=require&{parameter}");
        let reason = refusal(&url);
        let named = format!("its parameter `{name}` is ");
        assert!(reason.starts_with(&named), "{reason}");
        assert!(reason.contains(remedy), "{reason}");
    }
    for mode in ["disabled", "verify_full", "on", CANARY] {
        let reason = refusal(&format!("postgres://app@db/app?sslmode={mode}"));
        assert!(reason.starts_with("its `sslmode` is none of"), "{reason}");
        assert!(!reason.contains(CANARY), "{reason}");
    }
    let reason = refusal("postgres://app@db:54321234/app");
    assert_eq!(reason, "its port is not a number from 0 to 65535");
}

#[test]
fn a_password_that_is_not_encoded_is_refused_with_its_encoding() {
    for password in [
        "hunter2#canary",
        "hunter2/canary",
        "hunter2?canary",
        "2#canary",
        "2/canary",
        "2?canary",
        "2?canary&more",
        "@hunter2#canary",
        "@2/canary",
        "@2?canary",
        "@2?canary&more",
        "hunter2%ff-canary",
    ] {
        let reason = refusal(&format!("postgres://app:{password}@db/app"));
        let remedy = "write them as %23 %2F %3F %25, and an at sign as %40";
        assert!(reason.ends_with(remedy), "{password}: {reason}");
        for part in ["hunter2", "canary", "more"] {
            assert!(!reason.contains(part), "{reason}");
        }
    }
    for password in [
        "hunter2%23canary",
        "hunter2%2Fcanary",
        "hunter2%3Fcanary",
        "hunter2%40canary",
        "hunter2@canary",
        "hunter2%25canary",
    ] {
        let url = format!("postgres://app:{password}@db/app?application_name=me@home");
        let ended = Process::run(&["--check"], &[("APP_DB_URL", &*url)]);
        assert_eq!(ended.code, Some(0), "{password}: {}", ended.stderr);
    }
}

#[test]
fn a_remote_server_that_need_not_prove_itself_is_warned_of() {
    let url = |rest: &str| format!("postgres://app:{CANARY}@{rest}");
    for (rest, host, sslmode) in [
        ("db.internal/app", "db.internal", "prefer"),
        ("db.internal/app?sslmode=disable", "db.internal", "disable"),
        ("db.internal/app?sslmode=allow", "db.internal", "allow"),
        ("192.0.2.1/app?sslmode=require", "192.0.2.1", "require"),
        ("localhost/app?host=db.internal", "db.internal", "prefer"),
        ("localhost/app?hostaddr=192.0.2.1", "192.0.2.1", "prefer"),
        ("localhost.example/app", "localhost.example", "prefer"),
    ] {
        let url = url(rest);
        let vars = [("APP_DB_URL", &*url), ("APP_START_TIMEOUT", "1s")];
        let warning = format!(
            "APP_DB_URL: `sslmode={sslmode}` does not verify that the server is {host}, so that \
             an attacker on the way can take the password; write `sslmode=verify-full`, with \
             `sslrootcert` for a private authority"
        );
        let check = Process::run(&["--check"], &vars);
        assert_eq!(check.code, Some(0));
        assert!(check.stderr.contains(&warning), "{}", check.stderr);
        let doctor = Process::run(&["doctor"], &vars);
        let finding = format!("warning  settings    {warning}");
        assert!(doctor.stdout.contains(&finding), "{}", doctor.stdout);
        assert!(!format!("{check:?}{doctor:?}").contains(CANARY));
    }
    for url in [
        url("db.internal/app?sslmode=verify-full"),
        url("db.internal/app?sslmode=verify-ca"),
        url("localhost/app"),
        url("127.0.0.2/app"),
        url("[::1]/app"),
        url("%2Frun%2Fpostgresql/app"),
        "postgres:///app?host=/run/postgresql".to_owned(),
        "sqlite::memory:".to_owned(),
    ] {
        let check = Process::run(&["--check"], &[("APP_DB_URL", &url)]);
        assert_eq!(check.code, Some(0), "{url}: {}", check.stderr);
        assert!(!check.stderr.contains("verify"), "{}", check.stderr);
    }
    let reason = refusal("postgres://app@/app?host=/run/postgresql");
    assert!(reason.starts_with("it has a user and no host;"), "{reason}");
    let url = url("nowhere.invalid/app");
    let process = Process::start(&[("APP_DB_URL", &url)]);
    let line = process.line(
        "APP_DB_URL: `sslmode=prefer` does not verify that the server is nowhere.invalid, so that \
         an attacker on the way can take the password; write `sslmode=verify-full`, with \
         `sslrootcert` for a private authority",
    );
    assert_eq!(
        (&line["level"], &line["code"]),
        (&"WARN".into(), &"unverified".into())
    );
}

/// A port that nobody listens on, and that nobody else is given meanwhile.
fn closed_port() -> (TcpSocket, u16) {
    let taken = TcpSocket::new_v4().unwrap();
    taken.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = taken.local_addr().unwrap().port();
    (taken, port)
}

#[test]
fn a_database_that_is_not_there_is_waited_for_and_then_69() {
    let (_taken, port) = closed_port();
    let url = format!("postgres://app:{CANARY}@127.0.0.1:{port}/app");
    let process = Process::start(&[
        ("APP_DB_URL", &url),
        ("APP_DB_ACQUIRE_TIMEOUT", "50ms"),
        ("APP_START_TIMEOUT", "3s"),
        ("LOG_LEVEL", "trace,sqlx=trace"),
    ]);
    let client = process.starting_client();
    process.line("the database is unavailable");
    let ready = client.get("/-/ready");
    assert_eq!((ready.status, &*ready.body), (503, "starting"));
    assert_eq!(client.get("/-/healthy").status, 200);
    let answer = client.get("/visits");
    assert_away(&answer);
    let heartbeat = client.get("/__heartbeat__");
    assert_eq!(heartbeat.status, 503);
    let ended = process.wait();
    assert_eq!(ended.code, Some(69));
    let away = ended
        .stdout
        .matches("\"the database is unavailable\"")
        .count();
    assert_eq!(away, 1, "{}", ended.stdout);
    let refused = "Connection refused (os error 111)";
    let failure = format!(
        "cannot use the database (see APP_DB_URL, or `db_url` among the secrets): \
         cannot connect to 127.0.0.1:{port}: {refused}"
    );
    assert!(ended.stdout.contains(&failure), "{}", ended.stdout);
    for text in [ended.stdout, ended.stderr, format!("{answer:?}")] {
        assert!(!text.contains(CANARY), "{text}");
    }
}

fn assert_away(answer: &Answer) {
    let status = (answer.status, answer.header("content-type"));
    assert_eq!(status, (503, Some("application/problem+json")));
    assert_eq!(answer.header("retry-after"), Some("1"));
    let mut problem: Value = serde_json::from_str(&answer.body).unwrap();
    assert!(problem["request_id"].take().is_string(), "{problem}");
    let expected = json!({
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "the database is unavailable",
        "instance": "/visits",
        "request_id": null,
    });
    assert_eq!(problem, expected);
}

#[test]
fn prod_takes_no_fake_secrets() {
    for env in ["prod", "Production"] {
        let ended = Process::run(&["--check"], &[("APP_ENV", env)]);
        assert_eq!(ended.code, Some(78));
        let stderr = format!(
            "demo-service: 1 problem with the environment:\n  \
               APP_*  refused: APP_ENV={env} rejects fake secrets; set APP_DB_URL or \
             APP_DB_URL_FILE, or set APP_SECRETS to the store of the real secrets\n"
        );
        assert_eq!(ended.stderr, stderr);
    }
    let dir = tempfile::tempdir().unwrap();
    let url = dir.path().join("db_url");
    fs::write(&url, "sqlite::memory:").unwrap();
    for real in [
        ("APP_SECRETS", "dir"),
        ("APP_DB_URL", "sqlite::memory:"),
        ("APP_DB_URL_FILE", url.to_str().unwrap()),
    ] {
        let ended = Process::run(&["--check"], &[("APP_ENV", "prod"), real]);
        assert_eq!(ended.code, Some(0), "{real:?}: {}", ended.stderr);
    }
}

/// The driver reads them, as psql does.
#[test]
fn variables_of_libpq_are_told_of() {
    let warning = "parameters that APP_DB_URL omits come from other variables; add the \
                   parameters to APP_DB_URL, or unset these variables";
    let vars = [
        ("PGSSLMODE", "disable"),
        ("PGPASSWORD", CANARY),
        ("APP_DRAIN_DELAY", "0s"),
    ];
    let with = |url| [&vars[..], &[("APP_DB_URL", url)]].concat();
    let process = Process::start(&with("postgres://127.0.0.1:1/x"));
    assert_eq!(process.line(warning)["variables"], "PGPASSWORD, PGSSLMODE");
    process.signal(Signal::TERM);
    let ended = process.wait();
    assert!(!ended.stdout.contains(CANARY), "{}", ended.stdout);

    // It leaves no room for them.
    let process = Process::start(&with("postgres://a:b@127.0.0.1:1/x?ssl-mode=disable"));
    process.line("listening");
    process.signal(Signal::TERM);
    let log = process.wait().stdout;
    assert!(!log.contains(warning), "{log}");

    let doctor = Process::run(&["doctor"], &vars).stdout;
    assert!(doctor.contains("shows: PGPASSWORD; put them"), "{doctor}");

    let process = Process::start(&vars);
    process.line("ready");
    process.signal(Signal::TERM);
    let log = process.wait().stdout;
    assert!(!log.contains(warning), "{log}");
}

/// A variable stands in for a secret that its store does not have.
#[test]
fn the_url_comes_from_the_store_or_else_from_the_variable() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_str().unwrap();
    let vars = [
        ("APP_SECRETS", "dir"),
        ("APP_SECRETS_DIR_PATH", path),
        ("APP_DB_URL", "sqlite::memory:"),
    ];
    let process = Process::start(&vars);
    assert_eq!(visits(&process.client().send("POST", "/visits")), 1);
    fs::write(dir.path().join("db_url"), "sqlite:/nowhere/at/all\n").unwrap();
    let ended = Process::start(&vars).wait();
    assert_eq!(ended.code, Some(78));
    assert_eq!(
        ended.stderr,
        "demo-service: cannot use the database (see APP_DB_URL, or `db_url` among the secrets): \
         unable to open database file (code 14); check that the file is there, or its \
         directory if the URL ends in `?mode=rwc`, and who may use it\n"
    );
}

#[test]
fn a_file_that_waiting_does_not_help_is_78_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("db");
    let writable = "check who may write the file and its directory, and `mode` in the URL";
    for (content, mode, reason, remedy) in [
        (
            &[b'x'; 4096][..],
            "rw",
            "(code: 26) file is not a database",
            "name a file of SQLite, or a file that is not there yet",
        ),
        (
            b"",
            "ro",
            "(code: 8) attempt to write a readonly database",
            writable,
        ),
    ] {
        fs::write(&db, content).unwrap();
        let url = format!("sqlite:{}?mode={mode}", db.display());
        let ended = Process::start(&[("APP_DB_URL", &*url)]).wait();
        assert_eq!(ended.code, Some(78), "{}", ended.stdout);
        let expected = format!(
            "demo-service: cannot use the database (see APP_DB_URL, or `db_url` among the \
             secrets): cannot migrate: {reason}; {remedy}\n"
        );
        assert_eq!(ended.stderr, expected);
    }
}

#[test]
fn visits_that_will_be_gone_are_told_of() {
    let process = Process::start(&[("APP_ENV", "staging")]);
    let line = process.line("APP_DB_URL is not set: visits are kept in memory and lost on exit");
    assert_eq!(line["level"], "WARN");
    for url in ["sqlite::memory:", "sqlite:/nowhere/db?mode=memory"] {
        let process = Process::start(&[("APP_ENV", "prod"), ("APP_DB_URL", url)]);
        let line = process.line("APP_DB_URL names a database in memory: visits are lost on exit");
        assert_eq!(line["level"], "WARN");
    }
    let ended = Process::run(&["migrate"], &[] as &[(&str, &str)]);
    assert_eq!(ended.code, Some(78));
    assert_eq!(
        ended.stderr,
        "demo-service: there is nothing to migrate: APP_DB_URL is not set, and the database in \
         memory is gone with the process\n"
    );
}

#[test]
fn a_migration_ends_when_it_is_asked_to() {
    let (_taken, port) = closed_port();
    let url = format!("postgres://app@127.0.0.1:{port}/app");
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130)] {
        let vars = [("APP_DB_URL", &*url), ("LOG_FORMAT", "json")];
        let process = Process::spawn(&["migrate"], &vars);
        process.line("the database is unavailable");
        process.signal(signal);
        assert_eq!(process.wait().code, Some(code));
    }
}

/// The rest of the wait does not matter any more.
#[test]
fn a_service_that_stops_before_it_is_ready_drains_all_the_same() {
    let (_taken, port) = closed_port();
    let url = format!("postgres://app@127.0.0.1:{port}/app");
    let process = Process::start(&[
        ("APP_DB_URL", &*url),
        ("APP_START_TIMEOUT", "2s"),
        ("APP_DRAIN_DELAY", "1h"),
        ("APP_CHAOS", "yes"),
    ]);
    let client = process.starting_client();
    let in_flight = thread::spawn(move || client.get("/-/chaos/delay/4000"));
    process.line("misbehaving");
    process.signal(Signal::TERM);
    let drained = process.line("drained");
    assert_eq!(drained["delay_ended"], "never_ready");
    assert_eq!(
        (&drained["answered"], &drained["cut"]),
        (&1.into(), &0.into())
    );
    assert_eq!(in_flight.join().unwrap().body, "waited 4000 ms");
    assert_eq!(process.wait().code, Some(0));
}

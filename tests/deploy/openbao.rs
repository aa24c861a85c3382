//! The service with a real Vault and the users that it makes in a real
//! PostgreSQL: what an operator sees when something of that fails.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;

use crate::client::Client;
use crate::openbao_server::OpenBao;
use crate::postgres_server::PostgresServer;
use crate::process::{Ended, Process};
use crate::prometheus;
use crate::raw::Raw;
use crate::reload::change;

/// A Vault, and a database with users that the Vault makes.
struct Deployment {
    bao: OpenBao,
    postgres: PostgresServer,
}

impl Deployment {
    /// Users live for `ttl`, and can be renewed up to `most`.
    fn start(ttl: &str, most: &str) -> Self {
        let postgres = PostgresServer::start();
        let url = postgres.admin_url();
        let migrated = Process::run(&["migrate"], &[("APP_DB_URL", &url)]);
        assert_eq!(migrated.code, Some(0), "{}", migrated.stdout);
        postgres.execute("CREATE ROLE app; GRANT SELECT, UPDATE ON visits TO app");
        let bao = OpenBao::start();
        bao.makes_users_of(&url, ttl, most);
        let (_, host) = url.split_once('@').unwrap();
        let document = format!("db_url=postgres://{host}");
        bao.bao(&["kv", "put", "-mount=secret", "dev/app-name", &document]);
        Self { bao, postgres }
    }

    fn vars(&self) -> Vec<(&'static str, String)> {
        let mut vars = self.bao.vars();
        vars.extend([
            ("PORT", "0".to_owned()),
            ("LOG_FORMAT", "json".to_owned()),
            ("LOG_LEVEL", "trace,sqlx=trace".to_owned()),
            ("APP_SECRETS_VAULT_DB_ROLE", "app".to_owned()),
            ("APP_DB_MIGRATE", "false".to_owned()),
            ("APP_DRAIN_DELAY", "0s".to_owned()),
            ("APP_HEARTBEAT_INTERVAL", "1s".to_owned()),
        ]);
        vars
    }

    fn serve(&self) -> Process {
        start(&self.vars())
    }

    /// Serves, and does not tell everything: there will be much to tell.
    fn serve_load(&self) -> Process {
        let mut vars = self.vars();
        vars.push(("LOG_LEVEL", "info,demo_service=debug".to_owned()));
        start(&vars)
    }

    /// How many users of the Vault's there are.
    fn users(&self) -> usize {
        let users = "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'v-approle-%'";
        self.postgres.execute(users).trim().parse().unwrap()
    }

    /// Stops the service, and looks at what it leaves: nothing in the database,
    /// and nothing secret in its log or on its pages.
    fn stop(&self, process: Process) -> Ended {
        let client = process.client();
        let shown = ["/-/metrics", "/-/config"].map(|path| client.get(path).body);
        assert_eq!(prometheus::check(&shown[0]), (true, String::new()));
        self.bao.assert_hidden_in(&shown.concat());
        let environ = fs::read_to_string(format!("/proc/{}/environ", process.pid())).unwrap();
        let secret_id = fs::read_to_string(self.bao.path("secret_id")).unwrap();
        assert!(!environ.contains(&secret_id), "{environ}");
        process.signal(Signal::TERM);
        let ended = process.wait();
        assert_eq!(ended.code, Some(0), "{}", ended.stdout);
        assert_eq!(self.users(), 0);
        assert!(self.bao.audited("update", "sys/leases/revoke") > 0);
        assert_eq!(self.bao.audited("update", "auth/token/revoke-self"), 1);
        self.bao.assert_hidden(&ended);
        ended
    }
}

fn start(vars: &[(&'static str, String)]) -> Process {
    let vars: Vec<_> = vars.iter().map(|(name, value)| (*name, &**value)).collect();
    Process::start(&vars)
}

/// Asks for visits all the time, and counts the answers.
struct Load {
    stop: Arc<AtomicBool>,
    answered: Arc<AtomicU64>,
    threads: Vec<JoinHandle<Vec<String>>>,
}

impl Load {
    fn start(client: &Client) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let answered = Arc::new(AtomicU64::new(0));
        let threads = ["GET", "POST", "GET", "POST"].map(|method| {
            let (client, stop, answered) = (client.clone(), stop.clone(), answered.clone());
            thread::spawn(move || {
                let mut failed = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    match client.try_send(method, "/visits") {
                        Ok(answer) if answer.status == 200 => {
                            answered.fetch_add(1, Ordering::Relaxed);
                        }
                        Ok(answer) => failed.push(format!("{answer:?}")),
                        Err(err) => failed.push(err.to_string()),
                    }
                    thread::sleep(Duration::from_millis(5));
                }
                failed
            })
        });
        Self {
            stop,
            answered,
            threads: threads.into(),
        }
    }

    /// Ends it. Every request must have been answered, and there must have been
    /// some.
    fn end_without_a_failure(self) {
        self.stop.store(true, Ordering::Relaxed);
        let failed: Vec<_> = self
            .threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect();
        assert_eq!(failed, [""; 0]);
        assert!(self.answered.load(Ordering::Relaxed) > 100);
    }
}

/// Waits until something holds, and fails if that takes too long.
fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !holds() {
        assert!(Instant::now() < deadline, "not in time: {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// The lines of a log with this message, about the credentials of the database.
fn lines(log: &str, message: &str) -> usize {
    let lines = log.lines().map(|line| serde_json::from_str(line).unwrap());
    let of_credentials = |line: &Value| {
        line["lease"] != "vault_token"
            && line["message"]
                .as_str()
                .is_some_and(|text| text.ends_with(message))
    };
    lines.filter(of_credentials).count()
}

const ROTATED: &str = "the database is used as another user";
const STALE: &str = "cannot be renewed";
const FRESH: &str = "can be renewed again";

#[test]
fn users_are_rotated_under_load_and_no_request_fails() {
    let deployment = Deployment::start("10s", "10s");
    let process = deployment.serve_load();
    let load = Load::start(&process.client());
    let begun = Instant::now();
    let mut most = 0;
    while begun.elapsed() < Duration::from_mins(1) {
        most = most.max(deployment.users());
        thread::sleep(Duration::from_secs(1));
    }
    load.end_without_a_failure();
    assert!(most <= 3, "{most} users at once");
    let metrics = process.client().get("/-/metrics").body;
    let ended = deployment.stop(process);
    let measured = |name: &str| {
        let line = metrics.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap().trim().parse::<usize>().unwrap()
    };
    let replaced =
        "demo_service_secret_requests_total{secret=\"database_credentials\",outcome=\"replaced\"}";
    assert!(measured(replaced) >= 5, "{metrics}");
    let rotations = |outcome| {
        measured(&format!(
            "demo_service_database_rotations_total{{outcome=\"{outcome}\"}}"
        ))
    };
    assert!(rotations("ok") >= 5, "{metrics}");
    assert_eq!(rotations("failed"), 0);
    let rotated = lines(&ended.stdout, ROTATED);
    assert!(rotated >= 5, "{rotated} rotations");
    // Each but the last is given back when its last connection is closed.
    let revoked = deployment.bao.audited("update", "sys/leases/revoke");
    assert_eq!(revoked, rotated + 1);
}

/// With each token its users are replaced, and it is given back after them.
#[test]
fn tokens_are_replaced_under_load_and_no_request_fails() {
    let deployment = Deployment::start("1h", "2h");
    deployment.bao.tokens_last_for("10s");
    let process = deployment.serve_load();
    let load = Load::start(&process.client());
    let given_back = || deployment.bao.audited("update", "auth/token/revoke-self");
    eventually("three tokens were given back", || given_back() >= 3);
    load.end_without_a_failure();
    assert!(deployment.users() <= 3);
    process.signal(Signal::TERM);
    let ended = process.wait();
    assert_eq!((ended.code, deployment.users()), (Some(0), 0));
    let logins = deployment.bao.audited("update", "auth/approle/login");
    assert!(logins >= 4, "{logins}");
    assert_eq!(given_back(), logins);
    deployment.bao.assert_hidden(&ended);
}

/// Two ways to be away for longer than the time between two renewals.
#[test]
fn a_store_that_is_away_is_served_through() {
    let is_killed_and_sealed = [true, false].map(|is_killed| {
        thread::spawn(move || {
            let mut deployment = Deployment::start("30s", "1h");
            let process = deployment.serve_load();
            let load = Load::start(&process.client());
            if is_killed {
                deployment.bao.kill();
            } else {
                deployment.bao.seal();
            }
            process.text("cannot renew the lease");
            if is_killed {
                deployment.bao.restart();
            } else {
                deployment.bao.unseal();
            }
            process.texts("\"lease\":\"database_credentials\"", FRESH);
            load.end_without_a_failure();
            let ended = deployment.stop(process);
            assert_eq!(lines(&ended.stdout, STALE), 1);
            assert_eq!(lines(&ended.stdout, FRESH), 1);
            let users = deployment.bao.audited("read", "database/creds/app");
            assert!(users <= 2, "{users} users were made");
            assert_eq!(deployment.bao.audited("update", "auth/approle/login"), 1);
        })
    });
    for deployment in is_killed_and_sealed {
        deployment.join().unwrap();
    }
}

/// A lease expires, and the log has the expiry; when the store is back, so is all.
#[test]
fn a_store_that_is_away_for_longer_is_an_outage() {
    let mut deployment = Deployment::start("10s", "1h");
    let process = deployment.serve();
    let client = process.client();
    deployment.bao.kill();
    process.text("the database credentials expired");
    eventually("a heartbeat", || {
        let heartbeat = client.get("/__heartbeat__");
        heartbeat.status != 200 && heartbeat.body.contains("\"secrets\":\"error\"")
    });
    assert_eq!(client.get("/-/ready").status, 200);
    deployment.bao.restart();
    process.texts("\"lease\":\"database_credentials\"", FRESH);
    eventually("visits", || client.get("/visits").status == 200);
    eventually("a heartbeat", || client.get("/__heartbeat__").status == 200);
    let ended = deployment.stop(process);
    assert_eq!(lines(&ended.stdout, "the database credentials expired"), 1);
}

/// With the token go its users, at once: requests fail until that is noticed,
/// and then no more.
#[test]
fn a_token_that_is_revoked_is_replaced_and_so_is_the_user() {
    let deployment = Deployment::start("1h", "2h");
    let process = deployment.serve();
    let client = process.client();
    assert_eq!(client.get("/visits").status, 200);
    let login = ["lease", "revoke", "-prefix", "auth/approle/login"];
    deployment.bao.bao(&login);
    process.line(ROTATED);
    eventually("visits", || client.get("/visits").status == 200);
    assert_eq!(client.get("/-/ready").status, 200);
    assert_eq!(deployment.users(), 1);
    let ended = deployment.stop(process);
    assert_eq!(lines(&ended.stdout, ROTATED), 1);
}

/// The first refused login has the lease checked, and its request waits for the new user.
#[test]
fn a_user_who_is_revoked_is_replaced_before_a_request_fails() {
    let deployment = Deployment::start("1h", "2h");
    let mut vars = deployment.vars();
    vars.push(("APP_HEARTBEAT_INTERVAL", "1h".to_owned()));
    vars.push(("APP_DB_ACQUIRE_TIMEOUT", "5s".to_owned()));
    let process = start(&vars);
    let client = process.client();
    for turn in 1..=2 {
        assert_eq!(client.get("/visits").status, 200, "{turn}");
        let users = ["lease", "revoke", "-sync", "-prefix", "database/creds/app"];
        deployment.bao.bao(&users);
        let answer = client.get("/visits");
        assert_eq!(answer.status, 200, "{turn}: {answer:?}");
    }
    let ended = deployment.stop(process);
    assert_eq!(lines(&ended.stdout, ROTATED), 2);
}

/// Without a user to be, an open connection goes on, and may do nothing.
#[test]
fn a_user_who_is_dropped_without_their_connections_is_replaced() {
    let deployment = Deployment::start("1h", "2h");
    let process = deployment.serve();
    let client = process.client();
    assert_eq!(client.get("/visits").status, 200);
    deployment.bao.throws_nobody_out();
    let users = ["lease", "revoke", "-sync", "-prefix", "database/creds/app"];
    deployment.bao.bao(&users);
    let mut refused = 0;
    eventually("visits", || {
        let status = client.get("/visits").status;
        assert!(matches!(status, 200 | 503), "{status}");
        refused += u32::from(status == 503);
        refused > 0 && status == 200
    });
    let ended = deployment.stop(process);
    assert_eq!(lines(&ended.stdout, ROTATED), 1);
    assert!(
        ended
            .stdout
            .contains("permission denied for table visits (code 42501)")
    );
}

#[test]
fn a_policy_that_is_taken_away_and_given_back_costs_nothing() {
    let deployment = Deployment::start("30s", "1h");
    let process = deployment.serve_load();
    let load = Load::start(&process.client());
    deployment.bao.allow_no_leases();
    let line = process.texts("\"lease\":\"database_credentials\"", STALE);
    assert!(line.contains("denies it (403"), "{line}");
    deployment.bao.allow_what_is_needed();
    process.texts("\"lease\":\"database_credentials\"", FRESH);
    load.end_without_a_failure();
    let ended = deployment.stop(process);
    assert_eq!(lines(&ended.stdout, ROTATED), 0);
}

/// The requests in flight, the statements and the Vault take longer than any stop: the report comes
/// in time all the same.
#[test]
fn a_stop_reports_within_its_budget_though_nothing_answers() {
    let stops = [3, 5].map(|budget| thread::spawn(move || stop_while_nothing_answers(budget)));
    for stop in stops {
        stop.join().unwrap();
    }
}

fn stop_while_nothing_answers(budget: u64) {
    let deployment = Deployment::start("1h", "2h");
    let mut vars = deployment.vars();
    vars.retain(|(name, _)| *name != "APP_DRAIN_DELAY");
    vars.extend([
        ("APP_STOP_TIMEOUT", format!("{budget}s")),
        ("APP_REQUEST_TIMEOUT", "2m".to_owned()),
        ("APP_DB_QUERY_TIMEOUT", "1m".to_owned()),
        ("APP_CHAOS", "on".to_owned()),
        ("LOG_LEVEL", "info".to_owned()),
    ]);
    let process = start(&vars);
    let client = process.client();
    assert_eq!(client.get("/-/ready").status, 200);
    thread::scope(|scope| {
        let postgres = &deployment.postgres;
        let lock = "BEGIN; LOCK TABLE visits IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(10)";
        scope.spawn(|| postgres.execute(lock));
        postgres.wait_for_lock();
        let connect = |path: &str| {
            let mut slow = Raw::connect(client.address);
            slow.request("GET", path);
            slow
        };
        let mut slow: Vec<_> = (0..20).map(|_| connect("/-/chaos/delay/90000")).collect();
        slow.extend((0..5).map(|_| connect("/visits")));
        eventually("the requests", || {
            let metrics = client.get("/-/metrics").body;
            metrics.contains("http_requests_in_flight 26\n")
        });
        postgres.wait_for_blocked();
        deployment.bao.freeze();
        process.signal(Signal::TERM);
        let ended = process.wait_or_kill(Duration::from_secs(budget));
        drop(slow);
        assert_eq!(ended.code, Some(75), "{budget} s: {ended:?}");
        let report = ended.log().pop().unwrap();
        assert_eq!((&report["cut"], &report["code"]), (&25.into(), &75.into()));
        assert_eq!(report["delay_ended"], "elapsed");
        deployment.bao.assert_hidden(&ended);
    });
}

/// The URL of a new version is used with the leased user, and with each later user too.
#[test]
fn a_newer_version_of_the_document_takes_effect_beside_leased_users() {
    let deployment = Deployment::start("10s", "10s");
    let url = deployment.postgres.admin_url();
    let (_, host) = url.split_once('@').unwrap();
    let put = |name: &str, token: &str| {
        let url = format!("db_url=postgres://{host}?application_name={name}");
        let token = format!("admin_token={token}");
        let document = ["kv", "put", "-mount=secret", "dev/app-name", &url, &token];
        deployment.bao.bao(&document);
    };
    put("first", "canary-token-of-the-first-version");
    let mut vars = deployment.vars();
    vars.push(("LOG_LEVEL", "info,demo_service=debug".to_owned()));
    vars.push(("APP_SECRETS_REFRESH_INTERVAL", "1s".to_owned()));
    let process = start(&vars);
    let client = process.client();
    let load = Load::start(&client);
    let backends = |name: &str| {
        let query =
            format!("SELECT count(*) FROM pg_stat_activity WHERE application_name = '{name}'");
        deployment.postgres.execute(&query).trim() != "0"
    };
    eventually("the first URL", || backends("first"));
    assert_eq!(change(&client, "canary-token-of-the-first-version"), 200);
    put("second", "canary-token-of-the-second-version");
    process.line("new values are in effect");
    assert_eq!(change(&client, "canary-token-of-the-first-version"), 401);
    assert_eq!(change(&client, "canary-token-of-the-second-version"), 200);
    eventually("the second URL alone", || {
        backends("second") && !backends("first")
    });
    process.line(ROTATED);
    for _ in 0..20 {
        thread::sleep(Duration::from_millis(500));
        assert!(!backends("first"), "a rotation went back to the former URL");
    }
    assert!(backends("second"));
    load.end_without_a_failure();
    let config: Value = serde_json::from_str(&client.get("/-/config").body).unwrap();
    assert_eq!(config["reloads"]["refused"], 0, "{config}");
    let ended = deployment.stop(process);
    assert!(lines(&ended.stdout, ROTATED) >= 1);
}

#[test]
fn a_database_that_restarts_costs_no_new_user() {
    let deployment = Deployment::start("1h", "2h");
    let process = deployment.serve();
    let client = process.client();
    deployment.postgres.stop();
    eventually("an outage", || client.get("/visits").status == 503);
    assert_eq!(client.get("/-/ready").status, 200);
    deployment.postgres.start_again();
    eventually("visits", || client.get("/visits").status == 200);
    let ended = deployment.stop(process);
    assert_eq!(lines(&ended.stdout, ROTATED), 0);
    assert_eq!(deployment.bao.audited("read", "database/creds/app"), 1);
}

#[test]
fn a_start_waits_for_the_store_and_then_is_69() {
    let deployment = Deployment::start("1h", "2h");
    deployment.bao.seal();
    let mut vars = deployment.vars();
    let process = start(&vars);
    let line = process.line("waiting for the secrets");
    let error = line["error"].as_str().unwrap();
    assert!(error.contains("is sealed (503: Vault is sealed"), "{error}");
    deployment.bao.unseal();
    assert_eq!(process.client().get("/visits").status, 200);
    deployment.stop(process);

    deployment.bao.seal();
    vars.push(("APP_START_TIMEOUT", "3s".to_owned()));
    let ended = start(&vars).wait();
    assert_eq!(ended.code, Some(69), "{}", ended.stdout);
    assert!(ended.stdout.contains("; unseal it"), "{}", ended.stdout);
}

#[test]
fn a_login_that_is_refused_is_78_at_once() {
    let deployment = Deployment::start("1h", "2h");
    fs::write(deployment.bao.path("secret_id"), "00000000-canary").unwrap();
    let ended = deployment.serve().wait();
    assert_eq!(ended.code, Some(78), "{}", ended.stdout);
    let why = "cannot log in at auth/approle";
    assert!(ended.stderr.contains(why), "{}", ended.stderr);
    deployment.bao.assert_hidden(&ended);
}

/// The secret id is wrapped, the engine has no versions, and the URL has a user.
#[test]
fn a_wrapped_secret_id_and_an_engine_without_versions_do() {
    let deployment = Deployment::start("1h", "2h");
    let bao = &deployment.bao;
    let url = format!("db_url={}", deployment.postgres.admin_url());
    bao.bao(&["kv", "put", "-mount=kv1", "app-name", &url]);
    let path = "auth/approle/role/app/secret-id";
    let wrapped = [
        "write",
        "-f",
        "-wrap-ttl=60s",
        "-field=wrapping_token",
        path,
    ];
    fs::write(bao.path("secret_id"), bao.bao(&wrapped)).unwrap();
    let mut vars = bao.vars();
    vars.extend([
        ("APP_SECRETS_VAULT_AUTH_APPROLE_WRAPPED", "true".to_owned()),
        ("APP_SECRETS_VAULT_MOUNT", "kv1".to_owned()),
        ("APP_SECRETS_VAULT_PATH", "app-name".to_owned()),
        ("APP_SECRETS_VAULT_KV_VERSION", "1".to_owned()),
        ("APP_DRAIN_DELAY", "0s".to_owned()),
    ]);
    let process = start(&vars);
    assert_eq!(process.client().send("POST", "/visits").status, 200);
    process.signal(Signal::TERM);
    let ended = process.wait();
    assert_eq!(ended.code, Some(0), "{}", ended.stdout);
    bao.assert_hidden(&ended);
}

/// A user with a password, in a namespace; and a token that somebody else keeps.
#[test]
fn other_logins_and_namespaces_do() {
    let bao = OpenBao::start();
    let policy = bao.path("policy.hcl");
    let policy = policy.to_str().unwrap();
    for arguments in [
        &["namespace", "create", "team"][..],
        &["policy", "write", "-namespace=team", "app", policy],
        &[
            "secrets",
            "enable",
            "-namespace=team",
            "-path=secret",
            "-version=2",
            "kv",
        ],
        &[
            "kv",
            "put",
            "-namespace=team",
            "-mount=secret",
            "dev/app-name",
            "db_url=sqlite::memory:",
        ],
        &["auth", "enable", "-namespace=team", "userpass"],
        &[
            "write",
            "-namespace=team",
            "auth/userpass/users/alice",
            "password=canary-password",
            "token_policies=app",
        ],
    ] {
        bao.bao(arguments);
    }
    let token = [
        "token",
        "create",
        "-namespace=team",
        "-policy=app",
        "-field=token",
    ];
    fs::write(bao.path("token"), bao.bao(&token)).unwrap();
    fs::write(bao.path("password"), "canary-password\n").unwrap();
    let path = |name| bao.path(name).to_str().unwrap().to_owned();
    for login in [
        vec![
            ("APP_SECRETS_VAULT_AUTH", "userpass".to_owned()),
            (
                "APP_SECRETS_VAULT_AUTH_USERPASS_USERNAME",
                "alice".to_owned(),
            ),
            (
                "APP_SECRETS_VAULT_AUTH_USERPASS_PASSWORD_FILE",
                path("password"),
            ),
        ],
        vec![
            ("APP_SECRETS_VAULT_AUTH", "token".to_owned()),
            ("APP_SECRETS_VAULT_AUTH_TOKEN_FILE", path("token")),
        ],
    ] {
        let mut vars = bao.vars();
        vars.retain(|(name, _)| !name.starts_with("APP_SECRETS_VAULT_AUTH"));
        vars.push(("APP_SECRETS_VAULT_NAMESPACE", "team".to_owned()));
        vars.extend(login);
        let ended = Process::run(&["--check", "--with-secrets"], &vars);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        bao.assert_hidden(&ended);
    }
    // The token is the operator's: it is good as before.
    let token = fs::read_to_string(bao.path("token")).unwrap();
    bao.bao(&["token", "lookup", "-namespace=team", token.trim()]);
}

/// A server that wants to know its clients.
#[test]
fn a_client_without_a_certificate_is_refused() {
    let bao = OpenBao::start();
    let mut vars = bao.vars();
    vars.retain(|(name, _)| !name.starts_with("APP_SECRETS_VAULT_CLIENT"));
    vars.push(("APP_START_TIMEOUT", "3s".to_owned()));
    let ended = Process::run(&["--check", "--with-secrets"], &vars);
    assert_eq!(ended.code, Some(69), "{}", ended.stderr);
    let why = "check the address, the network and the certificates";
    assert!(ended.stderr.contains(why), "{}", ended.stderr);
}

/// The variables of Vault's own tools are not read.
#[test]
fn variables_of_vault_change_nothing() {
    let deployment = Deployment::start("1h", "2h");
    let theirs = [
        ("VAULT_ADDR", "http://127.0.0.1:1"),
        ("VAULT_TOKEN", "theirs"),
        ("VAULT_NAMESPACE", "theirs"),
        ("VAULT_CACERT", "/nowhere"),
        ("VAULT_SKIP_VERIFY", ""),
        ("HTTPS_PROXY", "http://127.0.0.1:1"),
        ("ALL_PROXY", "http://127.0.0.1:1"),
    ];
    let theirs = theirs.map(|(name, value)| (name, value.to_owned()));
    let mut vars = deployment.vars();
    vars.extend(theirs.clone());
    let process = start(&vars);
    assert_eq!(process.client().get("/visits").status, 200);
    deployment.stop(process);

    // Without its authority the server is a stranger.
    let mut vars = deployment.vars();
    vars.retain(|(name, _)| *name != "APP_SECRETS_VAULT_CA_FILE");
    vars.extend(theirs);
    vars.push(("APP_START_TIMEOUT", "3s".to_owned()));
    let ended = start(&vars).wait();
    assert_eq!(ended.code, Some(69), "{}", ended.stdout);
    assert!(ended.stdout.contains("certificate"), "{}", ended.stdout);
}

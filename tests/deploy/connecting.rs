//! Databases that cannot be connected to, and for which no waiting helps.

use std::time::{Duration, Instant};

use crate::pgbouncer_server::PgBouncer;
use crate::postgres_server::PostgresServer;
use crate::process::Process;

/// Less than `APP_START_TIMEOUT`, which is 30 s.
const AT_ONCE: Duration = Duration::from_secs(8);

/// Starts a service that has to refuse at once. Returns the text after the prefix.
fn refusal(url: &str) -> String {
    let start = Instant::now();
    let ended = Process::start(&[("APP_DB_URL", url)]).wait();
    assert_eq!(ended.code, Some(78), "{url}: {ended:?}");
    assert!(start.elapsed() < AT_ONCE, "{url}: {:?}", start.elapsed());
    let prefix = "demo-service: cannot use the database (see APP_DB_URL, or `db_url` among the \
                  secrets): ";
    let text = ended.stderr.strip_prefix(prefix).map(str::trim_end);
    let text = text.unwrap_or_else(|| panic!("{}", ended.stderr));
    text.to_owned()
}

fn assert_refused(url: &str, address: &str, cause: &str, remedy: &str) {
    let text = refusal(url);
    let prefix = format!("cannot connect to {address}: ");
    assert!(text.starts_with(&prefix), "{text}");
    assert!(text.contains(cause), "{text}");
    assert!(text.ends_with(&format!("; {remedy}")), "{text}");
}

#[test]
fn a_server_without_tls_is_refused_at_once_if_tls_is_required() {
    let server = PostgresServer::start();
    let (host, port) = server.address();
    for mode in ["require", "verify-ca", "verify-full"] {
        let url = format!("{}?sslmode={mode}", server.admin_url());
        let remedy = "set up TLS at the server, or write `sslmode=disable` on a private network";
        let address = format!("{host}:{port}");
        assert_refused(&url, &address, "server does not support TLS", remedy);
    }
}

#[test]
fn a_certificate_that_proves_nothing_is_refused_at_once() {
    let server = PostgresServer::start();
    server.enable_tls();
    let (host, port) = server.address();
    let remedy = "check `sslrootcert`, and that the certificate of the server names the host";
    let url = format!("{}?sslmode=verify-full", server.admin_url());
    let cause = "invalid peer certificate";
    assert_refused(&url, &format!("{host}:{port}"), cause, remedy);
    let missing = format!("{url}&sslrootcert=/nowhere/ca.pem");
    let remedy = "check the files that `sslrootcert`, `sslcert` and `sslkey` name";
    assert_refused(&missing, &format!("{host}:{port}"), "No such file", remedy);
}

#[test]
fn a_host_that_no_name_server_knows_is_refused_soon() {
    let url = "postgres://app:hunter2-canary@nowhere.invalid:5433/app";
    let remedy = "check the name of the host";
    let cause = "failed to lookup address information";
    assert_refused(url, "nowhere.invalid:5433", cause, remedy);
}

#[test]
fn wrong_options_are_refused_at_once() {
    let server = PostgresServer::start();
    let (host, port) = server.address();
    let address = format!("{host}:{port}");
    let remedy = "check `options` in the URL, and PGOPTIONS";
    for (options, cause) in [
        (
            "options=-c%20nothing=1",
            "unrecognized configuration parameter",
        ),
        (
            "options[statement_timeout]=soon",
            "invalid value for parameter",
        ),
        ("options=nonsense", "invalid command-line argument"),
    ] {
        let url = format!("{}?{options}", server.admin_url());
        assert_refused(&url, &address, cause, remedy);
    }
}

/// Every refusal of `PgBouncer` has the same code.
#[test]
fn refusals_of_pgbouncer_are_told_from_its_outages() {
    let server = PostgresServer::start();
    let pooler = PgBouncer::start(&server, &[("pool_mode", "transaction")]);
    let url = pooler.url();
    let address = pooler.address();
    let remedy = "leave the parameter out of the URL, or add it to `ignore_startup_parameters` \
                  of PgBouncer";
    let options = format!("{url}?options=-c%20geqo=off");
    let cause = "unsupported startup parameter: options";
    assert_refused(&options, &address, cause, remedy);
    let remedy = "add the database to PgBouncer, or check its name";
    let nowhere = url.replace("/app", "/nowhere");
    assert_refused(&nowhere, &address, "no such database: nowhere", remedy);
    let wrong = url.replace(PostgresServer::superuser().1, "hunter2%41canary");
    let remedy = "check the user and the password, in which a URL writes `%` as %25";
    assert_refused(&wrong, &address, "password authentication failed", remedy);

    // As installed: it would refuse `extra_float_digits`.
    let process = Process::start(&[("APP_DB_URL", &*url)]);
    assert_eq!(process.client().send("POST", "/visits").status, 200);
    drop(process);

    // A server that is away may come back.
    server.stop();
    let vars = [("APP_DB_URL", &*url), ("APP_START_TIMEOUT", "2s")];
    let ended = Process::start(&vars).wait();
    assert_eq!(ended.code, Some(69), "{ended:?}");
    assert!(ended.stdout.contains(&address), "{}", ended.stdout);
}

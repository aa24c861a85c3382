//! Secrets from the stores of clouds: at the start, and while requests are served.

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;

use crate::client::Client;
use crate::cloud_server::{Mode, Server};
use crate::cloud_services::{Store, all, put_document};
use crate::metrics::counts;
use crate::process::{Ended, Process};
use crate::refresh::{AWAY, BACK, SOON, lines};
use crate::reload::{FIRST, SECOND, change, within};

/// A cloud with versions of secrets that can be disabled.
pub(crate) trait Versions: Store {
    /// Enables the last version of a secret, or disables it.
    fn enable(server: &Server<Self>, id: &str, is_enabled: bool);
}

/// Checks the configuration and the secrets.
pub(crate) fn check<S: Store>(server: &Server<S>, vars: &[(&str, &str)]) -> Ended {
    let own = S::vars(server);
    let ended = Process::run(&["--check", "--with-secrets"], &all::<S>(&own, vars));
    assert!(!format!("{ended:?}").contains("canary"), "{ended:?}");
    ended
}

/// Returns the exit code, and the reason of a failure without its constant start.
pub(crate) fn failure<S: Store>(
    server: &Server<S>,
    vars: &[(&str, &str)],
) -> (Option<i32>, String) {
    let ended = check(server, &[&[("APP_START_TIMEOUT", "1s")], vars].concat());
    let start = format!(
        "demo-service: cannot fetch the secrets (see APP_SECRETS_{}_*): \
         cannot read the secret app-name: ",
        S::WORD.to_uppercase()
    );
    let reason = ended.stderr.lines().last().unwrap_or_default();
    let reason = reason.strip_prefix(&start);
    let reason = reason.unwrap_or_else(|| panic!("{ended:?}"));
    (ended.code, reason.to_owned())
}

pub(crate) fn a_server_that_never_answers_is_69<S: Store>(server: &Server<S>, document: &str) {
    server.state().mode = Mode::Hanging;
    let begun = Instant::now();
    let timeout = format!("APP_SECRETS_{}_TIMEOUT", S::WORD.to_uppercase());
    let vars = [
        (document, "app-name"),
        ("APP_START_TIMEOUT", "1s"),
        (&timeout, "1h"),
    ];
    let ended = check(server, &vars);
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(ended.code, Some(69));
    assert_eq!(
        ended.stderr,
        format!(
            "demo-service: cannot fetch the secrets (see APP_SECRETS_{}_*): \
             no answer within APP_START_TIMEOUT; check the address and the network\n",
            S::WORD.to_uppercase()
        )
    );
}

/// Each change is a line, and the former values stay in effect.
pub(crate) fn a_permission_a_version_and_an_outage_come_and_go<S: Versions>(
    server: &Server<S>,
    document: &str,
) {
    put_document(server, FIRST);
    let timeout = format!("APP_SECRETS_{}_TIMEOUT", S::WORD.to_uppercase());
    let vars = [
        (document, "app-name"),
        ("APP_SECRETS_REFRESH_INTERVAL", "1s"),
        (&timeout, "1s"),
        ("APP_LOG_LEVEL", "trace"),
    ];
    let own = S::vars(server);
    let process = Process::start(&all::<S>(&own, &vars));
    let client = process.client();
    let secrets = || -> Value {
        let config: Value = serde_json::from_str(&client.get("/-/config").body).unwrap();
        config["secrets"][format!("{}_secrets", S::WORD)].clone()
    };
    assert_eq!(secrets()["health"], "fresh");
    let fails = |kind: &str| within(SOON, kind, || secrets()["failure"] == kind);

    S::grant(server, false);
    fails("denied");
    put_document(server, SECOND);
    thread::sleep(Duration::from_secs(2));
    assert_eq!(change(&client, FIRST), 200);
    assert_eq!(client.get("/-/ready").status, 200);
    S::enable(server, "app-name", false);
    S::grant(server, true);
    fails("disabled");
    server.state().mode = Mode::Hanging;
    fails("unreachable");
    assert_eq!(change(&client, FIRST), 200);
    assert_eq!(metric::<S>(&client, "health", "health=\"stale\""), 1);
    S::enable(server, "app-name", true);
    server.state().mode = Mode::Up;
    within(SOON, "the new token", || change(&client, SECOND) == 200);
    within(SOON, "the end of the outage", || {
        secrets()["health"] == "fresh"
    });
    assert_eq!(change(&client, FIRST), 401);
    assert!(metric::<S>(&client, "requests_total", "outcome=\"failed\"") >= 3);

    process.signal(Signal::TERM);
    let ended = process.wait();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!((lines(&ended, AWAY), lines(&ended, BACK)), (3, 1));
    for secret in [FIRST, SECOND, "canary"] {
        assert!(!format!("{ended:?}").contains(secret), "{secret}");
    }
}

fn metric<S: Store>(client: &Client, name: &str, label: &str) -> i64 {
    let secret = format!("{}_secrets", S::WORD);
    let name = format!("demo_service_secret_{name}{{secret=\"{secret}\",{label}}}");
    counts(client)[&name]
}

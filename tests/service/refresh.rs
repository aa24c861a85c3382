//! Documents of a Vault and secrets of AWS that are replaced while requests are served.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::Client;
use crate::cloud_services::{Store, all};
use crate::fake_aws::{Aws, FakeAws};
use crate::fake_vault::{FakeVault, Mode};
use crate::metrics::counts;
use crate::process::{Ended, Process};
use crate::reload::{APPLIED, FIRST, REFUSED, SECOND, change, url, within};

const DOCUMENT: &str = "GET secret/data/dev/app-name";

pub(crate) const AWAY: &str = "the secrets cannot be fetched: the former values stay in effect";
pub(crate) const BACK: &str = "the secrets can be fetched again";

/// The interval of a second, the time to settle, and a busy machine.
pub(crate) const SOON: Duration = Duration::from_secs(4);

/// A service with its secrets in a document of a Vault.
struct Service {
    vault: FakeVault,
    dir: TempDir,
    process: Process,
    client: Client,
}

impl Service {
    fn start(interval: &str, vars: &[(&str, &str)]) -> Self {
        let vault = FakeVault::start();
        let dir = tempfile::tempdir().unwrap();
        put(&vault, 1, &url(dir.path(), ""), FIRST);
        let address = vault.url();
        let secret_id = vault.path("secret_id");
        let mut all = vec![
            ("APP_SECRETS", "vault"),
            ("APP_SECRETS_VAULT_ADDR", &address),
            ("APP_SECRETS_VAULT_AUTH", "approle"),
            ("APP_SECRETS_VAULT_AUTH_APPROLE_ROLE_ID", "role"),
            (
                "APP_SECRETS_VAULT_AUTH_APPROLE_SECRET_ID_FILE",
                secret_id.to_str().unwrap(),
            ),
            ("APP_SECRETS_REFRESH_INTERVAL", interval),
            ("APP_DRAIN_DELAY", "0s"),
        ];
        all.extend(vars);
        let process = Process::start(&all);
        let client = process.client();
        Self {
            vault,
            dir,
            process,
            client,
        }
    }

    fn put(&self, version: u64, parameters: &str, token: &str) {
        put(
            &self.vault,
            version,
            &url(self.dir.path(), parameters),
            token,
        );
    }

    fn change(&self, token: &str) -> u16 {
        change(&self.client, token)
    }

    fn config(&self) -> Value {
        serde_json::from_str(&self.client.get("/-/config").body).unwrap()
    }

    /// Returns a metric of the document.
    fn metric(&self, name: &str, label: &str) -> i64 {
        let name = format!("demo_service_secret_{name}{{secret=\"vault_document\",{label}}}");
        counts(&self.client)[&name]
    }

    fn stop(self) -> Ended {
        self.process.signal(Signal::TERM);
        let ended = self.process.wait();
        assert_eq!(ended.code, Some(0), "{ended:?}");
        for secret in [FIRST, SECOND, "canary"] {
            assert!(!format!("{ended:?}").contains(secret), "{ended:?}");
        }
        assert_eq!(self.vault.live_tokens(), 0);
        ended
    }
}

fn put(vault: &FakeVault, version: u64, url: &str, token: &str) {
    let data = json!({"db_url": url, "admin_token": token});
    let document = json!({"data": data, "metadata": {"version": version}});
    let documents = &mut vault.state().documents;
    documents.insert("secret/data/dev/app-name".to_owned(), document);
}

/// Returns the number of lines with a message.
pub(crate) fn lines(ended: &Ended, message: &str) -> usize {
    let log = ended.log();
    log.iter().filter(|line| line["message"] == message).count()
}

#[test]
fn a_newer_version_of_a_document_takes_effect_within_the_interval() {
    let service = Service::start("1s", &[]);
    let post = || service.client.send("POST", "/visits").body;
    assert_eq!(post(), r#"{"visits":1}"#);
    assert_eq!(service.change(SECOND), 401);
    service.put(2, "&cache=private", SECOND);
    within(SOON, "the new token", || service.change(FIRST) == 401);
    assert_eq!(service.change(SECOND), 200);
    assert_eq!(post(), r#"{"visits":2}"#);
    let applied = service.process.line(APPLIED);
    assert_eq!(applied["variables"], "APP_ADMIN_TOKEN, APP_DB_URL");
    within(SOON, "the report", || {
        service.config()["reloads"]["applied"] == 1
    });
    let config = service.config();
    let document = &config["secrets"]["vault_document"];
    assert_eq!(document["health"], "fresh");
    assert!(document["age_seconds"].as_u64().unwrap() < 4, "{config}");
    assert!(service.metric("requests_total", "outcome=\"fetched\"") >= 2);
    assert_eq!(service.metric("requests_total", "outcome=\"failed\""), 0);

    // A document that was deleted and created again has a version that was there before.
    service.put(1, "&cache=private", FIRST);
    within(SOON, "the token", || service.change(SECOND) == 401);
    assert_eq!(service.change(FIRST), 200);
    let ended = service.stop();
    // A fetch without a change is no event.
    assert_eq!((lines(&ended, APPLIED), lines(&ended, BACK)), (2, 0));
    assert_eq!(lines(&ended, "the configuration is unchanged"), 0);
}

#[test]
fn a_document_with_a_wrong_value_is_refused_and_nothing_is_applied() {
    let service = Service::start("1s", &[]);
    service.put(2, "&mode=canary", SECOND);
    service.process.line(REFUSED);
    assert_eq!(service.change(SECOND), 401);
    // Several fetches later, the refusal is still a single line.
    thread::sleep(Duration::from_millis(2_500));
    assert_eq!(service.change(FIRST), 200);
    service.put(3, "", SECOND);
    within(SOON, "the correction", || service.change(SECOND) == 200);
    let ended = service.stop();
    assert_eq!((lines(&ended, REFUSED), lines(&ended, APPLIED)), (1, 1));
}

/// Longer than several intervals.
#[test]
fn an_outage_is_a_line_a_change_and_keeps_the_values() {
    let service = Service::start("1s", &[]);
    service.vault.state().mode = Mode::Sealed;
    let line = service.process.line(AWAY);
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["secret"], "vault_document");
    service.put(2, "", SECOND);
    let (begun, before) = (Instant::now(), service.vault.count(DOCUMENT));
    thread::sleep(Duration::from_secs(4));
    let asked = service.vault.count(DOCUMENT) - before;
    // The pauses are half a second to a second.
    assert!((2..=9).contains(&asked), "{asked} in {:?}", begun.elapsed());
    assert_eq!(service.change(FIRST), 200);
    let document = service.config()["secrets"]["vault_document"].clone();
    assert_eq!(document["failure"], "sealed");
    assert_eq!(document["health"], "stale");
    assert!(document["age_seconds"].as_u64().unwrap() >= 4, "{document}");
    assert_eq!(service.metric("health", "health=\"stale\""), 1);
    assert!(service.metric("requests_total", "outcome=\"failed\"") >= 3);
    assert_eq!(service.client.get("/-/ready").status, 200);

    // Another failure is another line: the document is deleted.
    let documents = service.vault.state().documents.clone();
    service.vault.state().documents.clear();
    service.vault.state().mode = Mode::Up;
    within(SOON, "the failure", || {
        service.config()["secrets"]["vault_document"]["failure"] == "not_found"
    });
    assert_eq!(service.change(FIRST), 200);
    service.vault.state().documents = documents;
    within(SOON, "the new token", || service.change(SECOND) == 200);
    service.process.line(BACK);
    let ended = service.stop();
    assert_eq!((lines(&ended, AWAY), lines(&ended, BACK)), (2, 1));
    assert_eq!(lines(&ended, REFUSED), 0);
}

#[test]
fn a_hangup_fetches_at_once_and_says_if_that_fails() {
    let service = Service::start("1h", &[]);
    service.put(2, "", SECOND);
    thread::sleep(Duration::from_secs(1));
    assert_eq!(service.change(FIRST), 200);
    service.process.signal(Signal::HUP);
    service.process.line(APPLIED);
    assert_eq!(service.change(SECOND), 200);
    assert_eq!(service.vault.count(DOCUMENT), 2);

    service.vault.state().mode = Mode::Denying;
    service.process.signal(Signal::HUP);
    let line = service.process.line(REFUSED);
    let problems = line["problems"].as_str().unwrap();
    let reason = "the secrets cannot be fetched: cannot read secret/data/dev/app-name: ";
    assert!(problems.starts_with(reason), "{problems}");
    let successful = || counts(&service.client)["demo_service_config_last_reload_successful"];
    within(SOON, "the report", || successful() == 0);
    assert_eq!(service.change(SECOND), 200);

    // The retries end the refusal, and nobody has to ask again.
    service.vault.state().mode = Mode::Up;
    service.process.line(BACK);
    within(SOON, "the end of the refusal", || successful() == 1);
    service.stop();
}

/// The session is shared by a fetch, and is closed all the same.
#[test]
fn a_fetch_without_an_answer_holds_no_stop_up() {
    let service = Service::start("1s", &[("APP_STOP_TIMEOUT", "3s")]);
    let before = service.vault.count(DOCUMENT);
    service.vault.state().hanging = Some(DOCUMENT);
    within(SOON, "the fetch", || service.vault.count(DOCUMENT) > before);
    // Nor does a reload that waits for the fetch.
    service.process.signal(Signal::HUP);
    thread::sleep(Duration::from_millis(300));
    service.process.signal(Signal::TERM);
    let ended = service.process.wait_or_kill(Duration::from_secs(3));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.stderr, "");
    assert_eq!(ended.log().pop().unwrap()["message"], "drained");
    assert_eq!(service.vault.live_tokens(), 0);
}

#[test]
fn an_interval_below_a_second_is_refused() {
    let vars = [("APP_SECRETS_REFRESH_INTERVAL", "100ms")];
    let ended = Process::run(&["--check"], &vars);
    assert_eq!(ended.code, Some(78), "{ended:?}");
    let problem = "APP_SECRETS_REFRESH_INTERVAL  \"100ms\" is refused: it must be 1s at least";
    assert!(ended.stderr.contains(problem), "{}", ended.stderr);
}

/// A service with its secrets in AWS.
fn start_with_aws(aws: &FakeAws, vars: &[(&str, &str)]) -> Process {
    let own = Aws::vars(aws);
    let mut all = all::<Aws>(&own, vars);
    all.push(("APP_SECRETS_REFRESH_INTERVAL", "1s"));
    Process::start(&all)
}

#[test]
fn a_newer_version_of_a_secret_of_aws_takes_effect_in_either_layout() {
    for by_variables in [false, true] {
        let (aws, dir) = (FakeAws::start(), tempfile::tempdir().unwrap());
        let put = |token: &str| {
            let url = url(dir.path(), "");
            let document = json!({"db_url": url, "admin_token": token}).to_string();
            for (id, text) in [("doc", &*document), ("url", &*url), ("token", token)] {
                aws.put(id, text);
            }
        };
        put(FIRST);
        let process = if by_variables {
            let ids = [
                ("APP_DB_URL_SECRET_ID", "url"),
                ("APP_ADMIN_TOKEN_SECRET_ID", "token"),
            ];
            start_with_aws(&aws, &ids)
        } else {
            start_with_aws(&aws, &[("APP_SECRETS_AWS_SECRET_ID", "doc")])
        };
        let client = process.client();
        assert_eq!(change(&client, FIRST), 200);
        put(SECOND);
        within(SOON, "the new token", || change(&client, FIRST) == 401);
        assert_eq!(change(&client, SECOND), 200);

        Aws::grant(&aws, false);
        let line = process.line(AWAY);
        assert_eq!(line["secret"], "aws_secrets");
        put(FIRST);
        thread::sleep(Duration::from_secs(2));
        assert_eq!(change(&client, SECOND), 200);
        Aws::grant(&aws, true);
        within(SOON, "the new token", || change(&client, SECOND) == 401);
        process.signal(Signal::TERM);
        let ended = process.wait();
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let counted = [AWAY, BACK, APPLIED].map(|message| lines(&ended, message));
        assert_eq!(counted, [1, 1, 2], "{ended:?}");
        for secret in [FIRST, SECOND, "canary"] {
            assert!(!format!("{ended:?}").contains(secret), "{ended:?}");
        }
    }
}

/// Resident memory of a service that fetches a document of 1 MB a second.
#[test]
fn fetches_do_not_accumulate() {
    let service = Service::start("1s", &[]);
    let put = |version: u64| {
        let filler = "x".repeat(1_000_000);
        let data = json!({
            "db_url": url(service.dir.path(), ""), "admin_token": FIRST, "filler": filler,
        });
        let document = json!({"data": data, "metadata": {"version": version}});
        let documents = &mut service.vault.state().documents;
        documents.insert("secret/data/dev/app-name".to_owned(), document);
    };
    put(2);
    let fetched = |count| {
        let enough = service.vault.count(DOCUMENT) + count;
        within(Duration::from_secs(20), "the fetches", || {
            service.vault.count(DOCUMENT) >= enough
        });
    };
    fetched(3);
    let before = service.process.resident_kib();
    fetched(5);
    let after = service.process.resident_kib();
    assert!(after < before + 6 * 1024, "{before} KiB, {after} KiB");
    let fds = fs::read_dir(format!("/proc/{}/fd", service.process.pid())).unwrap();
    assert!(fds.count() < 60);
    service.stop();
}

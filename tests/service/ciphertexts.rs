//! Secrets that Google's Cloud KMS decrypts.

use std::fs;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;

use crate::cloud_server::Mode;
use crate::clouds::check;
use crate::fake_gcp::{FakeGcp, KEY, MACHINE, OTHER_KEY, encrypted, encrypted_as_base64};
use crate::process::{Ended, Process};
use crate::refresh::{AWAY, BACK, SOON, lines};
use crate::reload::{APPLIED, FIRST, SECOND, change, within};

const URL: &str = "sqlite:/nowhere/canary.db";

/// Checks the configuration with a ciphertext of the database's URL, and further variables.
fn check_url(server: &FakeGcp, ciphertext: &str, vars: &[(&str, &str)]) -> Ended {
    let endpoint = server.url();
    let kms = [
        ("APP_SECRETS_GCP_KMS_KEY", KEY),
        ("APP_SECRETS_GCP_KMS_ENDPOINT_URL", &*endpoint),
        ("APP_START_TIMEOUT", "1s"),
        ("APP_DB_URL_KMS", ciphertext),
    ];
    check(server, &[&kms, vars].concat())
}

#[test]
fn the_database_is_in_a_ciphertext_or_in_a_file_with_it() {
    let server = FakeGcp::start();
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), encrypted(KEY, URL.as_bytes())).unwrap();
    let path = file.path().to_str().unwrap();
    for ended in [
        check_url(&server, &encrypted_as_base64(KEY, URL), &[]),
        check_url(&server, "", &[("APP_DB_URL_KMS_FILE", path)]),
    ] {
        let said = (ended.code, &*ended.stdout, &*ended.stderr);
        assert_eq!(said, (Some(0), "the configuration is valid\n", ""));
    }
    let requests = server.lines();
    let decrypted = requests.iter().filter(|line| line.ends_with(":decrypt"));
    assert_eq!(decrypted.count(), 2);
    assert_eq!(server.ids(), [""; 0]);
}

#[test]
fn a_mistake_is_78_with_the_remedy_and_an_outage_is_69() {
    let server = FakeGcp::start();
    let right = encrypted_as_base64(KEY, URL);
    let failure = |ciphertext: &str, vars: &[(&str, &str)]| {
        let ended = check_url(&server, ciphertext, vars);
        let start = "demo-service: cannot fetch the secrets (see APP_SECRETS_GCP_*): \
                     APP_DB_URL_KMS: cannot ";
        let reason = ended.stderr.lines().last().unwrap_or_default();
        let reason = reason.strip_prefix(start);
        let reason = reason.unwrap_or_else(|| panic!("{ended:?}"));
        (ended.code, reason.to_owned())
    };
    let told = |(code, reason): (Option<i32>, String), expected: i32, parts: &[&str]| {
        assert_eq!(code, Some(expected), "{reason}");
        for part in parts {
            assert!(reason.contains(part), "{part}: {reason}");
        }
    };
    told(
        failure("canary!", &[]),
        78,
        &["the ciphertext is not base64; ", "gcloud kms encrypt"],
    );
    told(
        failure(&encrypted_as_base64(OTHER_KEY, URL), &[]),
        78,
        &[&format!(
            "decrypt the secret with {KEY}: it is no ciphertext of this key (400, "
        )],
    );
    told(
        failure(&right, &[("APP_DB_URL", "sqlite::memory:")]),
        78,
        &["read the secret: APP_DB_URL is set, too; remove one of them"],
    );
    told(
        failure(&right, &[("APP_SECRETS_GCP_KMS_KEY", "")]),
        78,
        &["decrypt the secret: no key is named; name the key (`KMS_KEY`)"],
    );
    server.state().is_key_granted = false;
    told(
        failure(&right, &[]),
        78,
        &[
            &format!("Google denies it to {MACHINE} (403, "),
            "grant the role roles/cloudkms.cryptoKeyDecrypter",
        ],
    );
    server.state().is_key_granted = true;
    server.state().key_state = "DESTROYED";
    told(
        failure(&right, &[]),
        78,
        &[
            "current state is: DESTROYED",
            "enable the version of the key",
        ],
    );
    server.state().key_state = "ENABLED";
    let away = ("APP_SECRETS_GCP_KMS_ENDPOINT_URL", "http://127.0.0.1:1");
    told(
        failure(&right, &[away]),
        69,
        &["http://127.0.0.1:1 cannot be reached: "],
    );
    server.state().mode = Mode::Hanging;
    let ended = check_url(&server, &right, &[("APP_SECRETS_GCP_TIMEOUT", "1h")]);
    assert_eq!(ended.code, Some(69), "{ended:?}");
    assert!(
        ended.stderr.contains("no answer within APP_START_TIMEOUT"),
        "{ended:?}"
    );
}

/// Without the secrets, only the names of the variables are checked.
#[test]
fn a_ciphertext_is_read_with_google_and_a_key_only() {
    let vars = [
        ("APP_DB_URL_KMS", "CiQA"),
        ("APP_PORT_KMS", "CiQA"),
        ("APP_SECRETS", "gcp"),
        ("APP_SECRETS_GCP_KMS_KEY", KEY),
        ("APP_SECRETS_GCP_SECRET_ID", "app-name"),
    ];
    let warned = |vars: &[(&str, &str)]| {
        let ended = Process::run(&["--check"], vars);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        ended.stderr
    };
    let no_secret = "demo-service: warning: APP_PORT_KMS: set, but APP_PORT is no secret, so that \
                     no store decrypts it; set APP_PORT itself\n";
    let unread = "demo-service: warning: APP_DB_URL_KMS: set, but no store decrypts it; use \
                  Google's store with a key of Cloud KMS, or remove it\n";
    assert_eq!(warned(&vars[..4]), no_secret);
    assert_eq!(warned(&vars[..2]), format!("{unread}{no_secret}"));
    let document = warned(&vars);
    assert!(document.contains(unread), "{document}");
    let no_effect = "APP_SECRETS_GCP_KMS_KEY: no effect, because APP_SECRETS_GCP_SECRET_ID is a \
                     document of all secrets; unset one\n";
    assert!(document.contains(no_effect), "{document}");
}

#[test]
fn an_outage_after_the_start_does_no_harm_and_a_new_file_takes_effect() {
    let server = FakeGcp::start();
    let (endpoint, metadata) = (server.url(), server.address.to_string());
    let file = tempfile::NamedTempFile::new().unwrap();
    let write = |token: &str| fs::write(file.path(), encrypted(KEY, token.as_bytes())).unwrap();
    write(FIRST);
    let url = encrypted_as_base64(KEY, "sqlite::memory:");
    let process = Process::start(&[
        ("APP_SECRETS", "gcp"),
        ("APP_SECRETS_GCP_KMS_KEY", KEY),
        ("APP_SECRETS_GCP_KMS_ENDPOINT_URL", &endpoint),
        ("GCE_METADATA_HOST", &metadata),
        ("APP_SECRETS_REFRESH_INTERVAL", "1s"),
        ("APP_SECRETS_GCP_TIMEOUT", "1s"),
        ("APP_DB_URL_KMS", &url),
        ("APP_ADMIN_TOKEN_KMS_FILE", file.path().to_str().unwrap()),
        ("APP_DRAIN_DELAY", "0s"),
        ("APP_LOG_LEVEL", "trace"),
    ]);
    let client = process.client();
    let config = || -> Value { serde_json::from_str(&client.get("/-/config").body).unwrap() };
    let secrets = || config()["secrets"]["gcp_secrets"].clone();
    assert_eq!(change(&client, FIRST), 200);
    assert!(config().to_string().contains("Cloud KMS"));

    server.state().mode = Mode::Hanging;
    thread::sleep(Duration::from_secs(3));
    assert_eq!(secrets()["health"], "fresh");
    assert_eq!(change(&client, FIRST), 200);

    write(SECOND);
    within(SOON, "the failure", || {
        secrets()["failure"] == "unreachable"
    });
    server.state().is_key_granted = false;
    server.state().mode = Mode::Up;
    within(SOON, "the denial", || secrets()["failure"] == "key_denied");
    assert_eq!(change(&client, FIRST), 200);
    server.state().is_key_granted = true;
    within(SOON, "the new token", || change(&client, SECOND) == 200);
    assert_eq!(change(&client, FIRST), 401);
    within(SOON, "the end", || secrets()["health"] == "fresh");

    process.signal(Signal::TERM);
    let ended = process.wait();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let counted = [AWAY, BACK, APPLIED].map(|message| lines(&ended, message));
    assert_eq!(counted, [2, 1, 1]);
    for secret in [FIRST, SECOND, &*url] {
        assert!(!format!("{ended:?}").contains(secret), "{secret}");
    }
}

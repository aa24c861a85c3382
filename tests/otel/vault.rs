//! Requests to a Vault as spans.

use std::collections::BTreeSet;

use rustix::process::Signal;
use serde_json::json;

use crate::collector::{Answer, Collector, attributes};
use crate::fake_vault::{FakeVault, Mode};
use crate::hex;
use crate::process::Process;

fn start(vault: &FakeVault, collector: &Collector) -> Process {
    let (url, endpoint, secret_id) = (vault.url(), collector.endpoint(), vault.path("secret_id"));
    Process::start(&[
        ("APP_SECRETS", "vault"),
        ("APP_SECRETS_VAULT_ADDR", &url),
        ("APP_SECRETS_VAULT_AUTH", "approle"),
        ("APP_SECRETS_VAULT_AUTH_APPROLE_ROLE_ID", "role"),
        (
            "APP_SECRETS_VAULT_AUTH_APPROLE_SECRET_ID_FILE",
            secret_id.to_str().unwrap(),
        ),
        ("APP_DRAIN_DELAY", "0s"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint),
        ("OTEL_BSP_SCHEDULE_DELAY", "50"),
    ])
}

#[test]
fn each_request_to_a_vault_is_a_span_whose_trace_the_vault_gets() {
    let (vault, collector) = (FakeVault::start(), Collector::start(Answer::Status(200)));
    let document = json!({"data": {
        "db_url": "sqlite::memory:",
        "otel_exporter_otlp_headers": "api-key=canary",
    }});
    let path = "secret/data/dev/app-name".to_owned();
    vault.state().documents.insert(path, document);
    let process = start(&vault, &collector);
    process.client().get("/hello");
    process.signal(Signal::TERM);
    let ended = process.wait();
    assert_eq!(ended.code, Some(0), "{ended:?}");

    let spans = collector.spans();
    let of_vault = spans.iter().filter(|span| span.kind == 3);
    let names: Vec<_> = of_vault.clone().map(|span| &*span.name).collect();
    assert_eq!(
        names,
        [
            "log in at auth/approle",
            "read secret/data/dev/app-name",
            "revoke the token",
        ]
    );
    let address = format!("server.address={}", vault.url());
    for span in of_vault.clone() {
        assert_eq!(attributes(&span.attributes), [&*address]);
        assert_eq!((&*span.parent_span_id, &span.status), (&b""[..], &None));
    }
    let sent: BTreeSet<_> = of_vault
        .map(|span| format!("00-{}-{}-01", hex(&span.trace_id), hex(&span.span_id)))
        .collect();
    let received = vault.state().received.clone();
    let received: BTreeSet<_> = received
        .iter()
        .map(|request| request.headers["traceparent"].clone())
        .collect();
    assert_eq!(sent, received);

    // Headers among the secrets are sent as soon as there are secrets.
    let last = collector.exports().pop().unwrap();
    assert!(
        last.head.contains("\r\napi-key: canary\r\n"),
        "{}",
        last.head
    );
}

#[test]
fn a_vault_that_refuses_is_an_error_that_is_exported_although_nothing_starts() {
    let (vault, collector) = (FakeVault::start(), Collector::start(Answer::Status(200)));
    vault.state().mode = Mode::Denying;
    let ended = start(&vault, &collector).wait();
    assert_eq!(ended.code, Some(78), "{ended:?}");
    let spans = collector.spans();
    let failed = spans.iter().find(|span| span.status.is_some()).unwrap();
    assert_eq!(failed.status.as_ref().unwrap().code, 2);
    let address = format!("server.address={}", vault.url());
    assert_eq!(
        attributes(&failed.attributes),
        [&*address, "error.type=denied"]
    );
    assert!(
        failed.name.starts_with("read secret/") || failed.name.starts_with("log in"),
        "{spans:?}"
    );
}

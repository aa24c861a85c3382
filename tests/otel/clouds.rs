//! Fetches from the stores of clouds as spans.

use std::time::Duration;

use opentelemetry_proto::tonic::trace::v1::Span;
use rustix::process::Signal;

use crate::cloud_server::{Mode, Server};
use crate::cloud_services::{Store, all, put_document};
use crate::collector::{Answer, Collector, attributes};
use crate::fake_aws::Aws;
use crate::fake_azure::Azure;
use crate::fake_gcp::Google;
use crate::process::{Ended, Process};

const AWS: &str = "fetch from AWS Secrets Manager";
const AZURE: &str = "fetch from Azure Key Vault";
const GOOGLE: &str = "fetch from Google Secret Manager";

/// The credentials and tokens of the fakes have this word in them, too.
const SECRET: &str = "canary-token-of-the-operators";

fn start<S: Store>(server: &Server<S>, collector: &Collector) -> Process {
    let word = S::WORD.to_uppercase();
    let (own, endpoint) = (S::vars(server), collector.endpoint());
    let id = format!("APP_SECRETS_{word}_SECRET_ID");
    let timeout = format!("APP_SECRETS_{word}_TIMEOUT");
    Process::start(&all::<S>(
        &own,
        &[
            (&id, "app-name"),
            (&timeout, "1h"),
            ("APP_START_TIMEOUT", "2s"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint),
            ("OTEL_BSP_SCHEDULE_DELAY", "50"),
        ],
    ))
}

/// Returns the spans of requests to the store. No export and no line of the log has a secret.
fn of_store(collector: &Collector, ended: &Ended) -> Vec<Span> {
    let exports = collector.exports();
    assert!(!format!("{exports:?}").contains("canary"), "{exports:#?}");
    assert!(!format!("{ended:?}").contains("canary"), "{ended:?}");
    let mut spans = collector.spans();
    spans.retain(|span| span.kind == 3);
    spans
}

/// A service that does not start exports the span of the fetch with the kind of the failure.
fn fails<S: Store>(server: &Server<S>, name: &str, code: i32, kind: &str) -> Span {
    let collector = Collector::start(Answer::Status(200));
    let ended = start(server, &collector).wait();
    assert_eq!(ended.code, Some(code), "{ended:?}");
    let mut spans = of_store(&collector, &ended);
    assert_eq!(spans.len(), 1, "{spans:#?}");
    let span = spans.remove(0);
    assert_eq!(span.name, name);
    assert_eq!(attributes(&span.attributes), [format!("error.type={kind}")]);
    assert_eq!(span.status.as_ref().unwrap().code, 2);
    span
}

fn a_fetch_is_a_span<S: Store>(name: &str) {
    let (server, collector) = (Server::<S>::start(), Collector::start(Answer::Status(200)));
    put_document(&server, SECRET);
    let process = start(&server, &collector);
    assert_eq!(process.client().get("/hello").status, 200);
    process.signal(Signal::TERM);
    let ended = process.wait();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let spans = of_store(&collector, &ended);
    let [span] = &spans[..] else {
        panic!("{spans:#?}");
    };
    assert_eq!(span.name, name);
    assert_eq!(
        (&span.status, attributes(&span.attributes)),
        (&None, vec![])
    );
    assert_eq!(span.parent_span_id, b"");
    assert!(span.start_time_unix_nano < span.end_time_unix_nano);
}

#[test]
fn a_fetch_from_the_store_of_a_cloud_is_a_span_without_a_secret() {
    a_fetch_is_a_span::<Aws>(AWS);
    a_fetch_is_a_span::<Azure>(AZURE);
    a_fetch_is_a_span::<Google>(GOOGLE);
}

fn a_denied_fetch_is_an_error<S: Store>(name: &str) {
    let server = Server::<S>::start();
    put_document(&server, SECRET);
    S::grant(&server, false);
    fails(&server, name, 78, "denied");
}

#[test]
fn a_denied_fetch_is_an_error_of_that_kind() {
    a_denied_fetch_is_an_error::<Aws>(AWS);
    a_denied_fetch_is_an_error::<Azure>(AZURE);
    a_denied_fetch_is_an_error::<Google>(GOOGLE);
}

fn an_abandoned_fetch_is_an_error<S: Store>(name: &str) {
    let server = Server::<S>::start();
    server.state().mode = Mode::Hanging;
    let span = fails(&server, name, 69, "unanswered");
    let nanos = span.end_time_unix_nano - span.start_time_unix_nano;
    assert!(
        Duration::from_nanos(nanos) > Duration::from_secs(1),
        "{span:?}"
    );
}

#[test]
fn a_fetch_that_is_abandoned_at_the_deadline_is_an_error_as_long_as_the_wait() {
    an_abandoned_fetch_is_an_error::<Aws>(AWS);
    an_abandoned_fetch_is_an_error::<Azure>(AZURE);
    an_abandoned_fetch_is_an_error::<Google>(GOOGLE);
}

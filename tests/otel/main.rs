//! Spans, as a collector of OpenTelemetry receives them. The collector decodes them with the
//! published types of the protocol. A Prometheus, which `./tests/run` installs, scrapes examples.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that goes wrong ends in a panic"
)]

#[path = "../service/client.rs"]
mod client;
mod collector;
mod exemplars;
mod outages;
#[path = "../service/process.rs"]
#[expect(dead_code, reason = "the suite `service` uses all of it")]
mod process;
mod spans;

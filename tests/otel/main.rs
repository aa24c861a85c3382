//! Spans, as a collector of OpenTelemetry receives them. The collector decodes them with the
//! published types of the protocol. A Prometheus, which `./tests/run` installs, scrapes examples.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that goes wrong ends in a panic"
)]

#[path = "../service/client.rs"]
mod client;
#[path = "../clouds/server.rs"]
#[expect(dead_code, reason = "the suites of the stores use all of it")]
mod cloud_server;
#[path = "../clouds/service.rs"]
mod cloud_services;
mod clouds;
mod collector;
mod exemplars;
#[path = "../aws/fake.rs"]
#[expect(dead_code, reason = "the suite `aws` uses all of it")]
mod fake_aws;
#[path = "../azure/fake.rs"]
#[expect(dead_code, reason = "the suite `azure` uses all of it")]
mod fake_azure;
#[path = "../gcp/fake.rs"]
#[expect(dead_code, reason = "the suite `gcp` uses all of it")]
mod fake_gcp;
#[path = "../vault/fake.rs"]
#[expect(dead_code, reason = "the suite `vault` uses all of it")]
mod fake_vault;
mod outages;
#[path = "../service/process.rs"]
#[expect(dead_code, reason = "the suite `service` uses all of it")]
mod process;
mod spans;
mod variables;
mod vault;

use std::fmt::Write as _;

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}

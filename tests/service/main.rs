//! What `demo-service` promises, asked for through a socket.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that goes wrong ends in a panic"
)]

mod admin;
mod azure;
mod changes;
mod ciphertexts;
mod client;
#[path = "../clouds/server.rs"]
#[expect(dead_code, reason = "the suites of the stores use all of it")]
mod cloud_server;
#[path = "../clouds/service.rs"]
mod cloud_services;
mod clouds;
mod commands;
mod configuration;
mod connections;
mod dockerflow;
mod draining;
mod effective_config;
mod errors;
mod exposure;
#[path = "../aws/fake.rs"]
#[expect(dead_code, reason = "the suite `aws` uses all of it")]
mod fake_aws;
#[path = "../azure/fake.rs"]
#[expect(dead_code, reason = "the suite `azure` uses all of it")]
mod fake_azure;
#[path = "../gcp/fake.rs"]
#[expect(dead_code, reason = "the suite `gcp` uses all of it")]
mod fake_gcp;
mod fake_postgres;
#[path = "../vault/fake.rs"]
#[expect(dead_code, reason = "the suite `vault` uses all of it")]
mod fake_vault;
mod families;
mod files;
mod fingerprint;
mod first_minutes;
mod formats;
mod google;
mod hostile_database;
mod identity;
mod in_process;
mod journal;
mod leases;
mod limits;
mod lines;
mod log_level;
mod logs;
mod metrics;
mod page;
mod paths;
mod pipelining;
mod process;
mod raw;
mod refresh;
mod reload;
mod robustness;
mod rotation;
mod routes;
mod scarcity;
mod secrets;
mod signals;
#[path = "../spellings.rs"]
mod spellings;
mod stop_budget;
mod stopping;
mod supervisor;
mod taken_out;
mod unsent;
mod victim;
mod visits;

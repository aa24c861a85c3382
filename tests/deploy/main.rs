//! Deployments, checked with the real programs. `./tests/run` installs
//! the components, and runs this.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that goes wrong ends in a panic"
)]

mod agent;
mod app;
#[path = "../booted.rs"]
mod booted;
mod caddy;
#[path = "../service/client.rs"]
#[expect(dead_code, reason = "the suite `service` uses all of it")]
mod client;
mod completions;
#[path = "../component.rs"]
mod component;
mod connecting;
mod container;
mod database_faults;
mod doctor;
mod documents;
mod haproxy;
mod helm;
#[path = "../service/in_process.rs"]
#[expect(dead_code, reason = "the suite `service` uses all of it")]
mod in_process;
mod kubernetes;
mod load;
mod moto;
mod nginx;
mod openbao;
mod openbao_server;
mod paths;
mod pgbouncer;
mod pgbouncer_server;
mod postgres;
mod postgres_server;
#[path = "../service/process.rs"]
#[expect(dead_code, reason = "the suite `service` uses all of it")]
mod process;
mod processes;
mod prometheus;
mod quadlet;
#[path = "../service/raw.rs"]
#[expect(dead_code, reason = "the suite `service` uses all of it")]
mod raw;
mod reload;
mod restarts;
#[path = "../spellings.rs"]
mod spellings;
mod systemd;
mod tcp_proxy;
mod variables;

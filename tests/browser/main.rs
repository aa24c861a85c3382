//! The state page in a Chromium: each state, in light and dark, narrow and wide.
//!
//! `visit.mjs` drives the browser. The screenshots are in `target/tmp/page`.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that goes wrong ends in a panic"
)]

mod chromium;
#[path = "../service/client.rs"]
#[expect(dead_code, reason = "the suite `service` uses all of it")]
mod client;
#[path = "../component.rs"]
mod component;
mod form;
#[path = "../service/in_process.rs"]
#[expect(dead_code, reason = "the suite `service` uses all of it")]
mod in_process;
mod looks;
#[path = "../service/process.rs"]
#[expect(dead_code, reason = "the suite `service` uses all of it")]
mod process;
#[cfg(not(debug_assertions))]
mod speed;

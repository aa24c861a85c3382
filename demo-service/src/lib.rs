//! A deployment-friendly service: configured by the environment, logging to stdout, with
//! its state under `/-/`, and stopping without losing a request.
//!
//! Two things are global in the process: the subscriber of the log, and sqlx's list of
//! database drivers. Everything else is passed as an argument.
//!
//! The modules are rooms in a fixed order, which `ARCHITECTURE.md` lists: a room uses only
//! rooms above it. Public are the parts that `main` and the tests need.

mod backoff;
pub mod boot;
pub mod cli;
pub mod config;
mod connections;
pub mod database;
pub mod health;
mod http;
mod in_flight;
mod metrics;
mod otel;
pub mod process;
mod reload;
mod secrets;
mod server;
pub mod state;
pub mod telemetry;
mod version;

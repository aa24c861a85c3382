//! A service that is friendly to those who deploy it: configured from the
//! environment, logging to stdout, with its state under `/-/`, and stopping
//! without losing a request.
//!
//! Everything is handed to what needs it: all that is global in the process is the
//! subscriber that [`telemetry::install`] sets, and the list of database drivers
//! that sqlx has.

mod backoff;
pub mod boot;
pub mod cli;
pub mod config;
pub mod database;
pub mod health;
pub mod http;
pub mod metrics;
pub mod process;
mod resources;
pub mod secrets;
pub mod server;
pub mod state;
pub mod telemetry;
pub mod version;

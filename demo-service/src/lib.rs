//! A service that is friendly to those who deploy it: configured from the
//! environment, logging to stdout, with its state under `/-/`, and stopping
//! without losing a request.
//!
//! Everything is handed to what needs it: all that is global in the process is the
//! subscriber that [`telemetry::install`] sets, and the list of database drivers
//! that sqlx has.

pub mod activation;
mod address;
pub mod admin;
mod app;
pub mod audience;
mod authorize;
mod backoff;
pub mod balancers;
pub mod cli;
pub mod commands;
pub mod config;
pub mod database;
pub mod doctor;
pub mod drain;
pub mod exit;
pub mod forwarded;
pub mod heartbeat;
mod held;
mod limits;
pub mod metrics;
mod middleware;
mod paths;
pub mod probe;
mod problem;
mod routes;
pub mod secrets;
pub mod server;
pub mod service;
pub mod settings;
pub mod signals;
pub mod state;
pub mod supervisor;
pub mod telemetry;
mod trace_id;
pub mod version;
pub mod watchdog;

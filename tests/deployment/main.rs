//! `config --check FILE...`: mistakes are named by file and line, with the remedy, and
//! nothing else is.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that goes wrong ends in a panic"
)]

mod asked;
mod documents;
mod embedded;
mod exports;
mod facts;
mod formats;
mod hits;
mod hostile;
mod library;
mod messages;
mod mistakes;
mod probes;
mod program;
mod secrets;
mod seeded;
mod shaped_mistakes;
mod shapes;
mod shipped;
mod workloads;

#[cfg(feature = "components")]
#[path = "../booted.rs"]
mod booted;
#[cfg(feature = "components")]
#[path = "../component.rs"]
mod component;
#[cfg(feature = "components")]
mod differential;
#[cfg(feature = "components")]
mod released;

//! Typed, nested configuration from environment variables.

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod config;
mod docs;
mod error;
mod loader;
mod name;
mod pass;
mod report;
mod secret;
mod show;
mod source;
mod spec;
mod suggest;
mod unique;
mod value;
mod warning;

pub use environ_derive::{EnvConfig, EnvValue};

pub use config::{generate_help, to_config, EnvConfig};
pub use docs::Help;
pub use error::{Error, Problem};
pub use loader::{Loaded, Loader};
pub use secret::Secret;
pub use source::{Process, Source};
pub use value::{EnvValue, Form, Invalid, Text};
pub use warning::Warning;

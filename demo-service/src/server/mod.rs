//! The HTTP servers: listening, serving and stopping.

mod admin;
mod bind;
mod close;
mod connection;
pub(crate) mod drain;
mod listen;
mod run;
mod summary;

pub(crate) use self::admin::Admin;
pub(crate) use self::bind::{bind, raise_file_limit};
pub(crate) use self::run::run;

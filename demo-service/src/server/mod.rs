//! The HTTP servers: listening, serving and stopping.

mod admin;
mod bind;
mod close;
mod connection;
pub(crate) mod drain;
mod limits;
mod listen;
mod run;
mod summary;

pub(crate) use self::admin::Admin;
pub(crate) use self::bind::bind;
pub(crate) use self::limits::{check_limits, files_for_all};
pub(crate) use self::run::{Public, run};

//! Everything that speaks HTTP.

mod access;
pub(crate) mod app;
pub mod audience;
pub(crate) mod limits;
pub(crate) mod middleware;
mod paths;
pub(crate) mod problem;
pub mod proxies;
pub(crate) mod routes;

//! Requests and responses. A file uses only files above it in the list of
//! `ARCHITECTURE.md`.

mod accept;
mod access;
mod app;
mod host;
mod limits;
mod middleware;
mod paths;
mod pipeline;
mod problem;
mod proxies;
mod routes;

pub(crate) use self::access::Audience;
pub(crate) use self::app::Shared;
pub(crate) use self::paths::{answers_all, is_for_operators, is_route};

//! `/-/chaos`: misbehaviour on demand, for tests of a deployment.

use std::future::pending;
use std::time::Duration;

use actix_web::web::{Bytes, Path};
use actix_web::{HttpResponse, Responder};
use tracing::info;

/// Answers after a while.
pub(super) async fn delay(millis: Path<u64>) -> impl Responder {
    info!(millis = *millis, "misbehaving");
    tokio::time::sleep(Duration::from_millis(*millis)).await;
    format!("waited {millis} ms")
}

/// Never answers.
pub(super) async fn hang() -> HttpResponse {
    info!("misbehaving");
    pending().await
}

/// Panics with a message.
#[expect(clippy::panic, reason = "it is what is asked for")]
pub(super) async fn panic() -> HttpResponse {
    panic!("chaos was asked for");
}

/// Blocks the worker, as a handler that computes or waits for a disk does.
pub(super) async fn block(millis: Path<u64>) -> impl Responder {
    info!(millis = *millis, "blocking");
    std::thread::sleep(Duration::from_millis(*millis));
    format!("blocked for {millis} ms")
}

/// Reads the body, up to its limit.
pub(super) async fn swallow(body: Bytes) -> String {
    format!("{} bytes", body.len())
}

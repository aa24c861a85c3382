//! `/-/chaos`: misbehaviour on demand, for tests of a deployment.

use std::time::Duration;

use actix_web::Responder;
use actix_web::web::Path;
use tracing::info;

pub(super) async fn delay(millis: Path<u64>) -> impl Responder {
    info!(millis = *millis, "misbehaving");
    tokio::time::sleep(Duration::from_millis(*millis)).await;
    format!("waited {millis} ms")
}

//! axum with the same: a line of JSON for each request, and metrics.

use std::env::args;
use std::future::ready;
use std::io;

use axum::Router;
use axum::routing::get;
use axum_prometheus::PrometheusMetricLayer;
use tokio::net::TcpListener;
use tower_http::trace::{DefaultMakeSpan, DefaultOnResponse, TraceLayer};
use tracing_subscriber::filter::LevelFilter;

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    tracing_subscriber::fmt()
        .json()
        .with_max_level(LevelFilter::INFO)
        .init();
    let (metrics, told) = PrometheusMetricLayer::pair();
    let info = tracing::Level::INFO;
    let log = TraceLayer::new_for_http()
        .make_span_with(DefaultMakeSpan::new().level(info))
        .on_response(DefaultOnResponse::new().level(info));
    let app = Router::new()
        .route("/hello", get(|| ready("Hello World!")))
        .route("/metrics", get(move || ready(told.render())))
        .layer(metrics)
        .layer(log);
    let listener = TcpListener::bind(args().nth(1).unwrap_or_default()).await?;
    axum::serve(listener, app).await
}

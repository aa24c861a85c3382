//! actix-web as most services have it: a span for each request, which is a line of
//! JSON when it ends, and metrics.

use std::env::args;
use std::error::Error;

use actix_web::{App, HttpServer, web};
use actix_web_prom::PrometheusMetricsBuilder;
use tracing_actix_web::TracingLogger;
use tracing_subscriber::fmt::format::FmtSpan;

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    tracing_subscriber::fmt()
        .json()
        .with_span_events(FmtSpan::CLOSE)
        .init();
    let metrics = PrometheusMetricsBuilder::new("app")
        .endpoint("/metrics")
        .build()?;
    let server = HttpServer::new(move || {
        App::new()
            .wrap(metrics.clone())
            .wrap(TracingLogger::default())
            .route("/hello", web::get().to(hello))
    });
    let address = args().nth(1).unwrap_or_default();
    Ok(server.workers(1).bind(address)?.run().await?)
}

async fn hello() -> &'static str {
    "Hello World!"
}

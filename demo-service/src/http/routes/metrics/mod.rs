//! `/-/metrics`: measurements, in the format that the scraper accepts.

mod connections;
mod database;
mod reloads;
mod scrape;
mod secrets;

use actix_web::error::ErrorInternalServerError;
use actix_web::http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, VARY};
use actix_web::web::Data;
use actix_web::{Error, HttpRequest, HttpResponse};

use crate::http::accept::weight;
use crate::state::AppState;

const OPEN_METRICS: &str = "application/openmetrics-text";

pub(in crate::http::routes) async fn metrics(
    state: Data<AppState>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let scraped = scrape::scrape(&state);
    let (media, text) = if prefers_open_metrics(request.headers()) {
        (
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
            state.metrics.open_metrics(&scraped),
        )
    } else {
        (
            "text/plain; version=0.0.4; charset=utf-8",
            state.metrics.classic(&scraped),
        )
    };
    let text = text.map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media))
        .insert_header((VARY, ACCEPT.as_str()))
        .body(text))
}

fn prefers_open_metrics(headers: &HeaderMap) -> bool {
    let open_metrics = weight(headers, OPEN_METRICS);
    open_metrics > 0.0 && open_metrics >= weight(headers, "text/plain")
}

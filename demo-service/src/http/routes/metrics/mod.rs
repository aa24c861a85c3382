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
    let open_metrics = quality(headers, OPEN_METRICS);
    open_metrics > 0.0 && open_metrics >= quality(headers, "text/plain")
}

/// Returns the weight of a media type, or 0 if it is not listed. Prometheus lists a media
/// type several times, by version. Several lines of `Accept` are one list.
fn quality(headers: &HeaderMap, media: &str) -> f32 {
    let lines = headers
        .get_all(ACCEPT)
        .filter_map(|line| line.to_str().ok());
    let ranges = lines.flat_map(|line| line.split(','));
    let qualities = ranges.filter_map(|range| {
        let mut parameters = range.split(';').map(str::trim);
        if !parameters.next()?.eq_ignore_ascii_case(media) {
            return None;
        }
        let quality = parameters.find_map(|parameter| parameter.strip_prefix("q="));
        Some(quality.map_or(1.0, |quality| quality.parse().unwrap_or(0.0)))
    });
    qualities.fold(0.0, f32::max)
}

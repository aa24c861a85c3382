//! The media types that a client takes.

use actix_web::http::header::{ACCEPT, HeaderMap};

/// Returns the weight of a media type in `Accept`, or 0 if it is not listed. Prometheus lists a
/// media type several times, by version. The lines of a header make up a single list.
pub(super) fn weight(headers: &HeaderMap, media: &str) -> f32 {
    let lines = headers
        .get_all(ACCEPT)
        .filter_map(|line| line.to_str().ok());
    let ranges = lines.flat_map(|line| line.split(','));
    let weights = ranges.filter_map(|range| {
        let mut parameters = range.split(';').map(str::trim);
        if !parameters.next()?.eq_ignore_ascii_case(media) {
            return None;
        }
        let weight = parameters.find_map(|parameter| parameter.strip_prefix(['q', 'Q']));
        let weight = weight.and_then(|weight| weight.strip_prefix('='));
        Some(weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0)))
    });
    weights.fold(0.0, f32::max)
}

//! What is refused before it is handled.

use actix_web::dev::ServiceRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LENGTH, HeaderMap};
use tokio::sync::SemaphorePermit;

use crate::http::limits::Limits;
use crate::http::paths::is_for_operators;
use crate::http::problem::Problem;
use crate::http::routes::CHAOS;

/// Lets a request be served for as long as the permit is held, or refuses it.
///
/// Operators' requests are not counted: a service that has too much to do still
/// tells how it is. Only chaos is, since it stands for what users ask.
pub(crate) fn admit<'l>(
    request: &ServiceRequest,
    limits: &'l Limits,
) -> Result<Option<SemaphorePermit<'l>>, Problem> {
    let path = request.path();
    if length(request.headers()).is_some_and(|length| length > limits.max_body) {
        return Err(Problem::too_large());
    }
    if is_for_operators(path) && !path.starts_with(CHAOS) {
        return Ok(None);
    }
    let permit = limits.admit().ok_or_else(|| {
        let detail = "as many requests are served as may be; ask again";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail)
    });
    permit.map(Some)
}

/// Gives the length of the body where it is told. actix has read it before, and
/// counts the bytes.
fn length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

//! A handler that panics takes nothing with it.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::Ordering;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse};
use futures_util::FutureExt;

use crate::problem::Problem;
use crate::state::AppState;

/// Answers 500 for a handler that panics. actix would drop the connection, for
/// which a balancer answers 502, or asks the next instance to panic too.
///
/// It wraps each resource, not all of them: to answer for a handler it keeps the
/// request, which the router wants for itself.
pub(crate) async fn contain(
    state: Data<AppState>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let unanswered = request.request().clone();
    let answer = AssertUnwindSafe(async move { next.call(request).await });
    if let Ok(response) = answer.catch_unwind().await {
        return response.map(ServiceResponse::map_into_left_body);
    }
    // The panic hook has logged it.
    state.panics.fetch_add(1, Ordering::Relaxed);
    let problem = Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "the service failed; the log says why",
    );
    let response = HttpResponse::from_error(problem);
    Ok(ServiceResponse::new(unanswered, response).map_into_right_body())
}

//! What is refused before it is routed.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;

use crate::paths;
use crate::problem::Problem;

/// Passes on a request that may be served, and refuses all others.
pub(crate) async fn admit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if paths::is_disguised(request.path()) {
        let problem = Problem::new(StatusCode::NOT_FOUND, "there is nothing at this path");
        return Ok(request.error_response(problem).map_into_right_body());
    }
    Ok(next.call(request).await?.map_into_left_body())
}

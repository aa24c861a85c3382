//! Errors have a body, and every resource says what can be asked of it.

use actix_web::dev::ServiceResponse;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::http::{Method, StatusCode};

use crate::middleware::Identity;
use crate::problem;

/// Renders errors, and answers OPTIONS for resources that do not.
pub(crate) fn problems(mut response: ServiceResponse, identity: &Identity) -> ServiceResponse {
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        allow_options(&mut response);
    }
    problem::render(response, identity)
}

/// actix lists the methods of a resource where it refuses one.
fn allow_options(response: &mut ServiceResponse) {
    let methods = response.headers().get(ALLOW);
    let Some(methods) = methods.and_then(|methods| methods.to_str().ok()) else {
        return;
    };
    if let Ok(methods) = HeaderValue::from_str(&format!("{methods}, OPTIONS")) {
        response.headers_mut().insert(ALLOW, methods);
    }
    if response.request().method() == Method::OPTIONS {
        *response.response_mut().status_mut() = StatusCode::NO_CONTENT;
    }
}

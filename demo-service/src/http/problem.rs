//! Errors as clients see them: problem documents of RFC 9457.
//!
//! No crate does this here: a body is written in the pipeline, because it names the request
//! id and because it replaces the bodies of actix's own extractors. A crate would replace
//! one `json!` of five members.

use std::borrow::Cow;
use std::fmt;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::{Error, HttpResponse, ResponseError};
use serde_json::{Value, json};
use tracing::error;

/// The reason why a request is not served. [`render`] writes the body, because it knows
/// the request.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    detail: Cow<'static, str>,
    /// Whether [`render`] logs it.
    is_panic: bool,
}

impl Problem {
    /// Creates a problem; `detail` is public.
    pub(super) fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            detail: detail.into(),
            is_panic: false,
        }
    }

    /// Creates the problem of a handler that panicked.
    pub(super) fn panicked() -> Self {
        let detail = "the service failed; the log says why";
        Self {
            is_panic: true,
            ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
        }
    }

    /// Creates the problem of a `Host` that no operator sends.
    pub(super) fn misdirected() -> Self {
        let detail = "operators ask by an IP address or `localhost`: `Host` is a name";
        Self::new(StatusCode::MISDIRECTED_REQUEST, detail)
    }

    /// Creates the problem of a body that is too large.
    pub(super) fn too_large() -> Self {
        let detail = "the body is larger than this service takes";
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    /// A 503 means that nothing was done, so that a client or a proxy can ask again without
    /// harm.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status);
        if self.status == StatusCode::PAYLOAD_TOO_LARGE {
            // The body is not read, so no request can follow it on the connection.
            let head = response.head_mut();
            head.set_connection_type(ConnectionType::Close);
        }
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            let second = HeaderValue::from_static("1");
            response.headers_mut().insert(RETRY_AFTER, second);
        }
        response
    }
}

/// Writes the body of an error that has none, or that is an error of an extractor.
pub(super) fn render(
    response: ServiceResponse,
    request_id: &str,
    route: &'static str,
) -> ServiceResponse {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let size = response.response().body().size();
    let is_bare = matches!(size, BodySize::None | BodySize::Sized(0));
    if !is_error || !(is_bare || response.response().error().is_some()) {
        return response;
    }
    let body = body(&response, request_id, route).to_string();
    let mut response = response.map_body(|_, _| BoxBody::new(body));
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    response
}

fn body(response: &ServiceResponse, request_id: &str, route: &'static str) -> Value {
    let (request, status) = (response.request(), response.status());
    let mut body = json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "instance": request.path(),
        "request_id": request_id,
    });
    let err = response.response().error();
    let ours = err.and_then(|err| err.as_error::<Problem>());
    if ours.is_some_and(|problem| problem.is_panic) {
        error!(request_id, route, "a handler panicked");
    }
    match err {
        // Internal: for the log only.
        Some(err) if status.is_server_error() && ours.is_none() => {
            error!(error = %err, request_id, route, "a request failed");
        }
        _ => {
            if let Some(detail) = detail(status, err) {
                body["detail"] = detail.into();
            }
        }
    }
    body
}

/// Returns the public reason.
fn detail(status: StatusCode, err: Option<&Error>) -> Option<String> {
    match (status, err) {
        (_, Some(err)) => Some(err.to_string()),
        (StatusCode::NOT_FOUND, None) => Some("there is nothing at this path".to_owned()),
        (StatusCode::METHOD_NOT_ALLOWED, None) => {
            Some("this path answers the methods in `Allow`".to_owned())
        }
        _ => None,
    }
}

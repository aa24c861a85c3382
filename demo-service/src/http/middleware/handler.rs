//! Handlers that panic or hang.

use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::Ordering;
use std::task::Poll;

use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::{Error, HttpRequest};
use futures_util::FutureExt;
use tokio::time::timeout;

use crate::http::limits::Limits;
use crate::http::problem::Problem;
use crate::state::AppState;

/// Runs a handler. Answers 500 if it panics: actix would drop the connection, so that a
/// load balancer answers 502, or has the next instance panic too.
///
/// Answers 504 if it takes too long, because a 503 of this service means that nothing was
/// done.
///
/// Code that runs before the first poll, such as guards, must not panic.
pub(in crate::http) async fn run_handler(
    request: &HttpRequest,
    answer: impl Future<Output = Result<ServiceResponse, Error>> + Unpin,
    limits: &Limits,
    state: &AppState,
) -> ServiceResponse {
    let mut answer = AssertUnwindSafe(answer).catch_unwind();
    // Most handlers answer at once, and need no timer.
    let answered = match poll_fn(|context| Poll::Ready(answer.poll_unpin(context))).await {
        Poll::Ready(answered) => Ok(answered),
        // Boxed, so that the future of most requests stays small.
        Poll::Pending => Box::pin(timeout(limits.effective.request_timeout(), answer)).await,
    };
    let problem = match answered {
        Ok(Ok(Ok(response))) => return response,
        Ok(Ok(Err(err))) => return ServiceResponse::from_err(err, request.clone()),
        Ok(Err(_logged)) => {
            state.panics.fetch_add(1, Ordering::Relaxed);
            Problem::panicked()
        }
        Err(_elapsed) => {
            let detail = "the request took longer than it may, and is done in part or not at all";
            Problem::new(StatusCode::GATEWAY_TIMEOUT, detail)
        }
    };
    ServiceResponse::from_err(problem, request.clone())
}

//! A handler that panics takes nothing with it, and one that hangs is given up.

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

/// Answers 500 for a handler that panics. actix would drop the connection, for
/// which a balancer answers 502, or asks the next instance to panic too.
///
/// Answers 504 for one that takes too long: a 503 of this service says that
/// nothing was done, and whoever reads it may ask again without harm.
///
/// What is done before the answer is polled, guards among it, must not panic.
pub(crate) async fn contain(
    request: &HttpRequest,
    answer: impl Future<Output = Result<ServiceResponse, Error>> + Unpin,
    limits: &Limits,
    state: &AppState,
) -> ServiceResponse {
    let mut answer = AssertUnwindSafe(answer).catch_unwind();
    // Most handlers answer at once, and need no timer.
    let answered = match poll_fn(|context| Poll::Ready(answer.poll_unpin(context))).await {
        Poll::Ready(answered) => Ok(answered),
        // Apart, since most requests need no room for it.
        Poll::Pending => Box::pin(timeout(limits.request_timeout, answer)).await,
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

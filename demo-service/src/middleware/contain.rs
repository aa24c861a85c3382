//! A handler that panics takes nothing with it, and one that hangs is given up.

use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse};
use futures_util::FutureExt;
use tokio::time::timeout;

use crate::problem::Problem;
use crate::state::AppState;

/// What every resource of a worker is wrapped with.
pub(crate) struct Contain {
    /// How long a handler may take.
    pub(crate) request_timeout: Duration,
    pub(crate) state: Data<AppState>,
}

/// Answers 500 for a handler that panics. actix would drop the connection, for
/// which a balancer answers 502, or asks the next instance to panic too.
///
/// Answers 504 for one that takes too long: a 503 of this service says that
/// nothing was done, and whoever reads it may ask again without harm.
///
/// It wraps each resource, not all of them: to answer for a handler it keeps the
/// request, which the router wants for itself.
pub(crate) async fn contain(
    how: Rc<Contain>,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    let unanswered = request.request().clone();
    let answer = AssertUnwindSafe(async move { next.call(request).await }).catch_unwind();
    let mut answer = pin!(answer);
    // Most handlers answer at once, and need no timer.
    let answered = match poll_fn(|context| Poll::Ready(answer.as_mut().poll(context))).await {
        Poll::Ready(answered) => Ok(answered),
        Poll::Pending => timeout(how.request_timeout, answer).await,
    };
    let problem = match answered {
        Ok(Ok(response)) => return response,
        Ok(Err(_logged)) => {
            how.state.panics.fetch_add(1, Ordering::Relaxed);
            Problem::panicked()
        }
        Err(_elapsed) => {
            let detail = "the request took longer than it may, and is done in part or not at all";
            Problem::new(StatusCode::GATEWAY_TIMEOUT, detail)
        }
    };
    let response = HttpResponse::from_error(problem);
    Ok(ServiceResponse::new(unanswered, response))
}

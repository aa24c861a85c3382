//! A body with a maximum size. A reload changes the maximum; actix reads a maximum at the start
//! only.

use std::pin::Pin;
use std::task::{Poll, ready};

use actix_web::HttpMessage;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use futures_util::{Stream, stream};

/// Lets handlers read at most `max` bytes of a body, and then the error that is answered with 413.
pub(in crate::http) fn limit_body(request: &mut ServiceRequest, max: usize) {
    if matches!(request.parts().1, Payload::None) {
        return;
    }
    let (mut payload, mut left) = (request.take_payload(), max);
    let limited = stream::poll_fn(move |context| {
        let read = ready!(Pin::new(&mut payload).poll_next(context));
        Poll::Ready(read.map(|read| {
            let bytes = read?;
            let rest = left.checked_sub(bytes.len());
            // After the error, a smaller chunk must not pass.
            left = rest.unwrap_or(0);
            rest.map(|_| bytes).ok_or(PayloadError::Overflow)
        }))
    });
    request.set_payload(Payload::Stream {
        payload: Box::pin(limited),
    });
}

//! A body that has a maximum size. A reload changes the maximum, and actix takes one at the start
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
            left = left
                .checked_sub(bytes.len())
                .ok_or(PayloadError::Overflow)?;
            Ok(bytes)
        }))
    });
    request.set_payload(Payload::Stream {
        payload: Box::pin(limited),
    });
}

//! A chunked body that its handler does not read to the end.
//!
//! If a handler drops a chunked body unread, actix drains it for as long as the client
//! sends. So the body lives until the response is sent: then actix closes the connection,
//! as it does for a body of known length. A body that has arrived by then leaves the
//! connection open.

use std::cell::RefCell;
use std::future::poll_fn;
use std::mem;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use actix_web::HttpMessage;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::web::Bytes;
use futures_util::{Stream, stream};

/// The chunked body of a request.
pub(in crate::http) struct ChunkedBody(Rc<RefCell<Body>>);

impl ChunkedBody {
    /// Takes the body of a request if it is chunked. Handlers read it as before.
    pub(in crate::http) fn of(request: &mut ServiceRequest) -> Option<Self> {
        let has_body = !matches!(request.parts().1, Payload::None);
        if !has_body || !request.chunked().unwrap_or(false) {
            return None;
        }
        let body = Body {
            payload: request.take_payload(),
            has_ended: false,
        };
        let shared = Rc::new(RefCell::new(body));
        let body = Rc::clone(&shared);
        let payload = Box::pin(stream::poll_fn(move |context| {
            body.borrow_mut().poll(context)
        }));
        request.set_payload(Payload::Stream { payload });
        Some(Self(shared))
    }

    /// Reads the part that has arrived, at most `max` bytes, and keeps the body until the
    /// response is sent.
    pub(in crate::http) async fn keep_until_sent(
        self,
        response: ServiceResponse,
        max: usize,
    ) -> ServiceResponse {
        read_arrived(&self.0, max).await;
        response.map_body(|_, body| {
            BoxBody::new(Answer {
                body,
                _request: self.0,
            })
        })
    }
}

struct Body {
    payload: Payload,
    /// Whether the body has ended or cannot be read. After that actix never wakes its
    /// reader again.
    has_ended: bool,
}

impl Body {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<<Payload as Stream>::Item>> {
        if self.has_ended {
            return Poll::Ready(None);
        }
        let read = ready!(Pin::new(&mut self.payload).poll_next(context));
        self.has_ended = !matches!(read, Some(Ok(_)));
        Poll::Ready(read)
    }
}

/// actix delivers received bytes at the next turn, so the body is polled twice.
async fn read_arrived(body: &RefCell<Body>, mut max: usize) {
    let mut is_second_poll = false;
    poll_fn(|context| {
        while let Poll::Ready(read) = body.borrow_mut().poll(context) {
            let length = read.and_then(Result::ok).map(|bytes| bytes.len());
            let Some(rest) = length.and_then(|length| max.checked_sub(length)) else {
                return Poll::Ready(());
            };
            (max, is_second_poll) = (rest, false);
        }
        if mem::replace(&mut is_second_poll, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// The body of a response, with the body of its request.
struct Answer {
    body: BoxBody,
    _request: Rc<RefCell<Body>>,
}

impl MessageBody for Answer {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}

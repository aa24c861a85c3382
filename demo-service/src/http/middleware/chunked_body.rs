//! A chunked body that its handler does not read to the end.
//!
//! If a handler drops a chunked body unread, actix drains it for as long as the client
//! sends. So the body lives until the response is sent: then actix closes the connection,
//! as it does for a body of known length. A body that has arrived by then leaves the
//! connection open.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use actix_web::HttpMessage;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::web::Bytes;
use futures_util::{Stream, stream};

/// How often a body is polled before it counts as not arrived.
const TURNS: u32 = 3;

/// The chunked body of a request.
pub(in crate::http) struct ChunkedBody {
    body: Rc<RefCell<Body>>,
    /// Whether the client waits for `100 Continue`, and so for a handler that reads.
    is_held: bool,
}

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
        Some(Self {
            body: shared,
            is_held: request.head().expect(),
        })
    }

    /// Reads the part that has arrived, and keeps the body until the response is sent. The body has
    /// a maximum size by [`limit_body`](super::limit_body).
    pub(in crate::http) async fn keep_until_sent(
        self,
        response: ServiceResponse,
    ) -> ServiceResponse {
        if !self.is_held {
            read_arrived(&self.body).await;
        }
        response.map_body(|_, body| {
            BoxBody::new(Answer {
                body,
                _request: self.body,
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

/// Reads the part of a body that has arrived: actix reads it in the turn after the head, and
/// delivers it in the turn after that.
async fn read_arrived(body: &RefCell<Body>) {
    let mut turns = TURNS;
    poll_fn(|context| {
        while let Poll::Ready(read) = body.borrow_mut().poll(context) {
            if !matches!(read, Some(Ok(_))) {
                return Poll::Ready(());
            }
            turns = TURNS;
        }
        turns -= 1;
        if turns == 0 {
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

//! A chunked body that its handler does not read to the end.
//!
//! actix takes one that nobody holds any more for one that it should read itself, and
//! waits for its end as long as the client likes. So it is held until the answer is
//! sent: then actix closes the connection, as it does where the length was told. Of
//! one that has arrived already the connection goes on.

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
pub(crate) struct Chunked(Rc<RefCell<Body>>);

impl Chunked {
    /// Takes hold of it, if there is one. It can be read as before.
    pub(crate) fn of(request: &mut ServiceRequest) -> Option<Self> {
        let has_body = !matches!(request.parts().1, Payload::None);
        if !has_body || !request.chunked().unwrap_or(false) {
            return None;
        }
        let body = Body {
            payload: request.take_payload(),
            has_ended: false,
        };
        let held = Rc::new(RefCell::new(body));
        let body = Rc::clone(&held);
        let payload = Box::pin(stream::poll_fn(move |context| {
            body.borrow_mut().poll(context)
        }));
        request.set_payload(Payload::Stream { payload });
        Some(Self(held))
    }

    /// Reads what has arrived of it, `most` bytes more at most, and holds it until the
    /// answer is sent.
    pub(crate) async fn held_by(self, response: ServiceResponse, most: usize) -> ServiceResponse {
        read_on(&self.0, most).await;
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
    /// Whether there is no more, or it cannot be read: then actix is done with the
    /// connection, and gives nobody another turn.
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

/// actix hands out what has arrived at the next turn, so it is looked for twice.
async fn read_on(body: &RefCell<Body>, mut most: usize) {
    let mut is_looked_for = false;
    poll_fn(|context| {
        while let Poll::Ready(read) = body.borrow_mut().poll(context) {
            let length = read.and_then(Result::ok).map(|bytes| bytes.len());
            let Some(rest) = length.and_then(|length| most.checked_sub(length)) else {
                return Poll::Ready(());
            };
            (most, is_looked_for) = (rest, false);
        }
        if mem::replace(&mut is_looked_for, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// The body of an answer, and that of its request.
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

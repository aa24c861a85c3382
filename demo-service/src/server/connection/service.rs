//! Reports of actix's requests to their connections.

use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_http::{Request, Response};
use actix_service::{IntoServiceFactory, Service, ServiceFactory, apply_fn_factory, map_config};
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{AppConfig, Payload, ServiceResponse};
use actix_web::http::header::{CONTENT_LENGTH, HeaderValue, UPGRADE};
use actix_web::web::Bytes;
use actix_web::{Error, HttpMessage};
use futures_util::{Stream as _, stream};

use super::body::Framing;
use super::handle::{Connection, Interim};

/// Reports the beginning and the end of each answer of `app` to the connection.
pub(in crate::server) fn report<I, S>(
    app: I,
) -> impl ServiceFactory<
    Request,
    Config = (),
    Response = Response<Answer>,
    Error = Error,
    InitError = (),
    Future: 'static,
    Service: Service<Request, Response = Response<Answer>, Error = Error, Future: 'static>
                 + 'static,
>
where
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<
            Request,
            Config = AppConfig,
            Response = ServiceResponse,
            Error = Error,
            InitError = (),
            Future: 'static,
            Service: Service<
                Request,
                Response = ServiceResponse,
                Error = Error,
                Future: 'static,
            > + 'static,
        > + 'static,
{
    let app = map_config(app.into_factory(), |()| AppConfig::default());
    apply_fn_factory(app, |mut request: Request, app: &S::Service| {
        let turn = Turn::begin(&mut request);
        let answer = app.call(request);
        async move {
            let response: Response<BoxBody> = answer.await?.into();
            Ok(response.map_body(|_, body| Answer { body, _turn: turn }))
        }
    })
}

/// Holds the `100 Continue` of actix back: the service may refuse the body.
pub(in crate::server) async fn hold_continue(request: Request) -> Result<Request, Error> {
    if let Some(connection) = connection(&request) {
        connection.interim.set(Interim::Held);
    }
    Ok(request)
}

fn connection(request: &Request) -> Option<&Rc<Connection>> {
    request.conn_data::<Rc<Connection>>()
}

/// The time in which an answer is made. Dropped, the answer is complete or given up.
struct Turn(Rc<Connection>);

impl Turn {
    fn begin(request: &mut Request) -> Option<Self> {
        let connection = Rc::clone(connection(request)?);
        connection.begin(framing(request));
        if request.head().expect() {
            continue_when_read(request, Rc::clone(&connection));
        }
        Some(Self(connection))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// The body of an answer.
pub(in crate::server) struct Answer {
    body: BoxBody,
    _turn: Option<Turn>,
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

/// Returns the framing of the request's body, in the order in which actix decides.
fn framing(request: &mut Request) -> Framing {
    if matches!(request.payload(), Payload::None) {
        return Framing::None;
    }
    if request.chunked().unwrap_or(false) {
        return Framing::Chunked;
    }
    let is_websocket = |upgrade: &HeaderValue| {
        let upgrade = upgrade.as_bytes().trim_ascii();
        upgrade.eq_ignore_ascii_case(b"websocket")
    };
    if request.headers().get_all(UPGRADE).any(is_websocket) {
        return Framing::Unbounded;
    }
    let length = request.headers().get(CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.trim().parse().ok());
    length.map_or(Framing::Unbounded, Framing::Length)
}

/// Sends `100 Continue` once the handler reads the body.
fn continue_when_read(request: &mut Request, connection: Rc<Connection>) {
    let mut payload = request.take_payload();
    let mut waiting = Some(connection);
    let body = stream::poll_fn(move |context| {
        if let Some(connection) = waiting.take() {
            connection.interim.set(Interim::Due);
            connection.wake();
        }
        Pin::new(&mut payload).poll_next(context)
    });
    *request.payload() = Payload::Stream {
        payload: Box::pin(body),
    };
}

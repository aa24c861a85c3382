//! Every request has an id, by which it is found in the logs of all who served it.

use std::mem;
use std::net::IpAddr;

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use crate::http::middleware::trace_id::TraceId;
use crate::http::proxies::TrustedProxies;

/// The header that a request's id is in.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// In place of an id that was given away.
const NO_ID: HeaderValue = HeaderValue::from_static("none");

/// How long a proxy's id may be.
const LENGTH: usize = 128;

/// Who asked, and what the request is called.
#[derive(Debug)]
pub(crate) struct Identity {
    /// The address that the last trusted proxy saw.
    pub(crate) client: Option<IpAddr>,
    /// The trace that the request belongs to.
    pub(crate) trace_id: Option<TraceId>,
    /// As in the response.
    request_id: HeaderValue,
}

impl Identity {
    /// Takes what proxies that are trusted say, and makes up what they do not.
    pub(crate) fn of(request: &ServiceRequest, proxies: &TrustedProxies) -> Self {
        let headers = request.headers();
        let peer = request.peer_addr().map(|peer| peer.ip());
        let given = peer
            .filter(|peer| proxies.trust(*peer))
            .and_then(|_| given_id(headers));
        Self {
            client: peer.map(|peer| proxies.client(peer, headers)),
            trace_id: TraceId::of(headers),
            request_id: given.unwrap_or_else(new_id),
        }
    }

    /// Gives the request's id.
    pub(crate) fn request_id(&self) -> &str {
        str::from_utf8(self.request_id.as_bytes()).unwrap_or_default()
    }

    /// Gives the request's id away, for who asked.
    pub(crate) fn take_request_id(&mut self) -> HeaderValue {
        mem::replace(&mut self.request_id, NO_ID)
    }
}

/// A proxy that adds its own to what a stranger sent adds it behind.
fn given_id(headers: &HeaderMap) -> Option<HeaderValue> {
    let id = headers.get_all(X_REQUEST_ID).last()?;
    let is_safe = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:+/=".contains(byte);
    let bytes = id.as_bytes();
    let is_well_formed = (1..=LENGTH).contains(&bytes.len()) && bytes.iter().all(is_safe);
    is_well_formed.then(|| id.clone())
}

/// In order of time, as far as one process goes.
fn new_id() -> HeaderValue {
    let mut text = Uuid::encode_buffer();
    let text = Uuid::now_v7().hyphenated().encode_lower(&mut text);
    HeaderValue::from_str(text).unwrap_or(NO_ID)
}

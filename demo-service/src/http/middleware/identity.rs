//! The id, client and trace of a request, by which the logs of all servers are joined.

use std::mem;
use std::net::IpAddr;

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use super::trace_id::{TraceId, parent};
use crate::http::proxies::TrustedProxies;
use crate::otel::{Otel, RequestSpan};

/// The header with the request id.
pub(in crate::http) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Replaces an id that was taken.
const NO_ID: HeaderValue = HeaderValue::from_static("none");

/// The longest id that is accepted from a proxy, in bytes.
const MAX_BYTES: usize = 128;

/// The client and the ids of a request.
#[derive(Debug)]
pub(in crate::http) struct Identity {
    /// The address that the last trusted proxy saw.
    pub(in crate::http) client: Option<IpAddr>,
    /// The trace that the request belongs to.
    pub(in crate::http) trace_id: Option<TraceId>,
    /// The span of the request, if spans are exported.
    pub(in crate::http) span: Option<RequestSpan>,
    /// The id in the response.
    request_id: HeaderValue,
}

impl Identity {
    /// Reads the headers of trusted proxies; creates an id if there is none.
    pub(in crate::http) fn of(
        request: &ServiceRequest,
        proxies: &TrustedProxies,
        otel: Option<&Otel>,
    ) -> Self {
        let headers = request.headers();
        let peer = request.peer_addr().map(|peer| peer.ip());
        let forwarded = peer
            .filter(|peer| proxies.trust(*peer))
            .and_then(|_| forwarded_id(headers));
        let parent = parent(headers);
        let span = otel.and_then(|otel| otel.request(parent));
        let of_parent = parent.map(|parent| parent.trace_id);
        let trace_id = span.as_ref().map(RequestSpan::trace_id).or(of_parent);
        Self {
            client: peer.map(|peer| proxies.client(peer, headers)),
            trace_id: trace_id.map(TraceId),
            span,
            request_id: forwarded.unwrap_or_else(new_id),
        }
    }

    /// Returns the request id.
    pub(in crate::http) fn request_id(&self) -> &str {
        str::from_utf8(self.request_id.as_bytes()).unwrap_or_default()
    }

    /// Takes the request id, for the response.
    pub(in crate::http) fn take_request_id(&mut self) -> HeaderValue {
        mem::replace(&mut self.request_id, NO_ID)
    }
}

/// The last header counts: a proxy adds its id behind that of a stranger.
fn forwarded_id(headers: &HeaderMap) -> Option<HeaderValue> {
    let id = headers.get_all(X_REQUEST_ID).last()?;
    let is_safe = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:+/=".contains(byte);
    let bytes = id.as_bytes();
    let is_well_formed = (1..=MAX_BYTES).contains(&bytes.len()) && bytes.iter().all(is_safe);
    is_well_formed.then(|| id.clone())
}

/// Ids of a process are ordered by time.
fn new_id() -> HeaderValue {
    let mut text = Uuid::encode_buffer();
    let text = Uuid::now_v7().hyphenated().encode_lower(&mut text);
    HeaderValue::from_str(text).unwrap_or(NO_ID)
}

//! Access: the clients of a listener, and the token of operators.

use std::net::{IpAddr, SocketAddr};

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{
    AUTHORIZATION, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN, WWW_AUTHENTICATE,
};
use actix_web::http::{StatusCode, Uri};
use actix_web::{HttpRequest, HttpResponse, ResponseError, error};
use environ::Secret;
use subtle::ConstantTimeEq;

use super::paths::Clients;
use super::problem::Problem;
use crate::state::AppState;

/// The clients of a listener. Each app has it as data, so that a handler knows whether
/// only operators reach it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Users and operators: there is one listener.
    All,
    /// Users: operators have their own listener.
    Users,
    /// Operators, on their own listener.
    Operators,
}

impl Audience {
    /// Returns the audience of `APP_HOST` and `APP_PORT`.
    pub(crate) fn of_the_service(has_admin_listener: bool) -> Self {
        if has_admin_listener {
            Self::Users
        } else {
            Self::All
        }
    }

    pub(super) fn has_users(self) -> bool {
        self != Self::Operators
    }

    pub(super) fn has_operators(self) -> bool {
        self != Self::Users
    }
}

/// Headers that a proxy adds. A request with one of them comes from elsewhere, even if its
/// proxy is on this host.
const OF_PROXIES: [&str; 6] = [
    "forwarded",
    "via",
    "x-real-ip",
    "x-client-ip",
    "true-client-ip",
    "cf-connecting-ip",
];

/// Prefixes of headers that a proxy adds.
const PREFIXES_OF_PROXIES: [&str; 2] = ["x-forwarded-", "x-original-"];

/// Rejects a request that a route does not answer. Operators ask on their own listener, from
/// this host, or with the token, unless a route answers all clients.
///
/// # Errors
///
/// 403 if no token is configured, 401 if the token is missing or wrong; 404 for a route that
/// only testers know.
pub(super) fn admit(
    request: &HttpRequest,
    clients: Clients,
    state: &AppState,
) -> Result<(), actix_web::Error> {
    let sent = bearer_token(request);
    if clients.are_all(state.exposure)
        || request.app_data() == Some(&Audience::Operators)
        || is_token(sent, state)
        || is_from_this_host(request)
    {
        return Ok(());
    }
    if clients == Clients::Testers {
        return Err(Problem::new(StatusCode::NOT_FOUND, "there is nothing at this path").into());
    }
    if state.admin_token.get().is_some() {
        let detail = "operators send the admin token as `Authorization: Bearer`";
        return Err(wants_token(sent, detail));
    }
    let detail = match clients {
        Clients::Scrapers => {
            "metrics answer on this host and on APP_ADMIN_LISTEN; set APP_METRICS_OPEN=true to \
             answer every client"
        }
        _ => {
            "operator endpoints answer on this host and on APP_ADMIN_LISTEN; set \
             APP_ADMIN_TOKEN_FILE, and send the token as `Authorization: Bearer`"
        }
    };
    Err(Problem::new(StatusCode::FORBIDDEN, detail).into())
}

/// Returns whether a client on this host sent a request itself. A proxy on this host connects
/// from loopback too: it adds a header, or passes the name on that its client asked for.
fn is_from_this_host(request: &HttpRequest) -> bool {
    let is_loopback = |peer: SocketAddr| peer.ip().to_canonical().is_loopback();
    let headers = request.headers();
    let is_of_proxy = |name: &HeaderName| {
        let name = name.as_str();
        let mut prefixes = PREFIXES_OF_PROXIES.iter();
        OF_PROXIES.contains(&name) || prefixes.any(|prefix| name.starts_with(prefix))
    };
    request.peer_addr().is_some_and(is_loopback)
        && !headers.keys().any(is_of_proxy)
        && headers.contains_key(HOST)
        && asks_only_for(request.uri(), headers, is_loopback_name)
}

/// Whether a change needs the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    /// It needs the token.
    Token,
    /// It needs nothing: only operators reach the listener.
    Nothing,
    /// No token is configured, so that no client may change anything.
    Configuration,
}

/// Returns the needs of a change.
pub(super) fn needs_token(request: &HttpRequest, state: &AppState) -> Needs {
    if state.admin_token.get().is_some() {
        Needs::Token
    } else if request.app_data() == Some(&Audience::Operators) {
        Needs::Nothing
    } else {
        Needs::Configuration
    }
}

fn is_token(sent: Option<&[u8]>, state: &AppState) -> bool {
    let Some(sent) = sent else {
        return false;
    };
    let token = state.admin_token.get();
    Option::as_ref(&token).is_some_and(|token| is_same(sent, token))
}

/// Returns the 401 for a token that is wrong, or for a request without a token, with `detail`.
fn wants_token(sent: Option<&[u8]>, detail: &'static str) -> actix_web::Error {
    let detail = sent.map_or(detail, |_| "the token that was sent is not the admin token");
    let problem = Problem::new(StatusCode::UNAUTHORIZED, detail);
    let mut response: HttpResponse = problem.error_response();
    let bearer = HeaderValue::from_static("Bearer");
    response.headers_mut().insert(WWW_AUTHENTICATE, bearer);
    error::InternalError::from_response(problem, response).into()
}

/// Returns whether all hosts that a request names are such. A target in absolute form names a
/// host too, which counts in place of `Host` (RFC 9112, 3.2.2); a proxy on the way may have
/// looked at either.
fn asks_only_for(uri: &Uri, headers: &HeaderMap, is_such: impl Fn(&[u8]) -> bool) -> bool {
    let target = uri.authority().map(|target| target.as_str().as_bytes());
    let hosts = headers.get_all(HOST).map(HeaderValue::as_bytes);
    target.into_iter().chain(hosts).all(is_such)
}

/// Rejects a request without the right to change anything. A token that is set is wanted on
/// every listener; if none is set, requests on the operators' listener need no token.
///
/// # Errors
///
/// 403 if no token is configured or another site sent the browser, 401 if the token is
/// missing or wrong.
pub(super) fn authorize(request: &HttpRequest, state: &AppState) -> Result<(), actix_web::Error> {
    authorize_with(bearer_token(request), request, state)
}

/// Rejects a change as [`authorize`] does, with a token that was sent in another way.
///
/// # Errors
///
/// As [`authorize`].
pub(super) fn authorize_with(
    sent: Option<&[u8]>,
    request: &HttpRequest,
    state: &AppState,
) -> Result<(), actix_web::Error> {
    if is_from_another_site(request) {
        let detail = "another site may change nothing: `Origin` is not this service";
        return Err(Problem::new(StatusCode::FORBIDDEN, detail).into());
    }
    match needs_token(request, state) {
        Needs::Nothing => Ok(()),
        Needs::Token if is_token(sent, state) => Ok(()),
        Needs::Token => {
            let detail = "send the admin token as `Authorization: Bearer`";
            Err(wants_token(sent, detail))
        }
        Needs::Configuration => {
            let detail = "no admin token is configured; set APP_ADMIN_TOKEN_FILE, and send the \
                          content of the file as `Authorization: Bearer`";
            Err(Problem::new(StatusCode::FORBIDDEN, detail).into())
        }
    }
}

/// Returns whether a request on the operators' listener names a host that no operator
/// needs, in its target or in `Host`. A browser that a foreign site made believe that its name is
/// this address (DNS rebinding) sends the name of the site.
pub(super) fn is_misdirected(request: &ServiceRequest) -> bool {
    request.app_data() == Some(&Audience::Operators)
        && !asks_only_for(request.uri(), request.headers(), is_local_name)
}

/// Returns whether a host is an IP address or `localhost`, with a port or without.
fn is_local_name(host: &[u8]) -> bool {
    matches!(named(host), Some(Named::Localhost | Named::Address(_)))
}

/// Returns whether a host is a name that means this host on every host: a loopback address or
/// `localhost`. An address of the network may be that of a proxy.
fn is_loopback_name(host: &[u8]) -> bool {
    match named(host) {
        Some(Named::Localhost) => true,
        Some(Named::Address(address)) => address.to_canonical().is_loopback(),
        None => false,
    }
}

/// The meaning of a host, unless it is a name that a server of names resolves.
enum Named {
    Localhost,
    Address(IpAddr),
}

fn named(host: &[u8]) -> Option<Named> {
    let host = str::from_utf8(host).ok()?;
    let with_port = host.parse::<SocketAddr>().map(|address| address.ip());
    if let Ok(address) = with_port.or_else(|_| host.parse()) {
        return Some(Named::Address(address));
    }
    let bare = match host.split_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let in_brackets = host.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let address = in_brackets.map_or(bare, |(address, _)| address);
    if bare.eq_ignore_ascii_case("localhost") {
        return Some(Named::Localhost);
    }
    address.parse().ok().map(Named::Address)
}

/// Returns whether a browser sent the request for another site.
fn is_from_another_site(request: &HttpRequest) -> bool {
    let headers = request.headers();
    headers.get_all(ORIGIN).any(|origin| {
        let origin = origin.as_bytes();
        let own = [&b"http://"[..], b"https://"].map(|scheme| origin.strip_prefix(scheme));
        let is_own = |host: &[u8]| own.contains(&Some(host));
        !headers.contains_key(HOST) || !asks_only_for(request.uri(), headers, is_own)
    })
}

/// Returns the token of the only `Authorization`: of several, a proxy on the way may have looked at
/// another.
fn bearer_token(request: &HttpRequest) -> Option<&[u8]> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let header = headers.next()?.as_bytes();
    if headers.next().is_some() {
        return None;
    }
    let (scheme, token) = header.split_at_checked("Bearer ".len())?;
    let is_bearer = scheme.eq_ignore_ascii_case(b"Bearer ");
    // One space or more: RFC 9110, 11.4.
    is_bearer.then_some(token.trim_ascii_start())
}

/// Compares in constant time, so that the time does not tell how much of a token is right.
fn is_same(sent: &[u8], token: &Secret<String>) -> bool {
    sent.ct_eq(token.expose().as_bytes()).into()
}

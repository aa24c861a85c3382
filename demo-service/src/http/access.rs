//! Access: the clients of a listener, and the token for changes.

use std::net::{IpAddr, SocketAddr};

use actix_web::dev::ServiceRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    AUTHORIZATION, HOST, HeaderMap, HeaderValue, ORIGIN, WWW_AUTHENTICATE,
};
use actix_web::{HttpRequest, HttpResponse, ResponseError, error};
use environ::Secret;
use subtle::ConstantTimeEq;

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

/// Rejects a request without the right to change anything. A token that is set is wanted on
/// every listener; if none is set, requests on the operators' listener need no token.
///
/// # Errors
///
/// 403 if no token is configured or another site sent the browser, 401 if the token is
/// missing or wrong.
pub(super) fn authorize(request: &HttpRequest, state: &AppState) -> Result<(), actix_web::Error> {
    if is_from_another_site(request.headers()) {
        let detail = "another site may change nothing: `Origin` is not this service";
        return Err(Problem::new(StatusCode::FORBIDDEN, detail).into());
    }
    let is_for_operators = request.app_data() == Some(&Audience::Operators);
    if is_for_operators && state.admin_token.is_none() {
        return Ok(());
    }
    let Some(token) = &state.admin_token else {
        let detail = "nobody may; set APP_ADMIN_TOKEN_FILE, and send what is in the file \
                      as `Authorization: Bearer`";
        return Err(Problem::new(StatusCode::FORBIDDEN, detail).into());
    };
    if bearer_token(request).is_some_and(|sent| is_same(sent, token)) {
        return Ok(());
    }
    let detail = "send the admin token as `Authorization: Bearer`";
    let problem = Problem::new(StatusCode::UNAUTHORIZED, detail);
    let mut response: HttpResponse = problem.error_response();
    let bearer = HeaderValue::from_static("Bearer");
    response.headers_mut().insert(WWW_AUTHENTICATE, bearer);
    Err(error::InternalError::from_response(problem, response).into())
}

/// Returns whether a request on the operators' listener names a host that no operator
/// needs. A browser that a foreign site made believe that its name is this address (DNS
/// rebinding) sends the name of the site.
pub(super) fn is_misdirected(request: &ServiceRequest) -> bool {
    request.app_data() == Some(&Audience::Operators)
        && !request.headers().get_all(HOST).all(is_local_name)
}

/// Returns whether `Host` is an IP address or `localhost`, with a port or without.
fn is_local_name(host: &HeaderValue) -> bool {
    let Ok(host) = host.to_str() else {
        return false;
    };
    if host.parse::<SocketAddr>().is_ok() || host.parse::<IpAddr>().is_ok() {
        return true;
    }
    let bare = match host.split_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let in_brackets = host.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    in_brackets.is_some_and(|(address, _)| address.parse::<IpAddr>().is_ok())
        || bare.parse::<IpAddr>().is_ok()
        || bare.eq_ignore_ascii_case("localhost")
}

/// Returns whether a browser sent the request for another site.
fn is_from_another_site(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).map(HeaderValue::as_bytes);
    headers.get_all(ORIGIN).any(|origin| {
        let origin = origin.as_bytes();
        let own = [&b"http://"[..], b"https://"].map(|scheme| origin.strip_prefix(scheme));
        host.is_none() || !own.contains(&host)
    })
}

fn bearer_token(request: &HttpRequest) -> Option<&[u8]> {
    let header = request.headers().get(AUTHORIZATION)?.as_bytes();
    let (scheme, token) = header.split_at_checked("Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(token)
}

/// Compares in constant time, so that the time does not tell how much of a token is right.
fn is_same(sent: &[u8], token: &Secret<String>) -> bool {
    sent.ct_eq(token.expose().as_bytes()).into()
}

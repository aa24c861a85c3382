//! Access: the clients of a listener, and the token for changes.

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
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

/// Rejects a request without the right to change anything. Requests on the operators'
/// listener need no token.
///
/// # Errors
///
/// 403 if no token is configured, 401 if the token is missing or wrong.
pub(super) fn authorize(request: &HttpRequest, state: &AppState) -> Result<(), actix_web::Error> {
    if request.app_data() == Some(&Audience::Operators) {
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

fn bearer_token(request: &HttpRequest) -> Option<&[u8]> {
    let header = request.headers().get(AUTHORIZATION)?.as_bytes();
    let (scheme, token) = header.split_at_checked("Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(token)
}

/// Compares in constant time, so that the time does not tell how much of a token is right.
fn is_same(sent: &[u8], token: &Secret<String>) -> bool {
    sent.ct_eq(token.expose().as_bytes()).into()
}

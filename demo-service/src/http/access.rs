//! Who may change what runs.

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, ResponseError, error};
use environ::Secret;
use subtle::ConstantTimeEq;

use crate::http::audience::Audience;
use crate::http::problem::Problem;
use crate::state::AppState;

/// Refuses a request that may not change anything. Whoever asks on the operators'
/// own listener needs no token.
///
/// # Errors
///
/// 403 where nobody may on this listener, 401 where the token is not ours.
pub(crate) fn authorize(request: &HttpRequest, state: &AppState) -> Result<(), actix_web::Error> {
    if request.app_data() == Some(&Audience::Operators) {
        return Ok(());
    }
    let Some(token) = &state.admin_token else {
        let detail = "nobody may; set APP_ADMIN_TOKEN_FILE, and send what is in the file \
                      as `Authorization: Bearer`";
        return Err(Problem::new(StatusCode::FORBIDDEN, detail).into());
    };
    if sent(request).is_some_and(|sent| is_same(sent, token)) {
        return Ok(());
    }
    let detail = "send the admin token as `Authorization: Bearer`";
    let problem = Problem::new(StatusCode::UNAUTHORIZED, detail);
    let mut response: HttpResponse = problem.error_response();
    let bearer = HeaderValue::from_static("Bearer");
    response.headers_mut().insert(WWW_AUTHENTICATE, bearer);
    Err(error::InternalError::from_response(problem, response).into())
}

fn sent(request: &HttpRequest) -> Option<&[u8]> {
    let header = request.headers().get(AUTHORIZATION)?.as_bytes();
    let (scheme, token) = header.split_at_checked("Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(token)
}

/// Takes as long for any token of the same length: time must not tell how much of
/// one is right.
fn is_same(sent: &[u8], token: &Secret<String>) -> bool {
    sent.ct_eq(token.expose().as_bytes()).into()
}

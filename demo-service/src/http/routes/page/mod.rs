//! The state page at `/-/`, its form, and the greeting at `/`: HTML that needs no script.

mod configuration;
mod shown;
mod view;

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, LOCATION, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use actix_web::web::{Data, Payload};
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};
use maud::Markup;

use super::{change, log_level};
use crate::http::accept::weight;
use crate::http::access::{Audience, admit, authorize_with, needs_token};
use crate::http::paths::{Clients, STATE};
use crate::http::proxies::TrustedProxies;
use crate::state::AppState;
use crate::version::Version;

/// Nothing but the style of the page, which is known by its hash, and the form.
const POLICY: &str = "default-src 'none'; style-src 'sha256-U9VRygOiQrb+g7GfyiSVxHNaFtvnJNxYCGrkkkVtfBk='; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// The media type of the form.
const FORM: &str = "application/x-www-form-urlencoded";

/// Answers a person with the purpose of the service, and links to the state page if the
/// client may see it.
pub(super) async fn root(request: HttpRequest, state: Data<AppState>) -> HttpResponse {
    let is_here = request.app_data() == Some(&Audience::All);
    let has_link = is_here && admit(&request, Clients::Operators, &state).is_ok();
    let mut response = if weight(request.headers(), "text/html") > 0.0 {
        html(StatusCode::OK, view::root(has_link))
    } else {
        let link = if has_link {
            "; its state is at /-/"
        } else {
            ""
        };
        HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(format!(
            "demo-service {}: a deployment-friendly service. It answers /hello and /visits{link}.\n",
            Version::NUMBER
        ))
    };
    let accept = HeaderValue::from_static("accept");
    response.headers_mut().insert(VARY, accept);
    response
}

/// Shows the state.
pub(super) async fn page(request: HttpRequest, state: Data<AppState>) -> HttpResponse {
    let form = needs_token(&request, &state);
    html(StatusCode::OK, view::page(&state, form, None))
}

/// Changes the log level by the form of the page.
pub(super) async fn change_level(
    state: Data<AppState>,
    proxies: Data<TrustedProxies>,
    request: HttpRequest,
    body: Payload,
) -> Result<HttpResponse, Error> {
    let body = change::read(body).await?;
    if !request.content_type().eq_ignore_ascii_case(FORM) {
        return Ok(HttpResponse::new(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let changed = change_by_form(&body, &state, &proxies, &request);
    let Err(err) = changed else {
        return Ok(HttpResponse::SeeOther()
            .insert_header((LOCATION, STATE))
            .finish());
    };
    let status = err.as_response_error().status_code();
    let form = needs_token(&request, &state);
    Ok(html(
        status,
        view::page(&state, form, Some(&err.to_string())),
    ))
}

fn change_by_form(
    body: &[u8],
    state: &AppState,
    proxies: &TrustedProxies,
    request: &HttpRequest,
) -> Result<(), Error> {
    let (mut token, mut texts) = (None, Vec::new());
    for (name, value) in url::form_urlencoded::parse(body) {
        match &*name {
            "token" => token = Some(value.trim().to_owned()),
            "level" | "ttl" => texts.push((name.to_ascii_uppercase(), value.trim().to_owned())),
            _ => {}
        }
    }
    authorize_with(token.as_deref().map(str::as_bytes), request, state)?;
    let wanted: log_level::Wanted = change::load(&texts)?;
    let client = change::client(request, proxies);
    state.log.change(wanted.level, wanted.ttl, client)?;
    Ok(())
}

fn html(status: StatusCode, page: Markup) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        // With `no-referrer`, browsers send the form with `Origin: null`, which is rejected.
        .insert_header((REFERRER_POLICY, "same-origin"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(page.into_string())
}

//! What every listener serves requests with: routes, and what wraps them.

use std::rc::Rc;
use std::time::Instant;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::ConnectionType;
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{Data, JsonConfig, PayloadConfig};
use actix_web::{App, Error};

use crate::audience::Audience;
use crate::config::ServerConfig;
use crate::forwarded::TrustedProxies;
use crate::limits::Limits;
use crate::middleware::{Contain, Identity, X_REQUEST_ID, access_log, admit, problems};
use crate::routes;
use crate::state::{AppState, Phase};

/// What all workers of a listener share.
#[derive(Clone)]
pub(crate) struct Shared {
    audience: Audience,
    chaos: bool,
    limits: Data<Limits>,
    proxies: Data<TrustedProxies>,
    state: Data<AppState>,
}

impl Shared {
    pub(crate) fn new(audience: Audience, state: &Data<AppState>, config: &ServerConfig) -> Self {
        Self {
            audience,
            chaos: config.chaos,
            limits: Data::new(Limits::new(&config.limits)),
            proxies: Data::new(TrustedProxies::new(config.trusted_proxies.clone())),
            state: state.clone(),
        }
    }

    /// Makes the app of one worker, whose event loop answers from then on.
    pub(crate) fn app(
        self,
    ) -> App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse,
            Error = Error,
            InitError = (),
        > + 'static,
    > {
        let max_body = self.limits.max_body;
        self.state.loops.join();
        let contain = Contain {
            request_timeout: self.limits.request_timeout,
            state: self.state.clone(),
        };
        let (audience, chaos) = (self.audience, self.chaos);
        let shared = Rc::new(self);
        App::new()
            .app_data(audience)
            .app_data(PayloadConfig::new(max_body))
            .app_data(JsonConfig::default().limit(max_body))
            .app_data(shared.limits.clone())
            .app_data(shared.proxies.clone())
            .app_data(shared.state.clone())
            .configure(|app| routes::configure(app, audience, chaos, &Rc::new(contain)))
            .wrap(from_fn(move |request, next| {
                serve(Rc::clone(&shared), request, next)
            }))
    }
}

/// What happens to every request. It is one piece, since each that wraps another
/// costs a request as much as all that is done here.
async fn serve(
    shared: Rc<Shared>,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    let state = &shared.state;
    let in_flight = state.requests.begin();
    let start = Instant::now();
    let identity = Identity::of(&request, &shared.proxies);
    let response = match admit(&request, &shared.limits) {
        Ok(_permit) => next.call(request).await?,
        Err(problem) => request.error_response(problem),
    };
    let mut response = problems(response, &identity);

    let route = response.request().match_pattern();
    let route = route.unwrap_or_else(|| "unmatched".to_owned());
    let duration = start.elapsed();
    access_log(&response, &identity, &route, duration);
    let (method, status) = (response.request().method(), response.status());
    state
        .metrics
        .observe(method, route, status.as_u16(), duration);

    let request_id = identity.into_request_id();
    response.headers_mut().insert(X_REQUEST_ID, request_id);
    // The client's next request goes elsewhere.
    if state.readiness.phase() == Phase::Draining {
        let head = response.response_mut().head_mut();
        head.set_connection_type(ConnectionType::Close);
    }
    in_flight.answer();
    Ok(response)
}

//! What every listener serves requests with: routes, and what wraps them.

use std::rc::Rc;
use std::time::Instant;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::ConnectionType;
use actix_web::middleware::Next;
use actix_web::web::{Data, JsonConfig, PayloadConfig};
use actix_web::{App, Error, HttpResponse};

use crate::config::ServerConfig;
use crate::http::audience::Audience;
use crate::http::limits::Limits;
use crate::http::middleware::{Chunked, Identity, Serving, X_REQUEST_ID, admit, contain};
use crate::http::paths::is_disguised;
use crate::http::problem::render;
use crate::http::proxies::TrustedProxies;
use crate::http::routes::{self, UNMATCHED};
use crate::state::{AppState, Phase};

/// What all workers of a listener share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) audience: Audience,
    pub(crate) chaos: bool,
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
        let shared = Rc::new(self);
        App::new()
            .app_data(shared.audience)
            .app_data(PayloadConfig::new(max_body))
            .app_data(JsonConfig::default().limit(max_body))
            .app_data(shared.limits.clone())
            .app_data(shared.proxies.clone())
            .app_data(shared.state.clone())
            .configure(|app| routes::configure(app, &shared))
    }
}

/// What happens to every request. It is one piece, since each that wraps another costs
/// a request as much as all that is done here; and it wraps each resource, and what
/// answers where there is none, since there the route is known, and the request may be
/// cloned, which the router does not bear.
///
/// It is no `async fn`, which would hold its arguments twice, and twice again where
/// actix holds it: more than 1 KiB, which takes an allocator several times as long.
pub(crate) fn serve(
    shared: Rc<Shared>,
    route: &'static str,
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> impl Future<Output = Result<ServiceResponse, Error>> {
    let start = Instant::now();
    let identity = Identity::of(&request, &shared.proxies);
    // The router takes more spellings of a path than are served.
    let is_disguised = is_disguised(request.path());
    let route = if is_disguised { UNMATCHED } else { route };
    let body = Chunked::of(&mut request);
    // actix reads no further request of a client that has offered it.
    let offers_upgrade = request.head().upgrade();
    async move {
        let state = &shared.state;
        let asked = request.request().clone();
        let serving = Serving::begin(state, asked, identity, route, start);
        let response = match admit(&request, &shared.limits) {
            _ if is_disguised => request.into_response(HttpResponse::NotFound()),
            Ok(_permit) => {
                let answer = next.call(request);
                contain(&serving.request, answer, &shared.limits, state).await
            }
            Err(problem) => request.error_response(problem),
        };
        let response = render(response, &serving.identity, route);
        let mut response = match body {
            None => response,
            // Apart, since most requests need no room for it.
            Some(body) => Box::pin(body.held_by(response, shared.limits.max_body)).await,
        };

        let request_id = serving.answered(&response);
        response.headers_mut().insert(X_REQUEST_ID, request_id);
        // The client's next request goes elsewhere.
        if offers_upgrade || state.readiness.phase() == Phase::Draining {
            let head = response.response_mut().head_mut();
            head.set_connection_type(ConnectionType::Close);
        }
        Ok(response)
    }
}

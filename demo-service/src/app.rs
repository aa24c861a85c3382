//! What every listener serves requests with: routes, and what wraps them.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::web::{Data, JsonConfig, PayloadConfig};
use actix_web::{App, Error};

use crate::audience::Audience;
use crate::config::ServerConfig;
use crate::forwarded::TrustedProxies;
use crate::limits::Limits;
use crate::middleware::{access_log, admit, identify, in_flight, problems};
use crate::routes;
use crate::state::AppState;

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

    /// Makes the app of one worker, whose event loop answers from then on. What is
    /// wrapped last sees a request first.
    pub(crate) fn app(
        self,
    ) -> App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<impl MessageBody + 'static>,
            Error = Error,
            InitError = (),
        > + 'static,
    > {
        let Self {
            audience, chaos, ..
        } = self;
        let max_body = self.limits.max_body;
        self.state.loops.join();
        App::new()
            .app_data(audience)
            .app_data(PayloadConfig::new(max_body))
            .app_data(JsonConfig::default().limit(max_body))
            .app_data(self.limits)
            .app_data(self.proxies)
            .app_data(self.state)
            .configure(|app| routes::configure(app, audience, chaos))
            .wrap(from_fn(admit))
            .wrap(from_fn(problems))
            .wrap(from_fn(access_log))
            .wrap(from_fn(identify))
            .wrap(from_fn(in_flight))
    }
}

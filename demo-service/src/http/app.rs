//! The actix app of a listener: its data and its routes.

use std::rc::Rc;

use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::web::{Data, JsonConfig, PayloadConfig};
use actix_web::{App, Error};

use super::access::Audience;
use super::limits::Limits;
use super::pipeline::Pipeline;
use super::proxies::TrustedProxies;
use super::routes;
use crate::config::ServerConfig;
use crate::state::AppState;

/// The parts that all workers of a listener share.
#[derive(Clone)]
pub(crate) struct Shared {
    audience: Audience,
    chaos: bool,
    pipeline: Pipeline,
}

impl Shared {
    pub(crate) fn new(audience: Audience, state: &Data<AppState>, config: &ServerConfig) -> Self {
        Self {
            audience,
            chaos: config.chaos,
            pipeline: Pipeline {
                limits: Data::new(Limits::new(state.limits.clone())),
                proxies: Data::new(TrustedProxies::new(config.trusted_proxies.clone())),
                state: state.clone(),
            },
        }
    }

    /// Creates the app of a worker, and adds the worker's event loop to those that are
    /// checked.
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
        let Self {
            audience,
            chaos,
            pipeline,
        } = self;
        pipeline.state.event_loops.join();
        let pipeline = Rc::new(pipeline);
        App::new()
            .app_data(audience)
            // The pipeline limits each body: actix has limits of its own that no reload changes.
            .app_data(PayloadConfig::new(usize::MAX))
            .app_data(JsonConfig::default().limit(usize::MAX))
            .app_data(pipeline.limits.clone())
            .app_data(pipeline.proxies.clone())
            .app_data(pipeline.state.clone())
            .configure(|app| routes::configure(app, &pipeline, audience, chaos))
    }
}

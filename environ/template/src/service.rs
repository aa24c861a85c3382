//! The routes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

use crate::config::AppConfig;

/// Everything that requests share.
#[derive(Debug)]
pub struct Service {
    config: AppConfig,
    stopping: AtomicBool,
}

impl Service {
    /// Creates the state of the service.
    pub fn new(config: AppConfig) -> Arc<Self> {
        let stopping = AtomicBool::new(false);
        Arc::new(Self { config, stopping })
    }

    /// Returns the routes.
    pub fn routes(self: &Arc<Self>) -> Router {
        Router::new()
            .route("/", get(hello))
            .route("/healthz", get(ready))
            .with_state(Arc::clone(self))
    }

    /// Makes `/healthz` answer 503.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }
}

async fn hello(State(service): State<Arc<Service>>) -> String {
    format!("{}, world!\n", service.config.greeting)
}

async fn ready(State(service): State<Arc<Service>>) -> StatusCode {
    if service.stopping.load(Ordering::Relaxed) {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::OK
    }
}

#[cfg(test)]
mod tests {
    use environ::EnvConfig;

    use super::*;

    #[tokio::test]
    async fn the_service_is_ready_until_it_stops() {
        let config = AppConfig::from_source([("APP_GREETING", "Hi")]).unwrap();
        let service = Service::new(config);
        assert_eq!(hello(State(Arc::clone(&service))).await, "Hi, world!\n");
        assert_eq!(ready(State(Arc::clone(&service))).await, StatusCode::OK);
        service.stop();
        let answer = ready(State(service)).await;
        assert_eq!(answer, StatusCode::SERVICE_UNAVAILABLE);
    }
}

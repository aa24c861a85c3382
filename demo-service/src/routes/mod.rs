//! What can be asked: one file a resource.

mod chaos;
mod health;
mod hello;
mod version;

use actix_web::web::{self, ServiceConfig};
use actix_web::{Handler, Resource, Responder};

/// Readiness in the words of the talk, of its long form, and of Kubernetes.
const READINESS: &[&str] = &["/-/ready", "/-/readiness", "/healthz"];

/// Liveness in the words of the talk, of its long form, and of Dockerflow.
const LIVENESS: &[&str] = &["/-/healthy", "/-/liveness", "/__lbheartbeat__"];

const VERSION: &[&str] = &["/-/version", "/__version__"];

/// Registers all routes.
pub(crate) fn configure(app: &mut ServiceConfig, chaos: bool) {
    app.service(read("/hello", hello::hello));
    for path in READINESS {
        app.service(read(path, health::ready));
    }
    for path in LIVENESS {
        app.service(read(path, health::alive));
    }
    for path in VERSION {
        app.service(read(path, version::version));
    }
    if chaos {
        app.service(read("/-/chaos/delay/{millis}", chaos::delay));
    }
}

/// Whether a route is asked by machines, all the time.
pub(crate) fn is_probe(route: &str) -> bool {
    READINESS.contains(&route) || LIVENESS.contains(&route)
}

/// A resource that is read: it answers GET and HEAD, and 405 otherwise.
fn read<F, Args>(path: &str, handler: F) -> Resource
where
    F: Handler<Args>,
    Args: actix_web::FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::resource(path)
        .route(web::get().to(handler.clone()))
        .route(web::head().to(handler))
}

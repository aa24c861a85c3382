//! What can be asked: one file a resource.

mod chaos;
mod config;
mod health;
mod heartbeat;
mod hello;
mod log_level;
mod metrics;
mod version;
mod visits;

use actix_web::dev::HttpServiceFactory;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Handler, Resource, Responder};

use crate::audience::Audience;
use crate::middleware::contain;

/// Readiness in the words of the talk, of its long form, and of Kubernetes.
const READINESS: &[&str] = &["/-/ready", "/-/readiness", "/healthz"];

/// Liveness in the words of the talk, of its long form, and of Dockerflow.
const LIVENESS: &[&str] = &["/-/healthy", "/-/liveness", "/__lbheartbeat__"];

/// What the service depends on, in the word of Dockerflow.
const HEARTBEAT: &str = "/__heartbeat__";

const VERSION: &[&str] = &["/-/version", "/__version__"];

/// Where all misbehaviour is.
pub(crate) const CHAOS: &str = "/-/chaos/";

/// Registers the routes of a listener.
pub(crate) fn configure(app: &mut ServiceConfig, audience: Audience, chaos: bool) {
    if audience.has_users() {
        for_users(app);
    }
    if audience.has_operators() {
        for_operators(app, chaos);
    }
}

fn for_users(app: &mut ServiceConfig) {
    app.service(read("/hello", hello::hello));
    let visits = readable("/visits", visits::count).route(web::post().to(visits::add));
    app.service(contained(visits));
}

/// Their paths are those that `paths::is_for_operators` knows.
fn for_operators(app: &mut ServiceConfig, chaos: bool) {
    app.service(read(HEARTBEAT, heartbeat::heartbeat));
    for path in READINESS {
        app.service(read(path, health::ready));
    }
    for path in LIVENESS {
        app.service(read(path, health::alive));
    }
    for path in VERSION {
        app.service(read(path, version::version));
    }
    app.service(read("/-/config", config::config));
    app.service(read("/-/metrics", metrics::metrics));
    app.service(contained(
        web::resource("/-/log-level")
            .route(web::get().to(log_level::read))
            .route(web::head().to(log_level::read))
            .route(web::put().to(log_level::write)),
    ));
    if chaos {
        app.service(read("/-/chaos/block/{millis}", chaos::block));
        app.service(read("/-/chaos/delay/{millis}", chaos::delay));
        app.service(read("/-/chaos/hang", chaos::hang));
        app.service(read("/-/chaos/panic", chaos::panic));
        let swallow = web::resource("/-/chaos/swallow");
        app.service(contained(swallow.route(web::post().to(chaos::swallow))));
    }
}

/// Whether a route is asked by machines, all the time.
pub(crate) fn is_probe(route: &str) -> bool {
    READINESS.contains(&route) || LIVENESS.contains(&route) || route == HEARTBEAT
}

/// A resource that is read: it answers GET and HEAD, and 405 otherwise.
fn read<F, Args>(path: &str, handler: F) -> impl HttpServiceFactory + 'static
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    contained(readable(path, handler))
}

fn readable<F, Args>(path: &str, handler: F) -> Resource
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::resource(path)
        .route(web::get().to(handler.clone()))
        .route(web::head().to(handler))
}

/// Keeps what goes wrong in a handler from its worker. Every resource is wrapped.
fn contained(resource: Resource) -> impl HttpServiceFactory + 'static {
    resource.wrap(from_fn(contain))
}

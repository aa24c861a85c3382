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

use std::rc::Rc;

use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Handler, Resource, Responder};

use crate::audience::Audience;
use crate::middleware::{Contain, contain};

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
pub(crate) fn configure(
    app: &mut ServiceConfig,
    audience: Audience,
    chaos: bool,
    contain: &Rc<Contain>,
) {
    let mut routes = Routes { app, contain };
    if audience.has_users() {
        for_users(&mut routes);
    }
    if audience.has_operators() {
        for_operators(&mut routes, chaos);
    }
}

fn for_users(routes: &mut Routes<'_>) {
    routes.read("/hello", hello::hello);
    let visits = readable("/visits", visits::count).route(web::post().to(visits::add));
    routes.add(visits);
}

/// Their paths are those that `paths::is_for_operators` knows.
fn for_operators(routes: &mut Routes<'_>, chaos: bool) {
    routes.read(HEARTBEAT, heartbeat::heartbeat);
    for path in READINESS {
        routes.read(path, health::ready);
    }
    for path in LIVENESS {
        routes.read(path, health::alive);
    }
    for path in VERSION {
        routes.read(path, version::version);
    }
    routes.read("/-/config", config::config);
    routes.read("/-/metrics", metrics::metrics);
    let level = readable("/-/log-level", log_level::read);
    routes.add(level.route(web::put().to(log_level::write)));
    if chaos {
        routes.read("/-/chaos/block/{millis}", chaos::block);
        routes.read("/-/chaos/delay/{millis}", chaos::delay);
        routes.read("/-/chaos/hang", chaos::hang);
        routes.read("/-/chaos/panic", chaos::panic);
        let swallow = web::resource("/-/chaos/swallow");
        routes.add(swallow.route(web::post().to(chaos::swallow)));
    }
}

/// Whether a route is asked by machines, all the time.
pub(crate) fn is_probe(route: &str) -> bool {
    READINESS.contains(&route) || LIVENESS.contains(&route) || route == HEARTBEAT
}

/// The routes of one worker.
struct Routes<'a> {
    app: &'a mut ServiceConfig,
    contain: &'a Rc<Contain>,
}

impl Routes<'_> {
    /// Adds a resource that is read: it answers GET and HEAD, and 405 otherwise.
    fn read<F, Args>(&mut self, path: &str, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(readable(path, handler));
    }

    /// Adds a resource, and keeps what goes wrong in it from its worker.
    fn add(&mut self, resource: Resource) {
        let how = Rc::clone(self.contain);
        let contained = resource.wrap(from_fn(move |request, next| {
            contain(Rc::clone(&how), request, next)
        }));
        self.app.service(contained);
    }
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

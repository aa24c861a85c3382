//! What can be asked: one file a resource.

mod chaos;
mod config;
mod health;
mod heartbeat;
mod hello;
mod log_level;
pub(crate) mod metrics;
mod version;
mod visits;

use std::future::ready;
use std::rc::Rc;

use actix_web::guard::fn_guard;
use actix_web::http::Method;
use actix_web::http::header::ALLOW;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Handler, HttpResponse, Responder, Route};

use crate::http::app::{Shared, serve};

/// Readiness in the words of the talk, of its long form, and of Kubernetes.
const READINESS: &[&str] = &["/-/ready", "/-/readiness", "/healthz"];

/// Liveness in the words of the talk, of its long form, and of Dockerflow.
const LIVENESS: &[&str] = &["/-/healthy", "/-/liveness", "/__lbheartbeat__"];

/// What the service depends on, in the word of Dockerflow.
const HEARTBEAT: &str = "/__heartbeat__";

const VERSION: &[&str] = &["/-/version", "/__version__"];

/// Where all misbehaviour is.
pub(crate) const CHAOS: &str = "/-/chaos/";

/// What the route of a request is called where there is none.
pub(crate) const UNMATCHED: &str = "unmatched";

const READ: &[Method] = &[Method::GET, Method::HEAD];
const POST: &[Method] = &[Method::POST];
const PUT: &[Method] = &[Method::PUT];

/// Registers the routes of a listener.
pub(crate) fn configure(app: &mut ServiceConfig, shared: &Rc<Shared>) {
    let mut routes = Routes { app, shared };
    if shared.audience.has_users() {
        for_users(&mut routes);
    }
    if shared.audience.has_operators() {
        for_operators(&mut routes, shared.chaos);
    }
    let shared = Rc::clone(shared);
    let nothing = web::to(async || HttpResponse::NotFound());
    app.default_service(nothing.wrap(from_fn(move |request, next| {
        serve(Rc::clone(&shared), UNMATCHED, request, next)
    })));
}

fn for_users(routes: &mut Routes<'_>) {
    routes.read("/hello", hello::hello);
    let visits = [on(READ, visits::count), on(POST, visits::add)];
    routes.add("/visits", visits);
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
    let level = [on(READ, log_level::read), on(PUT, log_level::write)];
    routes.add("/-/log-level", level);
    if chaos {
        routes.read("/-/chaos/block/{millis}", chaos::block);
        routes.read("/-/chaos/delay/{millis}", chaos::delay);
        routes.read("/-/chaos/hang", chaos::hang);
        routes.read("/-/chaos/panic", chaos::panic);
        routes.add("/-/chaos/swallow", [on(POST, chaos::swallow)]);
    }
}

/// Whether a route is asked by machines, all the time.
pub(crate) fn is_probe(route: &str) -> bool {
    READINESS.contains(&route) || LIVENESS.contains(&route) || route == HEARTBEAT
}

/// What answers some methods of a resource.
struct Answer {
    methods: &'static [Method],
    route: Route,
}

/// A guard of our own, since those of actix note in each request what they looked
/// for: for `Allow`, which is always the same for a resource.
fn on<F, Args>(methods: &'static [Method], handler: F) -> Answer
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    let guard = fn_guard(|context| methods.contains(&context.head().method));
    let route = web::route().guard(guard).to(handler);
    Answer { methods, route }
}

/// The routes of one worker. What is registered by another way is neither admitted
/// nor contained, logged or measured.
struct Routes<'a> {
    app: &'a mut ServiceConfig,
    shared: &'a Rc<Shared>,
}

impl Routes<'_> {
    /// Adds a resource that is read: it answers GET and HEAD.
    fn read<F, Args>(&mut self, path: &'static str, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(path, [on(READ, handler)]);
    }

    /// Adds a resource, which says of other methods what it answers instead.
    fn add<const N: usize>(&mut self, path: &'static str, answers: [Answer; N]) {
        let mut resource = web::resource(path);
        let mut methods = Vec::new();
        for answer in answers {
            resource = resource.route(answer.route);
            methods.extend(answer.methods.iter().map(Method::as_str));
        }
        methods.push(Method::OPTIONS.as_str());
        let allow = methods.join(", ");
        let other = web::to(move |method| ready(other(&method, &allow)));
        let shared = Rc::clone(self.shared);
        let resource = resource.default_service(other);
        self.app
            .service(resource.wrap(from_fn(move |request, next| {
                serve(Rc::clone(&shared), path, request, next)
            })));
    }
}

/// Answers a method that nothing else answers.
fn other(method: &Method, allow: &str) -> HttpResponse {
    let mut response = match *method {
        Method::OPTIONS => HttpResponse::NoContent(),
        _ => HttpResponse::MethodNotAllowed(),
    };
    response.insert_header((ALLOW, allow)).finish()
}

//! The resources: one file each.

mod change;
mod chaos;
mod config;
mod health;
mod heartbeat;
mod hello;
mod log_level;
mod metrics;
mod page;
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

use super::access::Audience;
use super::paths::{
    CHANGE_READY, CONFIG, Clients, HEARTBEAT, HELLO, LIVENESS, LOG_LEVEL, METRICS, READINESS, ROOT,
    STATE, UNMATCHED, VERSION, VISITS, clients,
};
use super::pipeline::Pipeline;

const READ: &[Method] = &[Method::GET, Method::HEAD];
const POST: &[Method] = &[Method::POST];
const PUT: &[Method] = &[Method::PUT];

/// Registers the routes of a listener.
pub(super) fn configure(
    app: &mut ServiceConfig,
    pipeline: &Rc<Pipeline>,
    audience: Audience,
    chaos: bool,
) {
    let mut routes = Routes { app, pipeline };
    if audience.has_users() {
        for_users(&mut routes);
    }
    if audience.has_operators() {
        for_operators(&mut routes, chaos);
    }
    let pipeline = Rc::clone(pipeline);
    let nothing = web::to(async || HttpResponse::NotFound());
    app.default_service(nothing.wrap(from_fn(move |request, next| {
        Rc::clone(&pipeline).serve(UNMATCHED, Clients::All, request, next)
    })));
}

fn for_users(routes: &mut Routes<'_>) {
    routes.read(ROOT, page::root);
    routes.read(HELLO, hello::hello);
    let visits = [on(READ, visits::count), on(POST, visits::add)];
    routes.add(VISITS, visits);
}

/// `paths::is_for_operators` knows their paths.
fn for_operators(routes: &mut Routes<'_>, chaos: bool) {
    routes.read(HEARTBEAT, heartbeat::heartbeat);
    for path in READINESS {
        if *path == CHANGE_READY {
            let answers = [on(READ, health::ready), on(PUT, health::change_ready)];
            routes.add(path, answers);
        } else {
            routes.read(path, health::ready);
        }
    }
    for path in LIVENESS {
        routes.read(path, health::alive);
    }
    for path in VERSION {
        routes.read(path, version::version);
    }
    routes.read(STATE, page::page);
    routes.read(CONFIG, config::config);
    routes.read(METRICS, metrics::metrics);
    let level = [
        on(READ, log_level::read),
        on(PUT, log_level::write),
        on(POST, page::change_level),
    ];
    routes.add(LOG_LEVEL, level);
    if chaos {
        routes.read("/-/chaos/block/{millis}", chaos::block);
        routes.read("/-/chaos/delay/{millis}", chaos::delay);
        routes.read("/-/chaos/hang", chaos::hang);
        routes.read("/-/chaos/panic", chaos::panic);
        routes.add("/-/chaos/swallow", [on(POST, chaos::swallow)]);
    }
}

/// The handler of some methods of a resource.
struct Answer {
    methods: &'static [Method],
    route: Route,
}

/// The guard is not one of actix, because those record in each request the methods they
/// look for, for an `Allow` that is always the same for a resource.
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

/// The routes of one worker. A service that is registered by another way bypasses the
/// pipeline: its requests are not limited, logged or measured.
struct Routes<'a> {
    app: &'a mut ServiceConfig,
    pipeline: &'a Rc<Pipeline>,
}

impl Routes<'_> {
    /// Adds a resource that answers GET and HEAD.
    fn read<F, Args>(&mut self, path: &'static str, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(path, [on(READ, handler)]);
    }

    /// Adds a resource, which answers other methods with 405 and `Allow`.
    fn add<const N: usize>(&mut self, path: &'static str, answers: [Answer; N]) {
        let mut resource = web::resource(path);
        let mut methods = Vec::new();
        for answer in answers {
            resource = resource.route(answer.route);
            methods.extend(answer.methods.iter().map(Method::as_str));
        }
        methods.push(Method::OPTIONS.as_str());
        let allow = methods.join(", ");
        let other = web::to(move |method| ready(not_allowed(&method, &allow)));
        let pipeline = Rc::clone(self.pipeline);
        let resource = resource.default_service(other);
        let clients = clients(path);
        self.app
            .service(resource.wrap(from_fn(move |request, next| {
                Rc::clone(&pipeline).serve(path, clients, request, next)
            })));
    }
}

/// Answers a method without a handler.
fn not_allowed(method: &Method, allow: &str) -> HttpResponse {
    let mut response = match *method {
        Method::OPTIONS => HttpResponse::NoContent(),
        _ => HttpResponse::MethodNotAllowed(),
    };
    response.insert_header((ALLOW, allow)).finish()
}

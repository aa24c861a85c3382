//! `/hello`: what the service is for.

use actix_web::Responder;

pub(super) async fn hello() -> impl Responder {
    "Hello World!"
}

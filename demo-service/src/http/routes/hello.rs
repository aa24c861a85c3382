//! `/hello`: the purpose of the service.

use actix_web::Responder;

pub(super) async fn hello() -> impl Responder {
    "Hello World!"
}

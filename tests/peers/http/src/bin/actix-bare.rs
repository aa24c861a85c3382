//! actix-web, and nothing around it.

use std::env::args;
use std::io;

use actix_web::{App, HttpServer, web};

#[actix_web::main]
async fn main() -> io::Result<()> {
    HttpServer::new(|| App::new().route("/hello", web::get().to(hello)))
        .workers(1)
        .bind(args().nth(1).unwrap_or_default())?
        .run()
        .await
}

async fn hello() -> &'static str {
    "Hello World!"
}

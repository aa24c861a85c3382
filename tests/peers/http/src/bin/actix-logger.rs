//! actix-web with its own access log.

use std::env::args;
use std::io;

use actix_web::middleware::Logger;
use actix_web::{App, HttpServer, web};
use env_logger::{Builder, Env, Target};

#[actix_web::main]
async fn main() -> io::Result<()> {
    let env = Env::default().default_filter_or("info");
    Builder::from_env(env).target(Target::Stdout).init();
    HttpServer::new(|| {
        App::new()
            .wrap(Logger::default())
            .route("/hello", web::get().to(hello))
    })
    .workers(1)
    .bind(args().nth(1).unwrap_or_default())?
    .run()
    .await
}

async fn hello() -> &'static str {
    "Hello World!"
}

//! A web service with actix-web, whose database pool is absent unless it is configured.
//!
//! ```console
//! $ APP_PORT=8080 APP_DB_URL=postgres://db/app cargo run --example web_actix
//! $ curl http://127.0.0.1:8080/
//! ```

#![expect(clippy::print_stderr, reason = "an example prints")]

use std::net::IpAddr;

use actix_web::web::{self, Data};
use actix_web::{App, HttpServer};
use environ::{EnvConfig, Secret};

#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
struct AppConfig {
    #[env(group, flatten)]
    http: Http,
    #[env(group)]
    db: Option<Db>,
}

#[derive(Debug, EnvConfig)]
struct Http {
    #[env(default = "127.0.0.1")]
    host: IpAddr, // APP_HOST
    #[env(default = 8000, alias = "PORT")]
    port: u16, // APP_PORT
    #[env(default = 2, range = 1..=64)]
    workers: usize, // APP_WORKERS
}

#[derive(Debug, EnvConfig)]
struct Db {
    url: Secret<String>, // APP_DB_URL
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let loaded = AppConfig::loader().load().unwrap_or_else(|err| err.exit());
    for warning in &loaded.warnings {
        eprintln!("{warning}");
    }
    let AppConfig { http, db } = loaded.config;
    let db = Data::new(db);
    HttpServer::new(move || {
        App::new()
            .app_data(db.clone())
            .route("/", web::get().to(index))
    })
    .workers(http.workers)
    .bind((http.host, http.port))?
    .run()
    .await
}

async fn index(db: Data<Option<Db>>) -> String {
    // `expose` is the one way to a secret's value.
    let length = db.as_ref().as_ref().map(|db| db.url.expose().len());
    match length {
        Some(length) => format!("a database with a URL of {length} letters\n"),
        None => "no database\n".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_database_is_optional() {
        let cfg = AppConfig::from_source(()).unwrap();
        assert_eq!((cfg.http.port, cfg.http.workers), (8000, 2));
        assert_eq!(index(Data::new(cfg.db)).await, "no database\n");
    }
}

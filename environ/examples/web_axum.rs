//! A web service with axum: config in the state, a clean stop on SIGTERM or Ctrl-C.
//!
//! ```console
//! $ APP_PORT=8080 APP_GREETING=Hi cargo run --example web_axum
//! $ curl http://127.0.0.1:8080/
//! ```

#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "an example prints"
)]

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::Router;
use environ::EnvConfig;
use tokio::net::TcpListener;

#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
struct AppConfig {
    /// Address to listen on.
    #[env(default = "127.0.0.1")]
    host: IpAddr,
    /// Port to listen on; 0 picks a free port.
    #[env(default = 8000, alias = "PORT")]
    port: u16,
    /// First word of the answer.
    #[env(default = "Hello")]
    greeting: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let loaded = AppConfig::loader().load().unwrap_or_else(|err| err.exit());
    for warning in &loaded.warnings {
        eprintln!("{warning}");
    }
    let cfg = loaded.config;
    let listener = TcpListener::bind(SocketAddr::new(cfg.host, cfg.port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app(cfg))
        .with_graceful_shutdown(stop())
        .await
}

fn app(cfg: AppConfig) -> Router {
    Router::new()
        .route("/", get(hello))
        .with_state(Arc::new(cfg))
}

async fn hello(State(cfg): State<Arc<AppConfig>>) -> String {
    format!("{}, world!\n", cfg.greeting)
}

/// Returns at SIGTERM or Ctrl-C.
async fn stop() {
    use tokio::signal::unix::{signal, SignalKind};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_greeting_is_configured() {
        let cfg = AppConfig::from_source([("APP_GREETING", "Hi")]).unwrap();
        assert_eq!(hello(State(Arc::new(cfg))).await, "Hi, world!\n");
    }
}

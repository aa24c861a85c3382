//! Start and stop of the service.

mod config;
mod service;

use std::io;

use environ::EnvConfig;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::sleep;

use config::AppConfig;
use service::Service;

#[tokio::main]
async fn main() -> io::Result<()> {
    if std::env::args().nth(1).as_deref() == Some("--help") {
        println!("{}", AppConfig::help());
        return Ok(());
    }
    let loaded = AppConfig::loader().load().unwrap_or_else(|err| err.exit());
    for warning in &loaded.warnings {
        eprintln!("{warning}");
    }
    let config = loaded.config;

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let listener = TcpListener::bind((config.host, config.port)).await?;
    println!("listening on http://{}", listener.local_addr()?);

    let delay = config.drain_delay;
    let service = Service::new(config);
    let routes = service.routes();
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {
                service.stop();
                sleep(delay).await;
            }
            _ = interrupt.recv() => {}
        }
    };
    axum::serve(listener, routes)
        .with_graceful_shutdown(stop)
        .await
}

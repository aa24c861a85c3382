//! The operators' own listener, where there is one.

use std::io;
use std::net::TcpListener;

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use tokio::task::JoinHandle;
use tracing::info;

use crate::config::ServerConfig;
use crate::http::app::Shared;
use crate::http::audience::Audience;
use crate::state::AppState;
use crate::telemetry::targets::ADMIN;

/// How long, in seconds, an operator's request may take once all others are
/// finished.
const LAST_REQUEST: u64 = 1;

/// The operators' listener, with a worker of its own: a service whose workers
/// are busy tells how it is all the same.
pub struct Admin {
    handle: ServerHandle,
    serving: JoinHandle<io::Result<()>>,
}

impl Admin {
    /// Serves what operators ask on `listener`.
    ///
    /// # Errors
    ///
    /// If the server cannot be started.
    pub fn start(
        listener: TcpListener,
        state: &Data<AppState>,
        config: &ServerConfig,
    ) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let shared = Shared::new(Audience::Operators, state, config);
        let server = HttpServer::new(move || shared.clone().app())
            .disable_signals()
            .shutdown_timeout(LAST_REQUEST)
            .client_request_timeout(config.limits.head_timeout)
            .keep_alive(config.keep_alive)
            .workers(1)
            .listen(listener)?
            .run();
        let handle = server.handle();
        let serving = tokio::spawn(server);
        info!(target: ADMIN, %address, "listening for operators");
        Ok(Self { handle, serving })
    }

    /// Stops: after everything else, so that operators can ask until then.
    ///
    /// # Errors
    ///
    /// If the server broke off.
    pub async fn stop(self) -> io::Result<()> {
        self.handle.stop(true).await;
        self.serving.await??;
        info!(target: ADMIN, "closed for operators");
        Ok(())
    }
}

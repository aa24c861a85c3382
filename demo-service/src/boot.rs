//! The service, in the order in which it boots.

use std::error::Error;
use std::fmt::Display;
use std::io;
use std::net::{SocketAddr, TcpListener};

use actix_web::web::Data;
use environ::EnvConfig;
use tokio::time::Instant;
use tracing::{info, warn};

use crate::config::effective::Settings;
use crate::config::{AppConfig, Bootstrap};
use crate::http::audience::Audience;
use crate::process::exit::{self, Failure};
use crate::process::signals::Stopped;
use crate::process::sockets::{self, Inherited, Listener};
use crate::process::systemd::{Supervisor, SupervisorConfig};
use crate::resources::Held;
use crate::secrets;
use crate::server;
use crate::server::admin::Admin;
use crate::server::drain::Drained;
use crate::state::AppState;
use crate::telemetry::{self, Log};
use crate::version::Version;

/// Serves until `stop` is ready, and drains. Gives the exit code.
///
/// # Errors
///
/// If the service cannot start, or its server breaks off.
pub async fn serve(boot: &Bootstrap, log: Log, stop: Stopped) -> Result<u8, Failure> {
    let mut held = Held::default();
    let served = run(&mut held, boot, log, stop).await;
    let since = Instant::now();
    let let_go = held.let_go().await;
    let Some(drained) = served? else { return Ok(0) };
    let_go.map_err(|err| broke_off(&err))?;
    Ok(drained.report(since.elapsed()))
}

/// Gives what became of the requests, if it came so far as to take any.
async fn run(
    held: &mut Held,
    boot: &Bootstrap,
    log: Log,
    mut stop: Stopped,
) -> Result<Option<Drained>, Failure> {
    let supervised = SupervisorConfig::loader().load()?.config;
    let deadline = boot.start_deadline();
    let (loaded, database) = tokio::select! {
        opened = held.open(boot, deadline) => opened?,
        signal = &mut stop => {
            if let Ok(signal) = signal {
                info!(signal = signal.name(), "asked to stop before it could serve");
            }
            return Ok(None);
        }
    };
    telemetry::log_warnings(&loaded.warnings);
    let config = &loaded.config;
    if secrets::is_embedded(config) && !config.boot.is_dev() {
        warn!(
            "visits are gone with the process: APP_DB_URL is not set, so that they are in memory"
        );
    }
    let version = Version::of_this_build();
    let state = AppState::new(database, held.lent(), &config.health, version, log)
        .with_settings(Settings::new(&loaded.origins, &loaded.warnings))
        .with_holdings(held.holdings())
        .with_admin_token(config.admin.token.clone());
    for check in state.heartbeat.missing() {
        warn!(
            check,
            "a check of APP_READY_CHECKS never fails here: nothing is held that could run out, \
             as what a Vault lends can"
        );
    }
    let state = Data::new(state);

    let supervisor = Supervisor::connect(&supervised).unwrap_or_else(|err| {
        warn!(%err, "the supervisor does not listen where NOTIFY_SOCKET says");
        Supervisor::default()
    });
    let (listener, admin) = listen(config, &supervised)?;
    let address = listener.socket.local_addr();
    let address = address.map_err(|err| cannot("listen", &err))?;
    let admin = admin.map(|socket| Admin::start(socket, &state, &config.server));
    held.admin = admin
        .transpose()
        .map_err(|err| cannot("listen for operators", &err))?;
    let audience = Audience::of_the_service(held.admin.is_some());
    let serving = server::run(listener, audience, state.clone(), config, &supervisor, stop);
    tokio::select! {
        served = serving => served.map(Some).map_err(|err| broke_off(&err)),
        Err(err) = server::start(&state, config, &supervisor, address, deadline) => {
            Err(err.into())
        }
    }
}

/// Takes the sockets that the supervisor holds, and listens where the
/// configuration says for those that it does not: the service's, and the
/// operators' if they have one.
fn listen(
    config: &AppConfig,
    supervised: &SupervisorConfig,
) -> Result<(Listener, Option<TcpListener>), Failure> {
    if let Err(err) = server::allow_connections() {
        warn!(%err, "cannot allow more open files, of which each connection is one");
    }
    let inherited = sockets::inherited(supervised.listen_fdnames.as_deref());
    let Inherited { service, admin } =
        inherited.map_err(|err| cannot("take the inherited socket", &err))?;
    let service = match service {
        Some(socket) => Listener::inherited(socket),
        None => Listener::own(bind(config.listen(), "APP_HOST and APP_PORT")?),
    };
    let admin = match (admin, config.server.admin_listen) {
        (None, Some(address)) => Some(bind(address, "APP_ADMIN_LISTEN")?),
        (inherited, _) => inherited,
    };
    Ok((service, admin))
}

fn bind(address: SocketAddr, variables: &str) -> Result<TcpListener, Failure> {
    let what = || format!("listen on {address} (see {variables})");
    server::bind(address).map_err(|err| cannot(what(), &err))
}

fn broke_off(err: &io::Error) -> Failure {
    Failure::new(exit::OS_ERROR, "the server broke off", err)
}

fn cannot(what: impl Display, err: &dyn Error) -> Failure {
    Failure::new(exit::OS_ERROR, format_args!("cannot {what}"), err)
}

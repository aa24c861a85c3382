//! The service, in the order in which it boots.

mod listen;
mod reloading;
mod resources;
mod state;

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::sync::mpsc::Receiver;

use actix_web::web::Data;
use environ::{EnvConfig, Loaded, Process};
use tokio::time::{Instant, sleep};
use tracing::{info, warn};

use self::listen::{Listeners, listen};
use self::reloading::Reloading;
pub use self::resources::Resources;
use self::state::state;
use crate::config::cautions::cautions;
use crate::config::{AppConfig, Bootstrap, Fingerprints, StopBudget};
use crate::database::DatabaseError;
use crate::health::Phase;
use crate::health::event_loops::watch;
use crate::http::Audience;
use crate::metrics::recent;
use crate::otel::Otel;
use crate::process::limits::{FEW, can_start_threads};
use crate::process::signals::Stopped;
use crate::process::systemd::{Supervisor, SupervisorConfig};
use crate::process::{Failure, blocked, dumps, exit};
use crate::server;
use crate::state::AppState;
use crate::telemetry::targets::SERVER;
use crate::telemetry::{self, Log};
use crate::version::Version;

/// Fetches the secrets, builds the service, and runs it until `stop` is ready. Each message of
/// `reloads` asks for a reload. Returns the exit code.
///
/// # Errors
///
/// If the service cannot start, or its server fails.
pub(crate) async fn serve(
    boot: &Bootstrap,
    log: Log,
    stop: Stopped,
    reloads: Receiver<()>,
) -> Result<u8, Failure> {
    let mut stop = stop;
    let systemd = SupervisorConfig::loader().load()?.config;
    dumps::forbid_outside_dev(boot);
    blocked::warn_of_each();
    can_start_threads(FEW)?;
    let mut resources = Resources::new(boot.start_deadline());
    resources.supervisor = Supervisor::of(&systemd);
    resources.supervisor.starting(boot.start_timeout);
    resources.otel = Otel::start(boot, Version::of_this_build().number());
    resources.asked = Some(reloads);
    let fetched = tokio::select! {
        fetched = resources.fetch(boot) => fetched.map(Some),
        signal = &mut stop => {
            if let Ok(signal) = signal {
                info!(signal = signal.name(), "asked to stop before it could serve");
            }
            Ok(None)
        }
    };
    match fetched {
        Ok(Some(loaded)) => {
            let application = Application::build(loaded, resources, log, &systemd).await?;
            application.run_until_stopped(stop).await
        }
        Ok(None) => {
            let _ = resources.release().await;
            Ok(0)
        }
        Err(failure) => {
            let _ = resources.release().await;
            Err(failure)
        }
    }
}

/// A service that listens, and serves once it is [run](Self::run_until_stopped).
pub struct Application {
    config: AppConfig,
    budget: StopBudget,
    resources: Resources,
    state: Data<AppState>,
    listeners: Listeners,
}

impl Application {
    /// Builds the service: opens the database without a connection, and listens.
    ///
    /// # Errors
    ///
    /// If the database has no URL, or an address cannot be listened on. The resources are
    /// released then.
    pub async fn build(
        config: Loaded<AppConfig>,
        resources: Resources,
        log: Log,
        systemd: &SupervisorConfig,
    ) -> Result<Self, Failure> {
        let mut resources = resources;
        let budget = config.config.stop_budget(&Process);
        match assemble(&config, &budget, &mut resources, log, systemd) {
            Ok((state, listeners)) => Ok(Self {
                config: config.config,
                budget,
                resources,
                state,
                listeners,
            }),
            Err(failure) => {
                let _ = resources.release().await;
                Err(failure)
            }
        }
    }

    /// Returns the address that the service listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.listeners.address
    }

    /// Returns the address of the operators' listener, if there is one.
    #[must_use]
    pub fn operators_address(&self) -> Option<SocketAddr> {
        self.listeners.operators
    }

    /// Returns the state that handlers share.
    #[must_use]
    pub fn state(&self) -> Data<AppState> {
        self.state.clone()
    }

    /// Serves until `stop` is ready, drains, and releases all resources. Returns the exit
    /// code.
    ///
    /// # Errors
    ///
    /// If the database cannot be reached until the deadline of the start, or the server
    /// fails.
    pub async fn run_until_stopped(self, stop: Stopped) -> Result<u8, Failure> {
        let Self {
            config,
            budget,
            mut resources,
            state,
            listeners,
        } = self;
        let supervisor = resources.supervisor.clone();
        let prints = Fingerprints::of(&config);
        let reloading = Reloading::new(
            &mut resources,
            &config,
            &state,
            &supervisor,
            &budget,
            prints,
        );
        tokio::spawn(watch(supervisor.clone(), state.event_loops.clone()));
        tokio::spawn(sample(state.clone()));
        let Listeners {
            service,
            address,
            operators,
            max_connections,
        } = listeners;
        let public = server::Public {
            listener: service,
            audience: Audience::of_the_service(operators.is_some()),
            max_connections,
        };
        let serving = server::run(public, &state, &config, &budget, &supervisor, stop);
        let served = tokio::select! {
            // Listening comes first, also where the start fails at once.
            biased;
            served = serving => served.map_err(|err| server_failed(&err)),
            Err(err) = start(
                &state,
                &config,
                &supervisor,
                address,
                resources.deadline,
                reloading,
            ) => Err(err.into()),
        };
        let since = Instant::now();
        let released = match &served {
            Ok(drained) => {
                state.log.lines().exit_by(drained.flush_by().into_std());
                resources.release_by(drained.exit_by).await
            }
            Err(_) => resources.release().await,
        };
        let drained = served?;
        released.map_err(|err| server_failed(&err))?;
        Ok(drained.report(since.elapsed()))
    }
}

fn assemble(
    loaded: &Loaded<AppConfig>,
    budget: &StopBudget,
    resources: &mut Resources,
    log: Log,
    systemd: &SupervisorConfig,
) -> Result<(Data<AppState>, Listeners), Failure> {
    let config = &loaded.config;
    resources.otel.configure(config);
    let database = resources.open_database(config)?;
    telemetry::log_warnings(&loaded.warnings);
    let cautions = cautions(config, &Process);
    for caution in &cautions {
        warn!(code = caution.code, "{caution}");
    }
    if !config.boot.is_dev() {
        if config.has_embedded_database() {
            warn!("APP_DB_URL is not set: visits are kept in memory and lost on exit");
        } else if config.db.is_in_memory() {
            warn!("APP_DB_URL names a database in memory: visits are lost on exit");
        }
    }
    let state = Data::new(state(loaded, resources, database, log, &cautions, budget));
    for check in state.heartbeat.missing() {
        warn!(
            check,
            "a check of APP_READY_CHECKS has no effect: no lease of a Vault is in use"
        );
    }
    let listeners = listen(config, systemd, &state, resources)?;
    Ok((state, listeners))
}

/// Remembers the counts of requests, for the state page.
async fn sample(state: Data<AppState>) -> Infallible {
    loop {
        state.metrics.recent.sample();
        sleep(recent::INTERVAL).await;
    }
}

/// Makes a service ready that listens already, so that liveness answers meanwhile and no
/// supervisor kills a service that waits. Then it runs the checks until it is dropped.
///
/// # Errors
///
/// If the database cannot be reached until `deadline`, unless the service is asked to stop
/// meanwhile.
async fn start(
    state: &AppState,
    config: &AppConfig,
    supervisor: &Supervisor,
    address: SocketAddr,
    deadline: Instant,
    reloading: Option<Reloading>,
) -> Result<Infallible, DatabaseError> {
    let started = state.database.start(deadline, config.db.migrate).await;
    if state.readiness.phase() == Phase::Draining {
        return pending().await;
    }
    started?;
    if state.readiness.start() {
        info!(target: SERVER, "ready");
        supervisor.ready(address);
        if let Some(reloading) = reloading {
            reloading.begin();
        }
        if let Some(fake) = config.fakes().filter(|_| cfg!(debug_assertions)) {
            info!(target: SERVER, fake, "debug build with fakes; set APP_SECRETS and APP_DB_URL for real secrets and a database");
        }
    }
    Ok(state.heartbeat.run().await)
}

fn server_failed(err: &io::Error) -> Failure {
    Failure::new(exit::OS_ERROR, "the server broke off", err)
}

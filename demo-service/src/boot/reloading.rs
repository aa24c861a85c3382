//! Reloads, once the service is ready.

use std::sync::mpsc::Receiver;
use std::thread;

use actix_web::web::Data;
use environ::watch::Watcher;
use tokio::runtime::Handle;
use tracing::warn;

use super::resources::Resources;
use crate::config::{AppConfig, Fingerprints, StopBudget};
use crate::process::systemd::Supervisor;
use crate::reload::Reloader;
use crate::state::AppState;
use crate::telemetry::targets::RELOAD;

/// The parts of the reloads, before they begin.
pub(super) struct Reloading {
    reloader: Reloader,
    watcher: Watcher<'static, AppConfig>,
    asked: Receiver<()>,
}

impl Reloading {
    /// Takes the parts from the resources, unless nobody can ask for a reload: a test that builds
    /// the service itself has loaded the configuration.
    pub(super) fn new(
        resources: &mut Resources,
        config: &AppConfig,
        state: &Data<AppState>,
        supervisor: &Supervisor,
        budget: &StopBudget,
        fingerprints: Fingerprints,
    ) -> Option<Self> {
        let watcher = resources.watcher.take()?;
        Some(Self {
            watcher,
            asked: resources.asked.take()?,
            reloader: Reloader {
                secrets: resources.refresh(&state.database, config.boot.secrets_refresh_interval),
                log: state.log.clone(),
                limits: state.limits.clone(),
                admin_token: state.admin_token.clone(),
                database: state.database.clone(),
                url: resources.url.clone()?,
                leased_login: resources.leased_login.clone(),
                effective: state.effective_config.clone(),
                fingerprints,
                budget: budget.clone(),
                reloads: state.reloads.clone(),
                supervisor: supervisor.clone(),
                is_stopping: resources.is_stopping.clone(),
                runtime: Handle::current(),
            },
        })
    }

    /// Reloads from now on, in a thread that ends with the process.
    pub(super) fn begin(self) {
        let Self {
            reloader,
            watcher,
            asked,
        } = self;
        let thread = thread::Builder::new().name("reload".to_owned());
        if let Err(err) = thread.spawn(move || reloader.run(watcher, &asked)) {
            warn!(target: RELOAD, %err, "no thread for reloads: changes need a restart");
        }
    }
}

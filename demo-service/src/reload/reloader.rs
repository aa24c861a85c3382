//! The thread that reloads, and the parts that live values take effect in.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Instant;

use environ::watch::{Reload, Update, Watcher};
use environ::{Live, Process, Secret, Warning};
use tokio::runtime::Handle;
use tracing::{error, info, warn};

use super::newest::Newest;
use super::status::{Last, Outcome, Reloads};
use crate::config::cautions::cautions;
use crate::config::effective::EffectiveConfig;
use crate::config::{AppConfig, EffectiveLimits, Fingerprints, StopBudget};
use crate::database::Database;
use crate::process::systemd::Supervisor;
use crate::telemetry::targets::RELOAD;
use crate::telemetry::{self, Log};

/// The code of the warning about a change that needs a restart.
const NEEDS_RESTART: &str = "needs_restart";

/// The parts of the service that live values take effect in.
pub(crate) struct Reloader {
    pub(crate) log: Log,
    pub(crate) limits: EffectiveLimits,
    /// The token in effect.
    pub(crate) admin_token: Live<Option<Secret<String>>>,
    pub(crate) database: Database,
    /// The URL of the database in effect.
    pub(crate) url: Secret<String>,
    /// Whether a Vault leases the users of the database: they take the place of the user in the
    /// URL.
    pub(crate) has_leased_user: bool,
    pub(crate) effective: Newest<EffectiveConfig>,
    pub(crate) fingerprints: Fingerprints,
    pub(crate) budget: StopBudget,
    pub(crate) reloads: Reloads,
    pub(crate) supervisor: Supervisor,
    /// Whether the resources are being released: nothing is reloaded then.
    pub(crate) is_stopping: Arc<AtomicBool>,
    /// The runtime of the database.
    pub(crate) runtime: Handle,
}

impl Reloader {
    /// Reloads after each change, and after each message of `asked`, until its sender is gone.
    pub(crate) fn run(mut self, mut watcher: Watcher<'static, AppConfig>, asked: &Receiver<()>) {
        let mut is_asked = false;
        loop {
            match asked.recv_timeout(watcher.next_wait(Instant::now())) {
                Ok(()) => {
                    self.supervisor.reloading();
                    watcher.ask();
                    is_asked = true;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if self.is_stopping.load(Ordering::Acquire) {
                return;
            }
            let Some(reload) = watcher.poll(Instant::now()) else {
                continue;
            };
            let last = self.reload(reload);
            // The release of the database is why its new URL is refused.
            if self.is_stopping.load(Ordering::Acquire) {
                return;
            }
            let is_repeated = self.is_repeated(&last);
            self.reloads.record(last.clone());
            if is_asked || !is_repeated {
                log(&last);
            }
            if is_asked {
                self.supervisor.reloaded(last.outcome.name());
            }
            is_asked = false;
        }
    }

    fn reload(&mut self, reload: Reload<'_, AppConfig>) -> Last {
        match reload {
            Reload::Update(update) => self.update(update),
            Reload::Refused(err) => Last {
                problems: err.problems().map(ToString::to_string).collect(),
                ..Last::new(Outcome::Refused)
            },
            _ => Last::new(Outcome::Unchanged),
        }
    }

    /// Puts new values into effect, unless the database refuses its new URL.
    fn update(&mut self, update: Update<'_, AppConfig>) -> Last {
        let config = update.config();
        let refused = |problem| Last {
            problems: vec![problem],
            ..Last::new(Outcome::Refused)
        };
        // Without a token, the listener of operators would be open to everybody.
        if self.admin_token.get().is_some() && config.admin.token.get().is_none() {
            return refused("APP_ADMIN_TOKEN is gone: its removal needs a restart".to_owned());
        }
        if let Err(problem) = self.switch_database(config) {
            return refused(problem);
        }
        self.limits.set(&config.server.limits);
        let level = config.boot.log.level.get();
        if let Err(err) = self.log.configure(&level) {
            warn!(target: RELOAD, %err, "the log level stays as it is");
        }
        let cautions = cautions(config, &Process);
        self.fingerprints.reload(config);
        let applied = update.apply();
        telemetry::log_warnings(&applied.warnings);
        self.effective.replace(EffectiveConfig::new(
            &self.fingerprints,
            &applied.origins,
            &applied.warnings,
            &cautions,
            &self.budget,
        ));
        let need_restart = |warning: &&Warning| warning.code() == NEEDS_RESTART;
        let need_restart = applied.warnings.iter().filter(need_restart);
        Last {
            need_restart: need_restart.map(|it| it.name().to_owned()).collect(),
            variables: applied.names,
            ..Last::new(Outcome::Applied)
        }
    }

    /// Switches to the URL of a new configuration. The error shows no part of the URL but its
    /// user and its address.
    fn switch_database(&mut self, config: &AppConfig) -> Result<(), String> {
        let url = config.database_url().map_err(|err| err.to_string())?;
        if url.expose() == self.url.expose() {
            return Ok(());
        }
        if self.has_leased_user {
            warn!(
                target: RELOAD,
                "a Vault leases the users of the database: the new APP_DB_URL needs a restart"
            );
            return Ok(());
        }
        let switched = self.runtime.block_on(self.database.replace(&url));
        let retired = switched.map_err(|err| format!("APP_DB_URL: {err}"))?;
        self.runtime.spawn(retired.close());
        self.url = url;
        Ok(())
    }

    /// Returns whether a reload is the refusal before again.
    fn is_repeated(&self, last: &Last) -> bool {
        let before = self.reloads.last();
        last.outcome == Outcome::Refused
            && before.is_some_and(|before| before.problems == last.problems)
    }
}

fn log(last: &Last) {
    match last.outcome {
        Outcome::Applied => info!(
            target: RELOAD,
            variables = last.variables.join(", "),
            "new values are in effect"
        ),
        Outcome::Unchanged => info!(target: RELOAD, "the configuration is unchanged"),
        Outcome::Refused => error!(
            target: RELOAD,
            problems = last.problems.join("; "),
            "the new configuration is refused: the former values stay in effect"
        ),
    }
}

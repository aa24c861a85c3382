//! The thread that reloads, and the parts that live values take effect in.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
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
use crate::database::{Database, DatabaseError, LeasedLogin};
use crate::process::systemd::Supervisor;
use crate::secrets::OnDemand;
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
    /// The login of the database, if a Vault leases its users: they take the place of the user in
    /// the URL.
    pub(crate) leased_login: Option<LeasedLogin>,
    /// Fetches the secrets of a remote store.
    pub(crate) secrets: Option<OnDemand>,
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
        // The reason why the last fetch that was asked for failed.
        let mut unfetched = None;
        loop {
            match asked.recv_timeout(watcher.next_wait(Instant::now())) {
                Ok(()) if self.supervisor.is_stopping() => {
                    info!(target: RELOAD, "nothing is reloaded: the service stops");
                    continue;
                }
                Ok(()) => {
                    self.supervisor.reloading();
                    unfetched = self.fetch();
                    watcher.ask();
                    is_asked = true;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if self.is_stopping.load(Ordering::Acquire) {
                return;
            }
            // The refusal ends with the failure, even if no value changed meanwhile.
            if !is_asked && unfetched.is_some() && !self.is_fetch_failing() {
                unfetched = None;
                watcher.ask();
            }
            let Some(reload) = watcher.poll(Instant::now()) else {
                continue;
            };
            let last = self.reload(reload).without_secrets(unfetched.as_ref());
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

    /// Fetches the secrets of a remote store. Returns the reason if that fails.
    fn fetch(&self) -> Option<String> {
        let fetched = self.secrets.as_ref()?.fetch()?;
        fetched.err()
    }

    fn is_fetch_failing(&self) -> bool {
        self.secrets.as_ref().is_some_and(OnDemand::is_failing)
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
        let (database, leased_login) = (self.database.clone(), self.leased_login.clone());
        let new = url.clone();
        let switched = finish(&self.runtime, async move {
            if let Some(login) = leased_login {
                return login.replace(&database, &new).await;
            }
            let retired = database.replace(&new).await?;
            tokio::spawn(retired.close());
            Ok(())
        });
        let switched = switched.unwrap_or(Err(DatabaseError::Closed));
        switched.map_err(|err| format!("APP_DB_URL: {err}"))?;
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

/// Has the runtime finish `work`, and blocks the thread meanwhile. Returns `None` if the runtime
/// ends before: `block_on` would panic then.
fn finish<T: Send + 'static>(
    runtime: &Handle,
    work: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    let (reply, answer) = mpsc::channel();
    runtime.spawn(async move {
        let _ = reply.send(work.await);
    });
    answer.recv().ok()
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use tokio::runtime::Builder;
    use tokio::time::sleep;

    use super::finish;

    #[test]
    fn the_end_of_the_runtime_ends_the_wait_for_its_work() -> Result<(), Box<dyn std::error::Error>>
    {
        for is_driven in [true, false] {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            let handle = runtime.handle().clone();
            let (reached, is_reached) = mpsc::channel();
            let waiting = thread::spawn(move || {
                finish(&handle, async move {
                    let _ = reached.send(());
                    sleep(Duration::from_hours(1)).await;
                })
            });
            if is_driven {
                while is_reached.try_recv().is_err() {
                    runtime.block_on(async { sleep(Duration::from_millis(1)).await });
                }
            }
            drop(runtime);
            assert_eq!(waiting.join().ok(), Some(None));
        }
        Ok(())
    }
}

//! The facts about a deployment.

use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use std::time::Duration;

use environ::{EnvConfig, Loaded, Process};
use rustix::process::{Resource, geteuid, getrlimit};

use crate::config::cautions::{Caution, cautions};
use crate::config::{AppConfig, StopBudget};
use crate::database::libpq;
use crate::server::files_for_all;

/// Facts about the deployment, for `doctor`.
#[derive(Debug, EnvConfig)]
#[env(prefix = "")]
pub(in crate::cli) struct Surroundings {
    /// For `doctor`, how long the service has to stop before it is killed.
    termination_grace: Option<Duration>,
}

/// The facts about a deployment.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Deployment {
    /// Whether it is the production one.
    pub(super) prod: bool,
    /// Whether anything is logged at `debug` or `trace`.
    pub(super) debug: bool,
    /// Whether `/-/chaos` is on.
    pub(super) chaos: bool,
    /// The timeout of a request.
    pub(super) request: Duration,
    /// The time of a stop, and its phases.
    pub(super) stop: StopBudget,
    /// The time before the service is killed, if known.
    pub(super) grace: Option<Duration>,
    /// The timeout of an idle connection.
    pub(super) keep_alive: Duration,
    /// The number of workers, if configured.
    pub(super) workers: Option<usize>,
    /// The number of cores of the machine or of its control group.
    pub(super) cores: usize,
    /// Whether the process is root.
    pub(super) root: bool,
    /// Whether a core dump of the service would hold secrets: in dev, with real secrets and
    /// without a limit of 0.
    pub(super) dumps_secrets: bool,
    /// The limit of open files with which every connection can be open.
    pub(super) files_needed: u64,
    /// The limit of open files, or `None` if there is no limit.
    pub(super) files: Option<u64>,
    /// The variables that hold a secret.
    pub(super) exposed: Vec<String>,
    /// The variables that are set and not read.
    pub(super) unread: Vec<String>,
    /// Settings that are valid, and odd.
    pub(super) cautions: Vec<Caution>,
}

impl Deployment {
    /// Collects the facts. `grace` overrides `TERMINATION_GRACE`.
    ///
    /// # Errors
    ///
    /// If a variable cannot be read.
    pub(super) fn of_this_process(
        loaded: &Loaded<AppConfig>,
        grace: Option<Duration>,
    ) -> Result<Self, environ::Error> {
        let Loaded {
            config, warnings, ..
        } = loaded;
        let around = Surroundings::loader().load()?.config;
        let warned = |code: &str| -> Vec<String> {
            let warnings = warnings.iter().filter(|warning| warning.code() == code);
            warnings.map(|warning| warning.name().to_owned()).collect()
        };
        let mut exposed = warned("exposed");
        if libpq::is_set(libpq::PASSWORD) {
            exposed.push(libpq::PASSWORD.to_owned());
        }
        Ok(Self {
            prod: config.boot.is_prod(),
            debug: config.boot.log.level.get().is_verbose(),
            chaos: config.server.chaos,
            request: *config.server.limits.request_timeout.get(),
            stop: config.stop_budget(&Process),
            grace: grace.or(around.termination_grace),
            keep_alive: config.server.keep_alive,
            workers: config.server.workers,
            cores: available_parallelism().map_or(1, NonZeroUsize::get),
            root: geteuid().is_root(),
            dumps_secrets: config.boot.is_dev()
                && !config.has_embedded_database()
                && getrlimit(Resource::Core).current != Some(0),
            files_needed: files_for_all(config),
            // The service raises its own limit to that.
            files: getrlimit(Resource::Nofile).maximum,
            exposed,
            unread: warned("unknown"),
            cautions: cautions(config, &Process),
        })
    }
}

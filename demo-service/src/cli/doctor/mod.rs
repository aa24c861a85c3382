//! `demo-service doctor`: what is odd about a deployment, beyond its variables.
//!
//! Only what can be known for sure is checked, and nothing of it keeps the service
//! from starting.

#[cfg(test)]
mod tests;

use std::fmt;
use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use std::time::Duration;

use environ::{EnvConfig, Loaded};
use rustix::process::{Resource, geteuid, getrlimit};

use crate::config::AppConfig;
use crate::database::libpq;
use crate::process::systemd::SupervisorConfig;
use crate::server::drain;

/// Balancers keep an idle connection for as long: nginx and those of AWS; HAProxy
/// for 5 s.
const BALANCER_KEEP_ALIVE: Duration = Duration::from_mins(1);

/// A connection takes a file, and this many clients are not many.
const FILES: u64 = 4096;

/// What the service's own configuration does not say of a deployment.
#[derive(Debug, EnvConfig)]
#[env(prefix = "")]
pub(crate) struct Surroundings {
    /// For `doctor`, how long the service has to stop before it is killed.
    termination_grace: Option<Duration>,
}

/// What is known of a deployment.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Deployment {
    /// Whether it is the real one.
    pub prod: bool,
    /// Whether anything is logged at `debug` or `trace`.
    pub debug: bool,
    /// Whether the service may be asked to misbehave.
    pub chaos: bool,
    /// How long a request may be served.
    pub request: Duration,
    /// How long requests in flight have when the service stops.
    pub drain: Duration,
    /// How long the service may take to stop.
    pub stop: Duration,
    /// How long it has before it is killed, if somebody says so.
    pub grace: Option<Duration>,
    /// Whether the supervisor is asked for more time.
    pub supervised: bool,
    /// How long an idle connection is kept.
    pub keep_alive: Duration,
    /// How many workers are asked for.
    pub workers: Option<usize>,
    /// How many the machine, or its control group, has.
    pub cores: usize,
    /// Whether the process is root.
    pub root: bool,
    /// How many files may be open; none if there is no limit.
    pub files: Option<u64>,
    /// The variables that hold a secret.
    pub exposed: Vec<String>,
    /// The variables that nobody reads.
    pub unread: Vec<String>,
}

impl Deployment {
    /// Looks around. `grace` overrides what the environment says.
    ///
    /// # Errors
    ///
    /// If a variable cannot be read.
    pub fn of_this_process(
        loaded: &Loaded<AppConfig>,
        grace: Option<Duration>,
    ) -> Result<Self, environ::Error> {
        let Loaded {
            config, warnings, ..
        } = loaded;
        let around = Surroundings::loader().load()?.config;
        let supervised = SupervisorConfig::loader().load()?.config;
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
            debug: config.boot.log.level.is_verbose(),
            chaos: config.server.chaos,
            request: config.server.limits.request_timeout,
            drain: config.drain.timeout,
            stop: drain::at_most(&config.drain),
            grace: grace.or(around.termination_grace),
            supervised: supervised.notify_socket.is_some(),
            keep_alive: config.server.keep_alive,
            workers: config.server.workers,
            cores: available_parallelism().map_or(1, NonZeroUsize::get),
            root: geteuid().is_root(),
            // The service raises its own limit to that.
            files: getrlimit(Resource::Nofile).maximum,
            exposed,
            unread: warned("unknown"),
        })
    }

    /// Checks it, one finding for each thing.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        vec![
            self.grace(),
            self.requests(),
            self.keep_alive(),
            self.root(),
            self.secrets(),
            self.variables(),
            self.log_level(),
            self.chaos(),
            self.workers(),
            self.files(),
        ]
    }

    fn grace(&self) -> Finding {
        let stop = self.stop;
        match self.grace {
            Some(grace) if grace < stop => Finding::warning(
                "grace",
                format!(
                    "stopping may take {stop:?}, and the service is killed after {grace:?}: \
                     lower APP_DRAIN_DELAY or APP_DRAIN_TIMEOUT, or give it more time"
                ),
            ),
            Some(grace) => Finding::ok("grace", format!("{stop:?} of {grace:?} are needed")),
            None if self.supervised => {
                Finding::ok("grace", format!("systemd is asked for {stop:?}"))
            }
            None => Finding::ok(
                "grace",
                format!(
                    "{stop:?} are needed; what is given is not known: say so with --grace or \
                     TERMINATION_GRACE"
                ),
            ),
        }
    }

    fn requests(&self) -> Finding {
        let Self { request, drain, .. } = self;
        if request < drain {
            let text = format!("one may take {request:?}, and a drain waits for {drain:?}");
            return Finding::ok("requests", text);
        }
        let text = format!(
            "one may take {request:?}, and a drain cuts it after {drain:?}: lower \
             APP_REQUEST_TIMEOUT, or raise APP_DRAIN_TIMEOUT"
        );
        Finding::warning("requests", text)
    }

    fn keep_alive(&self) -> Finding {
        let keep = self.keep_alive;
        if keep > BALANCER_KEEP_ALIVE {
            return Finding::ok(
                "keep-alive",
                format!("idle connections are kept for {keep:?}"),
            );
        }
        let text = format!(
            "a balancer may use an idle connection after {keep:?}, when it is closed: raise \
             APP_KEEP_ALIVE above what the balancer has, which is 60s for many"
        );
        Finding::warning("keep-alive", text)
    }

    fn root(&self) -> Finding {
        if self.root {
            let text = "the service runs as root, and needs nothing that only root may: run it \
                        as a user of its own";
            return Finding::warning("user", text);
        }
        Finding::ok("user", "not root")
    }

    fn secrets(&self) -> Finding {
        if self.exposed.is_empty() {
            return Finding::ok("secrets", "none is in the environment");
        }
        let text = format!(
            "in the environment, where every child and whoever may look at the process sees \
             them: {}; put them in files or a store, see APP_SECRETS",
            self.exposed.join(", ")
        );
        Finding::warning("secrets", text)
    }

    fn variables(&self) -> Finding {
        if self.unread.is_empty() {
            return Finding::ok("variables", "each that is set is read");
        }
        let unread = self.unread.join(", ");
        let text = format!("set, and read by nobody: {unread}; --check names what may be meant");
        Finding::warning("variables", text)
    }

    fn log_level(&self) -> Finding {
        if self.prod && self.debug {
            let text = "debug logs in production: set APP_LOG_LEVEL to info";
            return Finding::warning("log level", text);
        }
        let text = if self.debug {
            "debug, not in production"
        } else {
            "info or less"
        };
        Finding::ok("log level", text)
    }

    fn chaos(&self) -> Finding {
        match (self.chaos, self.prod) {
            (true, true) => Finding::warning(
                "chaos",
                "the service can be asked to misbehave in production: unset APP_CHAOS",
            ),
            (true, false) => Finding::ok("chaos", "on, not in production"),
            (false, _) => Finding::ok("chaos", "off"),
        }
    }

    fn workers(&self) -> Finding {
        let Self { workers, cores, .. } = self;
        match workers {
            Some(workers) if workers > cores => Finding::warning(
                "workers",
                format!("{workers} workers share {cores} cores: lower APP_WORKERS, or unset it"),
            ),
            _ => Finding::ok(
                "workers",
                format!("{} for {cores} cores", workers.unwrap_or(*cores)),
            ),
        }
    }

    fn files(&self) -> Finding {
        match self.files {
            Some(files) if files < FILES => Finding::warning(
                "open files",
                format!("{files} at most, and a connection takes one: raise the limit to {FILES}"),
            ),
            Some(files) => Finding::ok("open files", format!("{files} at most")),
            None => Finding::ok("open files", "no limit"),
        }
    }
}

/// What was found of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whether something is odd.
    pub is_warning: bool,
    /// What was looked at.
    pub what: &'static str,
    /// What was found, and the remedy.
    pub text: String,
}

impl Finding {
    fn ok(what: &'static str, text: impl Into<String>) -> Self {
        Self {
            is_warning: false,
            what,
            text: text.into(),
        }
    }

    fn warning(what: &'static str, text: impl Into<String>) -> Self {
        Self {
            is_warning: true,
            ..Self::ok(what, text)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.is_warning { "warning" } else { "ok" };
        write!(f, "{verdict:7}  {:10}  {}", self.what, self.text)
    }
}

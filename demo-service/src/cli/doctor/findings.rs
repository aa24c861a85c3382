//! The checks of a deployment: one function each.

use std::time::Duration;

use super::deployment::Deployment;
use super::finding::Finding;
use crate::config::platform::Platform;
use crate::config::stop::Origin;

/// Load balancers keep an idle connection for so long: nginx and those of AWS; HAProxy
/// for 5 s.
const BALANCER_KEEP_ALIVE: Duration = Duration::from_mins(1);

impl Deployment {
    /// Returns a finding for each check.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let mut findings = vec![
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
            self.core_dump(),
        ];
        // `chaos` and `stop` have checks of their own.
        let has_check = |code: &str| ["chaos", "stop"].contains(&code);
        let cautions = self
            .cautions
            .iter()
            .filter(|caution| !has_check(caution.code));
        findings.extend(cautions.map(|caution| Finding::warning("settings", caution.to_string())));
        findings
    }

    fn grace(&self) -> Finding {
        let budget = &self.stop;
        let stop = budget.total;
        if let Some(text) = budget.caution() {
            return Finding::warning("grace", format!("APP_STOP_TIMEOUT: {text}"));
        }
        match self.grace {
            Some(grace) if grace < stop => Finding::warning(
                "grace",
                format!(
                    "stopping may take {stop:?}, but the service is killed after {grace:?}: set \
                     APP_STOP_TIMEOUT to {grace:?}, or raise the time of the platform ({budget})"
                ),
            ),
            Some(grace) => {
                let text = format!("{stop:?} of {grace:?} are needed ({budget})");
                Finding::ok("grace", text)
            }
            None if budget.platform == Platform::Systemd => {
                Finding::ok("grace", format!("systemd is asked for {stop:?} ({budget})"))
            }
            None if budget.origin == Origin::Platform && budget.platform != Platform::Unknown => {
                Finding::ok("grace", budget.to_string())
            }
            None => Finding::ok(
                "grace",
                format!(
                    "stopping takes up to {stop:?} ({budget}); the grace period is unknown, pass \
                     --grace or TERMINATION_GRACE"
                ),
            ),
        }
    }

    fn requests(&self) -> Finding {
        let (request, finish) = (self.request, self.stop.finish());
        if request < finish {
            let text = format!("a request may take {request:?}, and a drain waits {finish:?}");
            return Finding::ok("requests", text);
        }
        if self.stop.origin == Origin::Platform {
            let platform = self.stop.platform;
            let text = format!(
                "a request may take {request:?}, and the time of {platform} leaves {finish:?} in a stop"
            );
            return Finding::ok("requests", text);
        }
        let text = format!(
            "a request may take {request:?}, but a drain cuts it after {finish:?}: lower \
             APP_REQUEST_TIMEOUT, or raise APP_STOP_TIMEOUT and APP_DRAIN_TIMEOUT"
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
            "idle connections close after {keep:?}, maybe while a balancer sends a request: raise \
             APP_KEEP_ALIVE above the idle timeout of the balancer, often 60s"
        );
        Finding::warning("keep-alive", text)
    }

    fn root(&self) -> Finding {
        if self.root {
            let text = "the service runs as root without need: run it \
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
            "in the environment, which every child process and `/proc` shows: {}; put them \
             in files or a store, see APP_SECRETS",
            self.exposed.join(", ")
        );
        Finding::warning("secrets", text)
    }

    fn variables(&self) -> Finding {
        if self.unread.is_empty() {
            return Finding::ok("variables", "every variable that is set is read");
        }
        let unread = self.unread.join(", ");
        let text = format!("set, but not read: {unread}; --check names the nearest variable");
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
                "clients can make the service misbehave in production: unset APP_CHAOS",
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

    /// Outside dev the service forbids its core dumps by itself.
    fn core_dump(&self) -> Finding {
        if self.dumps_secrets {
            let text = "a crash writes the secrets to a file, because APP_ENV is dev: set \
                        `LimitCORE=0` of the unit or `ulimit -c 0`, or another APP_ENV";
            return Finding::warning("core dump", text);
        }
        Finding::ok("core dump", "none with secrets")
    }

    fn files(&self) -> Finding {
        let needed = self.files_needed;
        match self.files {
            Some(files) if files < needed => Finding::warning(
                "open files",
                format!(
                    "{files} at most, too few for every connection: raise the limit to {needed}, or \
                     lower APP_MAX_CONNECTIONS"
                ),
            ),
            Some(files) => Finding::ok("open files", format!("{files} at most")),
            None => Finding::ok("open files", "no limit"),
        }
    }
}

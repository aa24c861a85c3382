//! Listeners, connections and the limits of requests.

use std::net::SocketAddr;
use std::time::Duration;

use environ::{EnvConfig, Live};

use super::address;
use super::network::Network;
use super::rules::{at_most_a_day, more_than_nothing};

/// How requests are served.
#[derive(Clone, Debug, EnvConfig)]
pub struct ServerConfig {
    /// Threads that serve requests; one for each core, if not set.
    #[env(range = 1..=512)]
    pub workers: Option<usize>,
    /// How long an idle connection is kept; longer than a load balancer keeps
    /// it, or the two race.
    #[env(default = "75s", validate = at_most_a_day)]
    pub keep_alive: Duration,
    /// Limits of requests.
    #[env(group, flatten)]
    pub limits: LimitsConfig,
    /// Address and port for operators alone; if not set, they ask at the
    /// service's own. Their paths are then nowhere else: `/-/`, `/healthz` and
    /// `/__*`, which includes what balancers and supervisors check.
    #[env(example = "127.0.0.1:8001", parse = address::listen)]
    pub admin_listen: Option<SocketAddr>,
    /// Proxies that may say who asked, in `X-Forwarded-For`, under which
    /// `X-Request-ID`, and that they send no more: addresses and networks.
    #[env(default = "127.0.0.0/8,::1", allow_empty)]
    pub trusted_proxies: Vec<Network>,
    /// Whether `/-/chaos` may be asked to misbehave, for tests of a deployment.
    #[env(default = false)]
    pub chaos: bool,
}

/// Limits of requests.
#[derive(Clone, Debug, EnvConfig)]
pub struct LimitsConfig {
    /// How long a request may be served, its body included; longer is 504. Less
    /// than the drain's timeout, or a drain may cut it.
    #[env(live, file, default = "20s", validate = more_than_nothing, validate = at_most_a_day)]
    pub request_timeout: Live<Duration>,
    /// Time for a client to send the head of a request, from its first byte; longer is 408.
    #[env(default = "5s", validate = more_than_nothing, validate = at_most_a_day)]
    pub head_timeout: Duration,
    /// Time after which a client that reads nothing of its answer is disconnected.
    #[env(default = "30s", validate = more_than_nothing, validate = at_most_a_day)]
    pub write_timeout: Duration,
    /// The largest body of a request in bytes; a larger one is 413.
    #[env(live, file, default = 262_144, range = 0..=1_073_741_824)]
    pub max_body: Live<usize>,
    /// How many requests may be served at once; one more is 503. Those of
    /// operators are not counted.
    #[env(live, file, default = 1000, range = 1..=1_000_000)]
    pub max_in_flight: Live<usize>,
    /// Open connections at most; at the limit, connections idle for a second are closed.
    #[env(default = 10_000, range = 1..=1_000_000)]
    pub max_connections: usize,
}

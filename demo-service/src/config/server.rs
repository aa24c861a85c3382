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
    /// Threads that serve requests; if unset, a thread for each core.
    #[env(range = 1..=512)]
    pub workers: Option<usize>,
    /// Time that an idle connection stays open; set it longer than at the load balancer.
    ///
    /// With a shorter time, the load balancer sends requests on connections that close.
    #[env(default = "75s", validate = at_most_a_day)]
    pub keep_alive: Duration,
    /// Limits of requests.
    #[env(group, flatten)]
    pub limits: LimitsConfig,
    /// Separate address and port for `/-/`, `/healthz` and `/__*`; if unset, the service's own.
    ///
    /// The paths are then at this address only, health probes of balancers and supervisors
    /// included.
    #[env(example = "127.0.0.1:8001", parse = address::listen)]
    pub admin_listen: Option<SocketAddr>,
    /// Networks of trusted proxies, for `X-Forwarded-For`, `X-Request-ID` and HAProxy's state.
    ///
    /// Each is an address or a network.
    #[env(default = "127.0.0.0/8,::1", allow_empty)]
    pub trusted_proxies: Vec<Network>,
    /// Misbehaviour on demand at `/-/chaos`, for tests of a deployment.
    #[env(default = false)]
    pub chaos: bool,
}

/// Limits of requests.
#[derive(Clone, Debug, EnvConfig)]
pub struct LimitsConfig {
    /// Time for a request and its body, then 504; set it shorter than `APP_DRAIN_TIMEOUT`.
    ///
    /// A drain may cut a longer request.
    #[env(live, file, default = "20s", validate = more_than_nothing, validate = at_most_a_day)]
    pub request_timeout: Live<Duration>,
    /// Time for the head of a request, from its first byte; then 408.
    #[env(default = "5s", validate = more_than_nothing, validate = at_most_a_day)]
    pub head_timeout: Duration,
    /// Time after which a client that reads nothing of its answer is disconnected.
    #[env(default = "30s", validate = more_than_nothing, validate = at_most_a_day)]
    pub write_timeout: Duration,
    /// Maximum size of a request's body in bytes; a larger body gets 413.
    #[env(live, file, default = 262_144, range = 0..=1_073_741_824)]
    pub max_body: Live<usize>,
    /// Maximum of requests in flight (operator endpoints excluded); a further request gets 503.
    #[env(live, file, default = 1000, range = 1..=1_000_000)]
    pub max_in_flight: Live<usize>,
    /// Maximum of open connections; at the limit, connections idle for a second are closed.
    #[env(default = 10_000, range = 1..=1_000_000)]
    pub max_connections: usize,
}

//! The health of the service: its phase, dependencies, event loops and load balancers.

pub(crate) mod event_loops;
pub(crate) mod haproxy;
pub(crate) mod heartbeat;
pub(crate) mod load_balancers;
pub(crate) mod readiness;

pub use self::readiness::Phase;
pub(crate) use self::readiness::unready;

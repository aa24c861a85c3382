//! How the service is: its dependencies, its event loops, its load balancers.

pub mod event_loops;
pub mod haproxy;
pub mod heartbeat;

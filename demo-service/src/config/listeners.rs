//! The ports of the listeners, and the switches of the operator endpoints, for checks that need
//! no further variable: a mistake in a further variable hides nothing here.

use std::net::{IpAddr, SocketAddr};

use environ::EnvConfig;

use super::address;
use super::admin::Exposure;

/// The ports of the listeners.
#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
pub(crate) struct Listeners {
    /// Port to listen on.
    #[env(default = 8000, alias = "PORT", parse = address::port)]
    pub(crate) port: u16,
    /// Address and port for operators.
    #[env(parse = address::listen)]
    pub(crate) admin_listen: Option<SocketAddr>,
}

/// The address of the public listener.
#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
pub(crate) struct Host {
    /// Address to listen on.
    #[env(alias = "HOST", parse = address::host)]
    pub(crate) host: Option<IpAddr>,
}

/// The switches that open operator endpoints to every client.
#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
pub(crate) struct Switches {
    /// Whether all of them are open.
    #[env(default = false)]
    admin_open: bool,
    /// Whether the metrics are open.
    #[env(default = false)]
    metrics_open: bool,
}

impl Switches {
    /// Returns the operator endpoints that answer every client.
    pub(crate) fn exposure(&self) -> Exposure {
        Exposure {
            operators: self.admin_open,
            metrics: self.admin_open || self.metrics_open,
        }
    }
}

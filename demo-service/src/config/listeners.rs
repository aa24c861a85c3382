//! The ports of the listeners, for checks that need no further variable: a mistake in a
//! further variable hides nothing here.

use std::net::SocketAddr;

use environ::EnvConfig;

use super::address;

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

//! The sockets: inherited, or bound to the configured addresses.

use std::error::Error;
use std::fmt::Display;
use std::io;
use std::net::{SocketAddr, TcpListener};

use actix_web::web::Data;
use rustix::io::Errno;

use super::resources::Resources;
use crate::config::AppConfig;
use crate::process::port_owner::PortOwner;
use crate::process::sockets::{self, Inherited, Listener};
use crate::process::systemd::SupervisorConfig;
use crate::process::{Failure, exit};
use crate::server::{self, Admin};
use crate::state::AppState;

/// The sockets of the service, and of operators if they have their own.
pub(super) struct Listeners {
    pub(super) service: Listener,
    pub(super) address: SocketAddr,
    pub(super) operators: Option<SocketAddr>,
    pub(super) max_connections: usize,
}

/// Takes the sockets that systemd passes, and listens on the configured addresses for
/// the others, if the limits of the system allow it. The operators' listener answers from then on.
pub(super) fn listen(
    config: &AppConfig,
    systemd: &SupervisorConfig,
    state: &Data<AppState>,
    resources: &mut Resources,
) -> Result<Listeners, Failure> {
    let inherited = sockets::inherited(systemd);
    let Inherited { service, admin } =
        inherited.map_err(|err| cannot("take the inherited socket", &err))?;
    let has_admin = admin.is_some() || config.server.admin_listen.is_some();
    let places = server::check_limits(config, has_admin)?;
    let service = match service {
        Some(socket) => Listener::inherited(socket),
        None => Listener::own(bind(config.listen(), "APP_HOST and APP_PORT")?),
    };
    let admin = match (admin, config.server.admin_listen) {
        (None, Some(address)) => Some(bind(address, "APP_ADMIN_LISTEN")?),
        (inherited, _) => inherited,
    };
    let address = service.socket.local_addr();
    let address = address.map_err(|err| cannot("listen", &err))?;
    let start = |socket| Admin::start(socket, state, &config.server, places.operators);
    let admin = admin.map(start);
    resources.admin = admin
        .transpose()
        .map_err(|err| cannot("listen for operators", &err))?;
    Ok(Listeners {
        service,
        address,
        operators: resources.admin.as_ref().map(Admin::address),
        max_connections: places.service,
    })
}

fn bind(address: SocketAddr, variables: &str) -> Result<TcpListener, Failure> {
    let what = || format!("listen on {address} (see {variables})");
    server::bind(address).map_err(|err| {
        let failure = cannot(what(), &err);
        match remedy(address, &err) {
            Some(remedy) => failure.with_hint(remedy),
            None => failure,
        }
    })
}

/// Returns the remedy for an address that cannot be listened on.
fn remedy(address: SocketAddr, err: &io::Error) -> Option<String> {
    let code = err.raw_os_error().map(Errno::from_raw_os_error);
    let remedy = match code? {
        Errno::ADDRINUSE => {
            let owner = PortOwner::of(address.port());
            let owner = owner.map_or("a process".to_owned(), |owner| owner.to_string());
            return Some(format!(
                "{owner} listens there: stop it, or choose another port"
            ));
        }
        Errno::ACCESS | Errno::PERM => {
            "choose a port of 1024 or more, or give the process the capability \
             CAP_NET_BIND_SERVICE"
        }
        Errno::ADDRNOTAVAIL => {
            "no interface of this host has the address: write one that an interface has, or \
             0.0.0.0 or :: for all"
        }
        Errno::AFNOSUPPORT => "the kernel has no IPv6: write an address of IPv4",
        Errno::INVAL if address.is_ipv6() => {
            "a link-local address needs an interface, for which there is no variable: write \
             another address, or :: for all"
        }
        _ => return None,
    };
    Some(remedy.to_owned())
}

fn cannot(what: impl Display, err: &(dyn Error + 'static)) -> Failure {
    Failure::new(exit::OS_ERROR, format_args!("cannot {what}"), err)
}

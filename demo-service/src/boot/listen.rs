//! The sockets: inherited, or bound to the configured addresses.

use std::error::Error;
use std::fmt::Display;
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};

use actix_web::web::Data;

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
}

/// Takes the sockets that systemd passes, and listens on the configured addresses for
/// the others. The operators' listener answers from then on.
pub(super) fn listen(
    config: &AppConfig,
    systemd: &SupervisorConfig,
    state: &Data<AppState>,
    resources: &mut Resources,
) -> Result<Listeners, Failure> {
    let inherited = sockets::inherited(systemd.listen_fdnames.as_deref());
    let Inherited { service, admin } =
        inherited.map_err(|err| cannot("take the inherited socket", &err))?;
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
    let admin = admin.map(|socket| Admin::start(socket, state, &config.server));
    resources.admin = admin
        .transpose()
        .map_err(|err| cannot("listen for operators", &err))?;
    Ok(Listeners {
        service,
        address,
        operators: resources.admin.as_ref().map(Admin::address),
    })
}

fn bind(address: SocketAddr, variables: &str) -> Result<TcpListener, Failure> {
    let what = || format!("listen on {address} (see {variables})");
    server::bind(address).map_err(|err| {
        let failure = cannot(what(), &err);
        let is_taken = err.kind() == ErrorKind::AddrInUse;
        match is_taken.then(|| PortOwner::of(address.port())).flatten() {
            Some(owner) => failure.with_hint(format_args!(
                "{owner} listens there: stop it, or choose another port"
            )),
            None => failure,
        }
    })
}

fn cannot(what: impl Display, err: &(dyn Error + 'static)) -> Failure {
    Failure::new(exit::OS_ERROR, format_args!("cannot {what}"), err)
}

//! A server of actix with watched connections.

use std::future::ready;
use std::io;
use std::net::TcpListener;
use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use std::time::Duration;

use actix_http::{Extensions, HttpService, KeepAlive};
use actix_service::ServiceFactoryExt;
use actix_web::dev::{Server, fn_service};
use socket2::SockRef;
use tokio::net::TcpStream;
use tracing::debug;

use super::connection::{Stream, Timeouts, Worker, hold_continue, report};
use crate::config::{LimitsConfig, ServerConfig};
use crate::connections::Connections;
use crate::http::Shared;
use crate::telemetry::targets::SERVER;

/// How long a client may send a body that no handler reads, after the answer.
const LINGER: Duration = Duration::from_secs(1);

/// How many bytes of an answer the kernel takes before the client reads. Without a limit,
/// the kernel takes megabytes.
const UNSENT: u32 = 128 * 1024;

/// Serves `shared` on `listener`, with an app for each of `workers`, and with at most
/// `max_connections` open, which is 1 or more.
///
/// `HttpServer` is this without the connections: it hands actix the socket itself.
///
/// # Errors
///
/// If the listener cannot be used.
pub(super) fn serve(
    listener: TcpListener,
    shared: Shared,
    connections: &Connections,
    config: &ServerConfig,
    workers: usize,
    max_connections: usize,
) -> io::Result<Server> {
    if let Err(err) = SockRef::from(&listener).set_tcp_notsent_lowat(UNSENT) {
        debug!(target: SERVER, %err, "the kernel does not limit unsent bytes");
    }
    let ServerConfig {
        keep_alive, limits, ..
    } = config;
    let LimitsConfig {
        head_timeout: head,
        write_timeout: write,
        ..
    } = *limits;
    let timeouts = Timeouts {
        head,
        keep_alive: *keep_alive,
        write,
    };
    // Without a timer: the stream has its own.
    let keep_alive = if keep_alive.is_zero() {
        KeepAlive::Disabled
    } else {
        KeepAlive::Os
    };
    // The limit is per worker, so that a worker without a place could answer nobody.
    let workers = workers.min(max_connections);
    let max = max_connections / workers;
    let connections = connections.clone();
    let server = Server::build()
        .disable_signals()
        .max_concurrent_connections(max)
        .workers(workers)
        .listen("http", listener, move || {
            let worker = Worker::start(&connections, timeouts, max);
            let http = HttpService::build()
                .keep_alive(keep_alive)
                .client_request_timeout(Duration::ZERO)
                .client_disconnect_timeout(LINGER)
                .expect(hold_continue)
                .on_connect_ext(|stream: &Stream, data: &mut Extensions| {
                    data.insert(stream.connection());
                })
                .h1(report(shared.clone().app()));
            fn_service(move |socket: TcpStream| {
                let peer = socket.peer_addr().ok();
                let stream = Stream::new(socket, peer, &worker);
                ready(Ok((stream, peer)))
            })
            .and_then(http)
        })?
        .run();
    Ok(server)
}

/// Returns the number of workers: one a core if it is not configured.
pub(super) fn workers(config: &ServerConfig) -> usize {
    let cores = || available_parallelism().map_or(1, NonZeroUsize::get);
    config.workers.unwrap_or_else(cores)
}

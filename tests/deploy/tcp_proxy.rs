//! A TCP proxy of a test's own, which loses connections as networks do.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// A proxy on a free port, closed when it is dropped.
pub(crate) struct TcpProxy(Arc<Shared>);

struct Shared {
    address: SocketAddr,
    target: Mutex<SocketAddr>,
    /// Both sides of each connection, kept so that none is closed unasked.
    sockets: Mutex<Vec<TcpStream>>,
    /// Connections with a lower number are dead.
    first_alive: AtomicUsize,
    accepted: AtomicUsize,
    is_stopped: AtomicBool,
}

impl TcpProxy {
    pub(crate) fn start(target: (&str, u16)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let shared = Arc::new(Shared {
            address: listener.local_addr().unwrap(),
            target: Mutex::new(parse(target)),
            sockets: Mutex::default(),
            first_alive: AtomicUsize::new(0),
            accepted: AtomicUsize::new(0),
            is_stopped: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming() {
                if accepting.is_stopped.load(Ordering::SeqCst) {
                    break;
                }
                accepting.forward(client.unwrap());
            }
        });
        Self(shared)
    }

    /// The host and port of the proxy.
    pub(crate) fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// Forwards new connections elsewhere.
    pub(crate) fn switch(&self, target: (&str, u16)) {
        *self.0.target.lock().unwrap() = parse(target);
    }

    /// Closes all connections.
    pub(crate) fn cut(&self) {
        for socket in self.0.sockets.lock().unwrap().drain(..) {
            let _ = socket.shutdown(Shutdown::Both);
        }
    }

    /// Forwards nothing more on the connections that there are. Neither side is told, as
    /// when a firewall forgets a connection. New connections work.
    pub(crate) fn forget(&self) {
        let accepted = self.0.accepted.load(Ordering::SeqCst);
        self.0.first_alive.store(accepted, Ordering::SeqCst);
    }

    /// The number of connections that were accepted.
    pub(crate) fn accepted(&self) -> usize {
        self.0.accepted.load(Ordering::SeqCst)
    }
}

impl Shared {
    fn forward(self: &Arc<Self>, client: TcpStream) {
        let number = self.accepted.fetch_add(1, Ordering::SeqCst);
        let target = *self.target.lock().unwrap();
        let Ok(server) = TcpStream::connect(target) else {
            return;
        };
        for socket in [&client, &server] {
            socket.set_nodelay(true).unwrap();
            let kept = socket.try_clone().unwrap();
            self.sockets.lock().unwrap().push(kept);
        }
        let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        let shared = Arc::clone(self);
        thread::spawn(move || shared.pump(number, from, to));
        let shared = Arc::clone(self);
        thread::spawn(move || shared.pump(number, server, client));
    }

    fn pump(&self, number: usize, mut from: TcpStream, mut to: TcpStream) {
        let mut buffer = [0; 8192];
        loop {
            let read = from.read(&mut buffer).unwrap_or(0);
            let is_alive = number >= self.first_alive.load(Ordering::SeqCst);
            match (read, is_alive) {
                (0, true) => {
                    let _ = to.shutdown(Shutdown::Both);
                    return;
                }
                (0, false) => return,
                (_, false) => {}
                (read, true) => {
                    if to.write_all(&buffer[..read]).is_err() {
                        return;
                    }
                }
            }
        }
    }
}

fn parse((host, port): (&str, u16)) -> SocketAddr {
    SocketAddr::new(host.parse().unwrap(), port)
}

impl Drop for TcpProxy {
    fn drop(&mut self) {
        self.0.is_stopped.store(true, Ordering::SeqCst);
        self.cut();
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.0.address);
    }
}

//! Restarts under load, behind HAProxy and with a socket that somebody holds.

use std::net::{SocketAddr, TcpListener};
use std::time::Instant;

use environ::{Process as Environment, Source};
use rustix::process::Signal;
use serde_json::Value;

use crate::caddy::Caddy;
use crate::haproxy::{Haproxy, Release, address, shipped};
use crate::load::{Connections, Load};
use crate::nginx::Nginx;
use crate::process::Process;

const NAMES: [&str; 3] = ["app1", "app2", "app3"];

/// How often each of three instances is restarted: `RESTART_ROUNDS`, or 5.
fn rounds() -> u32 {
    let rounds = Environment.get("RESTART_ROUNDS");
    rounds.map_or(5, |text| text.to_str().unwrap().parse().unwrap())
}

/// How many clients ask at the same time, of each kind.
const CLIENTS: usize = 6;

/// Only the service's lines about itself: a line for each request would be many.
const LOG_LEVEL: (&str, &str) = ("LOG_LEVEL", "info,demo_service::middleware=warn");

/// Three instances behind HAProxy, all of them up.
struct Fleet {
    public: SocketAddr,
    servers: [SocketAddr; 3],
    haproxy: Haproxy,
    instances: Vec<Process>,
    delay: &'static str,
}

impl Fleet {
    /// Starts them with this `APP_DRAIN_DELAY`, and what `edit` makes of the
    /// configuration that is shipped.
    fn start(delay: &'static str, edit: impl Fn(String) -> String) -> Self {
        Self::behind(Release::Oldest, delay, edit)
    }

    fn behind(release: Release, delay: &'static str, edit: impl Fn(String) -> String) -> Self {
        let public = address();
        let servers = [(); 3].map(|()| address());
        let instances = servers.map(|server| instance(server, delay)).into();
        let haproxy = Haproxy::start_release(release, &edit(shipped(public, &servers)));
        for name in NAMES {
            haproxy.wait_for(name, "UP");
        }
        Self {
            public,
            servers,
            haproxy,
            instances,
            delay,
        }
    }

    fn load(&self) -> [Load; 2] {
        [Connections::New, Connections::Kept].map(|how| Load::start(self.public, CLIENTS, how))
    }

    /// Stops an instance, starts it again, and waits until HAProxy knows. Gives
    /// what it reported of its drain.
    fn restart(&mut self, index: usize) -> Value {
        let drained = stop(self.instances.remove(index));
        let started = instance(self.servers[index], self.delay);
        self.instances.insert(index, started);
        self.haproxy.wait_for(NAMES[index], "UP");
        drained
    }
}

fn go_on(load: &[Load], requests: u64) {
    for load in load {
        load.go_on(requests);
    }
}

fn instance(server: SocketAddr, delay: &str) -> Process {
    let (host, port) = (server.ip().to_string(), server.port().to_string());
    let process = Process::start(&[
        ("HOST", &host),
        ("PORT", &port),
        ("APP_WORKERS", "1"),
        ("APP_STOP_TIMEOUT", "45s"),
        ("APP_DRAIN_DELAY", delay),
        LOG_LEVEL,
    ]);
    process.line("listening");
    process
}

/// Returns its report of the drain.
fn stop(process: Process) -> Value {
    process.signal(Signal::TERM);
    let drained = process.line("drained");
    let ended = process.wait();
    assert_eq!(ended.code, Some(0), "{}", ended.stdout);
    drained
}

#[test]
fn rolling_restarts_behind_haproxy_lose_no_request_and_wait_no_longer_than_it_takes() {
    assert_none_lost_behind(Release::Oldest, rounds(), 1_000);
}

/// Each instance is restarted once.
#[test]
fn rolling_restarts_behind_the_newest_haproxy_lose_no_request_either() {
    assert_none_lost_behind(Release::Newest, 1, 300);
}

fn assert_none_lost_behind(release: Release, rounds: u32, at_least: u64) {
    let mut fleet = Fleet::behind(release, "20s", |config| config);
    let load = fleet.load();
    let mut reports = Vec::new();
    for _round in 0..rounds {
        for index in 0..3 {
            go_on(&load, 50);
            reports.push(fleet.restart(index));
        }
    }
    for load in load {
        let outcome = load.end();
        outcome.assert_none_lost(at_least);
        assert_eq!(outcome.deferred, 0, "it is sent nothing before it is ready");
    }
    for (report, name) in reports.iter().zip(NAMES.into_iter().cycle()) {
        assert_eq!(report["delay_ended"], "load_balancers", "{report}");
        assert!(report["delay_ms"].as_u64().unwrap() < 20_000, "{report}");
        assert_eq!(report["cut"], 0, "{report}");
        let last_word = report["balancers"].as_str().unwrap();
        let expected = format!(" app/{name} DOWN scur=0 qcur=0");
        assert!(last_word.ends_with(&expected), "{report}");
    }
}

/// The control of the test above: without `send-state` nobody says that they have
/// let go.
#[test]
fn a_balancer_that_does_not_say_is_waited_for_and_loses_nothing_either() {
    let mut fleet = Fleet::start("5s", |config| {
        let without = config.replace("http-check send-state", "");
        assert_ne!(without, config);
        without
    });
    let load = fleet.load();
    let report = fleet.restart(0);
    for load in load {
        load.end().assert_none_lost(100);
    }
    assert_eq!(report["delay_ended"], "elapsed", "{report}");
    assert!(report["delay_ms"].as_u64().unwrap() >= 5_000, "{report}");
    assert_eq!(report["balancers"], "");
}

#[test]
fn an_instance_that_is_killed_loses_what_it_was_doing_and_nothing_else() {
    let mut fleet = Fleet::start("20s", |config| config);
    let load = fleet.load();
    go_on(&load, 200);
    let before = fleet.haproxy.wait_for("app1", "UP");

    let killed = fleet.instances.remove(0);
    killed.signal(Signal::KILL);
    assert_eq!(killed.wait().code, None);
    let dead = Instant::now();

    let down = fleet.haproxy.wait_for("app1", "DOWN");
    let checks = down.failed_checks - before.failed_checks;
    assert_eq!(
        checks,
        2,
        "as `fall 2` has it: {}",
        fleet.haproxy.messages()
    );
    go_on(&load, 500);
    let after = fleet.haproxy.wait_for("app1", "DOWN");
    assert_eq!(after.sessions, down.sessions, "it is sent nothing more");

    for load in load {
        let outcome = load.end();
        assert!(outcome.lost.len() <= CLIENTS, "{outcome}");
        for lost in &outcome.lost {
            assert!(lost.begun <= dead, "it was begun later: {outcome}");
        }
        assert!(outcome.answered >= 700, "{outcome}");
    }
}

/// There is no balancer: a connection during a restart waits in the socket.
#[test]
fn a_single_instance_restarts_on_an_inherited_socket_without_losing_a_request() {
    let socket = TcpListener::bind(address()).unwrap();
    let address = socket.local_addr().unwrap();
    let vars = [("APP_WORKERS", "2"), LOG_LEVEL];
    let load = [Connections::New, Connections::Kept].map(|how| Load::start(address, CLIENTS, how));
    for _restart in 0..10 {
        let process = Process::inherit(&[&socket], &vars);
        go_on(&load, 50);
        let report = stop(process);
        assert_eq!(report["delay_ended"], "inherited");
    }
    let process = Process::inherit(&[&socket], &vars);
    for load in load {
        load.end().assert_none_lost(500);
    }
    stop(process);
}

/// nginx notices a stopped instance by a connection that is refused, or that gets no answer
/// within `proxy_connect_timeout`. No POST is sent twice, so none may be lost on its way.
#[test]
fn rolling_restarts_behind_nginx_give_no_502() {
    let servers = [(); 3].map(|()| address());
    let mut instances: Vec<Process> = servers.map(|server| instance(server, "500ms")).into();
    let nginx = Nginx::start(&servers);
    let load =
        [Connections::New, Connections::Kept].map(|how| Load::start(nginx.address(), CLIENTS, how));
    for _round in 0..rounds() {
        for (index, server) in servers.into_iter().enumerate() {
            go_on(&load, 50);
            let report = stop(instances.remove(index));
            assert_eq!(report["cut"], 0, "{report}");
            instances.insert(index, instance(server, "500ms"));
        }
    }
    for load in load {
        load.end().assert_none_lost(1_000);
    }
}

/// Caddy asks for readiness a second, and the delay is longer than a check. Each instance is
/// restarted once.
#[test]
fn rolling_restarts_behind_caddy_lose_no_request() {
    let servers = [(); 3].map(|()| address());
    let mut instances: Vec<Process> = servers.map(|server| instance(server, "3s")).into();
    for instance in &instances {
        instance.line("ready");
    }
    let caddy = Caddy::start(&servers);
    let load =
        [Connections::New, Connections::Kept].map(|how| Load::start(caddy.address(), CLIENTS, how));
    for (index, server) in servers.into_iter().enumerate() {
        go_on(&load, 50);
        let report = stop(instances.remove(index));
        assert_eq!(report["cut"], 0, "{report}");
        assert_eq!(report["delay_ended"], "elapsed", "{report}");
        instances.insert(index, instance(server, "3s"));
    }
    go_on(&load, 50);
    for load in load {
        load.end().assert_none_lost(500);
    }
    assert!(
        !caddy.log().contains("\"level\":\"panic\""),
        "{}",
        caddy.log()
    );
}

/// Between two processes nobody listens. A client that connects then is refused, or connects
/// to the next process after the kernel has repeated the handshake; a request that was sent
/// is answered.
#[test]
fn restarts_without_a_balancer_break_no_request_that_was_sent() {
    let server = address();
    let mut process = instance(server, "500ms");
    let load = [Connections::New, Connections::Kept].map(|how| Load::start(server, CLIENTS, how));
    for _restart in 0..3 * rounds() {
        go_on(&load, 50);
        let report = stop(process);
        assert_eq!(report["cut"], 0, "{report}");
        process = instance(server, "500ms");
    }
    for load in load {
        load.end().assert_none_broken(1_000);
    }
    stop(process);
}

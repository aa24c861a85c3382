//! A service that bad things are done to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::client::Client;
use crate::process::Process;

/// Everything that waits for a client is short here.
const VARS: &[(&str, &str)] = &[
    ("APP_CHAOS", "yes"),
    ("APP_WORKERS", "2"),
    ("APP_HEAD_TIMEOUT", "2s"),
    ("APP_KEEP_ALIVE", "1s"),
    ("APP_REQUEST_TIMEOUT", "2s"),
    ("LOG_LEVEL", "error,demo_service::server=info"),
];

/// How long nothing is asked: the service has others to answer.
const PAUSE: Duration = Duration::from_millis(5);

/// More than the service needs for anything that is done to it here.
const MAX_RESIDENT_KIB: u64 = 256 * 1024;

/// A process of the service, probed for liveness without pause.
pub(crate) struct Victim {
    process: Process,
    pub(crate) address: SocketAddr,
    stop: Arc<AtomicBool>,
    asked: Arc<AtomicU64>,
    watcher: Option<JoinHandle<Vec<String>>>,
}

impl Victim {
    pub(crate) fn start(vars: &[(&str, &str)]) -> Self {
        let mut all = VARS.to_vec();
        all.retain(|(name, _)| vars.iter().all(|(other, _)| other != name));
        all.extend(vars);
        let process = Process::start(&all);
        let address = process.client().address;
        let stop = Arc::new(AtomicBool::new(false));
        let asked = Arc::new(AtomicU64::new(0));
        let watcher = watch(address, Arc::clone(&stop), Arc::clone(&asked));
        Self {
            process,
            address,
            stop,
            asked,
            watcher: Some(watcher),
        }
    }

    /// Waits until liveness was asked for once more from now.
    pub(crate) fn is_alive(&self) {
        let before = self.asked.load(Ordering::SeqCst);
        while self.asked.load(Ordering::SeqCst) < before + 2 {
            thread::sleep(PAUSE);
        }
    }

    /// Nothing was too much for it.
    pub(crate) fn survived(mut self) {
        self.is_alive();
        self.stop.store(true, Ordering::SeqCst);
        let failures = self.watcher.take().unwrap().join().unwrap();
        assert_eq!(failures, [""; 0], "liveness, of {:?}", self.asked);
        let answer = Client::new(self.address).get("/hello");
        assert_eq!((answer.status, &*answer.body), (200, "Hello World!"));
        let resident = self.process.resident_kib();
        assert!(resident < MAX_RESIDENT_KIB, "{resident} KiB are resident");
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
    }
}

/// Asks on a new connection each time, as a supervisor does.
fn watch(
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    asked: Arc<AtomicU64>,
) -> JoinHandle<Vec<String>> {
    thread::spawn(move || {
        let mut failures = Vec::new();
        while !stop.load(Ordering::SeqCst) {
            match Client::new(address).try_send("GET", "/-/healthy") {
                Ok(answer) if answer.status == 200 => {}
                other => failures.push(format!("{other:?}")),
            }
            asked.fetch_add(1, Ordering::SeqCst);
            thread::sleep(PAUSE);
        }
        failures
    })
}

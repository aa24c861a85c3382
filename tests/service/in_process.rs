//! The service in a thread of the test: as quick as a function call, and
//! through a real socket all the same.

use std::net::SocketAddr;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use actix_web::web::Data;
use demo_service::boot::{Application, Resources};
use demo_service::config::AppConfig;
use demo_service::health::Phase;
use demo_service::process::signals::Stop;
use demo_service::process::systemd::SupervisorConfig;
use demo_service::state::AppState;
use demo_service::telemetry::{Lines, subscriber};
use environ::{EnvConfig, Loaded};
use tokio::sync::oneshot;

use crate::client::Client;

/// How long a start may take.
const DEADLINE: Duration = Duration::from_secs(20);

/// A service on a free port, stopped when it is dropped.
pub(crate) struct TestService {
    pub(crate) client: Client,
    pub(crate) state: Data<AppState>,
    /// Where operators have a listener of their own.
    pub(crate) operators: Option<Client>,
    stop: Option<oneshot::Sender<Stop>>,
    thread: Option<JoinHandle<()>>,
}

impl TestService {
    /// Starts a service with these variables, and no wait when it stops.
    pub(crate) fn start(vars: &[(&str, &str)]) -> Self {
        let mut all = vec![
            ("APP_PORT", "0"),
            ("APP_WORKERS", "1"),
            ("APP_DRAIN_DELAY", "0s"),
        ];
        all.extend(vars);
        let config = AppConfig::loader().source(&all).load().unwrap();
        let (started, starting) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(serve(config, started, stopped));
        });
        let (address, operators, state) = starting.recv().unwrap();
        let start = Instant::now();
        while state.readiness.phase() == Phase::Starting {
            assert!(start.elapsed() < DEADLINE, "the service does not start");
            thread::sleep(Duration::from_millis(1));
        }
        Self {
            client: Client::new(address),
            state,
            operators: operators.map(Client::new),
            stop: Some(stop),
            thread: Some(thread),
        }
    }
}

async fn serve(
    config: Loaded<AppConfig>,
    started: Sender<(SocketAddr, Option<SocketAddr>, Data<AppState>)>,
    stopped: oneshot::Receiver<Stop>,
) {
    let boot = &config.config.boot;
    let (_subscriber, log) = subscriber(&boot.log, &Lines::default(), false);
    let resources = Resources::new(boot.start_deadline());
    let nobody = SupervisorConfig::default();
    let application = Application::build(config, resources, log, &nobody).await;
    let application = application.unwrap();
    let addresses = (application.address(), application.operators_address());
    let state = application.state();
    started.send((addresses.0, addresses.1, state)).unwrap();
    application.run_until_stopped(stopped).await.unwrap();
}

impl Drop for TestService {
    fn drop(&mut self) {
        if let (Some(stop), Some(thread)) = (self.stop.take(), self.thread.take()) {
            let _ = stop.send(Stop::Terminate);
            let _ = thread.join();
        }
    }
}

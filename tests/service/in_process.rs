//! The service in a thread of the test: as quick as a function call, and
//! through a real socket all the same.

use std::net::SocketAddr;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use actix_web::web::Data;
use demo_service::config::AppConfig;
use demo_service::database::Database;
use demo_service::http::audience::Audience;
use demo_service::process::signals::Stop;
use demo_service::process::sockets::Listener;
use demo_service::process::systemd::Supervisor;
use demo_service::secrets;
use demo_service::server;
use demo_service::server::admin::Admin;
use demo_service::server::drain::Drained;
use demo_service::state::{AppState, Phase};
use demo_service::telemetry::{Lines, subscriber};
use demo_service::version::Version;
use environ::EnvConfig;
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
    thread: Option<JoinHandle<Drained>>,
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
        let config = AppConfig::from_source(&all).unwrap();
        let (started, starting) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(serve(config, started, stopped))
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
    config: AppConfig,
    started: Sender<(SocketAddr, Option<SocketAddr>, Data<AppState>)>,
    stopped: oneshot::Receiver<Stop>,
) -> Drained {
    let deadline = config.boot.start_deadline();
    let listener = server::bind(config.listen()).unwrap();
    let address = listener.local_addr().unwrap();
    let url = secrets::database_url(&config).unwrap();
    let database = Database::open(&url, &config.db).unwrap();
    let version = Version::of_this_build();
    let (_subscriber, log) = subscriber(&config.boot.log, &Lines::default(), false);
    let state = AppState::new(database, None, &config.health, version, log);
    let state = Data::new(state);
    let admin = config
        .server
        .admin_listen
        .map(|address| server::bind(address).unwrap());
    let operators = admin
        .as_ref()
        .map(|listener| listener.local_addr().unwrap());
    started.send((address, operators, state.clone())).unwrap();
    let admin = admin.map(|listener| Admin::start(listener, &state, &config.server).unwrap());
    let nobody = Supervisor::default();
    let audience = Audience::of_the_service(admin.is_some());
    let listener = Listener::own(listener);
    let serving = server::run(listener, audience, state.clone(), &config, &nobody, stopped);
    let drained = tokio::select! {
        drained = serving => drained.unwrap(),
        Err(err) = server::start(&state, &config, &nobody, address, deadline) => panic!("{err}"),
    };
    state.database.close().await;
    if let Some(admin) = admin {
        admin.stop().await.unwrap();
    }
    drained
}

impl Drop for TestService {
    fn drop(&mut self) {
        if let (Some(stop), Some(thread)) = (self.stop.take(), self.thread.take()) {
            let _ = stop.send(Stop::Terminate);
            let _ = thread.join();
        }
    }
}

//! The counts that a drain waits for: requests in flight, and open connections.

use loom::sync::Arc;
use loom::thread;

use crate::connections::{Activity, Closed, Connections};
use crate::in_flight::Requests;

/// Runs a check in every order with a worker.
fn model(worker: fn(&Requests), check: fn(&Requests)) {
    loom::model(move || {
        let requests = Arc::new(Requests::default());
        let open = requests.begin();
        let drain = {
            let requests = Arc::clone(&requests);
            thread::spawn(move || check(&requests))
        };
        worker(&requests);
        drain.join().unwrap();
        assert_eq!(requests.in_flight(), 1);
        open.answer();
        assert_eq!(requests.in_flight(), 0);
    });
}

/// A drain that reads 0 stops the service, and cuts the request.
#[test]
fn a_request_in_flight_is_counted_while_a_further_request_is_answered() {
    model(
        |requests| requests.begin().answer(),
        |requests| assert!(requests.in_flight() >= 1),
    );
}

#[test]
fn a_request_in_flight_is_counted_while_a_further_request_is_abandoned() {
    model(
        |requests| drop(requests.begin()),
        |requests| assert!(requests.in_flight() >= 1),
    );
}

/// A drain that reads 0 drops all connections.
#[test]
fn an_open_connection_is_counted_while_its_activity_changes() {
    loom::model(|| {
        let connections = Connections::default();
        let (tally, _closing) = connections.join();
        tally.opened(Activity::Idle);
        let drain = {
            let connections = connections.clone();
            thread::spawn(move || assert_eq!(connections.open(), 1))
        };
        tally.changed(Activity::Idle, Activity::Answering);
        tally.changed(Activity::Answering, Activity::Idle);
        drain.join().unwrap();
        tally.ended(Activity::Idle, Closed::Drain);
        assert_eq!(connections.open(), 0);
        assert_eq!(connections.closed(Closed::Drain), 1);
    });
}

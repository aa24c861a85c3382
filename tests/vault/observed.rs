//! Observers of requests to a Vault.

use std::sync::{Arc, Mutex};

use environ::secrets::vault::{ObserveVault, ObservedRequest, Vault, VaultError};
use serde_json::json;

use crate::fake::{FakeVault, Mode};
use crate::{APPROLE, config};

/// The purpose and the success of each request that has ended.
type Ended = Arc<Mutex<Vec<(String, bool)>>>;

struct Observer(Ended);

struct Request {
    purpose: String,
    ended: Ended,
}

impl ObserveVault for Observer {
    fn begin(&self, purpose: &str) -> Box<dyn ObservedRequest> {
        Box::new(Request {
            purpose: purpose.to_owned(),
            ended: Arc::clone(&self.0),
        })
    }
}

impl ObservedRequest for Request {
    fn traceparent(&self) -> Option<String> {
        Some(if self.purpose.starts_with("read") {
            format!("00-{}", self.purpose.len())
        } else {
            // No header can carry a newline.
            "00\r\nx-evil: 1".to_owned()
        })
    }

    fn end(self: Box<Self>, result: Result<(), &VaultError>) {
        let ended = (self.purpose, result.is_ok());
        self.ended.lock().unwrap().push(ended);
    }
}

#[tokio::test]
async fn every_request_is_observed_and_carries_the_trace() {
    let vault = FakeVault::start();
    let document = json!({"data": {"pin": 7}});
    let path = "secret/data/dev/app".to_owned();
    vault.state().documents.insert(path, document);
    let ended = Ended::default();
    let observer = Arc::new(Observer(Arc::clone(&ended)));
    let config = config(&vault, APPROLE);
    let session = Vault::connect_observed(&config, observer).await.unwrap();
    session.kv2("secret", "dev/app").await.unwrap();
    vault.state().mode = Mode::Denying;
    session.kv2("secret", "dev/app").await.unwrap_err();
    vault.state().mode = Mode::Up;
    session.close().await.unwrap();
    let expected = [
        ("log in at auth/approle", true),
        ("read secret/data/dev/app", true),
        ("read secret/data/dev/app", false),
        ("revoke the token", true),
    ];
    let expected = expected.map(|(purpose, is_ok)| (purpose.to_owned(), is_ok));
    assert_eq!(*ended.lock().unwrap(), expected);
    let received = vault.state().received.clone();
    for request in received {
        let traceparent = request.headers.get("traceparent");
        let is_read = request.call.starts_with("GET secret");
        assert_eq!(traceparent.map(|it| &**it), is_read.then_some("00-24"));
        assert!(!request.headers.contains_key("x-evil"), "{request:?}");
    }
}

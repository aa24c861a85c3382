//! AWS Secrets Manager: its answers.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::cloud_server::{Cloud, Request, Server};

pub(crate) type FakeAws = Server<Aws>;

#[derive(Default)]
pub(crate) struct Aws {
    secrets: HashMap<String, Value>,
    /// The number of versions of all secrets.
    versions: usize,
}

impl FakeAws {
    /// Adds a version to a secret.
    pub(crate) fn put(&self, id: &str, text: &str) {
        let mut state = self.state();
        state.versions += 1;
        let version = state.versions.to_string();
        let answer = json!({"SecretString": text, "VersionId": version});
        state.secrets.insert(id.to_owned(), answer);
    }

    /// Adds a secret that is bytes: they are in another member than text.
    pub(crate) fn put_unreadable(&self, id: &str) {
        let answer = json!({"SecretBinary": "Y2FuYXJ5"});
        self.state().secrets.insert(id.to_owned(), answer);
    }

    /// Returns the ids that were asked for, in order.
    pub(crate) fn ids(&self) -> Vec<String> {
        self.requests().iter().filter_map(id).collect()
    }
}

impl Cloud for Aws {
    fn answer(&mut self, request: &Request, _: i64) -> (u16, String) {
        if let Some(secret) = id(request).and_then(|id| self.secrets.get(&id)) {
            return (200, secret.to_string());
        }
        let message = "Secrets Manager can't find the specified secret.";
        let refusal = refusal("ResourceNotFoundException", message);
        (400, refusal.to_string())
    }
}

pub(crate) fn refusal(code: &str, message: &str) -> Value {
    json!({"__type": code, "message": message})
}

fn id(request: &Request) -> Option<String> {
    assert_eq!(request.path(), "/");
    let body: Value = serde_json::from_str(&request.body).ok()?;
    Some(body["SecretId"].as_str()?.to_owned())
}

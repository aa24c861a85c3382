//! The stack that is shipped.

use std::fs;
use std::net::SocketAddr;

use serde_json::Value;

use crate::client::Client;
use crate::edited;
use crate::engine::Engine;
use crate::images::DEPLOY;

/// Fewer than are shipped, because each update replaces them one after the other.
pub(crate) const REPLICAS: usize = 2;

/// The port of HAProxy on the node.
pub(crate) const PUBLIC: ([u8; 4], u16) = ([127, 0, 0, 1], 8080);

/// A stack in a swarm.
pub(crate) struct Stack<'e> {
    pub(crate) engine: &'e Engine,
    /// The text of the file of the stack.
    text: String,
}

impl<'e> Stack<'e> {
    /// Creates the first secret, and deploys the stack.
    pub(crate) fn deploy(engine: &'e Engine) -> Self {
        let shipped = |name: &str| fs::read_to_string(format!("{DEPLOY}/swarm/{name}")).unwrap();
        fs::write(engine.path("haproxy.cfg"), shipped("haproxy.cfg")).unwrap();
        let mut stack = Self {
            engine,
            text: shipped("stack.yaml"),
        };
        stack.edit("image: demo-service\n", "image: demo-service:1\n");
        stack.edit("replicas: 3", &format!("replicas: {REPLICAS}"));
        // The waits of the file are for machines with other work.
        stack.edit("monitor: 10s", "monitor: 1s");
        stack.edit("interval: 2s", "interval: 500ms");
        // A line for each request would be many.
        let level = "APP_ENV: prod\n      APP_LOG_LEVEL: info,demo_service::middleware=warn\n";
        stack.edit("APP_ENV: prod\n", level);
        stack.create_secret("db_url_1", "sqlite::memory:");
        stack.apply();
        engine.wait("the stack", is_served);
        stack.wait_for_drains();
        stack
    }

    /// Replaces a text of the file, for all further calls of `apply`.
    pub(crate) fn edit(&mut self, from: &str, to: &str) {
        self.text = edited(&self.text, from, to);
    }

    pub(crate) fn create_secret(&self, name: &str, text: &str) {
        let create = ["secret", "create", name, "-"];
        self.engine.docker_with(&create, text);
    }

    /// Tells the swarm, which begins an update if anything differs.
    pub(crate) fn apply(&self) {
        let path = self.engine.path("stack.yaml");
        fs::write(&path, &self.text).unwrap();
        self.engine.docker(&[
            "stack",
            "deploy",
            "--resolve-image=never",
            "--compose-file",
            path.to_str().unwrap(),
            "demo",
        ]);
    }

    /// Applies the file, and waits for the end of the update. Returns its state.
    pub(crate) fn update(&self) -> String {
        let before = self.status();
        self.apply();
        let ends = [
            "completed",
            "paused",
            "rollback_completed",
            "rollback_paused",
        ];
        let is_over = |status: &Value| ends.iter().any(|end| status["State"] == **end);
        self.engine.wait("the update", || {
            let status = self.status();
            status["StartedAt"] != before["StartedAt"] && is_over(&status)
        });
        self.status()["State"].as_str().unwrap().to_owned()
    }

    fn status(&self) -> Value {
        let format = "--format={{json .UpdateStatus}}";
        let status = self
            .engine
            .docker(&["service", "inspect", format, "demo_app"]);
        serde_json::from_str(&status).unwrap()
    }

    /// Waits until the processes of old tasks have ended.
    pub(crate) fn wait_for_drains(&self) {
        let is_over = || self.engine.services().len() == REPLICAS;
        self.engine.wait("the drains", is_over);
    }

    /// Returns the reports of the tasks that have ended.
    pub(crate) fn drains(&self) -> Vec<Value> {
        let logs = self
            .engine
            .docker(&["service", "logs", "--raw", "demo_app"]);
        let lines = logs.lines().filter(|line| line.contains("\"drained\""));
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// Returns whether HAProxy has a task that answers.
fn is_served() -> bool {
    let address = SocketAddr::from(PUBLIC);
    let asked = Client::new(address).try_send("GET", "/hello");
    asked.is_ok_and(|answer| answer.status == 200)
}

//! The project of Compose that is shipped: its services are updated one after the other.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::chown;
use std::path::PathBuf;
use std::process::{Command, Output};

use crate::client::Client;
use crate::component::component;
use crate::engine::Engine;
use crate::images::DEPLOY;
use crate::stack::PUBLIC;
use crate::{REQUESTS, edited, start_load};

/// The user of the image.
const USER: u32 = 10001;

/// A new image and a new secret, then a configuration that the service rejects.
pub(crate) fn updates_lose_no_request(engine: &Engine) {
    let mut project = Project::new(engine);
    project.write_secret("sqlite::memory:");
    project.run(&["up", "--detach", "--wait"]);
    assert_eq!(engine.services().len(), 2);
    let public = SocketAddr::from(PUBLIC);
    assert_eq!(Client::new(public).get("/-/metrics").status, 404);

    let before = engine.services();
    let load = start_load();
    project.edit("image: demo-service:1\n", "image: demo-service:2\n");
    project.write_secret("sqlite::memory:\n");
    for service in ["app-a", "app-b"] {
        project.run(&["run", "--rm", "--no-deps", service, "--check"]);
        project.run(&["up", "--detach", "--wait", "--no-deps", service]);
    }
    let after = engine.services();
    assert_eq!(after.len(), 2);
    assert!(!before.iter().any(|task| after.contains(task)));
    for task in &after {
        let secret = fs::read_to_string(task.join("root/run/secrets/db_url"));
        assert_eq!(secret.unwrap(), "sqlite::memory:\n");
    }

    project.edit(
        "APP_SECRETS: dir\n",
        "APP_SECRETS: dir\n    APP_LOG_FORMAT: jsno\n",
    );
    // Compose with this engine exits with 0 whatever the container's exit code is.
    let checked = project.output(&["run", "--rm", "--no-deps", "app-a", "--check"]);
    let said = String::from_utf8_lossy(&checked.stderr).into_owned();
    let problem = "APP_LOG_FORMAT  \"jsno\" is not one of: human, json, mozlog";
    assert!(said.contains(problem), "{checked:?}");
    for load in load {
        load.go_on(REQUESTS / 4);
        load.end().assert_none_lost(REQUESTS);
    }

    project.run(&["down"]);
    assert!(engine.services().is_empty());
}

/// A project of Compose.
struct Project<'e> {
    engine: &'e Engine,
    /// The text of its file.
    text: String,
}

impl<'e> Project<'e> {
    fn new(engine: &'e Engine) -> Self {
        let shipped = |name: &str| fs::read_to_string(format!("{DEPLOY}/{name}")).unwrap();
        for folder in ["compose", "swarm"] {
            fs::create_dir(engine.path(folder)).unwrap();
        }
        fs::write(
            engine.path("swarm/haproxy.cfg"),
            shipped("swarm/haproxy.cfg"),
        )
        .unwrap();
        let mut project = Self {
            engine,
            text: shipped("compose/compose.yaml"),
        };
        project.edit("image: demo-service\n", "image: demo-service:1\n");
        // A line for each request would be many.
        let level = "APP_ENV: prod\n    APP_LOG_LEVEL: info,demo_service::middleware=warn\n";
        project.edit("APP_ENV: prod\n", level);
        project
    }

    /// Replaces a text of the file.
    fn edit(&mut self, from: &str, to: &str) {
        self.text = edited(&self.text, from, to);
        fs::write(self.file(), &self.text).unwrap();
    }

    fn file(&self) -> PathBuf {
        self.engine.path("compose/compose.yaml")
    }

    fn secret(&self) -> PathBuf {
        self.engine.path("compose/db_url")
    }

    /// Replaces the file of the secret by another.
    fn write_secret(&self, text: &str) {
        let next = self.engine.path("compose/next");
        fs::write(&next, text).unwrap();
        chown(&next, Some(USER), Some(USER)).unwrap();
        fs::rename(next, self.secret()).unwrap();
    }

    /// Runs a command of Compose that has to succeed.
    fn run(&self, arguments: &[&str]) {
        let output = self.output(arguments);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
    }

    fn output(&self, arguments: &[&str]) -> Output {
        let socket = self.engine.path("docker.sock");
        Command::new(component("python/bin/docker-compose"))
            .arg("--file")
            .arg(self.file())
            .args(arguments)
            .env_clear()
            .env("HOME", self.engine.path(""))
            .env("DOCKER_HOST", format!("unix://{}", socket.display()))
            .env("DB_URL_FILE", self.secret())
            .output()
            .unwrap()
    }
}

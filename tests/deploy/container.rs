//! The image that is shipped, built and run by podman. Its first stage, which
//! compiles for minutes, is left out: the program is the one under test.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use demo_service::config::AppConfig;
use environ::EnvConfig;
use serde_json::Value;

use crate::app::{App, Started, output, run, shipped};
use crate::booted::remove_groups;
use crate::client::Client;

const PODMAN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/container/podman");
const CONTEXT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Where Debian has the certificates that it trusts.
const CERTIFICATES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// An image and a container of it, removed when it is dropped.
struct Image {
    app: App,
    name: String,
}

impl Image {
    /// Builds the image for a test, which runs beside others.
    fn build(test: &str) -> Self {
        let app = App::install();
        fs::create_dir_all(app.path("etc/ssl/certs")).unwrap();
        fs::copy(CERTIFICATES, app.path(&CERTIFICATES[1..])).unwrap();
        let name = format!("demo-service-{test}-{}", std::process::id());
        let file = shipped("container/Dockerfile");
        let prebuilt = format!("build={}", app.path("").display());
        let spec: Value = serde_json::from_str(&AppConfig::help().to_json()).unwrap();
        let spec = format!("--build-arg=SPEC={spec}");
        run(
            PODMAN,
            &[
                "build",
                "--quiet",
                "--pull=never",
                "--layers=false",
                "--network=host",
                "--build-arg=COMMIT=c0ffee",
                &spec,
                "--build-context",
                &prebuilt,
                "--file",
                file.to_str().unwrap(),
                "--tag",
                &name,
                CONTEXT,
            ],
        );
        Self { app, name }
    }

    /// Gives the arguments that run it with no rights and nothing to write to.
    fn arguments<'a>(&'a self, vars: &[&'a str]) -> Vec<&'a str> {
        let mut arguments = vec![
            "run",
            "--rm",
            "--name",
            &self.name,
            "--cgroup-parent",
            &self.name,
            "--network=host",
            "--read-only",
            "--read-only-tmpfs=false",
            "--cap-drop=all",
            "--security-opt=no-new-privileges",
        ];
        for var in vars {
            arguments.extend(["--env", var]);
        }
        arguments.push(&self.name);
        arguments
    }

    fn start(&self, vars: &[&str]) -> Started {
        self.app.start(PODMAN, &self.arguments(vars), &[])
    }

    fn run(&self, vars: &[&str]) -> Output {
        output(&mut self.app.command(PODMAN, &self.arguments(vars), &[]))
    }

    /// The kernel's view of the container's process.
    fn status(&self) -> String {
        let pid = run(PODMAN, &["inspect", "--format={{.State.Pid}}", &self.name]);
        fs::read_to_string(format!("/proc/{}/status", pid.trim())).unwrap()
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        for arguments in [&["rm", "--force", "--ignore"][..], &["rmi", "--force"]] {
            let mut command = Command::new(PODMAN);
            let _ = command.args(arguments).arg(&self.name).output();
        }
        let groups = fs::read_dir("/sys/fs/cgroup").into_iter().flatten();
        for group in groups.flatten() {
            remove_groups(&group.path().join(&self.name));
        }
    }
}

#[test]
fn the_image_serves_as_process_1_with_no_rights_and_stops_in_order() {
    let image = Image::build("serves");
    let host = format!("APP_HOST={}", image.app.address.ip());
    let started = image.start(&[&host, "PORT", "APP_WORKERS", "APP_CHAOS", "APP_DRAIN_DELAY"]);
    started.process().text("\"message\":\"ready\"");

    let status = image.status();
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap().split_whitespace().collect::<Vec<_>>()
    };
    assert_eq!(field("Name:"), ["demo-service"]);
    assert_eq!(field("NSpid:").last(), Some(&"1"));
    assert_eq!(field("Uid:"), ["10001"; 4]);
    assert_eq!(field("Gid:"), ["10001"; 4]);
    for set in ["CapPrm:", "CapEff:", "CapBnd:", "CapAmb:"] {
        assert_eq!(field(set), ["0000000000000000"], "{set}");
    }
    assert_eq!(field("NoNewPrivs:"), ["1"]);
    for dir in ["/app", "/tmp", "/run"] {
        let file = Path::new(dir).join("file");
        let touch = ["exec", &image.name, "touch", file.to_str().unwrap()];
        let touched = Command::new(PODMAN).args(touch).output().unwrap();
        assert!(!touched.status.success(), "{dir} can be written to");
    }

    let version = Client::new(image.app.address).get("/__version__").body;
    let version: Value = serde_json::from_str(&version).unwrap();
    assert_eq!(version["commit"], "c0ffee");
    assert_eq!(version["version"], env!("CARGO_PKG_VERSION"));

    let ended = image.app.stop(started, |_| {
        run(PODMAN, &["stop", "--time=60", &image.name]);
    });
    assert_eq!(ended.code, Some(0), "{ended:?}");

    let refused = image.run(&["APP_PORT=80a0"]);
    assert_eq!(refused.status.code(), Some(78), "{refused:?}");

    // Without certificates it would not come so far.
    let vault = [
        "APP_SECRETS=vault",
        "APP_SECRETS_VAULT_ADDR=https://127.0.0.1:1",
        "APP_SECRETS_VAULT_AUTH=token",
        // Any word is a token to be refused.
        "APP_SECRETS_VAULT_AUTH_TOKEN_FILE=/etc/debian_version",
        "APP_START_TIMEOUT=3s",
    ];
    let away = image.run(&vault);
    assert_eq!(away.status.code(), Some(69), "{away:?}");
    let said = String::from_utf8_lossy(&away.stdout);
    assert!(said.contains("Connection refused"), "{said}");
}

#[test]
fn the_label_of_the_image_is_the_specification() {
    let image = Image::build("label");
    let label = "{{index .Config.Labels \"environ.spec\"}}";
    let label = run(
        PODMAN,
        &["image", "inspect", "--format", label, &image.name],
    );
    assert!(AppConfig::help().diff(&label).unwrap().is_empty());
}

//! The image that is shipped, built and run by podman. Its first stage, which compiles for
//! minutes, is left out, or built with a toolchain that compiles nothing: the program is the one
//! under test.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use demo_service::config::AppConfig;
use environ::EnvConfig;
use serde_json::Value;

use crate::app::{App, Started, output, run, shipped};
use crate::booted::remove_groups;
use crate::client::Client;

const PODMAN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/container/podman");
const CONTEXT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The command that builds an image, without a network of its own and without layers to keep.
const BUILD: [&str; 5] = [
    "build",
    "--pull=never",
    "--layers=false",
    "--network=host",
    "--timestamp=0",
];

/// Stands for cargo and rustc.
const TOOLCHAIN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/container/toolchain");

/// The list of crates that the first stage would make.
const SBOM: &str = r#"{"bomFormat":"CycloneDX"}"#;

/// An image and a container of it, removed when it is dropped.
struct Image {
    app: App,
    name: String,
}

impl Image {
    /// Builds the image for a test, which runs beside others.
    fn build(test: &str) -> Self {
        let app = App::install();
        fs::write(app.path("sbom.json"), SBOM).unwrap();
        let made = Command::new(shipped("container/image.sh"))
            .args(["demo-service", "image", "sbom.json"].map(|name| app.path(name)))
            .envs([("SOURCE", "https://source.example"), ("COMMIT", "c0ffee")])
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        let name = format!("demo-service-{test}-{}", std::process::id());
        let file = shipped("container/Dockerfile");
        let prebuilt = format!("build={}", app.path("").display());
        let spec: Value = serde_json::from_str(&AppConfig::help().to_json()).unwrap();
        let spec = format!("--build-arg=SPEC={spec}");
        let arguments = [
            "--quiet",
            "--build-arg=SOURCE=https://source.example",
            "--build-arg=COMMIT=c0ffee",
            &spec,
            "--build-context",
            &prebuilt,
            "--file",
            file.to_str().unwrap(),
            "--tag",
            &name,
            CONTEXT,
        ];
        run(PODMAN, &[&BUILD[..], &arguments].concat());
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
    fn proc(&self) -> PathBuf {
        let pid = run(PODMAN, &["inspect", "--format={{.State.Pid}}", &self.name]);
        Path::new("/proc").join(pid.trim())
    }

    /// Gives a part of what podman knows of the image.
    fn inspect(&self, format: &str) -> String {
        let format = format!("--format={format}");
        let said = run(PODMAN, &["image", "inspect", &format, &self.name]);
        said.trim().to_owned()
    }

    /// Gives the files of the image, without their leading slash.
    fn files(&self) -> Vec<(String, u64)> {
        let root = run(PODMAN, &["image", "mount", &self.name]);
        let root = Path::new(root.trim());
        let mut files = Vec::new();
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                let meta = path.symlink_metadata().unwrap();
                if meta.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(root).unwrap().to_str().unwrap();
                    files.push((name.to_owned(), meta.len()));
                }
            }
        }
        run(PODMAN, &["image", "unmount", &self.name]);
        files.sort();
        files
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

/// An image with a toolchain for the first stage, removed when it is dropped.
struct Toolchain {
    name: String,
}

impl Toolchain {
    /// Builds the toolchain on the Debian that the toolchain of Rust would be on.
    fn build(app: &App) -> Self {
        let sysroot = run("rustc", &["--print=sysroot"]);
        let real = Path::new(sysroot.trim()).join("bin/cargo");
        fs::copy(real, app.path("real")).unwrap();
        fs::copy(TOOLCHAIN, app.path("cargo")).unwrap();
        let certificates = "/etc/ssl/certs/ca-certificates.crt";
        fs::copy(certificates, app.path("certificates")).unwrap();
        let file = app.path("Dockerfile");
        fs::write(
            &file,
            format!(
                "FROM docker.io/library/debian:bookworm-slim\n\
                 COPY real demo-service /toolchain/\n\
                 COPY cargo /usr/local/bin/cargo\n\
                 COPY cargo /usr/local/bin/rustc\n\
                 COPY certificates {certificates}\n\
                 RUN mv /toolchain/demo-service /toolchain/program\n"
            ),
        )
        .unwrap();
        let name = format!("toolchain-{}", std::process::id());
        let (file, context) = (file.to_str().unwrap(), app.path(""));
        let context = context.to_str().unwrap();
        run(
            PODMAN,
            &[&BUILD[..], &["--file", file, "--tag", &name, context]].concat(),
        );
        Self { name }
    }
}

impl Drop for Toolchain {
    fn drop(&mut self) {
        let mut command = Command::new(PODMAN);
        let _ = command.args(["rmi", "--force", &self.name]).output();
    }
}

/// Every line of the first stage runs, on the files that `.dockerignore` leaves: a forgotten member
/// of the workspace, a wrong path or a missing argument would show in a release only.
#[test]
fn the_first_stage_builds_the_image_from_the_files_of_the_repository() {
    let app = App::install();
    let toolchain = Toolchain::build(&app);
    let name = format!("demo-service-stages-{}", std::process::id());
    let image = Image { app, name };
    let file = shipped("container/Dockerfile");
    let mut command = Command::new(PODMAN);
    command.args(BUILD).args([
        "--from",
        &toolchain.name,
        "--build-arg=COMMIT=c0ffee",
        "--file",
        file.to_str().unwrap(),
        "--tag",
        &image.name,
        CONTEXT,
    ]);
    let built = output(&mut command);
    let said = [built.stdout, built.stderr].map(|it| String::from_utf8(it).unwrap());
    let said = said.concat();
    assert!(built.status.success(), "{said}");
    let target = "x86_64-unknown-linux-gnu";
    let flags = "[/src, RUSTFLAGS=-C target-feature=+crt-static, SOURCE_DATE_EPOCH=0]";
    for expected in [
        format!(
            "cargo auditable build --locked --release --package demo-service \
             --features aws,azure,gcp --target {target} {flags}"
        ),
        "--format json --spec-version 1.5 --features aws,azure,gcp".to_owned(),
    ] {
        assert!(said.contains(&expected), "{expected}\n{said}");
    }

    assert_has_the_program_alone(&image);
    let mut arguments = image.arguments(&[]);
    arguments.push("--version");
    let version = output(&mut image.app.command(PODMAN, &arguments, &[]));
    let expected = format!("demo-service {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(String::from_utf8_lossy(&version.stdout), expected);
}

#[test]
fn the_image_serves_as_process_1_with_no_rights_and_stops_in_order() {
    let image = Image::build("serves");
    let host = format!("APP_HOST={}", image.app.address.ip());
    let started = image.start(&[&host, "PORT", "APP_WORKERS", "APP_CHAOS", "APP_DRAIN_DELAY"]);
    started.process().text("\"message\":\"ready\"");

    let proc = image.proc();
    let status = fs::read_to_string(proc.join("status")).unwrap();
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
    for folder in ["app", "etc", "run", ""] {
        let file = proc.join("root").join(folder).join("file");
        let kind = fs::write(&file, "").unwrap_err().kind();
        assert_eq!(kind, ErrorKind::ReadOnlyFilesystem, "/{folder}");
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
        "APP_SECRETS_VAULT_AUTH_TOKEN_FILE=/etc/group",
        "APP_START_TIMEOUT=3s",
    ];
    let away = image.run(&vault);
    assert_eq!(away.status.code(), Some(69), "{away:?}");
    let said = String::from_utf8_lossy(&away.stdout);
    assert!(said.contains("Connection refused"), "{said}");
}

#[test]
fn the_image_has_labels_and_the_program_alone_and_two_builds_are_equal() {
    let image = Image::build("label");
    let label = |name: &str| image.inspect(&format!("{{{{index .Config.Labels \"{name}\"}}}}"));
    assert!(
        AppConfig::help()
            .diff(&label("environ.spec"))
            .unwrap()
            .is_empty()
    );
    let source = label("org.opencontainers.image.source");
    let revision = label("org.opencontainers.image.revision");
    assert_eq!([&*source, &*revision], ["https://source.example", "c0ffee"]);
    assert_eq!(image.inspect("{{.Config.User}}"), "10001:10001");
    assert_eq!(
        image.inspect("{{.Config.Entrypoint}}"),
        "[/app/demo-service]"
    );
    assert_eq!(image.inspect("{{.Config.Cmd}}"), "[]");
    let mut arguments = image.arguments(&[]);
    arguments.push("--version");
    let version = output(&mut image.app.command(PODMAN, &arguments, &[]));
    let expected = format!("demo-service {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(String::from_utf8_lossy(&version.stdout), expected);

    assert_has_the_program_alone(&image);
    // The identity of an image is the hash of its configuration, with the hashes of its layers.
    // The program is the same, which the compiler makes alike from the same sources.
    let again = Image::build("again");
    assert_eq!(image.inspect("{{.Id}}"), again.inspect("{{.Id}}"));
}

fn assert_has_the_program_alone(image: &Image) {
    let files = image.files();
    // The program under test is dynamic; that of the first stage is not.
    let (libraries, rest): (Vec<_>, Vec<_>) =
        files.iter().partition(|(name, _)| name.starts_with("lib"));
    let names: Vec<&str> = rest.iter().map(|(name, _)| &**name).collect();
    assert_eq!(
        names,
        [
            "app/demo-service",
            "app/sbom.cdx.json",
            "app/version.json",
            "etc/group",
            "etc/passwd",
            "etc/ssl/certs/ca-certificates.crt",
        ]
    );
    assert!(libraries.len() < 10, "{libraries:?}");
    let beside = files.iter().filter(|(name, _)| name != names[0]);
    let bytes: u64 = beside.map(|(_, length)| length).sum();
    assert!(bytes < 5 * 1024 * 1024, "{bytes}: {files:?}");
}

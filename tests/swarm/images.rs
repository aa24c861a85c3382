//! The images of the service and of HAProxy, from the programs of this machine.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::component::component;
use crate::engine::Engine;
use crate::process::PROGRAM;

/// The deployments that are shipped.
pub(crate) const DEPLOY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo-service/deploy");

/// Imports all, the service as version 1 and 2.
pub(crate) fn import_all(engine: &Engine) {
    import_service(engine);
    import_haproxy(engine);
    engine.docker(&["tag", "demo-service:1", "demo-service:2"]);
}

/// Imports the root that the image has, with the settings of the last stage of the Dockerfile.
fn import_service(engine: &Engine) {
    let root = engine.path("service");
    let made = Command::new(format!("{DEPLOY}/container/image.sh"))
        .args([PROGRAM.as_ref(), root.as_os_str()])
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    // Ten times the size of a release, of which the engine would calculate checksums.
    let mut strip = Command::new("strip");
    let stripped = strip.arg(root.join("app/demo-service")).status();
    assert!(stripped.unwrap().success());
    let dockerfile = fs::read_to_string(format!("{DEPLOY}/container/Dockerfile")).unwrap();
    let (_, stage) = dockerfile.split_once("\nFROM scratch\n").unwrap();
    let settings: Vec<&str> = stage
        .lines()
        .filter(|line| {
            let words = ["WORKDIR ", "USER ", "ENV ", "ENTRYPOINT "];
            words.iter().any(|word| line.starts_with(word))
        })
        .collect();
    assert_eq!(settings.len(), 4, "{stage}");
    import(engine, root, &settings, "demo-service:1");
}

/// Imports the HAProxy of `./tests/run` as the image of HAProxy's makers would be.
fn import_haproxy(engine: &Engine) {
    let root = engine.path("haproxy");
    fs::create_dir(&root).unwrap();
    let copied = Command::new("cp")
        .args(["--archive", "--reflink=auto"])
        .arg(component("next/usr"))
        .arg(&root)
        .status()
        .unwrap();
    assert!(copied.success());
    for name in ["lib", "lib64"] {
        let usr = PathBuf::from("usr").join(name);
        std::os::unix::fs::symlink(usr, root.join(name)).unwrap();
    }
    let command = "ENTRYPOINT [\"/usr/sbin/haproxy\", \"-W\", \"-db\", \"-f\", \
        \"/usr/local/etc/haproxy/haproxy.cfg\"]";
    import(engine, root, &[command], "haproxy:3.2");
}

fn import(engine: &Engine, root: PathBuf, settings: &[&str], name: &str) {
    let archive = engine.path("image.tar");
    let packed = Command::new("tar")
        .args(["--owner=0", "--group=0", "--create", "--file"])
        .args([&archive, &PathBuf::from("--directory"), &root])
        .arg(".")
        .status()
        .unwrap();
    assert!(packed.success());
    let mut arguments = vec!["import"];
    for setting in settings {
        arguments.extend(["--change", setting]);
    }
    arguments.extend([archive.to_str().unwrap(), name]);
    engine.docker(&arguments);
    fs::remove_file(archive).unwrap();
    fs::remove_dir_all(root).unwrap();
}

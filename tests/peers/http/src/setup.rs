//! The requirements: `wrk`, gunicorn with Pyramid, and the programs.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Result;
use crate::contestant::Contestant;

const MEMBER: &str = env!("CARGO_MANIFEST_DIR");

pub(crate) const PYTHON: [&str; 2] = ["gunicorn==27.0.1", "pyramid==2.1"];

/// Installs and builds what takes part. The first is what the others are compared
/// to.
pub(crate) fn contestants() -> Result<Vec<Contestant>> {
    // It fails when it tells its version.
    if Command::new("wrk").arg("-v").output().is_err() {
        debian(&["wrk"])?;
    }
    let root = Path::new(MEMBER).join("../../..").canonicalize()?;
    let gunicorn = gunicorn(&root)?;
    let here = env::current_exe()?;
    let target = root.join("target");
    eprintln!("http: building demo-service");
    run(Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--release", "--locked"])
        .args(["--package", "demo-service", "--target-dir"])
        .arg(&target)
        .current_dir(&root))?;
    let program = |name: &str| here.with_file_name(name);
    Ok(vec![
        Contestant::new("actix-web, bare", program("actix-bare")),
        Contestant::ours(target.join("release/demo-service")),
        Contestant::new("actix-web, `Logger`", program("actix-logger")),
        Contestant::new(
            "actix-web, tracing-actix-web, actix-web-prom",
            program("actix-usual"),
        ),
        Contestant::new("axum, `TraceLayer`, axum-prometheus", program("axum-usual")),
        Contestant::pyramid(gunicorn, Path::new(MEMBER).join("pyramid")),
    ])
}

/// Makes an environment for Python, once. Gives the program.
fn gunicorn(root: &Path) -> Result<PathBuf> {
    let python = root.join(".components/pyramid");
    let program = python.join("bin/gunicorn");
    let installed = python.join("packages");
    let is_complete =
        fs::read_to_string(&installed).is_ok_and(|packages| packages == PYTHON.concat());
    // The environment knows where it was made, and does not work anywhere else.
    if is_complete && run(Command::new(&program).arg("--version")).is_ok() {
        return Ok(program);
    }
    let ensurepip = ["-c", "import ensurepip"];
    if run(Command::new("python3").args(ensurepip)).is_err() {
        debian(&["python3-venv"])?;
    }
    eprintln!("http: installing {}", PYTHON.join(", "));
    run(Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&python))?;
    run(Command::new(python.join("bin/pip"))
        .args(["install", "--quiet", "--disable-pip-version-check"])
        .args(PYTHON))?;
    fs::write(installed, PYTHON.concat())?;
    Ok(program)
}

fn debian(packages: &[&str]) -> Result<()> {
    eprintln!("http: installing {}", packages.join(", "));
    let mut install = Command::new("apt-get");
    install
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["install", "--quiet", "--yes", "--no-install-recommends"])
        .args(packages);
    run(Command::new("apt-get").args(["update", "--quiet"]))?;
    run(&mut install)
}

/// Runs it to its end. Its output is not part of the tables.
fn run(command: &mut Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|err| format!("{command:?}: {err}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?}: {}\n{said}", output.status).into())
}

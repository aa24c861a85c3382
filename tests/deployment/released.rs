//! The specification in programs that are optimised as releases are: link-time optimisation, a
//! single codegen unit, sections that nothing uses removed, stripped.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use environ::embedded;

const MAIN: &str = "
#[derive(environ::EnvConfig)]
struct AppConfig {
    /// Port to listen on.
    #[env(default = 8000, range = 1..=9_000)]
    port: u16,
    #[env(group)]
    db: Option<Db>,
}

#[derive(environ::EnvConfig)]
struct Db {
    url: environ::Secret<String>,
}

environ::embed!(AppConfig);

fn main() {
    let config = <AppConfig as environ::EnvConfig>::from_env().unwrap();
    println!(\"{} {}\", config.port, config.db.is_some_and(|db| !db.url.expose().is_empty()));
}
";

#[test]
fn link_time_optimisation_keeps_the_specification() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = root.join("environ");
    let path = path.display();
    let manifest = format!(
        "[package]\nname = \"small\"\nedition = \"2024\"\n\
         [dependencies]\nenviron = {{ package = \"environ-config\", path = \"{path}\", features = [\"json\"] }}\n\
         [profile.release]\ncodegen-units = 1\nstrip = true\npanic = \"abort\"\nopt-level = 1\n\
         [workspace]\n"
    );
    fs::create_dir(dir.path().join("src")).unwrap();
    fs::write(dir.path().join("src/main.rs"), MAIN).unwrap();
    fs::write(dir.path().join("Cargo.toml"), manifest).unwrap();
    for file in ["Cargo.lock", "rust-toolchain.toml"] {
        fs::copy(root.join(file), dir.path().join(file)).unwrap();
    }
    // One profile with two values of a key: macros are built once.
    for optimisation in ["thin", "fat"] {
        let output = Command::new(env!("CARGO"))
            .args(["build", "--offline", "--release"])
            .current_dir(dir.path())
            .env("CARGO_TARGET_DIR", dir.path().join("target"))
            .env("CARGO_PROFILE_RELEASE_LTO", optimisation)
            .env("RUSTFLAGS", "-C link-arg=-Wl,--gc-sections")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let program = dir.path().join("target/release/small");
        let spec = embedded::read(File::open(&program).unwrap()).unwrap();
        assert!(
            spec.contains("APP_DB_URL") && spec.contains("from 1 to 9000"),
            "{spec}"
        );
        let run = Command::new(program).env_clear().output().unwrap();
        assert_eq!(run.stdout, b"8000 false\n");
    }
}

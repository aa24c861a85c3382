//! What an editor shows at the keys of `#[env(...)]`, asked of rust-analyzer over LSP.
//!
//! `./tests/run` installs rust-analyzer, and runs this.

#![expect(clippy::unwrap_used, reason = "a test that goes wrong ends in a panic")]

#[path = "../component.rs"]
mod component;
mod server;

use std::fs;
use std::path::Path;

use server::Server;

/// A config type of each kind. `|` is the place of the cursor in the tests.
const CODE: &str = r#"use environ::{EnvConfig, EnvValue};

#[derive(EnvConfig)]
#[env(prefix = "MY_APP")]
pub struct AppConfig {
    #[env(default = 8000, alias = "PORT")]
    pub port: u16,
    #[env(group)]
    pub store: Store,
    pub level: Level,
}

#[derive(EnvConfig)]
#[env(bound = "")]
pub enum Store {
    #[env(default)]
    Memory,
    Disk(Disk),
}

#[derive(EnvConfig)]
pub struct Disk {
    pub path: String,
}

#[derive(EnvValue)]
#[env(rename_all = "snake_case")]
pub enum Level {
    #[env(alias = "quiet")]
    Low,
}
"#;

/// The part of the standard library that `#[derive]` needs.
const CORE: &str = r"#![no_core]
pub mod prelude {
    pub mod v1 {
        #[rustc_builtin_macro]
        pub macro derive($item:item) {}
    }
    pub mod rust_2021 { pub use super::v1::*; }
    pub mod rust_2024 { pub use super::v1::*; }
}
";

fn project() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let manifest = format!(
        "[package]\nname = \"project\"\nedition = \"2024\"\n[dependencies]\nenviron = {{ package = \"environ-config\", path = \"{}\" }}\n[workspace]\n",
        root.join("environ").display()
    );
    fs::create_dir(dir.path().join("src")).unwrap();
    fs::write(dir.path().join("Cargo.toml"), manifest).unwrap();
    // The versions that are downloaded already.
    fs::copy(root.join("Cargo.lock"), dir.path().join("Cargo.lock")).unwrap();
    let toolchain = "rust-toolchain.toml";
    fs::copy(root.join(toolchain), dir.path().join(toolchain)).unwrap();
    fs::write(dir.path().join("src/lib.rs"), CODE).unwrap();
    for name in ["core", "alloc", "std"] {
        let src = dir.path().join("library").join(name).join("src");
        fs::create_dir_all(&src).unwrap();
        fs::write(src.join("lib.rs"), CORE).unwrap();
    }
    dir
}

#[test]
fn the_keys_of_env_are_completed_and_explained() {
    let dir = project();
    let mut server = Server::start(dir.path(), CODE);
    for (from, to, key, other) in [
        ("default = 8000", "def|", "default_fn", "rename"),
        ("alias = \"PORT\"", "val|", "validate", "rename_all"),
        ("prefix = \"MY_APP\"", "one|", "one_of", "default"),
        ("bound = \"\"", "val|", "validate", "one_of"),
        ("#[env(default)]", "#[env(ren|)]", "rename", "range"),
        (
            "rename_all = \"snake_case\"",
            "ren|",
            "rename_all",
            "rename",
        ),
        ("alias = \"quiet\"", "ren|", "rename", "rename_all"),
    ] {
        let items = server.complete(&CODE.replacen(from, to, 1));
        let documented = items.iter().find(|(label, _)| label == key);
        let doc = documented.map(|(_, doc)| &**doc).unwrap_or_default();
        assert!(doc.len() > 10, "{to}: {items:?}");
        assert!(
            !items.iter().any(|(label, _)| label == other),
            "{to}: {items:?}"
        );
    }
    for (key, said) in [
        (
            "default = 8000",
            "Text that is read if the variable is unset",
        ),
        ("alias = \"PORT\"", "Another full name of the variable"),
        ("prefix =", "Start of all names of the type"),
        ("rename_all =", "Spelling of all words"),
        ("default = 8000", "/guide/attributes/index.html#default"),
    ] {
        let hover = server.hover(&CODE.replacen(key, &format!("{}|{}", &key[..2], &key[2..]), 1));
        assert!(hover.contains(said), "{key}: {hover}");
    }
}

//! Secrets from a directory: Docker's and Kubernetes' secrets, systemd's credentials.
//!
//! ```console
//! $ mkdir secrets && printf hunter2 >secrets/db_password
//! $ APP_SECRETS=secrets cargo run --example secrets_directory
//! ```

#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "an example prints"
)]

use std::path::{Path, PathBuf};

use environ::secrets::DirSecrets;
use environ::{EnvConfig, Error, Loaded, Process, Secret, Source};

/// Read first, because it says where the secrets are.
#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
struct Start {
    #[env(default = "/run/secrets")]
    secrets: PathBuf, // APP_SECRETS
}

#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
struct AppConfig {
    #[env(group)]
    db: Db,
}

#[derive(Debug, EnvConfig)]
struct Db {
    #[env(default = "app")]
    user: String, // APP_DB_USER
    /// The file `db_password` in the directory, the file that `APP_DB_PASSWORD_FILE` names, or
    /// `APP_DB_PASSWORD`, with a warning.
    password: Secret<String>,
}

fn main() {
    let start = Start::loader().load().unwrap_or_else(|err| err.exit());
    let loaded = load(&start.config.secrets, Process).unwrap_or_else(|err| err.exit());
    for warning in &loaded.warnings {
        eprintln!("{warning}");
    }
    let Db { user, password } = loaded.config.db;
    // A secret is `***`, unless `expose` is called.
    println!("user {user}, password {password:?}");
}

fn load(
    secrets: &Path,
    environment: impl Source + Send + Sync,
) -> Result<Loaded<AppConfig>, Error> {
    let loader = AppConfig::loader().source(environment);
    loader.secrets(DirSecrets::from_path(secrets)).load()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_read_and_never_shown() {
        let dir = std::env::temp_dir().join(format!("secrets-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        std::fs::write(dir.join("db_password"), "hunter2\n").unwrap();
        let loaded = load(&dir, ()).unwrap();
        std::fs::remove_dir_all(dir).unwrap();
        assert_eq!(loaded.config.db.user, "app");
        assert_eq!(loaded.config.db.password.expose(), "hunter2");
        assert!(!format!("{loaded:?}").contains("hunter2"));
    }
}

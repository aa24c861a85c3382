//! Secrets that are replaced while the program runs: in a mounted directory, by Kubernetes or a
//! person. Needs the feature `watch`.
//!
//! ```console
//! $ mkdir secrets && printf hunter2 >secrets/token
//! $ APP_SECRETS=secrets cargo run --example live_values --features watch &
//! $ printf hunter3 >secrets/token
//! ```

#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "an example prints"
)]

use std::path::PathBuf;
use std::sync::mpsc;

use environ::secrets::DirSecrets;
use environ::watch::Reload;
use environ::{EnvConfig, Live, Secret};

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
    #[env(live)]
    token: Live<Secret<String>>, // the file `token`
}

/// A part of the program that needs the token: a clone of the live value shows the current token.
struct Door {
    token: Live<Secret<String>>,
}

impl Door {
    fn opens_for(&self, token: &str) -> bool {
        self.token.get().expose() == token
    }
}

fn main() {
    let start = Start::loader().load().unwrap_or_else(|err| err.exit());
    let store = DirSecrets::from_path(start.config.secrets);
    let started = AppConfig::loader().secrets(store).watch();
    let (first, watcher) = started.unwrap_or_else(|err| err.exit());
    let door = Door {
        token: first.config.token.clone(),
    };
    println!("the door opens for hunter2: {}", door.opens_for("hunter2"));
    // A message asks for a load at once; the end of the sender ends the watch.
    let (_ask, asked) = mpsc::channel();
    watcher.run(&asked, |reload| report(&door, reload));
}

/// Applies an update. Nothing changes if anything is wrong.
fn report(door: &Door, reload: Reload<'_, AppConfig>) {
    match reload {
        Reload::Update(update) => {
            let applied = update.apply();
            println!("new: {}", applied.names.join(", "));
            for warning in &applied.warnings {
                eprintln!("{warning}");
            }
            println!("the door opens for hunter2: {}", door.opens_for("hunter2"));
        }
        Reload::Refused(err) => eprintln!("the former values stay: {err}"),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn the_door_opens_for_the_new_token_alone() {
        let dir = std::env::temp_dir().join(format!("live-values-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        std::fs::write(dir.join("token"), "hunter2").unwrap();
        let loader = AppConfig::loader().source(());
        let started = loader.secrets(DirSecrets::from_path(&dir)).watch();
        let (first, mut watcher) = started.unwrap();
        let door = Door {
            token: first.config.token,
        };
        assert!(door.opens_for("hunter2"));
        std::fs::write(dir.join("token"), "hunter3").unwrap();
        watcher.ask();
        report(&door, watcher.poll(Instant::now()).unwrap());
        assert!(door.opens_for("hunter3") && !door.opens_for("hunter2"));
        // The file is gone, and the token is required.
        std::fs::remove_dir_all(dir).unwrap();
        watcher.ask();
        report(&door, watcher.poll(Instant::now()).unwrap());
        assert!(door.opens_for("hunter3"));
    }
}

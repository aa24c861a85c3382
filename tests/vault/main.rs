//! A Vault's secrets and what becomes of them, against a server that fails on
//! demand. The real one is in `deploy`.

#![expect(clippy::unwrap_used, reason = "a test that goes wrong ends in a panic")]

mod cancelled;
mod documents;
mod failures;
mod fake;
mod hostile;
#[path = "../hostile.rs"]
mod hostile_server;

#[path = "../logged.rs"]
mod logged;
mod login;
#[path = "../nobody.rs"]
mod nobody;
mod observed;
mod renewal;

use std::time::{Duration, Instant};

use environ::EnvConfig;
use environ::secrets::vault::{Vault, VaultConfig};
use fake::FakeVault;

#[derive(Debug, EnvConfig)]
#[env(prefix = "")]
struct Config {
    #[env(group)]
    vault: VaultConfig,
}

/// The configuration that these variables make. `@name` is a file's path.
fn config(vault: &FakeVault, pairs: &[(&str, &str)]) -> VaultConfig {
    let given = [("VAULT_ADDR", vault.url())].into_iter();
    let pairs = pairs.iter().map(|(name, value)| {
        let path = value.strip_prefix('@').map(|name| vault.path(name));
        let path = path.map(|path| path.to_str().unwrap().to_owned());
        (*name, path.unwrap_or_else(|| (*value).to_owned()))
    });
    let pairs: Vec<_> = given.chain(pairs).collect();
    let pairs = pairs.iter().map(|(name, value)| (*name, &**value));
    config_of(&pairs.collect::<Vec<_>>())
}

fn config_of(pairs: &[(&str, &str)]) -> VaultConfig {
    Config::from_source(pairs).unwrap().vault
}

const APPROLE: &[(&str, &str)] = &[
    ("VAULT_AUTH", "approle"),
    ("VAULT_AUTH_APPROLE_ROLE_ID", "role"),
    ("VAULT_AUTH_APPROLE_SECRET_ID_FILE", "@secret_id"),
    ("VAULT_TIMEOUT", "500ms"),
];

async fn connected(vault: &FakeVault) -> Vault {
    let config = config(vault, APPROLE);
    Vault::connect(&config).await.unwrap()
}

/// Waits until something holds, and fails if that takes too long.
async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < deadline, "not in time: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

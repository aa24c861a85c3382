//! Futures that are dropped while the server has not answered.

use std::future::Future;

use environ::secrets::vault::{Health, Vault, VaultConfig};

use crate::fake::FakeVault;
use crate::{APPROLE, config, eventually};

const ISSUE: &str = "GET database/creds/app";
const LOGIN: &str = "POST auth/approle/login";
const REVOKE: &str = "POST sys/leases/revoke";
const REVOKE_TOKEN: &str = "POST auth/token/revoke-self";

/// A configuration with requests that outlast every delay of a test.
fn patient(vault: &FakeVault) -> VaultConfig {
    let mut config = config(vault, APPROLE);
    config.timeout = std::time::Duration::from_mins(1);
    config
}

async fn connected(vault: &FakeVault) -> Vault {
    Vault::connect(&patient(vault)).await.unwrap()
}

/// Drops a future as soon as the server has got such a call and not answered it, then
/// has the server answer.
async fn cancel_during(vault: &FakeVault, call: &'static str, future: impl Future) {
    let before = vault.count(call);
    vault.state().delayed = Some(call);
    tokio::select! {
        biased;
        _ = future => panic!("it ended without an answer to {call}"),
        () = eventually(call, || vault.count(call) > before) => {}
    }
    vault.state().delayed = None;
}

#[tokio::test]
async fn a_token_that_nobody_waits_for_is_revoked() {
    let vault = FakeVault::start();
    let config = patient(&vault);
    cancel_during(&vault, LOGIN, Vault::connect(&config)).await;
    eventually("revoked", || vault.count(REVOKE_TOKEN) == 1).await;
    eventually("no token", || vault.live_tokens() == 0).await;
}

#[tokio::test]
async fn a_user_that_nobody_waits_for_is_revoked() {
    let vault = FakeVault::start();
    let connected = connected(&vault).await;
    cancel_during(&vault, ISSUE, connected.credentials("database", "app")).await;
    eventually("revoked", || vault.count(REVOKE) == 1).await;
    eventually("no user", || vault.live_leases() == 0).await;
    assert_eq!(vault.live_tokens(), 1);
}

/// A request of the task, not of a caller.
#[tokio::test]
async fn a_user_that_comes_after_its_renewal_was_dropped_is_revoked() {
    let vault = FakeVault::start();
    vault.state().lease_ttl = 3;
    vault.state().lease_max = 3;
    let connected = connected(&vault).await;
    let credentials = connected.credentials("database", "app").await.unwrap();
    vault.state().lease_max = 3_600;
    vault.state().delayed = Some(ISSUE);
    eventually("another user", || vault.count(ISSUE) == 2).await;
    drop(credentials);
    vault.state().delayed = None;
    eventually("revoked", || vault.count(REVOKE) == 1).await;
    // The first user expires.
    eventually("no user", || vault.live_leases() == 0).await;
}

#[tokio::test]
async fn a_token_that_comes_after_its_session_was_closed_is_revoked() {
    let vault = FakeVault::start();
    vault.state().token_ttl = 3;
    vault.state().renewable = false;
    let connected = connected(&vault).await;
    vault.state().delayed = Some(LOGIN);
    eventually("another login", || vault.count(LOGIN) == 2).await;
    connected.close().await.unwrap();
    vault.state().delayed = None;
    eventually("revoked", || vault.count(REVOKE_TOKEN) == 2).await;
    eventually("no token", || vault.live_tokens() == 0).await;
}

#[tokio::test]
async fn users_are_revoked_although_the_wait_was_dropped() {
    let vault = FakeVault::start();
    // The first token ends, and a second user is issued with the second.
    vault.state().token_ttl = 3;
    vault.state().token_max = 4;
    let connected = connected(&vault).await;
    let credentials = connected.credentials("database", "app").await.unwrap();
    eventually("another user", || credentials.current().number() == 2).await;
    cancel_during(&vault, REVOKE, credentials.revoke_all()).await;
    drop(credentials);
    eventually("both revoked", || vault.count(REVOKE) == 2).await;
    eventually("no user", || vault.live_leases() == 0).await;
}

/// A future does nothing before its first poll.
#[tokio::test]
async fn users_are_kept_if_their_revocation_did_not_begin() {
    let vault = FakeVault::start();
    vault.state().lease_ttl = 2;
    let connected = connected(&vault).await;
    let credentials = connected.credentials("database", "app").await.unwrap();
    drop(credentials.revoke_all());
    let renewed = || vault.count("POST sys/leases/renew") == 2;
    eventually("two renewals", renewed).await;
    assert_eq!(credentials.status().health, Health::Fresh);
    assert_eq!(vault.count(REVOKE), 0);
}

/// A server that was away has revoked nothing.
#[tokio::test]
async fn users_that_could_not_be_revoked_can_be_revoked_again() {
    let vault = FakeVault::start();
    let connected = connected(&vault).await;
    let credentials = connected.credentials("database", "app").await.unwrap();
    vault.state().mode = crate::fake::Mode::Sealed;
    credentials.revoke_all().await.unwrap_err();
    assert_eq!(vault.live_leases(), 1);
    vault.state().mode = crate::fake::Mode::Up;
    credentials.revoke_all().await.unwrap();
    assert_eq!(vault.live_leases(), 0);
    assert_eq!(vault.count(REVOKE), 2);
    credentials.revoke_all().await.unwrap();
    assert_eq!(vault.count(REVOKE), 2);
}

#[tokio::test]
async fn a_user_is_revoked_although_the_wait_was_dropped() {
    let vault = FakeVault::start();
    let connected = connected(&vault).await;
    let credentials = connected.credentials("database", "app").await.unwrap();
    let user = credentials.current();
    drop(user.revoke());
    cancel_during(&vault, REVOKE, user.revoke()).await;
    eventually("no user", || vault.live_leases() == 0).await;
    assert_eq!(vault.count(REVOKE), 1);
}

#[tokio::test]
async fn tokens_are_revoked_although_the_wait_was_dropped() {
    let vault = FakeVault::start();
    let connected = connected(&vault).await;
    cancel_during(&vault, REVOKE_TOKEN, connected.close()).await;
    eventually("no token", || vault.live_tokens() == 0).await;
}

#[tokio::test]
async fn a_document_that_nobody_waits_for_changes_nothing() {
    let vault = FakeVault::start();
    let documents = [
        ("kv/app", serde_json::json!({"pin": 7})),
        ("secret/data/app", serde_json::json!({"data": {"pin": 7}})),
    ];
    let documents = documents.map(|(path, document)| (path.to_owned(), document));
    vault.state().documents.extend(documents);
    let connected = connected(&vault).await;
    cancel_during(&vault, "GET kv/app", connected.kv1("kv", "app")).await;
    cancel_during(&vault, "GET secret/", connected.kv2("secret", "app")).await;
    connected.kv1("kv", "app").await.unwrap();
    connected.kv2("secret", "app").await.unwrap();
    assert_eq!(connected.token().status().health, Health::Fresh);
    assert_eq!(vault.count(LOGIN), 1);
}

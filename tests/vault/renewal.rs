use environ::secrets::vault::{Health, Vault, VaultErrorKind};

use crate::fake::{FakeVault, Mode};
use crate::{config, connected, eventually};

/// Metrics and pages have these words, which later releases keep.
#[test]
fn each_health_has_a_word() {
    let words: Vec<_> = Health::ALL.iter().map(|health| health.name()).collect();
    assert_eq!(words, ["fresh", "stale", "expired"]);
}

#[tokio::test]
async fn a_token_is_renewed_and_revoked_at_the_end() {
    let vault = FakeVault::start();
    vault.state().token_ttl = 2;
    let connected = connected(&vault).await;
    eventually("two renewals", || {
        vault.count("POST auth/token/renew-self") == 2
    })
    .await;
    assert_eq!(connected.token().status().health, Health::Fresh);
    assert_eq!(vault.count("POST auth/approle/login"), 1);
    connected.close().await.unwrap();
    assert_eq!(vault.calls().last().unwrap(), "POST auth/token/revoke-self");
}

/// A revoked token takes its credentials along: both are replaced without a request of
/// the service.
#[tokio::test]
async fn a_token_that_was_revoked_is_replaced_and_so_are_its_credentials() {
    let vault = FakeVault::start();
    vault.state().token_ttl = 3;
    vault.state().lease_ttl = 3;
    let connected = connected(&vault).await;
    let credentials = connected.credentials("database", "app").await.unwrap();
    assert_eq!(credentials.current().number(), 1);
    vault.revoke_tokens();
    eventually("a new user", || credentials.current().number() == 2).await;
    eventually("peace", || credentials.status().failure.is_none()).await;
    assert_eq!(vault.count("POST auth/approle/login"), 2);
    assert_eq!(credentials.current().number(), 2);
}

/// A lease ends with the token that took it, even if it was renewed for longer.
#[tokio::test]
async fn credentials_are_replaced_with_the_token_that_took_them() {
    let vault = FakeVault::start();
    vault.state().token_ttl = 3;
    vault.state().token_max = 4;
    let connected = connected(&vault).await;
    let credentials = connected.credentials("database", "app").await.unwrap();
    eventually("a new user", || credentials.current().number() == 2).await;
    assert_eq!(connected.token().current().number(), 2);
    assert_eq!(vault.count("POST sys/leases/renew"), 0);
}

#[tokio::test]
async fn a_lease_at_its_maximum_is_rotated_before_it_expires() {
    let vault = FakeVault::start();
    vault.state().lease_ttl = 3;
    vault.state().lease_max = 4;
    let connected = connected(&vault).await;
    let credentials = connected.credentials("database", "app").await.unwrap();
    let first = credentials.current();
    let mut expired = false;
    eventually("a second user", || {
        expired |= credentials.status().health != Health::Fresh;
        credentials.current().number() == 2
    })
    .await;
    assert!(!expired);
    assert_ne!(
        credentials.current().value().username,
        first.value().username
    );
    first.revoke().await.unwrap();
    assert_eq!(vault.calls().last().unwrap(), "POST sys/leases/revoke");
}

/// The credentials are stale meanwhile, and fresh afterwards.
#[tokio::test]
async fn an_outage_shorter_than_the_lease_costs_no_new_user() {
    let vault = FakeVault::start();
    vault.state().lease_ttl = 6;
    let connected = connected(&vault).await;
    let credentials = connected.credentials("database", "app").await.unwrap();
    vault.state().mode = Mode::Sealed;
    eventually("stale", || credentials.status().health == Health::Stale).await;
    assert_eq!(
        credentials.status().failure.unwrap().kind(),
        VaultErrorKind::Sealed
    );
    vault.state().mode = Mode::Up;
    eventually("fresh", || credentials.status().health == Health::Fresh).await;
    assert_eq!(credentials.current().number(), 1);
    assert_eq!(vault.count("GET database/creds/app"), 1);
}

#[tokio::test]
async fn an_outage_longer_than_the_lease_ends_with_one_new_user() {
    let vault = FakeVault::start();
    vault.state().lease_ttl = 2;
    let connected = connected(&vault).await;
    let credentials = connected.credentials("database", "app").await.unwrap();
    vault.state().mode = Mode::Outage;
    eventually("expired", || credentials.status().health == Health::Expired).await;
    vault.revoke_leases();
    vault.state().mode = Mode::Up;
    eventually("fresh", || credentials.status().health == Health::Fresh).await;
    assert_eq!(credentials.current().number(), 2);
}

#[tokio::test]
async fn a_policy_that_is_missing_for_a_while_costs_no_login_each_second() {
    let vault = FakeVault::start();
    vault.state().lease_ttl = 3;
    let connected = connected(&vault).await;
    let credentials = connected.credentials("database", "app").await.unwrap();
    vault.state().mode = Mode::Denying;
    eventually("stale", || credentials.status().health == Health::Stale).await;
    let failure = credentials.status().failure.unwrap();
    assert_eq!(failure.kind(), VaultErrorKind::Denied);
    vault.state().mode = Mode::Up;
    eventually("fresh", || credentials.status().health == Health::Fresh).await;
    assert_eq!(vault.count("POST auth/approle/login"), 1);
}

#[tokio::test]
async fn debug_output_shows_no_secret() {
    let vault = FakeVault::start();
    let connected = connected(&vault).await;
    let credentials = connected.credentials("database", "app").await.unwrap();
    let debug = format!("{connected:?} {credentials:?} {:?}", credentials.current());
    let client = format!("Client {{ addr: \"{}\", .. }}", vault.url());
    assert!(debug.contains(&client), "{debug}");
    assert!(
        !debug.contains("canary\"") && !debug.contains("hvs."),
        "{debug}"
    );
}

/// A policy may forbid either request.
#[tokio::test]
async fn a_token_that_gets_no_more_time_is_looked_up() {
    for status in [403, 400] {
        let vault = FakeVault::start();
        vault.state().token_ttl = 2;
        vault.state().no_more_time = Some(status);
        let _connected = connected(&vault).await;
        eventually("three calls", || vault.calls().len() >= 3).await;
        assert_eq!(
            vault.calls()[..3],
            [
                "POST auth/approle/login",
                "POST auth/token/renew-self",
                "GET auth/token/lookup-self"
            ]
        );
    }
}

/// Nobody renews the token any more.
#[test]
fn a_token_without_its_runtime_is_expired() {
    let vault = FakeVault::start();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let connected = runtime.block_on(connected(&vault));
    assert_eq!(connected.token().status().health, Health::Fresh);
    drop(runtime);
    assert_eq!(connected.token().status().health, Health::Expired);
}

/// Only a denial casts doubt on the token.
#[tokio::test]
async fn a_request_that_succeeds_costs_no_check_of_the_token() {
    let vault = FakeVault::start();
    let document = serde_json::json!({"pin": "canary"});
    let path = "kv1/app".to_owned();
    vault.state().documents.insert(path, document);
    let connected = connected(&vault).await;
    for _ in 0..5 {
        connected.kv1("kv1", "app").await.unwrap();
    }
    let mut calls = vec!["POST auth/approle/login"];
    calls.extend(["GET kv1/app"; 5]);
    assert_eq!(vault.calls(), calls);
}

/// Each refusal has the token checked, and each check could become a login.
#[tokio::test]
async fn a_refusal_costs_no_login_where_the_token_is_good() {
    for is_renewable in [true, false] {
        let vault = FakeVault::start();
        vault.state().renewable = is_renewable;
        let connected = connected(&vault).await;
        let credentials = connected.credentials("database", "app").await.unwrap();
        vault.state().mode = Mode::Denying;
        for _ in 0..5 {
            connected.kv2("secret", "app").await.unwrap_err();
            credentials.suspect();
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        }
        assert_eq!(vault.count("POST auth/approle/login"), 1);
        let asked = vault.count("GET database/creds/app");
        assert!(asked <= 3, "{asked}");
    }
}

/// A token is gone only where the Vault says so.
#[tokio::test]
async fn a_token_that_cannot_be_looked_up_is_kept() {
    let vault = FakeVault::start();
    vault.state().renewable = false;
    let connected = connected(&vault).await;
    vault.state().mode = Mode::Denying;
    vault.state().hanging = Some("GET auth/token/lookup-self");
    connected.kv2("secret", "app").await.unwrap_err();
    let failure = || connected.token().status().failure;
    eventually("no answer", || failure().is_some()).await;
    assert_eq!(failure().unwrap().kind(), VaultErrorKind::Unreachable);
    vault.state().hanging = None;
    eventually("an answer", || failure().is_none()).await;
    assert_eq!(connected.token().current().number(), 1);
    assert_eq!(vault.count("POST auth/approle/login"), 1);
}

/// The file of an agent has the same token until the agent has a new one.
#[tokio::test]
async fn the_same_token_read_again_is_no_rotation() {
    let vault = FakeVault::start();
    vault.state().token_ttl = 5;
    vault.state().renewable = false;
    let first = vault.issue_token();
    vault.write("token", &first);
    let pairs = [("VAULT_AUTH", "token"), ("VAULT_AUTH_TOKEN_FILE", "@token")];
    let connected = Vault::connect(&config(&vault, &pairs)).await.unwrap();
    let credentials = connected.credentials("database", "app").await.unwrap();
    let read = "GET auth/token/lookup-self";
    eventually("the file is read again", || vault.count(read) == 2).await;
    assert_eq!(connected.token().current().number(), 1);
    vault.write("token", &vault.issue_token());
    eventually("another token", || {
        connected.token().current().number() == 2
    })
    .await;
    eventually("its user", || credentials.current().number() == 2).await;
    assert_eq!(vault.count("GET database/creds/app"), 2);
}

/// Revoked earlier, the token would end its credentials.
#[tokio::test]
async fn a_replaced_token_is_revoked_after_its_credentials() {
    let vault = FakeVault::start();
    vault.state().token_ttl = 9;
    vault.state().renewable = false;
    let connected = connected(&vault).await;
    let credentials = connected.credentials("database", "app").await.unwrap();
    let first = credentials.current();
    eventually("another user", || credentials.current().number() == 2).await;
    assert_eq!(connected.token().current().number(), 2);
    first.revoke().await.unwrap();
    let is_back = || vault.count("POST auth/token/revoke-self") == 1;
    eventually("the first token is revoked", is_back).await;
    let calls = vault.calls();
    assert_eq!(
        calls[calls.len() - 2..],
        ["POST sys/leases/revoke", "POST auth/token/revoke-self"]
    );
    assert_eq!(vault.live_tokens(), 1);
    connected.close().await.unwrap();
    assert_eq!(vault.count("POST auth/token/revoke-self"), 2);
    assert_eq!(vault.live_tokens(), 0);
}

#[tokio::test]
async fn a_token_without_leases_is_revoked_when_it_is_replaced() {
    let vault = FakeVault::start();
    vault.state().token_ttl = 3;
    vault.state().renewable = false;
    let connected = connected(&vault).await;
    eventually("another token", || {
        connected.token().current().number() == 2
    })
    .await;
    let is_back = || vault.count("POST auth/token/revoke-self") == 1;
    eventually("the first token is revoked", is_back).await;
}

/// The credentials in use, the credentials before, and a replaced token.
#[tokio::test]
async fn everything_that_may_still_be_valid_is_revoked() {
    let vault = FakeVault::start();
    vault.state().token_ttl = 3;
    vault.state().token_max = 4;
    let connected = connected(&vault).await;
    let credentials = connected.credentials("database", "app").await.unwrap();
    eventually("another user", || credentials.current().number() == 2).await;
    credentials.revoke_all().await.unwrap();
    assert_eq!(vault.count("POST sys/leases/revoke"), 2);
    connected.close().await.unwrap();
    assert!(vault.count("POST auth/token/revoke-self") >= 1);
    assert_eq!(vault.live_tokens(), 0);
}

use environ::secrets::vault::{VaultErrorKind, VaultSecrets};
use environ::{EnvConfig, Secret};
use serde_json::json;

use crate::connected;
use crate::fake::FakeVault;

#[derive(Debug, EnvConfig)]
struct AppConfig {
    #[env(group)]
    db: Db,
    #[env(secret)]
    pin: Secret<String>,
}

#[derive(Debug, EnvConfig)]
struct Db {
    url: Secret<String>,
}

fn check(vault: &FakeVault, document: &str, secrets: VaultSecrets) {
    let debug = format!("{secrets:?}");
    let loaded = AppConfig::loader().source(()).secrets(secrets).load();
    let loaded = loaded.unwrap();
    assert_eq!(loaded.config.db.url.expose(), "canary");
    assert_eq!(loaded.config.pin.expose(), "7");
    assert_eq!(
        loaded.origins.get("APP_DB_URL").unwrap().to_string(),
        format!("{document} at {}", vault.url())
    );
    assert!(!debug.contains("canary"), "{debug}");
}

#[tokio::test]
async fn a_document_of_either_version_is_a_store() {
    let vault = FakeVault::start();
    let document = json!({"db_url": "canary", "pin": 7, "nothing": null});
    vault.state().documents.extend([
        ("kv1/app".to_owned(), document.clone()),
        (
            "secret/data/dev/app".to_owned(),
            json!({"data": document, "metadata": {"version": 3}}),
        ),
    ]);
    let connected = connected(&vault).await;
    check(
        &vault,
        "kv1/app",
        connected.kv1("kv1", "app").await.unwrap(),
    );
    let secrets = connected.kv2("secret", "dev/app").await.unwrap();
    check(&vault, "secret/dev/app", secrets);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let vault = FakeVault::start();
    let connected = connected(&vault).await;
    let err = connected.kv2("secret", "deleted").await.unwrap_err();
    assert_eq!(err.kind(), VaultErrorKind::NotFound);
    let err = connected.kv2("secret", "dev/app").await.unwrap_err();
    assert_eq!(err.kind(), VaultErrorKind::NotFound);
    assert_eq!(
        err.to_string(),
        format!(
            "cannot read secret/data/dev/app: {} has nothing there (404); \
             check the mount, the path and its version",
            vault.url()
        )
    );
}

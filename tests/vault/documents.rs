use std::time::{Duration, Instant};

use environ::secrets::vault::{VaultErrorKind, VaultSecrets};
use environ::secrets::{Newest, SecretStore};
use environ::watch::Reload;
use environ::{EnvConfig, Live, Secret};
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
    let secrets = connected.kv1("kv1", "app").await.unwrap();
    assert_eq!(secrets.version(&()), None);
    check(&vault, "kv1/app", secrets);
    let secrets = connected.kv2("secret", "dev/app").await.unwrap();
    assert_eq!(secrets.version(&()).as_deref(), Some("3"));
    check(&vault, "secret/dev/app", secrets);
}

#[derive(Debug, EnvConfig)]
struct Watched {
    #[env(live)]
    db_url: Live<Secret<String>>,
}

#[tokio::test]
async fn a_newer_version_of_a_document_takes_effect() {
    let vault = FakeVault::start();
    let put = |url: &str, version: u64| {
        let document = json!({"data": {"db_url": url}, "metadata": {"version": version}});
        let path = "secret/data/app".to_owned();
        vault.state().documents.insert(path, document);
    };
    put("one", 1);
    let connected = connected(&vault).await;
    let fetch = async || connected.kv2("secret", "app").await.unwrap();
    let store = Newest::new(fetch().await);
    let loader = Watched::loader().source(()).secrets(store.clone());
    let (first, mut watcher) = loader.watch().unwrap();
    let mut reloads = 0;
    for (url, version) in [("one", 1), ("two", 2), ("two", 2), ("three", 3)] {
        put(url, version);
        store.replace(fetch().await);
        let end = Instant::now() + Duration::from_secs(1);
        while Instant::now() < end {
            tokio::time::sleep(watcher.next_wait(Instant::now())).await;
            if let Some(Reload::Update(update)) = watcher.poll(Instant::now()) {
                update.apply();
                reloads += 1;
            }
        }
        assert_eq!(first.config.db_url.get().expose(), url);
    }
    assert_eq!(reloads, 2);
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

use std::borrow::Cow;
use std::time::{Duration, Instant};

use environ::secrets::vault::{VaultErrorKind, VaultSecrets};
use environ::secrets::{Found, Newest, Request, SecretStore, StoreError};
use environ::watch::Reload;
use environ::{EnvConfig, Live, Secret, Source};
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
    let mut keys = secrets.keys(&()).unwrap();
    keys.sort();
    assert_eq!(keys, ["db_url", "pin"]);
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

/// A document has version 1 again after its metadata was deleted, and a store may have no versions at
/// first.
#[test]
fn each_replacement_is_another_version() {
    let store = Newest::new(Versioned("one", None));
    let mut versions = vec![store.version(&())];
    for (url, version) in [
        ("two", Some(1)),
        ("three", Some(2)),
        ("four", Some(1)),
        ("five", Some(1)),
        ("six", None),
    ] {
        store.replace(Versioned(url, version));
        let version = store.version(&());
        assert!(!versions.contains(&version), "{url}: {version:?}");
        assert_eq!(store.version(&()), version);
        versions.push(version);
    }
}

#[test]
fn a_document_that_is_deleted_and_created_again_takes_effect() {
    let store = Newest::new(Versioned("one", Some(1)));
    let loader = Watched::loader().source(()).secrets(store.clone());
    let (first, mut watcher) = loader.watch().unwrap();
    store.replace(Versioned("another", Some(1)));
    let end = Instant::now() + Duration::from_secs(5);
    while first.config.db_url.get().expose() != "another" {
        assert!(Instant::now() < end, "it was not loaded again");
        std::thread::sleep(watcher.next_wait(Instant::now()));
        if let Some(Reload::Update(update)) = watcher.poll(Instant::now()) {
            update.apply();
        }
    }
}

/// A document with a version, as a KV engine of version 2 has.
struct Versioned(&'static str, Option<u64>);

impl SecretStore for Versioned {
    fn name(&self) -> Cow<'_, str> {
        "a document".into()
    }

    fn get(&self, request: &Request<'_>) -> Result<Option<Found>, StoreError> {
        let secret = || Secret::new(self.0.to_owned());
        Ok((request.key() == "db_url").then(|| secret().into()))
    }

    fn version(&self, _: &dyn Source) -> Option<String> {
        self.1.map(|version| version.to_string())
    }
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

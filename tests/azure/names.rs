use environ::secrets::SecretStore;
use environ::secrets::azure::{AzureErrorKind, AzureSecrets};
use environ::{EnvConfig, Secret};

use crate::config;
use crate::fake::FakeAzure;
use crate::store::client;

#[derive(Debug, EnvConfig)]
struct Db {
    url: Secret<String>,
}

#[tokio::test]
async fn an_underscore_of_a_key_is_a_hyphen_of_a_name() {
    let server = FakeAzure::start();
    server.put("db-url", "canary");
    let client = client(&server).await;
    let whole = format!("{}/secrets/db-url", server.url());
    for id in [
        "db_url",
        "db-url",
        "db-url/v1",
        &whole,
        &format!("{whole}/v1"),
    ] {
        let pairs = [("APP_URL_SECRET_ID", id)];
        let secrets = AzureSecrets::named_by_variables::<Db>(&client, &pairs).await;
        let load = Db::loader().source(pairs).secrets(secrets.unwrap());
        assert_eq!(load.load().unwrap().config.url.expose(), "canary");
    }
    assert_eq!(server.ids(), ["db-url"; 5]);
}

#[tokio::test]
async fn the_version_is_the_latest_or_that_of_the_name() {
    let server = FakeAzure::start();
    let client = client(&server).await;
    let version = async |name| {
        let secrets = AzureSecrets::document(&client, name).await.unwrap();
        secrets.version(&()).unwrap()
    };
    let id = "https://my-vault.vault.azure.net/secrets/app";
    server.put("app", "{}");
    assert_eq!(version("app").await, format!("{id}/v1"));
    server.put("app", "{}");
    assert_eq!(version("app").await, format!("{id}/v2"));
    assert_eq!(version("app/v1").await, format!("{id}/v1"));
}

#[tokio::test]
async fn a_text_that_is_no_name_of_the_vault_is_not_sent() {
    let server = FakeAzure::start();
    let client = client(&server).await;
    for (id, shown) in [
        ("postgres://app:canary@db/app", "postgres://app:***@db/app"),
        (
            "https://other.vault.azure.net/secrets/db-url",
            "https://other.vault.azure.net/secrets/db-url",
        ),
        ("db-url/../x", "db-url/../x"),
    ] {
        let pairs = [("APP_URL_SECRET_ID", id)];
        let err = AzureSecrets::named_by_variables::<Db>(&client, &pairs).await;
        let err = err.unwrap_err();
        assert_eq!(err.kind(), AzureErrorKind::NotFound);
        assert_eq!(
            err.to_string(),
            format!(
                "APP_URL_SECRET_ID: cannot read the secret {shown}: it is not the name of a \
                 secret in {}; check the name, the version and the vault",
                server.url()
            )
        );
    }
    assert_eq!(server.lines(), [""; 0]);
}

#[tokio::test]
async fn a_slash_at_the_end_of_the_url_is_left_out() {
    let server = FakeAzure::start();
    server.put("app", "{}");
    let mut config = config(&server);
    config.vault_url.push('/');
    let client = config.client().await.unwrap();
    AzureSecrets::document(&client, "app").await.unwrap();
    let lines = server.lines();
    assert_eq!(lines.last().unwrap(), "GET /secrets/app/?api-version=7.4");
}

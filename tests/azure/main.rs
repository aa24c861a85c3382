//! The secrets of Azure Key Vault, against servers that fail on demand.

#![expect(clippy::unwrap_used, reason = "a test that goes wrong ends in a panic")]

#[path = "../clouds/server.rs"]
mod cloud_server;
#[path = "../clouds/mod.rs"]
mod clouds;
mod failures;
mod fake;
mod hostile;
#[path = "../hostile.rs"]
mod hostile_server;
mod identity;
#[path = "../logged.rs"]
mod logged;
mod names;
#[path = "../nobody.rs"]
mod nobody;
mod store;
#[path = "../clouds/tls.rs"]
mod tls;

use environ::EnvConfig;
use environ::secrets::azure::AzureConfig;
use fake::FakeAzure;

#[derive(Debug, EnvConfig)]
#[env(prefix = "")]
struct Config {
    #[env(group)]
    azure: AzureConfig,
}

/// The configuration of a machine at Azure; all its servers are that server.
fn config(server: &FakeAzure) -> AzureConfig {
    let (url, host) = (server.url(), server.address.to_string());
    let pairs = [
        ("AZURE_VAULT_URL", &*url),
        ("AZURE_AUTHORITY_HOST", &*url),
        ("AZURE_METADATA_HOST", &*host),
        ("AZURE_TIMEOUT", "5s"),
    ];
    Config::from_source(pairs).unwrap().azure
}

#[test]
fn the_configuration_says_what_is_wrong_with_it() {
    let problem = |(name, value)| {
        let vault = ("AZURE_VAULT_URL", "https://my-vault.vault.azure.net");
        let pairs = match name {
            "AZURE_VAULT_URL" => vec![(name, value)],
            _ => vec![vault, (name, value)],
        };
        let err = Config::from_source(pairs).unwrap_err();
        let problems = err.problems().map(ToString::to_string);
        problems.collect::<Vec<_>>().join("\n")
    };
    let shown = [
        ("AZURE_VAULT_URL", ""),
        ("AZURE_VAULT_URL", "my-vault"),
        ("AZURE_VAULT_URL", "https://user:canary@localhost"),
        ("AZURE_AUTHORITY_HOST", "login.microsoftonline.com"),
        ("AZURE_AUTHORITY_HOST", "http://login.example"),
        ("AZURE_TENANT_ID", "../x"),
        ("AZURE_METADATA_HOST", "metadata/path"),
        ("AZURE_TIMEOUT", "0s"),
    ]
    .map(problem);
    assert_eq!(
        shown,
        [
            "AZURE_VAULT_URL: set to nothing, which counts as not set",
            "AZURE_VAULT_URL: \"my-vault\" is refused: it must be like https://secrets.example",
            "AZURE_VAULT_URL: \"https://user:***@localhost\" is refused: \
             it must not hold a user or a password",
            "AZURE_AUTHORITY_HOST: \"login.microsoftonline.com\" is refused: \
             it must be like https://secrets.example",
            "AZURE_AUTHORITY_HOST: \"http://login.example\" is refused: \
             it must begin with https://",
            "AZURE_TENANT_ID: \"../x\" is refused: it must be the id or the domain of a tenant",
            "AZURE_METADATA_HOST: \"metadata/path\" is refused: \
             it must be a host, or a host and a port",
            "AZURE_TIMEOUT: \"0s\" is refused: it must be more than 0s and at most 1h",
        ]
    );
}

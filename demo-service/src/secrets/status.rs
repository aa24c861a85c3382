//! Ages, expiries and health of the secrets; never a secret itself.

use std::time::Instant;

use environ::secrets::vault::Status;
use serde_json::{Map, Value, json};

use super::vault::Leases;

/// The status of every secret.
#[derive(Clone, Debug, Default)]
pub(crate) struct SecretsStatus {
    /// The name of the store, and the time of the fetch.
    pub(super) fetched: Option<(&'static str, Instant)>,
    pub(super) leases: Option<Leases>,
}

/// The status of a secret.
#[derive(Debug)]
pub(crate) struct SecretStatus {
    /// The name: `vault_token`, `database_credentials`,
    /// `vault_document` or `aws_secrets`.
    pub(crate) name: &'static str,
    /// The time of the fetch or of the last renewal.
    pub(crate) obtained: Instant,
    /// The status of the lease, or `None` if the secret never expires.
    pub(crate) lease: Option<Status>,
}

impl SecretsStatus {
    /// Returns the status of each secret.
    pub(crate) fn iter(&self) -> impl Iterator<Item = SecretStatus> {
        let fetched = self.fetched.map(|(name, obtained)| SecretStatus {
            name,
            obtained,
            lease: None,
        });
        let leased = self.leases.iter().flat_map(Leases::iter);
        let leased = leased.map(|(name, status)| SecretStatus {
            name,
            obtained: status.obtained,
            lease: Some(status),
        });
        fetched.into_iter().chain(leased)
    }

    /// Returns the statuses as a JSON object, by name.
    pub(crate) fn json(&self) -> Value {
        let statuses = self
            .iter()
            .map(|secret| (secret.name.to_owned(), secret.json()));
        statuses.collect::<Map<_, _>>().into()
    }
}

impl SecretStatus {
    fn json(&self) -> Value {
        let mut json = json!({"age_seconds": self.obtained.elapsed().as_secs()});
        if let Some(status) = &self.lease {
            let failure = status.failure.as_ref().map(|err| err.kind().name());
            json["expires_in_seconds"] = status.expires_in().map(|left| left.as_secs()).into();
            json["health"] = status.health.name().into();
            json["failure"] = failure.into();
        }
        json
    }
}

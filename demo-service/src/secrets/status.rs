//! Ages, expiries and health of the secrets; never a secret itself.

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::fetches::Fetches;
use super::vault::{Leases, Status};

/// The words for the health of a secret, as of leases of a Vault.
pub(crate) const HEALTH: [&str; 3] = [FRESH, STALE, "expired"];
const FRESH: &str = "fresh";
const STALE: &str = "stale";

/// The status of every secret.
#[derive(Clone, Debug, Default)]
pub(crate) struct SecretsStatus {
    pub(super) fetches: Option<Fetches>,
    pub(super) leases: Option<Leases>,
}

/// The status of a secret.
#[derive(Debug)]
pub(crate) struct SecretStatus {
    /// The name: `vault_token`, `database_credentials`,
    /// `vault_document`, `aws_secrets`, `azure_secrets` or `gcp_secrets`.
    pub(crate) name: &'static str,
    /// The time of the last fetch or renewal.
    pub(crate) obtained: Instant,
    /// Whether the secret was fetched from a store, and never expires.
    pub(crate) is_document: bool,
    /// The time of the expiry, if it is known.
    pub(crate) expires: Option<Instant>,
    /// A word of [`HEALTH`], or of a later release of `environ`.
    pub(crate) health: &'static str,
    /// The kind of the failure since the last success.
    pub(crate) failure: Option<&'static str>,
    /// The number of requests by outcome.
    pub(crate) requests: Vec<(&'static str, u64)>,
}

impl SecretsStatus {
    /// Returns the status of each secret.
    pub(crate) fn iter(&self) -> impl Iterator<Item = SecretStatus> {
        let fetched = self.fetches.iter().map(SecretStatus::of_document);
        let leased = self.leases.iter().flat_map(Leases::iter);
        fetched.chain(leased.map(|(name, status)| SecretStatus::of_lease(name, &status)))
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
    fn of_document(fetches: &Fetches) -> Self {
        let last = fetches.last();
        Self {
            name: fetches.name,
            obtained: last.obtained,
            is_document: true,
            expires: None,
            health: if last.failure.is_none() { FRESH } else { STALE },
            failure: last.failure,
            requests: vec![("fetched", last.succeeded), ("failed", last.failed)],
        }
    }

    #[cfg(not(feature = "vault"))]
    fn of_lease(_name: &'static str, status: &Status) -> Self {
        match *status {}
    }

    #[cfg(feature = "vault")]
    fn of_lease(name: &'static str, status: &Status) -> Self {
        let answers = status.answers;
        Self {
            name,
            obtained: status.obtained,
            is_document: false,
            expires: status.expires,
            health: status.health.name(),
            failure: status.failure.as_ref().map(|err| err.kind().name()),
            requests: vec![
                ("renewed", answers.renewed),
                ("replaced", answers.replaced),
                ("failed", answers.failed),
            ],
        }
    }

    /// Returns the time left until the expiry, if it is known.
    pub(crate) fn expires_in(&self) -> Option<Duration> {
        let expires = self.expires?;
        Some(expires.saturating_duration_since(Instant::now()))
    }

    fn json(&self) -> Value {
        let mut json = json!({
            "age_seconds": self.obtained.elapsed().as_secs(),
            "health": self.health,
            "failure": self.failure,
        });
        if !self.is_document {
            let left = self.expires_in().map(|left| left.as_secs());
            json["expires_in_seconds"] = left.into();
        }
        json
    }
}

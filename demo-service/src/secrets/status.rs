//! What the service holds that somebody else gave: since when, until when, and
//! whether more time can be had. Never what it is.

use environ::secrets::vault::Status;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::Lent;

/// What somebody else gave.
#[derive(Clone, Debug, Default)]
pub struct Holdings {
    /// What was fetched at the start, and when.
    pub(super) fetched: Option<(&'static str, Instant)>,
    pub(super) lent: Option<Lent>,
}

/// One of them.
#[derive(Debug)]
pub struct Holding {
    /// Its name. There are four: `vault_token`, `database_credentials`,
    /// `vault_document` and `aws_secrets`.
    pub name: &'static str,
    /// When it was obtained.
    pub obtained: Instant,
    /// How it stands, if it is kept alive.
    pub status: Option<Status>,
}

impl Holdings {
    /// Gives each of them.
    pub fn each(&self) -> impl Iterator<Item = Holding> {
        let fetched = self.fetched.map(|(name, obtained)| Holding {
            name,
            obtained,
            status: None,
        });
        let lent = self.lent.iter().flat_map(Lent::each);
        let lent = lent.map(|(name, status)| Holding {
            name,
            obtained: status.obtained,
            status: Some(status),
        });
        fetched.into_iter().chain(lent)
    }

    /// Gives them as a JSON object, by their names.
    #[must_use]
    pub fn json(&self) -> Value {
        let each = self.each();
        let each = each.map(|holding| (holding.name.to_owned(), holding.json()));
        each.collect::<Map<_, _>>().into()
    }
}

impl Holding {
    fn json(&self) -> Value {
        let mut json = json!({"age_seconds": self.obtained.elapsed().as_secs()});
        if let Some(status) = &self.status {
            let failure = status.failure.as_ref().map(|err| err.kind().name());
            json["expires_in_seconds"] = status.expires_in().map(|left| left.as_secs()).into();
            json["health"] = status.health.name().into();
            json["failure"] = failure.into();
        }
        json
    }
}

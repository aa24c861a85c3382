//! The variable that a secret comes from: with an id, or with a ciphertext.

use super::ciphertext::{Ciphertext, Place as CiphertextPlace};
use super::client::GcpClient;
use super::error::GcpFailure;
use super::{decrypt, fetch};
use crate::config::EnvConfig;
use crate::name::{KMS, KMS_FILE, SECRET_ID};
use crate::secrets::ids::{self, Named, OfConfig};
use crate::secrets::remote::Fetched;
use crate::source::Source;

/// The place of a secret.
pub(super) enum Place {
    /// Secret Manager has the secret with this name.
    Manager(String),
    /// Cloud KMS decrypts the secret.
    Ciphertext(Ciphertext),
    /// This other variable is set, too.
    Conflict(String),
}

/// Returns the secrets of a config that a variable has an id or a ciphertext of, in the order of
/// the fields.
pub(super) fn of<T: EnvConfig>(source: &dyn Source) -> Vec<Named<Place>> {
    let secrets = ids::secrets_of::<T>(source, &[SECRET_ID, KMS, KMS_FILE]);
    let named = |secret: OfConfig| {
        let (variable, id) = place(&secret, source)?;
        Some(Named {
            key: secret.key,
            variable,
            id,
        })
    };
    secrets.into_iter().filter_map(named).collect()
}

/// Returns the variable of a secret, and the place, or a text to show if an id is not UTF-8.
fn place(secret: &OfConfig, source: &dyn Source) -> Option<(String, Result<Place, String>)> {
    let first = |end: &str| {
        let mut names = secret.names.iter().map(|name| format!("{name}{end}"));
        names.find_map(|name| Some((ids::set(source, &name)?, name)))
    };
    let id = first(SECRET_ID).map(|(id, name)| (ids::text(&id).map(Place::Manager), name));
    let ciphertext = |(place, variable): (CiphertextPlace, String)| {
        let name = variable.clone();
        (Ok(Place::Ciphertext(Ciphertext { variable, place })), name)
    };
    let text = first(KMS);
    let text = text.map(|(text, name)| (CiphertextPlace::Text(text.into_owned()), name));
    let file = first(KMS_FILE);
    let file = file.map(|(path, name)| (CiphertextPlace::File(path.into_owned().into()), name));
    let mut places = [text.map(ciphertext), file.map(ciphertext), id]
        .into_iter()
        .flatten();
    let (place, variable) = places.next()?;
    let other = places.next().map(|(_, other)| other).or_else(|| {
        // An id beside a value is a warning of the load.
        let is_ciphertext = matches!(place, Ok(Place::Ciphertext(_)));
        let mut plain = secret.all_names.iter().filter(|_| is_ciphertext);
        plain.find(|name| ids::set(source, name).is_some()).cloned()
    });
    let place = match other {
        Some(other) => Ok(Place::Conflict(other)),
        None => place,
    };
    Some((variable, place))
}

impl Place {
    /// Checks everything that needs no request: the name of the secret, or its ciphertext.
    pub(super) async fn check(self, client: &GcpClient) -> Result<(), GcpFailure> {
        match self {
            Self::Manager(id) => fetch::name(client, &id).map(drop),
            Self::Ciphertext(ciphertext) => decrypt::encrypted(client, &ciphertext).await.map(drop),
            Self::Conflict(other) => Err(GcpFailure::of_conflict(&other)),
        }
    }

    /// Fetches the secret.
    pub(super) async fn fetch(self, client: &GcpClient) -> Result<Fetched, GcpFailure> {
        match self {
            Self::Manager(id) => fetch::secret(client, &id).await,
            Self::Ciphertext(ciphertext) => decrypt::secret(client, &ciphertext).await,
            Self::Conflict(other) => Err(GcpFailure::of_conflict(&other)),
        }
    }
}

/// Names the services that secrets are fetched from, for their origins.
pub(super) fn services(named: &[Named<Place>]) -> &'static str {
    let is_decrypted = |named: &&Named<Place>| matches!(named.id, Ok(Place::Ciphertext(_)));
    match named.iter().filter(is_decrypted).count() {
        0 => "Google Secret Manager",
        count if count == named.len() => "Cloud KMS",
        _ => "Google Secret Manager and Cloud KMS",
    }
}

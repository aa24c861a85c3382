//! One request for one secret.

use super::client::AzureClient;
use super::error::{AzureErrorKind, AzureFailure, Fault};
use super::name::SecretName;
use super::refusal::NOT_AZURE;
use crate::redact::Secret;
use crate::secrets::http::Answer;
use crate::secrets::remote::Fetched;

/// Fetches a version of a secret.
pub(super) async fn secret(client: &AzureClient, id: &str) -> Result<Fetched, AzureFailure> {
    let failed = |(kind, reason): Fault| AzureFailure::new(id, kind, reason);
    let name = name(client, id)?;
    let answer = client.access(&name).await.map_err(failed)?;
    read(&answer).map_err(failed)
}

/// Returns the name of a version of a secret.
pub(super) fn name(client: &AzureClient, id: &str) -> Result<SecretName, AzureFailure> {
    SecretName::parse(id, client.vault_url()).ok_or_else(|| {
        let reason = format!("it is not the name of a secret in {}", client.vault_url());
        AzureFailure::new(id, AzureErrorKind::NotFound, reason)
    })
}

fn read(answer: &Answer) -> Result<Fetched, Fault> {
    let json = answer.json();
    let text = json["value"].as_str().ok_or_else(|| {
        let reason = format!("{NOT_AZURE} ({})", answer.status);
        (AzureErrorKind::Other, reason)
    })?;
    Ok(Fetched {
        text: Secret::new(text.to_owned()),
        version: json["id"].as_str().map(str::to_owned),
    })
}

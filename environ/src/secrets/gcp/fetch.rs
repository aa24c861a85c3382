//! One request for one secret, and the check of its checksum.

use base64::engine::general_purpose::STANDARD;
use base64::Engine;

use super::checksum;
use super::client::GcpClient;
use super::error::{Fault, GcpErrorKind, GcpFailure};
use super::name::SecretName;
use super::refusal::NOT_GOOGLE;
use crate::redact::Secret;
use crate::secrets::http::Answer;
use crate::secrets::remote::Fetched;

/// Fetches a version of a secret.
pub(super) async fn secret(client: &GcpClient, id: &str) -> Result<Fetched, GcpFailure> {
    let failed = |(kind, reason): Fault| GcpFailure::new(id, kind, reason);
    let name = name(client, id)?;
    let answer = client.access(&name).await.map_err(failed)?;
    read(&answer).map_err(failed)
}

/// Returns the name of a version of a secret, whose project is known or is asked of the machine.
pub(super) fn name(client: &GcpClient, id: &str) -> Result<SecretName, GcpFailure> {
    let failed = |(kind, reason): Fault| GcpFailure::new(id, kind, reason);
    let name = SecretName::parse(id).ok_or_else(|| {
        let reason = "it is not the name of a secret".to_owned();
        failed((GcpErrorKind::NotFound, reason))
    })?;
    if name.project.is_none() {
        client.known_project().map_err(failed)?;
    }
    Ok(name)
}

fn read(answer: &Answer) -> Result<Fetched, Fault> {
    let json = answer.json();
    let payload = &json["payload"];
    let data = payload["data"].as_str();
    let data = data.and_then(|data| STANDARD.decode(data).ok());
    let data = data.ok_or_else(|| {
        let reason = format!("{NOT_GOOGLE} ({})", answer.status);
        (GcpErrorKind::Other, reason)
    })?;
    // Versions from before Google kept checksums have none.
    let expected = &payload["dataCrc32c"];
    if !expected.is_null() && checksum::read(expected) != Some(checksum::of(&data)) {
        let reason = "its checksum (CRC32C) differs".to_owned();
        return Err((GcpErrorKind::Corrupt, reason));
    }
    let text = String::from_utf8(data).map_err(|_| {
        let reason = "it holds bytes, not text".to_owned();
        (GcpErrorKind::Malformed, reason)
    })?;
    Ok(Fetched {
        text: Secret::new(text),
        version: json["name"].as_str().map(str::to_owned),
    })
}

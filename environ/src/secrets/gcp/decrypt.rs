//! One request for one plaintext, and the checks of its checksums.

use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use serde_json::{json, Value};

use super::checksum;
use super::ciphertext::Ciphertext;
use super::client::GcpClient;
use super::error::{Fault, GcpErrorKind, GcpFailure};
use super::name;
use super::refusal::NOT_KMS;
use crate::redact::Secret;
use crate::secrets::http::Answer;
use crate::secrets::remote::Fetched;

/// A ciphertext that the key of a client may decrypt.
pub(super) struct Encrypted<'c> {
    key: &'c str,
    variable: &'c str,
    bytes: Vec<u8>,
}

/// Reads a ciphertext, without a request.
pub(super) async fn encrypted<'c>(
    client: &'c GcpClient,
    ciphertext: &'c Ciphertext,
) -> Result<Encrypted<'c>, GcpFailure> {
    let failed = |fault: Fault| GcpFailure::of_key(client.key(), fault);
    let Some(key) = client.key() else {
        let reason = "no key is named".to_owned();
        return Err(failed((GcpErrorKind::NoKey, reason)));
    };
    name::is_key(key).map_err(|reason| failed((GcpErrorKind::NoKey, reason.to_owned())))?;
    Ok(Encrypted {
        key,
        variable: &ciphertext.variable,
        bytes: ciphertext.bytes().await.map_err(failed)?,
    })
}

/// Decrypts a ciphertext with the key of the client.
pub(super) async fn secret(
    client: &GcpClient,
    ciphertext: &Ciphertext,
) -> Result<Fetched, GcpFailure> {
    let failed = |fault: Fault| GcpFailure::of_key(client.key(), fault);
    let Encrypted {
        key,
        variable,
        bytes,
    } = encrypted(client, ciphertext).await?;
    let sum = checksum::of(&bytes);
    let fetched = |text| Fetched {
        text,
        version: Some(format!("{variable} {sum:08x}")),
    };
    if let Some(text) = client.decrypted(variable, &bytes) {
        return Ok(fetched(text));
    }
    let body = json!({
        "ciphertext": STANDARD.encode(&bytes),
        "ciphertextCrc32c": sum.to_string(),
    });
    let answer = client.decrypt(key, &body).await.map_err(failed)?;
    let text = read(&answer).map_err(failed)?;
    client.keep_decrypted(variable, bytes, &text);
    Ok(fetched(text))
}

fn read(answer: &Answer) -> Result<Secret<String>, Fault> {
    let json = answer.json();
    let sum = &json["plaintextCrc32c"];
    let data = match &json["plaintext"] {
        // Google omits an empty text.
        Value::Null if !sum.is_null() => Some(Vec::new()),
        text => text.as_str().and_then(|text| STANDARD.decode(text).ok()),
    };
    let data = data.ok_or_else(|| {
        let reason = format!("{NOT_KMS} ({})", answer.status);
        (GcpErrorKind::Other, reason)
    })?;
    if checksum::read(sum) != Some(checksum::of(&data)) {
        let reason = "the checksum (CRC32C) of the plaintext differs, or is missing".to_owned();
        return Err((GcpErrorKind::Corrupt, reason));
    }
    let text = String::from_utf8(data).map_err(|_| {
        let reason = "it decrypts to bytes, not text".to_owned();
        (GcpErrorKind::Undecryptable, reason)
    })?;
    Ok(Secret::new(text))
}

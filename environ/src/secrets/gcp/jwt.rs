//! Tokens that a service account signs itself, so that no server has to be asked (AIP-4111).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine;
use rustls::crypto::ring;
use rustls::sign::Signer;
use rustls::SignatureScheme;
use serde_json::{json, Value};

use crate::redact::Secret;
use crate::secrets::tls;
use crate::secrets::token::Token;

/// The scope of Google's own clients. The roles of the identity limit it.
pub(super) const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";

/// A service account with its key.
pub(super) struct ServiceAccount {
    pub(super) email: String,
    key_id: Option<String>,
    signer: Box<dyn Signer>,
}

/// Google's own limit for such a token.
const LIFETIME: Duration = Duration::from_secs(3_600);
/// A token is valid a little earlier, in case this clock is ahead.
const TOLERANCE: Duration = Duration::from_secs(10);

impl ServiceAccount {
    /// Reads the members of a key file. An error is constant text, because a parser's would
    /// quote the key.
    pub(super) fn of(file: &Value) -> Result<Self, String> {
        let text = |name: &str| file[name].as_str().ok_or(format!("it has no `{name}`"));
        let key = tls::private_key(text("private_key")?.as_bytes());
        let key = key.map_err(|reason| format!("`private_key`: {reason}"))?;
        let key = ring::sign::any_supported_type(&key).ok();
        let signer = key.and_then(|key| key.choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256]));
        Ok(Self {
            email: text("client_email")?.to_owned(),
            key_id: file["private_key_id"].as_str().map(str::to_owned),
            signer: signer.ok_or("`private_key`: it is not an RSA key")?,
        })
    }

    /// Signs a token that is valid for an hour.
    pub(super) fn token(&self) -> Result<Token, String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.map_err(|_| "the clock of this machine is before 1970")?;
        let issued = now.saturating_sub(TOLERANCE).as_secs();
        let part = |part: Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let head = json!({"alg": "RS256", "typ": "JWT", "kid": self.key_id});
        let claims = json!({
            "iss": self.email,
            "sub": self.email,
            "scope": SCOPE,
            "iat": issued,
            "exp": issued + LIFETIME.as_secs(),
        });
        let signed = format!("{}.{}", part(head), part(claims));
        let signature = self.signer.sign(signed.as_bytes());
        let signature = signature.map_err(|_| "the key cannot sign")?;
        let signature = URL_SAFE_NO_PAD.encode(signature);
        Ok(Token::new(
            Secret::new(format!("{signed}.{signature}")),
            LIFETIME.saturating_sub(TOLERANCE),
        ))
    }
}

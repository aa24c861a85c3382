//! Google's servers: Secret Manager, Cloud KMS, the metadata server, and those that exchange
//! tokens, all on one socket. As at Google, a request needs a token that is valid.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rustls::crypto::ring;
use serde_json::{Value, json};

use crate::cloud_server::{Cloud, Request, Server};

/// The project with the secrets.
pub(crate) const PROJECT: &str = "my-project";
/// The key of Cloud KMS, and another key of the same ring.
pub(crate) const KEY: &str = "projects/my-project/locations/global/keyRings/ring/cryptoKeys/key";
pub(crate) const OTHER_KEY: &str =
    "projects/my-project/locations/global/keyRings/ring/cryptoKeys/other";
/// The account of the machine.
pub(crate) const MACHINE: &str = "machine@my-project.iam.gserviceaccount.com";

/// The token of the metadata server, of each other way to log in, and of the other provider.
pub(crate) const TOKEN: &str = "canary-of-the-machine";
const EXCHANGED: &str = "canary-exchanged";
const IMPERSONATED: &str = "canary-impersonated";
pub(crate) const SUBJECT: &str = "canary-of-another-provider";
pub(crate) const REFRESH: &str = "canary-of-a-developer";

pub(crate) type FakeGcp = Server<Google>;

pub(crate) struct Google {
    /// Whether the identity may read the secrets.
    pub(crate) is_granted: bool,
    /// The lifetime of tokens, in seconds.
    pub(crate) lifetime: u64,
    /// Tokens that are not valid any more.
    pub(crate) revoked: Vec<&'static str>,
    /// Whether the identity may decrypt with the keys.
    pub(crate) is_key_granted: bool,
    /// The state of the version of the key.
    pub(crate) key_state: &'static str,
    secrets: HashMap<String, Vec<Version>>,
}

struct Version {
    payload: Value,
    state: &'static str,
}

impl Default for Google {
    fn default() -> Self {
        Self {
            is_granted: true,
            lifetime: 3_600,
            revoked: Vec::new(),
            is_key_granted: true,
            key_state: "ENABLED",
            secrets: HashMap::new(),
        }
    }
}

impl FakeGcp {
    /// Adds a version to a secret.
    pub(crate) fn put(&self, secret: &str, text: &str) {
        self.put_bytes(secret, text.as_bytes());
    }

    /// Adds a secret that is not text.
    pub(crate) fn put_unreadable(&self, secret: &str) {
        self.put_bytes(secret, &[0xff, 0xfe]);
    }

    fn put_bytes(&self, secret: &str, data: &[u8]) {
        let checksum = crc32c(data).to_string();
        self.put_as(
            secret,
            json!({"data": STANDARD.encode(data), "dataCrc32c": checksum}),
        );
    }

    /// Adds a version with a payload of any shape.
    pub(crate) fn put_as(&self, secret: &str, payload: Value) {
        let version = Version {
            payload,
            state: "ENABLED",
        };
        let mut state = self.state();
        state
            .secrets
            .entry(secret.to_owned())
            .or_default()
            .push(version);
    }

    /// Changes the state of the last version of a secret.
    pub(crate) fn set_state(&self, secret: &str, now: &'static str) {
        let mut state = self.state();
        let versions = state.secrets.get_mut(secret).unwrap();
        versions.last_mut().unwrap().state = now;
    }

    /// Returns the names of the secrets that were asked for, in order.
    pub(crate) fn ids(&self) -> Vec<String> {
        let name = |line: &String| {
            let (_, name) = line.split_once("/secrets/")?;
            Some(name.split('/').next()?.to_owned())
        };
        self.lines().iter().filter_map(name).collect()
    }
}

impl Cloud for Google {
    fn is_login(request: &Request) -> bool {
        !request.path().starts_with("/v1/")
    }

    fn answer(&mut self, request: &Request, now: i64) -> (u16, String) {
        match request.path() {
            path if path.starts_with("/computeMetadata/v1/") => self.metadata(path, request),
            path if path.starts_with("/v1/") => match path[4..].split_once(':') {
                Some((name, "access")) => self.access(name, request, now),
                Some((key, "decrypt")) => self.decrypt(key, request, now),
                _ => (404, String::new()),
            },
            path @ ("/sts" | "/oauth") => self.exchange(path, request),
            "/subject" => (200, json!({"token": SUBJECT}).to_string()),
            path if path.ends_with(":generateAccessToken") => self.impersonate(request, now),
            _ => (404, String::new()),
        }
    }
}

impl Google {
    fn metadata(&self, path: &str, request: &Request) -> (u16, String) {
        if request.header("metadata-flavor") != "Google" {
            return (403, "<html>Missing Metadata-Flavor</html>".to_owned());
        }
        let path = path.strip_prefix("/computeMetadata/v1/").unwrap();
        match path.strip_prefix("instance/service-accounts/default/") {
            Some("token") => (200, self.lent("access_token", TOKEN)),
            Some("email") => (200, MACHINE.to_owned()),
            None if path == "project/project-id" => (200, PROJECT.to_owned()),
            _ => (404, "<html>not found</html>".to_owned()),
        }
    }

    fn lent(&self, member: &str, token: &str) -> String {
        json!({member: token, "expires_in": self.lifetime, "token_type": "Bearer"}).to_string()
    }

    fn exchange(&self, path: &str, request: &Request) -> (u16, String) {
        let expected = match path {
            "/sts" => format!("subject_token={SUBJECT}"),
            _ => format!("refresh_token={REFRESH}"),
        };
        let is_form = request.header("content-type") == "application/x-www-form-urlencoded";
        if is_form && request.body.split('&').any(|field| field == expected) {
            return (200, self.lent("access_token", EXCHANGED));
        }
        let error = json!({"error": "invalid_grant", "error_description": "Bad Request"});
        (400, error.to_string())
    }

    fn impersonate(&self, request: &Request, now: i64) -> (u16, String) {
        if self.identity(request, now).is_none() {
            return unauthenticated();
        }
        let token = json!({"accessToken": IMPERSONATED, "expireTime": "2036-01-01T00:00:00Z"});
        (200, token.to_string())
    }

    /// The account of a request with a token that is valid.
    fn identity(&self, request: &Request, now: i64) -> Option<String> {
        let header = request.header("authorization");
        let token = header.strip_prefix("Bearer ")?;
        if self.revoked.contains(&token) {
            return None;
        }
        match token {
            TOKEN => Some(MACHINE.to_owned()),
            EXCHANGED | IMPERSONATED => Some(token.to_owned()),
            _ => signed_by_the_key(token, now),
        }
    }

    fn access(&self, name: &str, request: &Request, now: i64) -> (u16, String) {
        if self.identity(request, now).is_none() {
            return unauthenticated();
        }
        let project = name.split('/').nth(1).unwrap_or_default();
        if !self.is_granted || ![PROJECT, "12"].contains(&project) {
            let message = format!(
                "Permission 'secretmanager.versions.access' denied for resource '{name}' \
                 (or it may not exist)."
            );
            return refusal(403, "PERMISSION_DENIED", &message);
        }
        let (secret, version) = name.rsplit_once("/versions/").unwrap();
        let (_, secret) = secret.rsplit_once("/secrets/").unwrap();
        let versions = self.secrets.get(secret).map_or(&[][..], |all| all);
        let number = match version {
            "latest" => versions.len(),
            number => number.parse().unwrap_or_default(),
        };
        let Some(version) = number.checked_sub(1).and_then(|at| versions.get(at)) else {
            let message = format!("Secret [projects/12/secrets/{secret}] not found.");
            return refusal(404, "NOT_FOUND", &message);
        };
        let name = format!("projects/12/secrets/{secret}/versions/{number}");
        if version.state != "ENABLED" {
            let message = format!("Secret Version [{name}] is in {} state.", version.state);
            return refusal(400, "FAILED_PRECONDITION", &message);
        }
        let answer = json!({"name": name, "payload": version.payload});
        (200, answer.to_string())
    }
}

impl Google {
    fn decrypt(&self, key: &str, request: &Request, now: i64) -> (u16, String) {
        if self.identity(request, now).is_none() {
            return unauthenticated();
        }
        let body: Value = serde_json::from_str(&request.body).unwrap();
        if !self.is_key_granted || !key.starts_with("projects/my-project/") {
            let message = format!(
                "Permission 'cloudkms.cryptoKeyVersions.useToDecrypt' denied on resource \
                 '{key}' (or it may not exist)."
            );
            return refusal(403, "PERMISSION_DENIED", &message);
        }
        if ![KEY, OTHER_KEY].contains(&key) {
            let message = format!("CryptoKey {key} not found.");
            return refusal(404, "NOT_FOUND", &message);
        }
        let ciphertext = STANDARD
            .decode(body["ciphertext"].as_str().unwrap())
            .unwrap();
        let sum = crc32c(&ciphertext).to_string();
        if body["ciphertextCrc32c"].as_str() != Some(&sum) {
            let message = "The checksum in field ciphertext_crc32c did not match the data in \
                           field ciphertext.";
            return refusal(400, "INVALID_ARGUMENT", message);
        }
        let Some(data) = opened(key, &ciphertext) else {
            let message = "Decryption failed: verify that 'name' refers to the correct CryptoKey.";
            return refusal(400, "INVALID_ARGUMENT", message);
        };
        if self.key_state != "ENABLED" {
            let message = format!(
                "{key}/cryptoKeyVersions/1 is not enabled, current state is: {}.",
                self.key_state
            );
            return refusal(400, "FAILED_PRECONDITION", &message);
        }
        let mut answer = json!({
            "plaintextCrc32c": crc32c(&data).to_string(),
            "usedPrimary": true,
            "protectionLevel": "SOFTWARE",
        });
        // As Google, which omits what is empty.
        if !data.is_empty() {
            answer["plaintext"] = STANDARD.encode(data).into();
        }
        (200, answer.to_string())
    }
}

/// Encrypts data as nobody should. As Google's, a ciphertext names its key and is not UTF-8.
pub(crate) fn encrypted(key: &str, data: &[u8]) -> Vec<u8> {
    let begin = [b"\n$\xff", key.as_bytes(), b"\0"].concat();
    begin
        .into_iter()
        .chain(data.iter().map(|byte| byte ^ 0x5a))
        .collect()
}

/// Encrypts a text, as base64.
pub(crate) fn encrypted_as_base64(key: &str, text: &str) -> String {
    STANDARD.encode(encrypted(key, text.as_bytes()))
}

fn opened(key: &str, ciphertext: &[u8]) -> Option<Vec<u8>> {
    let data = ciphertext.strip_prefix(&*encrypted(key, b""))?;
    Some(data.iter().map(|byte| byte ^ 0x5a).collect())
}

pub(crate) fn error(status: u16, code: &str, message: &str) -> Value {
    json!({"error": {"code": status, "message": message, "status": code}})
}

fn refusal(status: u16, code: &str, message: &str) -> (u16, String) {
    (status, error(status, code, message).to_string())
}

fn unauthenticated() -> (u16, String) {
    let message = "Request had invalid authentication credentials.";
    refusal(401, "UNAUTHENTICATED", message)
}

/// Checks a token that a service account has signed itself. Returns its account.
fn signed_by_the_key(token: &str, now: i64) -> Option<String> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (head, claims) = signed.split_once('.')?;
    let part = |part: &str| -> Option<Value> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
    };
    let (head, claims) = (part(head)?, part(claims)?);
    let algorithms = ring::default_provider().signature_verification_algorithms;
    let is_valid = |algorithm: &&dyn rustls::pki_types::SignatureVerificationAlgorithm| {
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
        let key = include_bytes!("public.der");
        algorithm
            .verify_signature(key, signed.as_bytes(), &signature)
            .is_ok()
    };
    algorithms
        .all
        .iter()
        .find(|algorithm| is_valid(algorithm))?;
    let scope = "https://www.googleapis.com/auth/cloud-platform";
    let (issued, expires) = (claims["iat"].as_i64()?, claims["exp"].as_i64()?);
    let is_right = head == json!({"alg": "RS256", "typ": "JWT", "kid": "key-1"})
        && claims["iss"] == claims["sub"]
        && claims["scope"] == scope
        && (issued..expires).contains(&now)
        && expires - issued <= 3_600;
    is_right.then(|| claims["iss"].as_str().unwrap().to_owned())
}

/// By its definition, bit by bit.
fn crc32c(data: &[u8]) -> u32 {
    let step = |crc: u32, _| (crc >> 1) ^ (0x82f6_3b78 & (crc & 1).wrapping_neg());
    !data
        .iter()
        .fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

//! Login: from a token, a secret id or a password in a file to a Vault token.

use std::path::Path;

use serde_json::{json, Value};
use tokio::sync::Mutex;

use super::client::{Call, Client, Reply, VaultError, VaultErrorKind};
use super::config::{AppRoleAuth, VaultAuth};
use super::renewal::Lease;
use crate::redact::{display, Secret};
use crate::secrets::off_thread::off_thread;
use crate::source::file::{self, FileError};

/// Logs in as configured, each time a new token is needed.
pub(super) struct Login {
    auth: VaultAuth,
    /// The last wrapping token and its secret id, because a wrapping token can be
    /// used once.
    unwrapped: Mutex<Option<Unwrapped>>,
}

struct Unwrapped {
    wrapping: Secret<String>,
    secret_id: Secret<String>,
}

impl Login {
    pub(super) fn new(auth: VaultAuth) -> Self {
        let unwrapped = Mutex::new(None);
        Self { auth, unwrapped }
    }

    /// Returns whether tokens belong to this process, which revokes them at its
    /// end.
    pub(super) fn owns_tokens(&self) -> bool {
        !matches!(self.auth, VaultAuth::Token(_))
    }

    /// Checks the file that a login reads, without a request.
    pub(super) async fn check(&self) -> Result<(), VaultError> {
        match &self.auth {
            VaultAuth::Token(auth) => token_in(&auth.file).await.map(drop),
            VaultAuth::Approle(auth) if auth.wrapped => {
                token_in(&auth.secret_id_file).await.map(drop)
            }
            VaultAuth::Approle(auth) => filled(&auth.secret_id_file).await.map(drop),
            VaultAuth::Kubernetes(auth) => filled(&auth.jwt_file).await.map(drop),
            VaultAuth::Userpass(auth) => filled(&auth.password_file).await.map(drop),
        }
    }

    /// Returns a token and its lease.
    pub(super) async fn token(
        &self,
        client: &Client,
    ) -> Result<(Secret<String>, Lease), VaultError> {
        let (mount, path, body) = match &self.auth {
            VaultAuth::Token(auth) => return token_of_file(client, &auth.file).await,
            VaultAuth::Approle(auth) => {
                let secret_id = self.secret_id(client, auth).await?;
                let body = json!({"role_id": auth.role_id, "secret_id": secret_id.expose()});
                (&auth.mount, "login".to_owned(), body)
            }
            VaultAuth::Kubernetes(auth) => {
                let jwt = filled(&auth.jwt_file).await?;
                let body = json!({"role": auth.role, "jwt": jwt.expose()});
                (&auth.mount, "login".to_owned(), body)
            }
            VaultAuth::Userpass(auth) => {
                let password = filled(&auth.password_file).await?;
                let path = format!("login/{}", auth.username);
                (&auth.mount, path, json!({"password": password.expose()}))
            }
        };
        let purpose = format!("log in at auth/{mount}");
        let call = Call::write(&purpose, &format!("auth/{mount}/{path}"), body);
        let auth = client.send(None, call).await?.and_then(|reply| reply.auth);
        let auth =
            auth.ok_or_else(|| VaultError::new(VaultErrorKind::Other, &purpose, NO_TOKEN))?;
        let lease = Lease::of_token(auth.lease_duration, auth.renewable);
        let token = token(&purpose, &auth.client_token)?;
        client.hide(&token);
        Ok((token, lease))
    }

    async fn secret_id(
        &self,
        client: &Client,
        auth: &AppRoleAuth,
    ) -> Result<Secret<String>, VaultError> {
        let text = filled(&auth.secret_id_file).await?;
        if !auth.wrapped {
            return Ok(text);
        }
        let mut unwrapped = self.unwrapped.lock().await;
        if let Some(Unwrapped {
            wrapping,
            secret_id,
        }) = &*unwrapped
        {
            if wrapping.expose() == text.expose() {
                return Ok(secret_id.clone());
            }
        }
        let wrapping = token(&log_in_with(&auth.secret_id_file), text.expose().trim())?;
        let secret_id = unwrap(client, auth, &wrapping).await?;
        *unwrapped = Some(Unwrapped {
            wrapping: text,
            secret_id: secret_id.clone(),
        });
        Ok(secret_id)
    }
}

const NO_TOKEN: &str = "the answer holds no token";

/// Returns a token that another process keeps in a file, and the rest of its lease.
async fn token_of_file(
    client: &Client,
    path: &Path,
) -> Result<(Secret<String>, Lease), VaultError> {
    let token = token_in(path).await?;
    let lease = look_up(client, &token).await?;
    Ok((token, lease))
}

/// Reads a token in a file.
async fn token_in(path: &Path) -> Result<Secret<String>, VaultError> {
    token(&log_in_with(path), read(path).await?.expose().trim())
}

/// Asks for the rest of a token's lease. A time to live of 0 means either no end,
/// or an end within the second: `expire_time` tells them apart.
pub(super) async fn look_up(client: &Client, token: &Secret<String>) -> Result<Lease, VaultError> {
    let call = Call::read("auth/token/lookup-self".to_owned());
    let purpose = call.purpose();
    let reply = client.send(Some(token), call).await?;
    let data = reply.and_then(|reply| reply.data).unwrap_or_default();
    let ttl = data["ttl"]
        .as_u64()
        .filter(|ttl| *ttl > 0 || data["expire_time"].is_null());
    let Some(ttl) = ttl else {
        let reason = "the token has expired";
        return Err(VaultError::new(VaultErrorKind::Denied, &purpose, reason));
    };
    let renewable = data["renewable"].as_bool().unwrap_or_default();
    Ok(Lease::of_token(ttl, renewable))
}

/// Unwraps the secret id. A spent wrapping token, or a wrapping of something else,
/// means an attacker between the issuer and this process.
async fn unwrap(
    client: &Client,
    auth: &AppRoleAuth,
    wrapping: &Secret<String>,
) -> Result<Secret<String>, VaultError> {
    let path = display::path_of_secret(&auth.secret_id_file);
    let purpose = format!("unwrap the secret id in {path}");
    let spent = |err: VaultError| match err.kind() {
        VaultErrorKind::Denied => VaultError::new(VaultErrorKind::Denied, &purpose, SPENT),
        _ => err,
    };
    let body = json!({"token": wrapping.expose()});
    let lookup = Call::write(&purpose, "sys/wrapping/lookup", body);
    let lookup = client.send(None, lookup).await.map_err(spent)?;
    let from = text(lookup, "creation_path").unwrap_or_default();
    let of_role = format!("auth/{}/role/", auth.mount);
    if !from.starts_with(&of_role) || !from.ends_with("/secret-id") {
        let reason = match client.shown(&from) {
            Some(from) => {
                format!("what is wrapped comes from {from}, not from {of_role}.../secret-id")
            }
            None => format!("what is wrapped does not come from {of_role}.../secret-id"),
        };
        return Err(VaultError::new(VaultErrorKind::Denied, &purpose, reason));
    }
    // The wrapping token authorizes this request, once.
    let unwrap = Call::write(&purpose, "sys/wrapping/unwrap", json!({}));
    let unwrapped = client.send(Some(wrapping), unwrap).await.map_err(spent)?;
    let secret_id = text(unwrapped, "secret_id").ok_or("the wrapping holds no secret id");
    let secret_id = secret_id
        .map(Secret::new)
        .map_err(|reason| VaultError::new(VaultErrorKind::Other, &purpose, reason))?;
    client.hide(&secret_id);
    Ok(secret_id)
}

const SPENT: &str = "its wrapping token was used or has expired; if no program of yours used it, \
                     the secret id is stolen: destroy the secret id, and issue another";

fn text(reply: Option<Reply>, member: &str) -> Option<String> {
    match reply?.data?.get(member)? {
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

/// Reads a text that a login sends. A Vault would say that the request lacks it.
async fn filled(path: &Path) -> Result<Secret<String>, VaultError> {
    let text = read(path).await?;
    if text.expose().trim().is_empty() {
        let purpose = log_in_with(path);
        return Err(VaultError::new(
            VaultErrorKind::File,
            &purpose,
            "it is empty",
        ));
    }
    Ok(text)
}

async fn read(path: &Path) -> Result<Secret<String>, VaultError> {
    let file = path.to_owned();
    let text = off_thread(move || file::read_text(&file)).await;
    text.map_err(FileError::Io)
        .and_then(|text| text?.text.into_string().map_err(|_| FileError::NotUtf8))
        .map(Secret::new)
        .map_err(|err| VaultError::new(VaultErrorKind::File, &log_in_with(path), err))
}

fn log_in_with(path: &Path) -> String {
    format!("log in with {}", display::path_of_secret(path))
}

/// Checks a token, which is sent in a header and must fit into one.
fn token(purpose: &str, text: &str) -> Result<Secret<String>, VaultError> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let reason = "there is no token, which is one word of printable ASCII";
        return Err(VaultError::new(VaultErrorKind::File, purpose, reason));
    }
    Ok(Secret::new(text.to_owned()))
}

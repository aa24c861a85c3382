//! Logging in: what is in files becomes a token.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{json, Value};
use tokio::sync::Mutex;

use super::client::{Call, Client, Reply};
use super::config::{AppRoleAuth, VaultAuth};
use super::error::{VaultError, VaultErrorKind};
use super::lease::Lease;
use crate::redact::display as show;
use crate::redact::Secret;

/// Logs in, as often as it is needed.
pub(super) struct Login {
    auth: VaultAuth,
    /// What the wrapping token in the file was, and the secret id that it gave:
    /// it does so once.
    unwrapped: Mutex<Option<(Secret<String>, Secret<String>)>>,
}

impl Login {
    pub(super) fn new(auth: VaultAuth) -> Self {
        let unwrapped = Mutex::new(None);
        Self { auth, unwrapped }
    }

    /// Whether the token is ours, to be revoked when it is not needed any more.
    pub(super) fn owns_token(&self) -> bool {
        !matches!(self.auth, VaultAuth::Token(_))
    }

    /// Gives a token, and how long it is valid.
    pub(super) async fn token(
        &self,
        client: &Client,
    ) -> Result<(Secret<String>, Lease), VaultError> {
        let (mount, path, body) = match &self.auth {
            VaultAuth::Token(auth) => return given(client, &auth.file).await,
            VaultAuth::Approle(auth) => {
                let secret_id = self.secret_id(client, auth).await?;
                let body = json!({"role_id": auth.role_id, "secret_id": secret_id.expose()});
                (&auth.mount, "login".to_owned(), body)
            }
            VaultAuth::Kubernetes(auth) => {
                let jwt = read(&auth.jwt_file)?;
                let body = json!({"role": auth.role, "jwt": jwt.expose()});
                (&auth.mount, "login".to_owned(), body)
            }
            VaultAuth::Userpass(auth) => {
                let password = read(&auth.password_file)?;
                let path = format!("login/{}", auth.username);
                (&auth.mount, path, json!({"password": password.expose()}))
            }
        };
        let call = Call {
            what: format!("log in at auth/{mount}"),
            path: format!("auth/{mount}/{path}"),
            body: Some(body),
        };
        let what = call.what.clone();
        let auth = client.send(None, call).await?.and_then(|reply| reply.auth);
        let auth = auth.ok_or_else(|| VaultError::new(VaultErrorKind::Other, &what, NO_TOKEN))?;
        let lease = Lease {
            id: String::new(),
            ttl: Duration::from_secs(auth.lease_duration),
            renewable: auth.renewable,
            token: 0,
            needs: None,
        };
        Ok((token(&what, &auth.client_token)?, lease))
    }

    async fn secret_id(
        &self,
        client: &Client,
        auth: &AppRoleAuth,
    ) -> Result<Secret<String>, VaultError> {
        let text = read(&auth.secret_id_file)?;
        if !auth.wrapped {
            return Ok(text);
        }
        let mut known = self.unwrapped.lock().await;
        if let Some((wrapping, secret_id)) = &*known {
            if wrapping.expose() == text.expose() {
                return Ok(secret_id.clone());
            }
        }
        let wrapping = token(&log_in_with(&auth.secret_id_file), text.expose().trim())?;
        let secret_id = unwrap(client, auth, &wrapping).await?;
        *known = Some((text, secret_id.clone()));
        Ok(secret_id)
    }
}

const NO_TOKEN: &str = "the answer holds no token";

/// A token that somebody else keeps, and what is left of its time.
async fn given(client: &Client, path: &Path) -> Result<(Secret<String>, Lease), VaultError> {
    let token = token(&log_in_with(path), read(path)?.expose().trim())?;
    let lease = look_up(client, &token).await?;
    Ok((token, lease))
}

/// Asks what is left of a token's time. A token without an end has a time to live
/// of nothing; so has one that ends within the second.
pub(super) async fn look_up(client: &Client, token: &Secret<String>) -> Result<Lease, VaultError> {
    let call = Call::read("auth/token/lookup-self".to_owned());
    let what = call.what.clone();
    let reply = client.send(Some(token), call).await?;
    let data = reply.and_then(|reply| reply.data).unwrap_or_default();
    let ttl = data["ttl"].as_u64();
    let ttl = ttl.filter(|ttl| *ttl > 0 || data["expire_time"].is_null());
    let ttl =
        ttl.ok_or_else(|| VaultError::new(VaultErrorKind::Denied, &what, "the token has run out"))?;
    Ok(Lease {
        id: String::new(),
        ttl: Duration::from_secs(ttl),
        renewable: data["renewable"].as_bool().unwrap_or_default(),
        token: 0,
        needs: None,
    })
}

/// Takes the secret id out of its wrapping. Who wrapped something else, or took
/// it before us, is somebody in between.
async fn unwrap(
    client: &Client,
    auth: &AppRoleAuth,
    wrapping: &Secret<String>,
) -> Result<Secret<String>, VaultError> {
    let path = show::path_of_secret(&auth.secret_id_file);
    let what = format!("unwrap the secret id in {path}");
    let ask = |path: &str, body| Call {
        what: what.clone(),
        path: path.to_owned(),
        body: Some(body),
    };
    let spent = |err: VaultError| match err.kind() {
        VaultErrorKind::Denied => VaultError::new(
            VaultErrorKind::Denied,
            &what,
            "its wrapping token was used or has run out; if nobody of yours used it, somebody \
             has the secret id, which must be destroyed and issued anew",
        ),
        _ => err,
    };
    let lookup = json!({"token": wrapping.expose()});
    let lookup = ask("sys/wrapping/lookup", lookup);
    let lookup = client.send(None, lookup).await.map_err(spent)?;
    let from = text(lookup, "creation_path").unwrap_or_default();
    let of_role = format!("auth/{}/role/", auth.mount);
    if !from.starts_with(&of_role) || !from.ends_with("/secret-id") {
        let reason = format!("what is wrapped comes from {from}, not from {of_role}.../secret-id");
        return Err(VaultError::new(VaultErrorKind::Denied, &what, reason));
    }
    // The wrapping token is the one that may, and it does so once.
    let unwrap = ask("sys/wrapping/unwrap", json!({}));
    let unwrapped = client.send(Some(wrapping), unwrap).await;
    let unwrapped = unwrapped.map_err(spent)?;
    let secret_id = text(unwrapped, "secret_id");
    let secret_id = secret_id.ok_or("the wrapping holds no secret id");
    secret_id
        .map(Secret::new)
        .map_err(|reason| VaultError::new(VaultErrorKind::Other, &what, reason))
}

fn text(reply: Option<Reply>, member: &str) -> Option<String> {
    match reply?.data?.get(member)? {
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

/// Most tools end a file with a newline, which is not part of what is in it.
fn read(path: &Path) -> Result<Secret<String>, VaultError> {
    let text = fs::read_to_string(path)
        .map_err(|err| VaultError::new(VaultErrorKind::File, &log_in_with(path), err))?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(Secret::new(text.to_owned()))
}

fn log_in_with(path: &Path) -> String {
    format!("log in with {}", show::path_of_secret(path))
}

/// A token is sent in a header, and must fit into one.
fn token(what: &str, text: &str) -> Result<Secret<String>, VaultError> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let reason = "there is no token, which is one word of printable ASCII";
        return Err(VaultError::new(VaultErrorKind::File, what, reason));
    }
    Ok(Secret::new(text.to_owned()))
}

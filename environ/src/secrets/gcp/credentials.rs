//! The identity: from a file, or from the machine, to a token.

use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::{RequestBuilder, Url};
use serde_json::{json, Value};
use tokio::time::Instant;

use super::error::{Fault, GcpErrorKind};
use super::jwt::{ServiceAccount, SCOPE};
use super::refusal;
use crate::redact::{display, Secret};
use crate::secrets::http::{self, Answer, FaultKind, Http};
use crate::secrets::off_thread::off_thread;
use crate::secrets::plaintext;
use crate::secrets::token::Token;
use crate::source::file;

/// An identity that requests are sent for.
pub(super) struct Credentials {
    origin: Origin,
    /// The address that gives tokens of another service account, if one is impersonated.
    impersonation: Option<String>,
    /// The project that the file names.
    pub(super) project: Option<String>,
    /// The project that pays for the requests of a developer.
    pub(super) quota_project: Option<String>,
}

enum Origin {
    Metadata {
        host: String,
    },
    Key(ServiceAccount),
    Developer {
        url: String,
        client_id: String,
        client_secret: Secret<String>,
        refresh_token: Secret<String>,
    },
    Federated {
        url: String,
        audience: String,
        token_type: String,
        subject: Subject,
    },
}

/// Where the token of another identity provider is.
struct Subject {
    place: Place,
    /// The member of a JSON object; the whole text, if `None`.
    member: Option<String>,
}

enum Place {
    File(PathBuf),
    Url {
        url: String,
        headers: Vec<(String, String)>,
    },
}

impl Credentials {
    /// Takes the service account of the machine.
    pub(super) fn of_machine(host: &str) -> Self {
        Self {
            origin: Origin::Metadata {
                host: host.to_owned(),
            },
            impersonation: None,
            project: None,
            quota_project: None,
        }
    }

    /// Reads a file with credentials.
    pub(super) fn of_file(path: &Path) -> Result<Self, String> {
        let shown = display::path_of_secret(path);
        let unusable = |reason: String| format!("cannot use {shown}: {reason}");
        let text = file::read(path).map_err(|err| unusable(err.to_string()))?;
        // The error of serde would quote the file.
        let json = serde_json::from_slice(&text);
        let json = json.map_err(|_| unusable("it is not JSON".to_owned()))?;
        Self::of_json(&json).map_err(unusable)
    }

    fn of_json(json: &Value) -> Result<Self, String> {
        let text = |name: &str| text(json, name);
        let member = |name: &str| json[name].as_str().map(str::to_owned);
        let impersonation = "service_account_impersonation_url";
        let kind = text("type")?;
        let origin = match &*kind {
            "service_account" => Origin::Key(ServiceAccount::of(json)?),
            "authorized_user" => Origin::Developer {
                url: secure("token_uri", member("token_uri"))?
                    .unwrap_or_else(|| "https://oauth2.googleapis.com/token".to_owned()),
                client_id: text("client_id")?,
                client_secret: Secret::new(text("client_secret")?),
                refresh_token: Secret::new(text("refresh_token")?),
            },
            "external_account" => Origin::Federated {
                url: secure("token_url", Some(text("token_url")?))?.unwrap_or_default(),
                audience: text("audience")?,
                token_type: text("subject_token_type")?,
                subject: Subject::of(&json["credential_source"])?,
            },
            "impersonated_service_account" => {
                let source = Self::of_json(&json["source_credentials"]);
                let source = source.map_err(|reason| format!("`source_credentials`: {reason}"))?;
                let url = secure(impersonation, Some(text(impersonation)?))?;
                return Ok(Self {
                    impersonation: url,
                    ..source
                });
            }
            // The value may be anything, if the file is another.
            _ => return Err(UNKNOWN_TYPE.to_owned()),
        };
        Ok(Self {
            origin,
            impersonation: secure(impersonation, member(impersonation))?,
            project: member("project_id"),
            quota_project: member("quota_project_id"),
        })
    }

    /// Returns whether this is the service account of the machine, which knows its project.
    pub(super) fn is_of_machine(&self) -> bool {
        matches!(self.origin, Origin::Metadata { .. })
    }

    /// Checks the file that a login reads, without a request.
    pub(super) async fn check(&self) -> Result<(), Fault> {
        match &self.origin {
            Origin::Federated { subject, .. } => subject.check().await,
            Origin::Metadata { .. } | Origin::Key(_) | Origin::Developer { .. } => Ok(()),
        }
    }

    /// Logs in.
    pub(super) async fn token(&self, http: &Http, deadline: Instant) -> Result<Token, Fault> {
        let token = match &self.origin {
            Origin::Metadata { host } => {
                let path = "instance/service-accounts/default/token";
                let answer = metadata(http, host, path, deadline).await?;
                lent(http, &answer, "access_token")?
            }
            Origin::Key(account) => account
                .token()
                .map_err(|reason| (GcpErrorKind::File, reason))?,
            Origin::Developer {
                url,
                client_id,
                client_secret,
                refresh_token,
            } => {
                http.hidden.add(client_secret.expose());
                http.hidden.add(refresh_token.expose());
                let fields = [
                    ("grant_type", "refresh_token"),
                    ("client_id", client_id),
                    ("client_secret", client_secret.expose()),
                    ("refresh_token", refresh_token.expose()),
                ];
                let request = http.post_form(url, &fields);
                asked(http, request, "access_token", deadline).await?
            }
            Origin::Federated {
                url,
                audience,
                token_type,
                subject,
            } => {
                let subject = subject.token(http, deadline).await?;
                http.hidden.add(subject.expose());
                let fields = [
                    (
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:token-exchange",
                    ),
                    (
                        "requested_token_type",
                        "urn:ietf:params:oauth:token-type:access_token",
                    ),
                    ("audience", audience),
                    ("scope", SCOPE),
                    ("subject_token_type", token_type),
                    ("subject_token", subject.expose()),
                ];
                let request = http.post_form(url, &fields);
                asked(http, request, "access_token", deadline).await?
            }
        };
        let Some(url) = &self.impersonation else {
            return Ok(token);
        };
        let request = http.post_json(url, &json!({"scope": [SCOPE], "lifetime": "3600s"}));
        let request = http.with_token(request, &token.text);
        asked(http, request, "accessToken", deadline).await
    }

    /// Returns the project of the machine, if this is its identity.
    pub(super) async fn machine_project(
        &self,
        http: &Http,
        deadline: Instant,
    ) -> Result<Option<String>, Fault> {
        let Origin::Metadata { host } = &self.origin else {
            return Ok(None);
        };
        let answer = metadata(http, host, "project/project-id", deadline).await?;
        Ok(Some(
            String::from_utf8_lossy(&answer.body).trim().to_owned(),
        ))
    }

    /// Returns the account to which a role can be granted, as far as it is known.
    pub(super) async fn account(&self, http: &Http, deadline: Instant) -> Option<String> {
        if let Some(url) = &self.impersonation {
            let (_, account) = url.rsplit_once('/')?;
            return http.hidden.shown(account.split(':').next()?);
        }
        match &self.origin {
            Origin::Key(account) => http.hidden.shown(&account.email),
            Origin::Metadata { host } => {
                let path = "instance/service-accounts/default/email";
                let answer = metadata(http, host, path, deadline).await.ok()?;
                http.hidden.shown(&String::from_utf8_lossy(&answer.body))
            }
            Origin::Developer { .. } | Origin::Federated { .. } => None,
        }
    }
}

const UNKNOWN_TYPE: &str = "its `type` is none of service_account, external_account, \
                            impersonated_service_account and authorized_user";

/// Reads from the metadata server, which is on the machine itself.
async fn metadata(http: &Http, host: &str, path: &str, deadline: Instant) -> Result<Answer, Fault> {
    let request = http.get(&format!("http://{host}/computeMetadata/v1/{path}"));
    let request = request.header("Metadata-Flavor", "Google");
    let answer = http.send(request, deadline).await;
    let answer = answer.map_err(|fault| match fault.kind {
        FaultKind::Unreachable => (GcpErrorKind::NoIdentity, fault.reason),
        _ => Fault::from(fault),
    })?;
    if !answer.is_success() {
        return Err(refusal::of_metadata(&answer, &http.hidden));
    }
    Ok(answer)
}

async fn asked(
    http: &Http,
    request: RequestBuilder,
    member: &str,
    deadline: Instant,
) -> Result<Token, Fault> {
    let answer = http.send(request, deadline).await?;
    if !answer.is_success() {
        return Err(refusal::of_token(&answer, &http.hidden));
    }
    lent(http, &answer, member)
}

/// Returns the token in an answer. Without a lifetime, it is the hour that was asked for.
fn lent(http: &Http, answer: &Answer, member: &str) -> Result<Token, Fault> {
    let json = answer.json();
    let seconds = json["expires_in"].as_u64().unwrap_or(3_600);
    let token = json[member].as_str().filter(|text| http::is_header(text));
    let token = token.ok_or_else(|| {
        let reason = format!("the answer to the login ({}) has no token", answer.status);
        (GcpErrorKind::Other, reason)
    })?;
    http.hidden.add(token);
    let token = Secret::new(token.to_owned());
    Ok(Token::new(token, Duration::from_secs(seconds)))
}

impl Subject {
    fn of(json: &Value) -> Result<Self, String> {
        let place = if let Some(path) = json["file"].as_str() {
            Place::File(path.into())
        } else if let (Some(url), true) = (json["url"].as_str(), json["environment_id"].is_null()) {
            let headers = json["headers"].as_object().into_iter().flatten();
            let headers = headers.map(|(name, value)| {
                let value = value.as_str().unwrap_or_default();
                (name.clone(), value.to_owned())
            });
            Place::Url {
                url: url.to_owned(),
                headers: headers.collect(),
            }
        } else {
            return Err("its `credential_source` is neither a `file` nor a `url`".to_owned());
        };
        let format = &json["format"];
        let member = match format["type"].as_str() {
            Some("json") => Some(text(format, "subject_token_field_name")?),
            _ => None,
        };
        Ok(Self { place, member })
    }

    /// Checks a token in a file.
    async fn check(&self) -> Result<(), Fault> {
        match &self.place {
            Place::File(path) => self.token_in_file(path).await.map(drop),
            Place::Url { .. } => Ok(()),
        }
    }

    /// Reads the token anew, because its provider replaces it.
    async fn token(&self, http: &Http, deadline: Instant) -> Result<Secret<String>, Fault> {
        match &self.place {
            Place::File(path) => self.token_in_file(path).await,
            Place::Url { url, headers } => {
                let mut request = http.get(url);
                for (name, value) in headers {
                    http.hidden.add(value);
                    request = request.header(name, value);
                }
                let answer = http.send(request, deadline).await?;
                if !answer.is_success() {
                    return Err(refusal::of_token(&answer, &http.hidden));
                }
                self.token_in(answer.body, "the answer of `credential_source`")
            }
        }
    }

    async fn token_in_file(&self, path: &Path) -> Result<Secret<String>, Fault> {
        let shown = display::path_of_secret(path);
        let path = path.to_owned();
        let text = off_thread(move || file::read(&path)).await;
        let text = text.map_err(file::FileError::Io).and_then(|text| text);
        let failed = |err| (GcpErrorKind::File, format!("cannot use {shown}: {err}"));
        self.token_in(text.map_err(failed)?, &shown)
    }

    /// Returns the token in a text. `place` is its file or answer, for an error.
    fn token_in(&self, text: Vec<u8>, place: &str) -> Result<Secret<String>, Fault> {
        let token = match &self.member {
            None => String::from_utf8(text).ok(),
            Some(member) => {
                let json: Value = serde_json::from_slice(&text).unwrap_or_default();
                json[member].as_str().map(str::to_owned)
            }
        };
        let token = token.map(|token| token.trim().to_owned());
        let token = token.filter(|token| !token.is_empty());
        token.map(Secret::new).ok_or_else(|| {
            let reason = format!("{place} has no token");
            (GcpErrorKind::File, reason)
        })
    }
}

fn text(json: &Value, name: &str) -> Result<String, String> {
    let text = json[name].as_str().map(str::to_owned);
    text.ok_or_else(|| format!("it has no `{name}`"))
}

/// Checks an address that a token is sent to.
fn secure(name: &str, url: Option<String>) -> Result<Option<String>, String> {
    let Some(url) = url else {
        return Ok(None);
    };
    let parsed = Url::parse(&url).ok();
    let is_web = parsed.is_some_and(|url| matches!(url.scheme(), "http" | "https"));
    if !is_web || plaintext::host(&url).is_some() {
        return Err(format!("its `{name}` does not begin with https://"));
    }
    Ok(Some(url))
}

//! Azure's servers: Key Vault, Entra ID, the metadata server and that of App Service, all on one
//! socket. As at Azure, a request needs a token that is valid.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::cloud_server::{Cloud, Request, Server};

pub(crate) const TENANT: &str = "00001111-aaaa-2222-bbbb-3333cccc4444";
pub(crate) const CLIENT: &str = "66667777-aaaa-8888-bbbb-9999cccc0000";
/// The id of the identity that a role is granted to.
pub(crate) const OBJECT: &str = "aaaaaaaa-0000-1111-2222-bbbbbbbbbbbb";

/// The proofs of an application, and the header of App Service.
pub(crate) const CLIENT_SECRET: &str = "canary~of+an/application=&x";
pub(crate) const ASSERTION: &str = "canary.of-a.cluster";
pub(crate) const HEADER: &str = "canary-of-app-service";

/// The token of the machine, and of each other way to log in.
pub(crate) const TOKEN: &str = "canary-of-the-machine";
pub(crate) const OF_APPLICATION: &str = "canary-of-an-application";
pub(crate) const OF_CLUSTER: &str = "canary-of-a-cluster";
pub(crate) const OF_APP_SERVICE: &str = "canary-of-app-service-token";

pub(crate) type FakeAzure = Server<Azure>;

pub(crate) struct Azure {
    /// Whether the identity may read the secrets.
    pub(crate) is_granted: bool,
    /// The lifetime of tokens, in seconds.
    pub(crate) lifetime: u64,
    /// Tokens that are not valid any more.
    pub(crate) revoked: Vec<&'static str>,
    secrets: HashMap<String, Vec<Version>>,
}

struct Version {
    text: String,
    is_enabled: bool,
}

impl Default for Azure {
    fn default() -> Self {
        Self {
            is_granted: true,
            lifetime: 3_600,
            revoked: Vec::new(),
            secrets: HashMap::new(),
        }
    }
}

impl FakeAzure {
    /// Adds a version to a secret. The versions are `v1`, `v2`, and so on.
    pub(crate) fn put(&self, secret: &str, text: &str) {
        let version = Version {
            text: text.to_owned(),
            is_enabled: true,
        };
        let mut state = self.state();
        let versions = state.secrets.entry(secret.to_owned()).or_default();
        versions.push(version);
    }

    /// Adds a secret that is disabled.
    pub(crate) fn put_unreadable(&self, secret: &str) {
        self.put(secret, "canary");
        self.enable(secret, false);
    }

    /// Enables or disables the last version of a secret.
    pub(crate) fn enable(&self, secret: &str, is_enabled: bool) {
        let mut state = self.state();
        let versions = state.secrets.get_mut(secret).unwrap();
        versions.last_mut().unwrap().is_enabled = is_enabled;
    }

    /// Returns the names of the secrets that were asked for, in order.
    pub(crate) fn ids(&self) -> Vec<String> {
        let name = |line: &String| {
            let rest = line.strip_prefix("GET /secrets/")?;
            Some(rest.split('/').next()?.to_owned())
        };
        self.lines().iter().filter_map(name).collect()
    }
}

impl Cloud for Azure {
    fn is_login(request: &Request) -> bool {
        !request.path().starts_with("/secrets/")
    }

    fn answer(&mut self, request: &Request, now: i64) -> (u16, String) {
        let (path, query) = request
            .path()
            .split_once('?')
            .unwrap_or((request.path(), ""));
        if let Some(name) = path.strip_prefix("/secrets/") {
            return self.access(name, query, request);
        }
        match path {
            "/metadata/identity/oauth2/token" => self.metadata(query, request),
            "/msi/token" => self.app_service(query, request, now),
            path if path == format!("/{TENANT}/oauth2/v2.0/token") => self.application(request),
            _ => {
                let said = format!("AADSTS90002: Tenant '{path}' not found.");
                (400, oauth_error("invalid_request", &said).to_string())
            }
        }
    }
}

impl Azure {
    /// The metadata server writes numbers as text.
    fn metadata(&self, query: &str, request: &Request) -> (u16, String) {
        let is_right = request.header("metadata") == "true"
            && query.starts_with("api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net");
        if !is_right {
            return (
                400,
                oauth_error("invalid_request", "Bad Request").to_string(),
            );
        }
        match query.split_once("&client_id=") {
            None | Some((_, CLIENT)) => (
                200,
                json!({"access_token": TOKEN, "expires_in": self.lifetime.to_string()}).to_string(),
            ),
            Some(_) => (
                400,
                oauth_error("invalid_request", "Identity not found").to_string(),
            ),
        }
    }

    /// App Service gives only the time of the end, as text.
    fn app_service(&self, query: &str, request: &Request, now: i64) -> (u16, String) {
        if request.header("x-identity-header") != HEADER {
            return (401, String::new());
        }
        if !query.starts_with("api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net") {
            let message =
                "No Managed Identity found for specified ClientId/ResourceId/PrincipalId.";
            return (
                400,
                json!({"statusCode": 400, "message": message}).to_string(),
            );
        }
        let end = now + i64::try_from(self.lifetime).unwrap();
        let answer = json!({"access_token": OF_APP_SERVICE, "expires_on": end.to_string()});
        (200, answer.to_string())
    }

    /// Entra ID.
    fn application(&self, request: &Request) -> (u16, String) {
        let form = form(&request.body);
        let field = |name: &str| form.get(name).map_or("", |text| text);
        let is_right = field("grant_type") == "client_credentials"
            && field("client_id") == CLIENT
            && field("scope") == "https://vault.azure.net/.default";
        let is_jwt = field("client_assertion_type")
            == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        let token = match (field("client_secret"), field("client_assertion")) {
            (CLIENT_SECRET, "") if is_right => OF_APPLICATION,
            ("", ASSERTION) if is_right && is_jwt => OF_CLUSTER,
            _ => {
                let said = "AADSTS7000215: Invalid client secret provided. Trace ID: 1-2 \
                            Correlation ID: 3-4 Timestamp: 2026-11-28 20:00:00Z";
                return (401, oauth_error("invalid_client", said).to_string());
            }
        };
        let answer = json!({"access_token": token, "expires_in": self.lifetime});
        (200, answer.to_string())
    }

    fn access(&self, name: &str, query: &str, request: &Request) -> (u16, String) {
        let token = request.header("authorization").strip_prefix("Bearer ");
        let tokens = [TOKEN, OF_APPLICATION, OF_CLUSTER, OF_APP_SERVICE];
        let is_valid = |token| tokens.contains(&token) && !self.revoked.contains(&token);
        if !token.is_some_and(is_valid) || query != "api-version=7.4" {
            let message = "AKV10032: Invalid issuer.";
            return (401, error("Unauthorized", message, "").to_string());
        }
        if !self.is_granted {
            let message = format!(
                "Caller is not authorized to perform action on resource.\r\nCaller: \
                 appid={CLIENT};oid={OBJECT};iss=https://sts.windows.net/{TENANT}/"
            );
            return (
                403,
                error("Forbidden", &message, "ForbiddenByRbac").to_string(),
            );
        }
        let (secret, version) = name.split_once('/').unwrap();
        let versions = self.secrets.get(secret).map_or(&[][..], |all| all);
        let number = match version {
            "" => versions.len(),
            version => version[1..].parse().unwrap_or_default(),
        };
        let Some(version) = number.checked_sub(1).and_then(|at| versions.get(at)) else {
            let message =
                format!("A secret with (name/id) {secret} was not found in this key vault.");
            return (404, error("SecretNotFound", &message, "").to_string());
        };
        if !version.is_enabled {
            let message = "Operation get is not allowed on a disabled secret.";
            return (
                403,
                error("Forbidden", message, "SecretDisabled").to_string(),
            );
        }
        let id = format!("https://my-vault.vault.azure.net/secrets/{secret}/v{number}");
        let answer = json!({"value": version.text, "id": id, "attributes": {"enabled": true}});
        (200, answer.to_string())
    }
}

/// An error of Key Vault.
pub(crate) fn error(code: &str, message: &str, detail: &str) -> Value {
    let detail = json!({"code": detail});
    json!({"error": {"code": code, "message": message, "innererror": detail}})
}

/// An error of Entra ID and of the metadata server.
pub(crate) fn oauth_error(code: &str, message: &str) -> Value {
    json!({"error": code, "error_description": message})
}

/// Decodes a form.
fn form(body: &str) -> HashMap<String, String> {
    let decoded = |text: &str| {
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'+' => b' ',
                b'%' => {
                    let code = [rest.next().unwrap(), rest.next().unwrap()];
                    u8::from_str_radix(str::from_utf8(&code).unwrap(), 16).unwrap()
                }
                byte => byte,
            });
        }
        String::from_utf8(bytes).unwrap()
    };
    let fields = body.split('&').filter_map(|field| field.split_once('='));
    fields
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

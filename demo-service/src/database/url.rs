//! Users in URLs of databases.

use std::borrow::Cow;

use environ::Secret;
use environ::secrets::vault::Credentials;
use url::Url;

use super::error::DatabaseError;
use crate::config::database_url::NOT_A_URL;

/// Puts a user and its password into a URL, where none must be named otherwise.
pub(crate) fn with_login(
    url: &Secret<String>,
    login: &Credentials,
) -> Result<Secret<String>, DatabaseError> {
    let parsed = Url::parse(url.expose());
    let mut url = parsed.map_err(|_| DatabaseError::Url(NOT_A_URL.into()))?;
    let names_one = |(name, _): (Cow<'_, str>, _)| matches!(&*name, "user" | "password");
    if url.query_pairs().any(names_one) {
        let reason = "it names a user in a parameter, which the one that is lent cannot replace";
        return Err(DatabaseError::Url(reason.into()));
    }
    let set = url.set_username(&login.username);
    let set = set.and_then(|()| url.set_password(Some(login.password.expose())));
    set.map_err(|()| DatabaseError::Url("it has no host, so no user can be lent for it".into()))?;
    Ok(Secret::new(url.into()))
}

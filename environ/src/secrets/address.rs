//! Addresses in the configuration of a cloud.

use reqwest::Url;

/// Checks the address of a service.
pub(super) fn is_url(url: &str) -> Result<(), &'static str> {
    let url = Url::parse(url).map_err(|_| "it must be like https://secrets.example")?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("it must begin with https:// or http://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it must not hold a user or a password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("it must end after the path");
    }
    Ok(())
}

/// Checks the host of a metadata server.
pub(super) fn is_host(host: &str) -> Result<(), &'static str> {
    let is_authority = |url: &Url| {
        let is_whole = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        is_whole && url.username().is_empty() && url.password().is_none()
    };
    match Url::parse(&format!("http://{host}")) {
        Ok(url) if is_authority(&url) && !host.ends_with('/') => Ok(()),
        _ => Err("it must be a host, or a host and a port"),
    }
}

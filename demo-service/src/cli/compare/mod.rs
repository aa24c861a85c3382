//! `config --compare URL...`: the differences between the configurations of instances.

mod differences;
mod instance;

use std::time::Duration;

use actix_web::http::Uri;
use environ::EnvConfig;

use self::differences::Differences;
use self::instance::Instance;
use super::output::print;
use super::request::redacted;
use crate::config::AdminToken;
use crate::process::{Failure, exit};

/// Prints the variables in which the instances at the URLs differ. Each URL is asked for
/// `/-/config` with the token of operators of this environment, and has `timeout` to answer.
pub(super) fn compare(urls: &[Uri], timeout: Duration) -> Result<u8, Failure> {
    let token = AdminToken::loader().load()?.config.token;
    let mut instances = Vec::new();
    for url in urls {
        let instance = Instance::fetch(url, token.as_ref(), timeout);
        let failed = |err| Failure::new(exit::UNAVAILABLE, redacted(url), &err);
        instances.push(instance.map_err(failed)?);
    }
    let differences = Differences::between(&instances);
    let printed = print(differences.to_string());
    Ok(match printed {
        0 if !differences.is_empty() => exit::FAILED,
        code => code,
    })
}

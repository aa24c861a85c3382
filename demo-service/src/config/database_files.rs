//! Files that the driver of PostgreSQL reads by itself, checked before it does: the driver
//! would wait for a FIFO, and read a device until memory ends.

use std::borrow::Cow;
use std::env::home_dir;
use std::path::PathBuf;

use environ::{Process, Source, file};
use url::Url;

/// Parameters that name a file, each with the variable that is read where the URL has none
/// of them.
const FILES: [(&[&str], &str); 4] = [
    (&["sslrootcert", "ssl-root-cert", "ssl-ca"], "PGSSLROOTCERT"),
    (&["sslcert", "ssl-cert"], "PGSSLCERT"),
    (&["sslkey", "ssl-key"], "PGSSLKEY"),
    (&[], "PGPASSFILE"),
];

/// The certificates of the system, and the passwords of the user.
const TRUSTED: &str = "SSL_CERT_FILE";
const PASSWORDS: &str = ".pgpass";

/// Returns the reason why a file cannot be used. Its path is not shown, because the URL may
/// have a piece of the password there.
pub(super) fn check(url: &Url) -> Result<(), Cow<'static, str>> {
    for (parameters, variable) in FILES {
        let in_url = url
            .query_pairs()
            .filter(|(name, _)| parameters.contains(&&**name));
        for (name, path) in in_url {
            usable(&format!("its `{name}`"), (&*path).into())?;
        }
        check_variable(variable)?;
    }
    check_variable(TRUSTED)?;
    match home_dir() {
        Some(home) => usable("`.pgpass`", home.join(PASSWORDS)),
        None => Ok(()),
    }
}

fn check_variable(name: &str) -> Result<(), Cow<'static, str>> {
    match Process.get(name) {
        Some(path) => usable(name, PathBuf::from(&*path)),
        None => Ok(()),
    }
}

fn usable(subject: &str, path: PathBuf) -> Result<(), Cow<'static, str>> {
    let checked = file::check(path);
    checked.map_err(|err| format!("the file of {subject} cannot be used: {err}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_regular_is_rejected_for_each_parameter() {
        for name in [
            "sslrootcert",
            "ssl-root-cert",
            "ssl-ca",
            "sslcert",
            "ssl-key",
        ] {
            let url = |path| Url::parse(&format!("postgres://db/app?{name}={path}")).unwrap();
            assert_eq!(
                check(&url("/dev/zero")).unwrap_err(),
                format!("the file of its `{name}` cannot be used: it is not a regular file")
            );
            assert!(check(&url("/does/not/exist")).is_ok());
        }
    }
}

//! PostgreSQL's own variables, which the driver reads where the URL leaves a value out, as
//! libpq does.

use environ::{Process, Source};
use url::Url;

/// The variable that is a secret.
pub(crate) const PASSWORD: &str = "PGPASSWORD";

/// The variables, each with the parameters of a URL that come before it.
pub(crate) const VARIABLES: [(&str, &[&str]); 13] = [
    ("PGHOST", &["host", "hostaddr"]),
    ("PGHOSTADDR", &["host", "hostaddr"]),
    ("PGPORT", &["port"]),
    ("PGUSER", &["user"]),
    (PASSWORD, &["password"]),
    ("PGPASSFILE", &["password"]),
    ("PGDATABASE", &["dbname"]),
    ("PGSSLMODE", &["sslmode", "ssl-mode"]),
    ("PGSSLROOTCERT", &["sslrootcert", "ssl-root-cert", "ssl-ca"]),
    ("PGSSLCERT", &["sslcert", "ssl-cert"]),
    ("PGSSLKEY", &["sslkey", "ssl-key"]),
    ("PGAPPNAME", &["application_name"]),
    ("PGOPTIONS", &["options"]),
];

/// Returns whether a variable is set.
pub(crate) fn is_set(variable: &str) -> bool {
    let text = Process.get(variable);
    text.is_some_and(|text| !text.is_empty())
}

/// Returns the variables that are set, and for which the URL leaves room.
pub(super) fn read_beside(url: &Url) -> Vec<&'static str> {
    let own = [
        ("host", url.has_host()),
        ("port", url.port().is_some()),
        ("user", !url.username().is_empty()),
        ("password", url.password().is_some()),
        ("dbname", url.path().len() > 1),
    ];
    let is_said = |parameter: &&str| {
        own.contains(&(*parameter, true)) || url.query_pairs().any(|(name, _)| name == *parameter)
    };
    let read = VARIABLES
        .into_iter()
        .filter(|(name, parameters)| is_set(name) && !parameters.iter().any(is_said));
    read.map(|(name, _)| name).collect()
}

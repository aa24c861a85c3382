//! What the driver takes from PostgreSQL's own variables, as libpq does, where the URL
//! leaves it out.

use environ::{Process, Source};

/// The one that is a secret.
pub(crate) const PASSWORD: &str = "PGPASSWORD";

/// All that it reads.
pub(crate) const VARIABLES: [&str; 13] = [
    "PGHOST",
    "PGHOSTADDR",
    "PGPORT",
    "PGUSER",
    PASSWORD,
    "PGPASSFILE",
    "PGDATABASE",
    "PGSSLMODE",
    "PGSSLROOTCERT",
    "PGSSLCERT",
    "PGSSLKEY",
    "PGAPPNAME",
    "PGOPTIONS",
];

/// Names those that are set.
pub(crate) fn set() -> Vec<&'static str> {
    let is_set = |name: &&str| Process.get(name).is_some();
    VARIABLES.into_iter().filter(is_set).collect()
}

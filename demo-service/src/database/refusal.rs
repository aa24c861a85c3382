//! Refusals that no waiting helps against, each with the remedy.

use std::io;

/// A right is missing, which somebody may grant.
pub(super) const NO_RIGHT: &str = "42501";

/// Refusals by the beginning of the SQLSTATE.
const REFUSALS: &[(&str, &str)] = &[
    (
        "28000",
        "check the user, `sslmode`, and pg_hba.conf of the server",
    ),
    ("28", PASSWORD),
    ("3D000", "make the database, or check its name"),
    (
        NO_RIGHT,
        "give the user the right; or migrate as another, and set APP_DB_MIGRATE to false",
    ),
];

/// SQLite's code for a file that another has replaced. The next connection opens that one.
const FILE_MOVED: &str = "1032";

/// Refusals of SQLite by the result code.
const SQLITE_REFUSALS: &[(u32, &str)] = &[
    (
        8,
        "check who may write the file and its directory, and `mode` in the URL",
    ),
    (
        11,
        "the file is damaged: restore the file from a backup, or name another",
    ),
    (
        14,
        "check that the file is there, or its directory if the URL ends in `?mode=rwc`, and \
         who may use it",
    ),
    (26, "name a file of SQLite, or a file that is not there yet"),
];

/// Refusals of a connection only, by the beginning of the SQLSTATE.
const CONNECT_REFUSALS: &[(&str, &str)] = &[("22", OPTIONS), ("42", OPTIONS)];

const PASSWORD: &str = "check the user and the password";
const ENCODED_PASSWORD: &str = "check the user and the password, in which a URL writes `%` as %25";
const OPTIONS: &str = "check `options` in the URL, and PGOPTIONS";

/// Refusals of `PgBouncer`, which has a single SQLSTATE, by a part of their text.
const POOLER_REFUSALS: &[(&str, &str)] = &[
    (
        "unsupported startup parameter",
        "leave the parameter out of the URL, or add it to `ignore_startup_parameters` of \
         PgBouncer",
    ),
    (
        "no such database",
        "add the database to PgBouncer, or check its name",
    ),
    ("no such user", "add the user to `auth_file` of PgBouncer"),
    (
        "bouncer config error",
        "check the configuration of PgBouncer",
    ),
    ("authentication failed", PASSWORD),
    ("TLS required", "write `sslmode=verify-full`"),
    ("SSL required", "write `sslmode=verify-full`"),
];

const NO_TLS: &str = "set up TLS at the server, or write `sslmode=disable` on a private network";
const CERTIFICATE: &str = "check `sslrootcert`, and that the certificate of the server names the \
                           host";
const FILES: &str = "check the files that `sslrootcert`, `sslcert` and `sslkey` name";
const NAME: &str = "check the name of the host";

/// Texts of the system for a name that no server knows. A name server that does not
/// answer has another text.
const UNKNOWN_HOST: &[&str] = &[
    "Name or service not known",
    "No address associated with hostname",
    "Name does not resolve",
    "nodename nor servname provided",
];

/// Returns the remedy for a statement that was refused with a code.
pub(super) fn of_statement(code: &str) -> Option<&'static str> {
    if code == FILE_MOVED {
        return None;
    }
    let Some(number) = sqlite_code(code) else {
        return remedy(code, REFUSALS);
    };
    let refusal = SQLITE_REFUSALS.iter().find(|(of, _)| *of == number);
    refusal.map(|(_, remedy)| *remedy)
}

/// Returns the result code of SQLite, which an extended code has in its lowest byte. A SQLSTATE
/// has five letters, and no such code has.
pub(super) fn sqlite_code(code: &str) -> Option<u32> {
    let number = code.parse::<u32>().ok().filter(|_| code.len() != 5);
    number.map(|number| number & 0xff)
}

/// Returns the remedy for a statement about a table that is missing. This is no refusal, because a
/// second instance may be about to migrate the database.
pub(super) fn of_missing_table(err: &sqlx::Error) -> Option<&'static str> {
    let err = err.as_database_error()?;
    let is_missing = match &*err.code()? {
        "42P01" => true,
        "1" => err.message().starts_with("no such table"),
        _ => false,
    };
    is_missing.then_some("run `demo-service migrate` with this URL")
}

/// Returns the remedy for a connection that was refused. The password may have a `%`
/// that is meant as such.
pub(super) fn of_connection(
    address: Option<&str>,
    has_percent: bool,
    err: &sqlx::Error,
) -> Option<&'static str> {
    match connect_remedy(address, err)? {
        PASSWORD if has_percent => Some(ENCODED_PASSWORD),
        remedy => Some(remedy),
    }
}

fn connect_remedy(address: Option<&str>, err: &sqlx::Error) -> Option<&'static str> {
    match err {
        sqlx::Error::Database(err) => {
            let (code, message) = (err.code()?, err.message());
            let of_pooler = POOLER_REFUSALS
                .iter()
                .find(|(text, _)| message.contains(text));
            let of_pooler = of_pooler.filter(|_| code == "08P01");
            let of_pooler = of_pooler.map(|(_, remedy)| *remedy);
            of_pooler
                .or_else(|| of_statement(&code))
                .or_else(|| remedy(&code, CONNECT_REFUSALS))
        }
        sqlx::Error::Tls(err) if err.to_string().contains("does not support TLS") => Some(NO_TLS),
        sqlx::Error::Tls(_) => Some(CERTIFICATE),
        sqlx::Error::Io(err) => match err.kind() {
            io::ErrorKind::InvalidData => Some(CERTIFICATE),
            // The socket of a server appears with it.
            _ if address.is_none_or(|address| address.starts_with('/')) => None,
            io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => Some(FILES),
            _ => is_unknown_host(err).then_some(NAME),
        },
        _ => None,
    }
}

/// Returns whether the server, or a pooler before it, refused the user or its password.
pub(super) fn is_of_login(err: &sqlx::Error) -> bool {
    let is_code = |code: &str| code.starts_with("28");
    err.as_database_error()
        .is_some_and(|err| err.code().is_some_and(|code| is_code(&code)))
        || connect_remedy(None, err) == Some(PASSWORD)
}

fn remedy(code: &str, refusals: &[(&str, &'static str)]) -> Option<&'static str> {
    let is_this = |of: &&(&str, &str)| code.len() >= of.0.len() && code.starts_with(of.0);
    let (_, remedy) = refusals.iter().find(is_this)?;
    Some(remedy)
}

/// Returns whether no name server knows a host.
pub(super) fn is_unknown_host(err: &io::Error) -> bool {
    let text = err.to_string();
    UNKNOWN_HOST.iter().any(|unknown| text.contains(unknown))
}

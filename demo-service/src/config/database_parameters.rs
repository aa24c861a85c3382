//! Parameters of `postgres://` URLs: those that the driver reads, and the remedy for
//! those that other drivers read.

use std::borrow::Cow;

use url::Url;

/// The user or the password is not encoded. An at sign in the text would look like the
/// end of a password, and have all before it masked.
pub(super) const NOT_ENCODED: &str = "its user or password has a `#`, `/`, `?` or `%`, which have a \
                                    meaning in a URL; write them as %23 %2F %3F %25, and an at \
                                    sign as %40";

/// Parameters that the driver reads. It logs other parameters, with their values.
const READ: &[&str] = &[
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-mode",
    "ssl-root-cert",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
    "user",
];

const SSL_MODES: &[&str] = &[
    "allow",
    "disable",
    "prefer",
    "require",
    "verify-ca",
    "verify-full",
];

const NOT_A_MODE: &str = "its `sslmode` is none of disable, allow, prefer, require, verify-ca and \
                          verify-full; write `sslmode=verify-full`, or `sslmode=disable` on a \
                          private network";

/// Parameters of libpq and of other drivers, each group with the remedy.
const ELSEWHERE: &[(&[&str], &str)] = &[
    (
        &["channel_binding"],
        "leave it out, and write `sslmode=verify-full`: the driver does not bind channels, and \
         the certificate proves the server",
    ),
    (
        &["connect_timeout", "pool_timeout", "connectTimeout"],
        "leave it out, and set APP_DB_CONNECT_TIMEOUT for the start and APP_DB_ACQUIRE_TIMEOUT \
         for requests",
    ),
    (
        &[
            "keepalives",
            "keepalives_count",
            "keepalives_idle",
            "keepalives_interval",
            "tcp_user_timeout",
        ],
        "leave it out: each connection is tested before it is used",
    ),
    (
        &[
            "load_balance_hosts",
            "target_session_attrs",
            "targetServerType",
        ],
        "leave it out, and name the primary: connections to a standby are closed once they say so",
    ),
    (&["passfile"], "leave it out, and set PGPASSFILE"),
    (
        &["service", "servicefile"],
        "leave it out, and write the parameters of the service file into the URL",
    ),
    (
        &[
            "gssdelegation",
            "gssencmode",
            "gsslib",
            "krbsrvname",
            "require_auth",
            "requirepeer",
        ],
        "leave it out: the driver logs in by password or certificate",
    ),
    (
        &[
            "requiressl",
            "ssl",
            "ssl_max_protocol_version",
            "ssl_min_protocol_version",
            "sslcertmode",
            "sslcompression",
            "sslcrl",
            "sslcrldir",
            "sslnegotiation",
            "sslpassword",
            "sslsni",
            "tls",
        ],
        "leave it out, and write `sslmode=verify-full`, with `sslrootcert`, `sslcert` and `sslkey` \
         as needed",
    ),
    (
        &["charset", "client_encoding"],
        "leave it out: it is always UTF8",
    ),
    (
        &["ApplicationName", "fallback_application_name"],
        "write `application_name`",
    ),
    (
        &[
            "max_protocol_version",
            "min_protocol_version",
            "oauth_client_id",
            "oauth_client_secret",
            "oauth_issuer",
            "oauth_scope",
            "replication",
            "scram_client_key",
            "scram_server_key",
            "sslkeylogfile",
        ],
        "leave it out: the driver does not have it",
    ),
    (
        &[
            "pgbouncer",
            "prepareThreshold",
            "preferQueryMode",
            "prepared_statement_cache_size",
            "prepared_statements",
            "statement_cache_size",
        ],
        "leave it out: no statement is prepared, so that every pooler can stand between",
    ),
    (
        &[
            "connection_limit",
            "max_connections",
            "pool_max_conns",
            "pool_size",
        ],
        "leave it out, and set APP_DB_MAX_CONNECTIONS",
    ),
    (
        &["currentSchema", "schema", "search_path"],
        "write `options[search_path]=...`",
    ),
    (
        &["lock_timeout", "socketTimeout", "statement_timeout"],
        "leave it out, and set APP_DB_QUERY_TIMEOUT",
    ),
];

/// Settings of the server that people write as parameters.
const SETTINGS: &[&str] = &[
    "DateStyle",
    "IntervalStyle",
    "TimeZone",
    "bytea_output",
    "default_transaction_isolation",
    "default_transaction_read_only",
    "enable_seqscan",
    "extra_float_digits",
    "geqo",
    "idle_in_transaction_session_timeout",
    "idle_session_timeout",
    "jit",
    "log_min_duration_statement",
    "maintenance_work_mem",
    "plan_cache_mode",
    "role",
    "row_security",
    "session_replication_role",
    "standard_conforming_strings",
    "synchronous_commit",
    "transaction_timeout",
    "work_mem",
];

/// Returns the reason why a parameter is wrong, with the remedy. A name is shown only if it
/// is much like a known name, because `&` in a password makes a name of its rest.
pub(super) fn check(url: &Url) -> Result<(), Cow<'static, str>> {
    let has_at = url.query().is_some_and(|query| query.contains('@'));
    for (index, (name, value)) in url.query_pairs().enumerate() {
        match &*name {
            "sslmode" | "ssl-mode" => {
                let value = value.to_ascii_lowercase();
                if !SSL_MODES.contains(&&*value) {
                    return Err(NOT_A_MODE.into());
                }
            }
            name if READ.contains(&name) || is_option(name) => {}
            name if elsewhere(name).is_some() || !has_at => return Err(unread(name, index + 1)),
            _ => return Err(NOT_ENCODED.into()),
        }
    }
    Ok(())
}

/// Returns whether a parameter is a setting of the server.
fn is_option(name: &str) -> bool {
    name.starts_with("options[") && name.ends_with(']')
}

fn elsewhere(name: &str) -> Option<&'static str> {
    let found = ELSEWHERE.iter().find(|(names, _)| names.contains(&name));
    found.map(|(_, remedy)| *remedy)
}

fn unread(name: &str, number: usize) -> Cow<'static, str> {
    if let Some(remedy) = elsewhere(name) {
        return format!("its parameter `{name}` is not read; {remedy}").into();
    }
    let mut known = READ.iter().chain(SETTINGS);
    let (shown, option) = if known.any(|known| is_much_like(name, known)) {
        (format!("`{name}`"), name)
    } else {
        (format!("number {number}"), "NAME")
    };
    format!(
        "its parameter {shown} is unknown; leave it out, or write one of {}, or \
         `options[{option}]` for a setting of the server",
        READ.iter()
            .filter(|name| !name.contains('-'))
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ")
    )
    .into()
}

/// Returns whether two names are the same but for two letters that stand together.
fn is_much_like(name: &str, known: &str) -> bool {
    fn same(one: impl Iterator<Item = u8>, other: impl Iterator<Item = u8>) -> usize {
        one.zip(other)
            .take_while(|(one, other)| one == other)
            .count()
    }
    let start = same(name.bytes(), known.bytes());
    let end = same(name.bytes().rev(), known.bytes().rev());
    start + end + 2 >= name.len().max(known.len())
}

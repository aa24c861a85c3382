//! What the configuration is loaded from: the process's real environment, which
//! whoever starts the process has filled from here.

/// The variables that are set. `APP_DB_POOL` and `APP_HTTP_LIMIT` are left to
/// their defaults, and `APP_HTTP_PROXY` is optional.
pub const SET: [(&str, &str); 13] = [
    ("APP_NAME", "orders"),
    ("APP_HOST", "127.0.0.1"),
    ("APP_PORT", "8080"),
    ("APP_DEBUG", "true"),
    ("APP_LOG_LEVEL", "info,orders=debug"),
    ("APP_LOG_JSON", "false"),
    ("APP_DB_URL", "postgres://db.internal:5432/orders"),
    ("APP_DB_TIMEOUT", "30"),
    ("APP_DB_USER", "orders"),
    ("APP_DB_PASSWORD", "correct horse battery staple"),
    ("APP_HTTP_WORKERS", "4"),
    ("APP_HTTP_KEEPALIVE", "75"),
    ("APP_HTTP_RATIO", "0.75"),
];

/// An environment of `size` entries. The others are what Kubernetes sets for
/// other services; a process is started with its variables in order, so half of
/// them come before the configuration's.
pub fn of(size: u32) -> impl Iterator<Item = (String, String)> {
    let set = SET.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let others = (1..=size).skip(SET.len()).map(other_service);
    set.into_iter().chain(others)
}

fn other_service(number: u32) -> (String, String) {
    let service = if number.is_multiple_of(2) {
        "ACCOUNTS"
    } else {
        "WAREHOUSE"
    };
    let name = format!("{service}_{number}_PORT_8080_TCP");
    (name, "tcp://10.0.0.1:8080".to_owned())
}

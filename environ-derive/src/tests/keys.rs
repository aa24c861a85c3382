#[env(delimiter = "__", one_of(url, host), removed("OLD", "use APP_URL"))]
struct AppConfig {
    #[env(requires(timeout, sentry))]
    url: Option<String>,
    #[env(len = 4.., expected = "a host", conflicts(search, retries))]
    host: Option<String>,
    #[env(unit = "m", range = "1s"..="1h")]
    timeout: Option<Duration>,
    #[env(default = "data", range = "a"..)]
    folder: String,
    #[env(default_from = "{folder}/tmp")]
    tmp: String,
    #[env(default_fn = beside(tmp))]
    cache: Option<String>,
    #[env(present)]
    verbose: bool,
    #[env(allow_empty, default = 3)]
    retries: Option<u8>,
    /// Reports of errors.
    #[env(group, when = "dsn")]
    sentry: Option<Sentry>,
    /// The search.
    #[env(group, switch = "ENABLED")]
    search: Option<Search>,
    #[env(group, selector = "TYPE")]
    storage: Storage,
    #[env(group, defaults(rate = 1))]
    limit: Limit,
    #[env(skip, default_fn = address(host, timeout))]
    address: String,
}

use environ::EnvConfig;

#[derive(EnvConfig)]
struct Log {
    level: String,
}

#[derive(EnvConfig)]
#[env(one_of(url, hots), at_least_one_of(url), all_or_none(url, url), at_most_one_of)]
#[env(one_of("url", host), one_of(started, url), at_most_one_of(needed, url))]
#[env(removed("APP_OLD"), removed = "APP_OLD", removed("", "use APP_URL"))]
struct AppConfig {
    #[env(requires = "later")]
    url: Option<String>,
    #[env(requires(host, port), conflicts = "log")]
    host: Option<String>,
    #[env(default = 1, requires = 1)]
    port: u16,
    #[env(conflicts())]
    later: Option<u16>,
    needed: u16,
    #[env(group, conflicts = "needed")]
    log: Log,
    #[env(skip, requires = "url")]
    started: bool,
    #[env(requires = "not a name")]
    odd: Option<u8>,
}

fn main() {}

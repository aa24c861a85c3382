/// The demo service.
#[env(prefix = "app")]
struct AppConfig {
    /// Port to listen on;
    /// 0 picks a free one.
    #[env(default = 8000, alias = "PORT", validate = unprivileged)]
    port: u16,
    #[env(name = "LANG")]
    r#lang: Option<String>,
    #[env(separator = ";")]
    hosts: Vec<Url>,
    #[env(secret)]
    token: Secret<String>,
    #[env(default_fn = available)]
    workers: usize,
    #[env(parse = octal)]
    mode: Mode,
    #[env(default)]
    retries: u8,
    #[env(default = false, truthy)]
    verbose: bool,
    #[env(default = 4, range = 1..=64)]
    threads: u8,
    #[env(json)]
    routes: Routes,
    #[env(group)]
    log: Log,
    #[env(group, flatten)]
    db: Option<Db>,
    #[env(group, non_empty)]
    upstreams: Vec<Upstream>,
    #[env(group)]
    tenants: BTreeMap<String, Tenant>,
    #[env(skip)]
    started: Cell,
}

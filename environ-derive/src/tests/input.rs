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
    #[env(group)]
    log: Log,
    #[env(group, flatten)]
    db: Option<Db>,
    #[env(skip)]
    started: Cell,
}

use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig<T> {
    #[env(group, selector = "TYPE")]
    storage: T,
    #[env(group, defaults(rate = 1))]
    limit: Limit<T>,
    #[env(group, switch = "ENABLED")]
    search: Option<T>,
}

#[derive(EnvConfig)]
struct Limit<T> {
    rate: T,
}

fn main() {}

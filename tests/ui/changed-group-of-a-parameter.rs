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

trait Backend {
    type Config;
}

#[derive(EnvConfig)]
struct Other<'a, B: Backend, const N: usize> {
    #[env(group, defaults(rate = 1))]
    numbered: Numbered<N>,
    #[env(group, defaults(rate = 1))]
    borrowed: Borrowed<'a>,
    #[env(group, switch = "ENABLED")]
    backend: Option<B::Config>,
}

#[derive(EnvConfig)]
struct Numbered<const N: usize> {
    rate: [u8; N],
}

#[derive(EnvConfig)]
struct Borrowed<'a> {
    rate: u8,
    #[env(skip)]
    _name: Option<&'a str>,
}

fn main() {}

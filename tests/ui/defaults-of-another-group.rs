use environ::EnvConfig;

#[derive(EnvConfig)]
struct Limit {
    rate: u16,
}

#[derive(EnvConfig)]
struct Unknown {
    #[env(group, defaults(rte = 600))]
    limit: Limit,
}

#[derive(EnvConfig)]
struct NoNumber {
    #[env(group, defaults(rate = "many"))]
    limit: Limit,
}

#[derive(EnvConfig)]
struct NoLiteral {
    #[env(group, defaults(rate = many()))]
    limit: Limit,
    #[env(group, defaults())]
    none: Limit,
}

fn main() {}

use environ::EnvConfig;

#[derive(EnvConfig)]
struct Limit {
    #[env(present)]
    verbose: bool,
    rate: u8,
}

#[derive(EnvConfig)]
struct OfPresent {
    #[env(group, defaults(verbose = true))]
    limit: Limit,
}

#[derive(EnvConfig)]
struct OfRule {
    #[env(group, defaults(cert = "a"))]
    tls: Tls,
}

#[derive(EnvConfig)]
#[env(one_of(cert, key))]
struct Tls {
    cert: Option<String>,
    key: Option<String>,
}

#[derive(EnvConfig)]
struct OfRequired {
    #[env(group, defaults(user = "a"))]
    login: Login,
}

#[derive(EnvConfig)]
struct Login {
    user: Option<String>,
    #[env(requires = "user")]
    password: Option<String>,
}

#[derive(EnvConfig)]
struct Twice {
    #[env(group, defaults(rate = 3, rate = 4))]
    limit: Limit,
}

fn main() {}

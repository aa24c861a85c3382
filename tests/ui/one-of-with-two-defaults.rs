use environ::EnvConfig;

#[derive(EnvConfig)]
enum Secrets {
    #[env(default)]
    Fake,
    #[env(default)]
    Real,
    #[env(default = "x")]
    Other,
}

fn main() {}

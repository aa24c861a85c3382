use environ::EnvConfig;

#[derive(EnvConfig)]
#[env(prefix = "MY APP")]
struct AppConfig {
    #[env(name = "A=B")]
    equals: u16,
    #[env(name = "")]
    nothing: u16,
    #[env(alias = "A\0")]
    nul: u16,
    größe: u16,
}

fn main() {}

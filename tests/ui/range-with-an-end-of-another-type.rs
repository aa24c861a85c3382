use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(range = "one"..="64")]
    threads: u8,
    #[env(range = .."300")]
    jobs: u8,
}

fn main() {}

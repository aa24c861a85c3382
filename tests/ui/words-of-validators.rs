use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(length(min = 1, max = 64))]
    name: String,
    #[env(min_length = 3)]
    code: String,
    #[env(regex = "a+")]
    letters: String,
}

fn main() {}

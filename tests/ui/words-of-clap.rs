use environ::EnvConfig;

#[derive(EnvConfig)]
struct Cli {
    #[env(long, env = "HTTP_PORT", default_value = "8000")]
    port: u16,
    #[env(required, value_delimiter = ',', hide_env_values = true)]
    hosts: Vec<String>,
    #[env(value_parser = parse, conflicts_with = "port")]
    level: String,
}

fn main() {}

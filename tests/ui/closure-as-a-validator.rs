use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(validate = |port: &u16| if *port > 0 { Ok(()) } else { Err("0") }, skip)]
    port: u16,
    #[env(default_fn = || 8, parse = move |a, b| a)]
    workers: u16,
    #[env(validate = "short")]
    name: String,
}

fn main() {}

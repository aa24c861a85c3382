use environ::EnvConfig;

#[derive(EnvConfig)]
union AppConfig {
    port: u16,
    number: u32,
}

fn main() {}

use environ::EnvConfig;

#[derive(EnvConfig)]
enum Secrets {
    Fake,
    Vault { addr: String },
    Aws(String, String),
}

fn main() {}

use environ::EnvConfig;

#[derive(EnvConfig)]
#[env(delimiter = ".")]
struct Dotted {}

#[derive(EnvConfig)]
#[env(delimiter = "")]
struct Empty {}

#[derive(EnvConfig)]
#[env(delimiter = 2, prefix = "APP_", separator = "__")]
struct Number {
    #[env(delimiter = ";")]
    hosts: Vec<String>,
}

fn main() {}

use environ::{EnvConfig, EnvValue};

#[derive(EnvConfig)]
#[env(deny_unknown_fields, rename_all = "UPPERCASE")]
struct AppConfig {
    #[env(rename = "PORT", deserialize_with = "port")]
    port: u16,
    #[env(skip_deserializing)]
    cache: u8,
}

#[derive(EnvValue)]
enum Word { #[env(name = "off")] Disabled }

fn main() {}

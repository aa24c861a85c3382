use environ::EnvValue;

#[derive(EnvValue)]
#[env(rename_all = "kebab case")]
enum Level {
    Info,
    #[env(alias = "INFO")]
    Debug,
    #[env(rename = " warn")]
    Warn,
}

fn main() {}

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

#[derive(EnvValue)]
enum Language {
    #[env(rename = "español")]
    Spanish,
    #[env(rename = "ESPAÑOL")]
    Castilian,
}

fn main() {}

use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    a: String,
    #[env(group)]
    g: Log,
    #[env(default_from = "{ a }")]
    b: String,
    #[env(default_from = "{a\n}")]
    c: String,
    #[env(default_from = "{a/**/}")]
    d: String,
    #[env(default_from = "{g.level}")]
    e: String,
    #[env(default_from = "{\"}")]
    f: String,
    #[env(default_from = "{fn}")]
    l: String,
    #[env(requires = "fn", conflicts(fn))]
    h: Option<String>,
    #[env(default_fn = path(fn))]
    i: String,
    #[env(requires = "a")]
    r#type: Option<String>,
    #[env(requires = "type")]
    j: Option<String>,
    #[env(default_from = "{later}")]
    k: String,
    later: String,
}

#[derive(EnvConfig)]
struct Log {
    level: String,
}

fn path(text: &String) -> String {
    text.clone()
}

fn main() {}

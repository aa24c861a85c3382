use environ::{EnvConfig, Secret};

#[derive(EnvConfig)]
struct AppConfig {
    #[env(default_from = "{later}/tmp")]
    early: String,
    #[env(default = "data")]
    later: String,
    #[env(default_from = "{itself}/tmp")]
    itself: String,
    #[env(default_from = "{unknown}/tmp")]
    of_unknown: String,
    maybe: Option<String>,
    #[env(default_from = "{maybe}/tmp")]
    of_maybe: String,
    #[env(default)]
    textless: String,
    #[env(default_from = "{textless}")]
    of_textless: String,
    token: Secret<String>,
    #[env(default_from = "{token}")]
    of_token: String,
    #[env(default_from = "tmp")]
    of_nothing: String,
    #[env(default_from = "{later")]
    unclosed: String,
    #[env(default_from = 1)]
    number: String,
    #[env(default_from = "{later}", default = "tmp")]
    both: String,
    #[env(default_fn = path(last))]
    forward: String,
    #[env(default_fn = path(unknown))]
    missing: String,
    #[env(default_fn = path(skipped))]
    of_skipped: String,
    #[env(skip)]
    skipped: String,
    #[env(skip, default_fn = path(last))]
    computed: String,
    #[env(default_fn = path("later"))]
    quoted: String,
    #[env(default = "x")]
    no_way: Option<String>,
    #[env(present, default = true)]
    there: bool,
    #[env(present)]
    text: String,
    #[env(defaults(rate = 1))]
    last: String,
    #[env(default_from = "{later.name")]
    unclosed_too: String,
}

fn path(text: &String) -> String {
    text.clone()
}

fn main() {}

use environ::EnvConfig;

#[derive(EnvConfig)]
struct Switched {
    #[env(group, switch = "ENABLED")]
    search: Option<Search>,
}

#[derive(EnvConfig)]
struct Flat {
    #[env(group, switch = "ON", flatten)]
    search: Option<Flag>,
}

#[derive(EnvConfig)]
struct Selected {
    #[env(group, selector = "TYPE")]
    store: Store,
}

#[derive(EnvConfig)]
struct Search {
    enabled: bool,
}

#[derive(EnvConfig)]
struct Flag {
    on: bool,
}

#[derive(EnvConfig)]
enum Store {
    #[env(flatten)]
    Disk(Disk),
}

#[derive(EnvConfig)]
struct Disk {
    r#type: String,
}

fn main() {}

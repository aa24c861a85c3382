use std::rc::Rc;

use environ::{EnvConfig, Live};

#[derive(EnvConfig)]
struct AppConfig {
    #[env(live)]
    name: Live<Rc<str>>,
}

fn main() {}

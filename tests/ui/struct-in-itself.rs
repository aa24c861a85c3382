use environ::EnvConfig;

#[derive(EnvConfig)]
struct Node {
    #[env(group)]
    next: Option<Box<Node>>,
    #[env(group)]
    children: Vec<Self>,
}

#[derive(EnvConfig)]
enum Store { Memory, Cached(Box<Store>) }

fn main() {}

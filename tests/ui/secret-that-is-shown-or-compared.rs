use environ::Secret;

fn main() {
    let (one, other) = (Secret::new("a"), Secret::new("b"));
    println!("{one}");
    let _ = one == other;
}

use std::process::Command;

fn tree(edges: &str) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package", "environ-config", "--prefix", "none"])
        .args(["--no-dedupe", "--edges", edges])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let name = |line: &str| line.split(' ').next().map(str::to_owned);
    let mut names: Vec<_> = lines.lines().filter_map(name).collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn the_whole_tree_is_six_crates_and_one_at_run_time() {
    assert_eq!(
        tree("normal"),
        [
            "environ-config",
            "environ-derive",
            "proc-macro2",
            "quote",
            "syn",
            "unicode-ident"
        ]
    );
    assert_eq!(tree("normal,no-proc-macro"), ["environ-config"]);
}

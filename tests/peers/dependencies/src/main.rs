//! Prints how many crates each way to load a configuration needs, itself
//! included: with `serde` and its derive where it reads through those.

use std::collections::BTreeSet;
use std::error::Error;
use std::process::Command;

use report::Table;

/// Features of the package `fields`, each with nothing but its needs.
const WAYS: [&str; 9] = [
    "environ",
    "envconfig",
    "envy",
    "confique",
    "figment",
    "clap",
    "conf",
    "config",
    "procenv",
];

fn main() -> Result<(), Box<dyn Error>> {
    report::rounds(1)?;
    let mut table = Table::new(["", "crates", "in the program"].map(str::to_owned).to_vec());
    for way in WAYS {
        let all = crates(way, "normal,build")?;
        let in_program = crates(way, "normal,no-proc-macro")?;
        table.row([way.to_owned(), all.to_string(), in_program.to_string()].to_vec());
    }
    println!("### Crates that are compiled, and those of them that are in the program\n\n{table}");
    Ok(())
}

fn crates(way: &str, edges: &str) -> Result<usize, Box<dyn Error>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--quiet",
            "--locked",
            "--package=fields",
            "--features",
            way,
        ])
        .args(["--edges", edges, "--prefix=none", "--format={p}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    if !output.status.success() {
        return Err(format!("cargo tree: {}", output.status).into());
    }
    let tree = String::from_utf8(output.stdout)?;
    // A name and a version; the rest is a path, or a mark of a repeated line.
    let name = |line: &str| {
        line.split(' ')
            .take(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let crates: BTreeSet<_> = tree.lines().map(name).collect();
    Ok(crates.len() - 1) // without `fields`
}

//! Copies files of the service with loom's locks and atomics in place of those of the
//! standard library. Nothing else of a file changes.

use std::path::Path;
use std::{env, fs};

const FILES: [&str; 4] = [
    "in_flight",
    "connections",
    "telemetry/batch",
    "telemetry/queue",
];

fn main() {
    let out = env::var("OUT_DIR").unwrap();
    for file in FILES {
        let path = format!("../../demo-service/src/{file}.rs");
        println!("cargo::rerun-if-changed={path}");
        let code = fs::read_to_string(&path).unwrap();
        // A file that is included has no comment of its own.
        let lines = code.lines().filter(|line| !line.starts_with("//!"));
        let code: String = lines.map(|line| format!("{line}\n")).collect();
        let code = code.replace("use std::sync::", "use crate::sync::");
        let name = Path::new(file).file_name().unwrap().to_str().unwrap();
        fs::write(format!("{out}/{name}.rs"), code).unwrap();
    }
}

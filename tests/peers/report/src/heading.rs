//! When and where it was measured, and which versions were compared.

use std::error::Error;
use std::fs;
use std::process::Command;

use report::versions;

const PEERS: [&str; 8] = [
    "clap",
    "conf",
    "config",
    "confique",
    "envconfig",
    "envy",
    "figment",
    "procenv",
];

/// A paragraph to stand above the tables.
pub(crate) fn heading() -> Result<String, Box<dyn Error>> {
    let date = said("date", &["--utc", "+%Y-%m-%d"])?;
    let rustc = said("rustc", &["--version"])?;
    let rustc = rustc.split(" (").next().unwrap_or_default();
    let cores = std::thread::available_parallelism()?;
    Ok(format!(
        "{date}; {}, {cores} of its cores; {rustc}; {}.\n",
        processor()?,
        versions(&PEERS)?
    ))
}

fn said(program: &str, args: &[&str]) -> Result<String, Box<dyn Error>> {
    let output = Command::new(program).args(args).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn processor() -> Result<String, Box<dyn Error>> {
    let about = fs::read_to_string("/proc/cpuinfo")?;
    let mut lines = about.lines().filter_map(|line| line.split_once(':'));
    let name = lines.find(|(key, _)| key.trim_end() == "model name");
    Ok(name
        .map_or("an unknown processor", |(_, name)| name.trim())
        .to_owned())
}

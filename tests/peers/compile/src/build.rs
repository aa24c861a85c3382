//! A run of cargo, and the time of the compiler.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Check,
    Debug,
    Release,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Check, Self::Debug, Self::Release];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }

    fn args(self) -> &'static [&'static str] {
        match self {
            Self::Check => &["check"],
            Self::Debug => &["build"],
            Self::Release => &["build", "--release"],
        }
    }
}

/// Seconds of user mode.
pub(crate) struct Times {
    /// For the program itself.
    pub(crate) program: f64,
    /// For the crates that it needs, as far as they were not there.
    pub(crate) needed: f64,
}

/// Compiles the program of `feature` into `target`.
pub(crate) fn build(
    kind: Kind,
    feature: &str,
    round: usize,
    target: &Path,
) -> Result<Times, Box<dyn Error>> {
    let times = target.with_extension("times");
    // Nothing is added where a run that was ended has built everything.
    fs::write(&times, "")?;
    let status = Command::new(env!("CARGO"))
        .args(kind.args())
        .args([
            "--quiet",
            "--locked",
            "--package=fields",
            "--features",
            feature,
            "--target-dir",
        ])
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("CARGO_INCREMENTAL", "0")
        .env("RUSTC_WRAPPER", env::current_exe()?.with_file_name("timed"))
        .env("TIMES", &times)
        .env("ROUND", round.to_string())
        .status()?;
    if !status.success() {
        return Err(format!("cargo: {status}").into());
    }
    read(&fs::read_to_string(times)?)
}

fn read(times: &str) -> Result<Times, Box<dyn Error>> {
    let (mut program, mut needed) = (0.0, 0.0);
    for line in times.lines() {
        let words: Vec<&str> = line.split('\t').collect();
        let [package, name, seconds] = words[..] else {
            return Err(format!("not a line of times: {line}").into());
        };
        let seconds: f64 = seconds.parse()?;
        match (package, name) {
            ("fields", "fields") => program += seconds,
            ("fields", _) => {} // what writes the program
            _ => needed += seconds,
        }
    }
    Ok(Times { program, needed })
}

/// Where builds go that only this uses.
pub(crate) fn target(name: &str) -> Result<PathBuf, Box<dyn Error>> {
    let own = env::current_exe()?;
    let target = own.ancestors().nth(2).ok_or("not in a target directory")?;
    fs::create_dir_all(target.join("compile"))?;
    Ok(target.join("compile").join(name))
}

/// An absent folder need not be removed.
pub(crate) fn remove(removed: io::Result<()>) -> io::Result<()> {
    removed.or_else(|err| {
        if err.kind() == io::ErrorKind::NotFound {
            Ok(())
        } else {
            Err(err)
        }
    })
}

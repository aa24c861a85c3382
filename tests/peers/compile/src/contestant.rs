//! A way to write the fields, and the cost of compiling it.

use std::error::Error;
use std::fs;

use crate::build::{self, Kind};

pub(crate) struct Contestant {
    pub(crate) place: usize,
    /// Also the feature of the package `fields`.
    pub(crate) name: &'static str,
    /// Of each kind, of each round.
    pub(crate) seconds: [Vec<f64>; 3],
    /// The same for the crates that it needs, from nothing.
    pub(crate) clean: Vec<f64>,
    /// The size of the released program.
    pub(crate) bytes: u64,
}

const NAMES: [&str; 10] = [
    "by-hand",
    "environ",
    "envconfig",
    "confique",
    "procenv",
    "envy",
    "config",
    "conf",
    "figment",
    "clap",
];

pub(crate) fn all() -> Vec<Contestant> {
    let contestants = NAMES
        .into_iter()
        .enumerate()
        .map(|(place, name)| Contestant {
            place,
            name,
            seconds: Default::default(),
            clean: Vec::new(),
            bytes: 0,
        });
    contestants.collect()
}

/// The contestants of these names, and the base of the comparison.
pub(crate) fn only(names: &[String]) -> Result<Vec<Contestant>, String> {
    if let Some(name) = names.iter().find(|name| !NAMES.contains(&name.as_str())) {
        return Err(format!("`{name}` is not one of: {}", NAMES.join(", ")));
    }
    let mut contestants = all();
    contestants.retain(|one| one.place == 0 || names.iter().any(|name| name == one.name));
    Ok(contestants)
}

impl Contestant {
    /// Builds everything once, so that only the program is left to be compiled.
    pub(crate) fn prepare(&mut self, kind: Kind) -> Result<(), Box<dyn Error>> {
        build::build(kind, self.name, 0, &build::target("warm")?)?;
        Ok(())
    }

    pub(crate) fn measure(&mut self, round: usize) -> Result<(), Box<dyn Error>> {
        let warm = build::target("warm")?;
        for (kind, seconds) in Kind::ALL.into_iter().zip(&mut self.seconds) {
            seconds.push(build::build(kind, self.name, round, &warm)?.program);
        }
        self.bytes = fs::metadata(warm.join("release/fields"))?.len();
        let clean = build::target("clean")?;
        build::remove(fs::remove_dir_all(&clean))?;
        self.clean
            .push(build::build(Kind::Debug, self.name, round, &clean)?.needed);
        Ok(())
    }
}

//! What `#[derive(EnvConfig)]` and `#[derive(EnvValue)]` promise: literals in,
//! whole values and rendered errors out.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that goes wrong ends in a panic"
)]

mod canaries;
mod checks;
mod combinations;
mod complaints;
mod defaults;
mod delimiter;
mod dependencies;
mod documents;
mod durations;
mod elements;
mod environ_config;
mod errors;
mod facts;
mod files;
mod generics;
mod groups;
mod help;
mod hygiene;
mod keys;
mod known;
mod kubernetes;
mod lints;
mod lists;
mod live;
mod loading;
mod maps;
mod missing_secrets;
mod names;
mod one_of;
mod origins;
mod outputs;
mod ports;
mod presence;
mod process;
mod properties;
mod ranges;
mod readers;
mod reasons;
mod releases;
mod rules;
mod scale;
mod schemas;
mod secrets;
mod shown;
mod sources;
mod stores;
mod strict;
mod switches;
mod syntaxes;
mod units;
mod values;
mod words;
mod wrappers;

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fmt::Debug;

use environ::{EnvConfig, Source};

/// Pairs that stand for the environment of the process, which child processes inherit.
struct Inherited<S>(S);

impl<S: Source> Source for Inherited<S> {
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
        self.0.get(name)
    }

    fn names(&self) -> Option<Vec<OsString>> {
        self.0.names()
    }

    fn exposes(&self, _: &str) -> bool {
        true
    }
}

type Pairs<'a> = &'a [(&'a str, &'a str)];

/// The config, which must load.
fn load<T: EnvConfig>(pairs: Pairs<'_>) -> T {
    T::from_source(pairs).unwrap_or_else(|err| panic!("{err}"))
}

/// Returns the report below its first line; the config must not load.
fn problems<T: EnvConfig + Debug>(pairs: Pairs<'_>) -> String {
    let report = T::from_source(pairs).unwrap_err().to_string();
    let (_, problems) = report.split_once('\n').unwrap();
    problems.to_owned()
}

//! The log level, for all modules or for each.

use std::fmt;

use environ::{EnvValue, Form, Invalid, Text};
use tracing::level_filters::LevelFilter;

/// The names of the levels, from silent to verbose.
pub(crate) const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// The longest name of a module, in bytes.
const MAX_MODULE: usize = 128;

/// The longest part of a level that a message quotes, in bytes.
const MAX_QUOTED: usize = 64;

/// Which events are written: a level, or a level for each module.
///
/// A level for all is at most `info` for libraries: at `debug` some write
/// down requests and answers, secrets included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// `None` if only modules are named.
    default: Option<LevelFilter>,
    modules: Vec<(String, LevelFilter)>,
}

impl Level {
    /// Returns whether anything is written at `debug` or `trace`.
    #[must_use]
    pub fn is_verbose(&self) -> bool {
        let modules = self.modules.iter().map(|(_, level)| *level);
        modules
            .chain([self.default()])
            .any(|level| level > LevelFilter::INFO)
    }

    /// Returns the level of all modules that are not named: `info` if none is given, so that
    /// `hyper=trace` does not silence everything else.
    pub(crate) fn default(&self) -> LevelFilter {
        self.default.unwrap_or(LevelFilter::INFO)
    }

    /// Returns the levels of the modules that are named.
    pub(crate) fn modules(&self) -> &[(String, LevelFilter)] {
        &self.modules
    }

    /// Fills what the level does not include from another: everything if only modules are
    /// named.
    pub(crate) fn over(mut self, base: &Self) -> Self {
        if self.default.is_none() {
            self.default = base.default;
            let is_named = |module: &str| self.modules.iter().any(|(name, _)| name == module);
            let kept = base.modules.iter().filter(|(module, _)| !is_named(module));
            let kept: Vec<_> = kept.cloned().collect();
            self.modules.splice(..0, kept);
        }
        self
    }

    /// Applies `change` to the level of all modules, and to that of each named module.
    pub(crate) fn with_each(
        mut self,
        change: impl Fn(Option<&str>, LevelFilter) -> LevelFilter,
    ) -> Self {
        self.default = Some(change(None, self.default()));
        for (module, level) in &mut self.modules {
            *level = change(Some(module), *level);
        }
        self
    }

    /// Returns the name of the level of all modules that are not named.
    pub(crate) fn default_name(&self) -> &'static str {
        name(self.default())
    }
}

fn name(level: LevelFilter) -> &'static str {
    let [off, error, warn, info, debug, trace] = LEVELS;
    match level {
        LevelFilter::OFF => off,
        LevelFilter::ERROR => error,
        LevelFilter::WARN => warn,
        LevelFilter::INFO => info,
        LevelFilter::DEBUG => debug,
        LevelFilter::TRACE => trace,
    }
}

/// Writes the form that is read.
impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(name(self.default()))?;
        for (module, level) in &self.modules {
            write!(f, ",{module}={}", name(*level))?;
        }
        Ok(())
    }
}

impl EnvValue for Level {
    const FORM: Form = Form::noun("log level, like info or warn,demo_service=debug");

    /// `tracing_subscriber::filter::Targets` has a parser, but takes a misspelt level for
    /// the name of a module, and then logs nothing else.
    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        let mut default = None;
        let mut modules = Vec::new();
        for directive in text.as_str()?.split(',') {
            match directive.split_once('=') {
                Some((module, word)) if !module.trim().is_empty() => {
                    modules.push((named(module.trim())?, level(word)?));
                }
                Some(_) => return Err(Invalid::new("a `=` has no module before it")),
                None => {
                    if default.replace(level(directive)?).is_some() {
                        return Err(Invalid::new("there are two levels for all modules"));
                    }
                }
            }
        }
        Ok(Self { default, modules })
    }
}

/// Parses the name of a module. Other letters would reach the log and `/-/log-level` as they
/// are, escape codes included.
fn named(module: &str) -> Result<String, Invalid> {
    let is_path = module
        .replace("::", "")
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_path && module.len() <= MAX_MODULE {
        return Ok(module.to_owned());
    }
    Err(Invalid::new(format_args!(
        "{:?} is no module; write letters, digits, `_` and `::`, {MAX_MODULE} at most",
        shortened(module)
    )))
}

/// Cuts a text that a message quotes.
fn shortened(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_QUOTED)]
}

/// Names of levels in logging libraries of other languages and in syslog, where the meaning
/// is clear.
const ELSEWHERE: [(&str, LevelFilter); 22] = [
    ("none", LevelFilter::OFF),
    ("silent", LevelFilter::OFF),
    ("disabled", LevelFilter::OFF),
    ("fatal", LevelFilter::ERROR),
    ("critical", LevelFilter::ERROR),
    ("crit", LevelFilter::ERROR),
    ("severe", LevelFilter::ERROR),
    ("err", LevelFilter::ERROR),
    ("alert", LevelFilter::ERROR),
    ("emerg", LevelFilter::ERROR),
    ("emergency", LevelFilter::ERROR),
    ("panic", LevelFilter::ERROR),
    ("warning", LevelFilter::WARN),
    ("notice", LevelFilter::INFO),
    ("information", LevelFilter::INFO),
    ("informational", LevelFilter::INFO),
    ("verbose", LevelFilter::DEBUG),
    ("fine", LevelFilter::DEBUG),
    ("finer", LevelFilter::TRACE),
    ("finest", LevelFilter::TRACE),
    ("all", LevelFilter::TRACE),
    ("notset", LevelFilter::TRACE),
];

/// Parses a word of `LevelFilter` or of another logger, but no digit, because loggers
/// disagree on the order, and not the empty text, which `LevelFilter` reads as `error`.
fn level(word: &str) -> Result<LevelFilter, Invalid> {
    let word = word.trim();
    let is_word = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let level = word.parse().ok().filter(|_| is_word);
    let elsewhere = || {
        let mut names = ELSEWHERE.iter();
        let found = names.find(|(name, _)| name.eq_ignore_ascii_case(word));
        found.map(|(_, level)| *level)
    };
    level.or_else(elsewhere).ok_or_else(|| {
        Invalid::new(format_args!(
            "{:?} is not one of off, error, warn, info, debug, trace",
            shortened(word)
        ))
    })
}

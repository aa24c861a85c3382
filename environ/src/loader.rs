//! A load that is told where to look, and tells what it saw.

use std::fmt;
use std::marker::PhantomData;

use crate::config::EnvConfig;
use crate::error::Error;
use crate::pass::Pass;
use crate::source::{Process, Source};
use crate::warning::Warning;

/// A load that is told where to look; made by [`EnvConfig::loader`].
///
/// # Examples
///
/// ```
/// use environ::EnvConfig;
///
/// #[derive(Debug, EnvConfig)]
/// struct Http {
///     #[env(alias = "PORT")]
///     port: u16,
/// }
///
/// let loaded = Http::loader()
///     .source([("APP_PORT", "8000"), ("PORT", "80")])
///     .load()?;
/// assert_eq!(loaded.config.port, 8000);
/// assert_eq!(
///     loaded.warnings[0].to_string(),
///     "PORT: not read, since APP_PORT is set too"
/// );
/// # Ok::<(), environ::Error>(())
/// ```
pub struct Loader<'s, T> {
    source: Box<dyn Source + 's>,
    config: PhantomData<fn() -> T>,
}

/// A config, and what is worth knowing about how it was loaded.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Loaded<T> {
    /// The config itself.
    pub config: T,
    /// What is odd, in the order of the fields. Log it.
    pub warnings: Vec<Warning>,
}

impl<'s, T: EnvConfig> Loader<'s, T> {
    pub(crate) fn new() -> Self {
        Self {
            source: Box::new(Process),
            config: PhantomData,
        }
    }

    /// Loads from `source`, instead of from the environment of this process.
    #[must_use]
    pub fn source(mut self, source: impl Source + 's) -> Self {
        self.source = Box::new(source);
        self
    }

    /// Loads the config.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the source.
    pub fn load(self) -> Result<Loaded<T>, Error> {
        let mut pass = Pass::new(&*self.source, T::SPEC, true);
        let value = T::load(&mut pass);
        let (config, warnings) = pass.finish(value)?;
        Ok(Loaded { config, warnings })
    }
}

impl<T> fmt::Debug for Loader<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loader").finish_non_exhaustive()
    }
}

//! A load that is told where to look, and returns warnings and origins too.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fmt;

use crate::load::{Loading, Notes, Rules, Unknown};
use crate::lookup::Lookup;
use crate::name;
use crate::redact::display;
use crate::report::{Error, Fault, Origins, Problem, Warning};
use crate::source::{SecretStore, Source};
use crate::spec::Spec;

/// A load that is told where to look; made by [`EnvConfig::loader`](crate::EnvConfig::loader).
///
/// # Examples
///
/// ```
/// use environ::{EnvConfig, Origin};
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
/// assert_eq!(loaded.origins.get("APP_PORT"), Some(&Origin::Environment));
/// # Ok::<(), environ::Error>(())
/// ```
pub struct Loader<'s, T> {
    sources: Vec<Box<dyn Source + 's>>,
    stores: Vec<Box<dyn SecretStore + 's>>,
    prefix: Cow<'static, str>,
    rules: Rules,
    spec: &'static Spec,
    load: Load<T>,
}

/// The function that loads the root type.
type Load<T> = fn(&mut Loading<'_>) -> Result<T, Error>;

/// A config, with the warnings and the origins of its load.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Loaded<T> {
    /// The config itself.
    pub config: T,
    /// Oddities, in the order of the fields. Log them.
    pub warnings: Vec<Warning>,
    /// Where each value came from.
    pub origins: Origins,
}

impl<'s, T> Loader<'s, T> {
    pub(super) fn new(spec: &'static Spec, load: Load<T>) -> Self {
        Self {
            sources: Vec::new(),
            stores: Vec::new(),
            prefix: spec.root().into(),
            rules: Rules::default(),
            spec,
            load,
        }
    }

    /// Takes variables from `source`, instead of from the environment of this
    /// process.
    ///
    /// Given several times, the first source that has a variable counts.
    #[must_use]
    pub fn source(mut self, source: impl Source + 's) -> Self {
        self.sources.push(Box::new(source));
        self
    }

    /// Begins all names with `prefix`, instead of with that of the type: for the
    /// same service twice in one environment, or for one group of a config alone.
    ///
    /// Upper case and the `_` after it are added. The key of a secret in a store does not
    /// contain the prefix, so it stays the same. A prefix that no variable can begin with
    /// is an error of [`load`](Self::load).
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::EnvConfig;
    ///
    /// #[derive(EnvConfig)]
    /// struct Db {
    ///     host: String,
    /// }
    ///
    /// let loaded = Db::loader()
    ///     .prefix("APP_DB")
    ///     .source([("APP_DB_HOST", "db.internal")])
    ///     .load()?;
    /// assert_eq!(loaded.config.host, "db.internal");
    /// # Ok::<(), environ::Error>(())
    /// ```
    #[must_use]
    pub fn prefix(mut self, prefix: impl AsRef<str>) -> Self {
        self.prefix = name::prefix(prefix.as_ref()).into();
        self
    }

    /// Asks `store` for secrets, before the environment.
    ///
    /// Given several times, the first store that has a secret counts.
    #[must_use]
    pub fn secrets(mut self, store: impl SecretStore + 's) -> Self {
        self.stores.push(Box::new(store));
        self
    }

    /// Reports every unread variable under the prefix as a problem.
    ///
    /// Variables that Kubernetes sets for a Service are no problem. With an empty prefix,
    /// only a name that is much like a name of the config is reported, because the remaining
    /// variables may belong to another program.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.rules.unknown = Unknown::Problem;
        self
    }

    /// Warns of a variable under the prefix that no field reads, and of the name that
    /// was probably meant.
    ///
    /// It is for a service under whose prefix others set variables too, as an image may
    /// set `APP_HOME`: [`strict`](Self::strict) would refuse to start. Of the two, the
    /// one that is called last counts. A source that cannot list its variables has none
    /// to warn of.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::EnvConfig;
    ///
    /// #[derive(EnvConfig)]
    /// # #[expect(dead_code, reason = "only the warning is asked for")]
    /// struct Http {
    ///     #[env(default = 8000)]
    ///     port: u16,
    /// }
    ///
    /// let loaded = Http::loader().source([("APP_PROT", "80")]).warn_unknown().load()?;
    /// assert_eq!(
    ///     loaded.warnings[0].to_string(),
    ///     "APP_PROT: set, but no field reads it; is APP_PORT meant?"
    /// );
    /// # Ok::<(), environ::Error>(())
    /// ```
    #[must_use]
    pub fn warn_unknown(mut self) -> Self {
        self.rules.unknown = Unknown::Warning;
        self
    }

    /// Reports a secret in the environment of this process as a problem instead of a warning,
    /// because child processes and `/proc` see the secret there. A file that a variable names is
    /// no problem, and neither is another source, unless the source
    /// [says so](Source::exposes).
    #[must_use]
    pub fn deny_env_secrets(mut self) -> Self {
        self.rules.deny_env_secrets = true;
        self
    }

    /// Returns the names of all variables that hold a secret, as
    /// [`EnvConfig::secret_vars`](crate::EnvConfig::secret_vars) does, where this looks: under its prefix, and for its
    /// stores that are but variables.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::secrets::VaultEnvSecrets;
    /// use environ::{EnvConfig, Secret};
    ///
    /// #[derive(EnvConfig)]
    /// # #[expect(dead_code, reason = "only its names are asked for")]
    /// struct AppConfig {
    ///     token: Secret<String>,
    /// }
    ///
    /// let loader = AppConfig::loader()
    ///     .prefix("BLUE")
    ///     .secrets(VaultEnvSecrets::new("SECRET_BLUE"));
    /// assert_eq!(loader.secret_vars(), ["BLUE_TOKEN", "SECRET_BLUE_TOKEN"]);
    /// ```
    #[must_use]
    pub fn secret_vars(&self) -> Vec<String> {
        let layers = Layers(&self.sources);
        let items = self.spec.items;
        Lookup::new(layers.told(), &self.stores, &self.prefix, items).secret_vars()
    }

    /// Loads the config.
    ///
    /// # Errors
    ///
    /// Everything that is wrong.
    pub fn load(self) -> Result<Loaded<T>, Error> {
        if let Some(why) = name::odd_prefix(&self.prefix) {
            let code = "invalid";
            let fault = Fault::Wrong { code, why };
            let problem = Problem::new(format!("{}_*", self.prefix), fault, "");
            return Err(Error::new(vec![problem]));
        }
        let layers = Layers(&self.sources);
        let items = self.spec.items;
        let lookup = Lookup::new(layers.told(), &self.stores, &self.prefix, items);
        let mut loading = Loading::new(lookup, items);
        loading.notes = Some(Notes::default());
        loading.rules = self.rules;
        let config = (self.load)(&mut loading)?;
        let notes = loading.notes.unwrap_or_default();
        Ok(Loaded {
            config,
            warnings: notes.warnings,
            origins: notes.origins,
        })
    }
}

/// Several sources as one.
struct Layers<'a, 's>(&'a [Box<dyn Source + 's>]);

impl Layers<'_, '_> {
    /// Where to look, if it was told.
    fn told(&self) -> Option<&dyn Source> {
        (!self.0.is_empty()).then_some(self)
    }
}

impl Source for Layers<'_, '_> {
    /// An empty variable counts as not set, so it does not hide a lower source.
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
        let mut found = self.0.iter().filter_map(|source| source.get(name));
        let first = found.next()?;
        if first.is_empty() {
            return found.find(|text| !text.is_empty()).or(Some(first));
        }
        Some(first)
    }

    /// The layer that is read decides.
    fn exposes(&self, name: &str) -> bool {
        let mut sources = self.0.iter();
        let read = sources.find(|source| source.get(name).is_some_and(|text| !text.is_empty()));
        read.is_some_and(|source| source.exposes(name))
    }

    fn names(&self) -> Option<Vec<OsString>> {
        let names = self.0.iter().map(Source::names);
        names
            .collect::<Option<Vec<_>>>()
            .map(|names| names.concat())
    }

    /// Of several sources, the first counts, and may have an empty variable.
    fn vars(&self) -> Option<Vec<(OsString, OsString)>> {
        match self.0 {
            [source] => source.vars(),
            _ => None,
        }
    }
}

impl<T> fmt::Debug for Loader<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stores = self.stores.iter();
        let stores = stores.map(|store| display::reason(&store.name()));
        f.debug_struct("Loader")
            .field("prefix", &self.prefix)
            .field("secrets", &stores.collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

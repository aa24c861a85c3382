//! A load that is told where to look, and returns warnings and origins too.

use std::borrow::Cow;
use std::fmt;
use std::mem;

use crate::layer::{Layer, Layers, Named, SharedLayer, Table};
use crate::load::{Level, Loading, Notes, Rules};
use crate::lookup::Lookup;
use crate::name::{self, Path};
use crate::redact::display;
use crate::report::{Error, Fault, Origins, Problem, Warning};
use crate::source::{SecretStore, SharedStore, Source};
use crate::spec::Spec;

/// A load with options: sources, stores, prefix, strictness.
///
/// Created by [`EnvConfig::loader`](crate::EnvConfig::loader).
///
/// # Examples
///
/// ```
/// use environ::{EnvConfig, Place};
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
/// assert_eq!(loaded.origins.get("APP_PORT").unwrap().place(), Place::Environment);
/// # Ok::<(), environ::Error>(())
/// ```
pub struct Loader<'s, T> {
    layers: Vec<SharedLayer<'s>>,
    stores: Vec<SharedStore<'s>>,
    prefix: Cow<'static, str>,
    rules: Rules,
    /// The names that `known` added.
    others: Vec<String>,
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

impl<T> Loaded<T> {
    pub(crate) fn new(config: T, notes: Notes) -> Self {
        Self {
            config,
            warnings: notes.warnings,
            origins: notes.origins,
        }
    }
}

impl<'s, T> Loader<'s, T> {
    pub(super) fn new(spec: &'static Spec, load: Load<T>) -> Self {
        Self {
            layers: Vec::new(),
            stores: Vec::new(),
            prefix: spec.root().into(),
            rules: Rules::default(),
            others: Vec::new(),
            spec,
            load,
        }
    }

    /// Takes variables from `source`, instead of from the environment of this process.
    ///
    /// Given several times, the first source that has a variable counts, under any of the
    /// names of its field. A source without a name stands for the environment; a
    /// [`layer`](Self::layer) has a name.
    #[must_use]
    pub fn source(mut self, source: impl Layer + Send + Sync + 's) -> Self {
        self.layers.push(Box::new(source));
        self
    }

    /// Takes variables from `source` too, after the sources that were given before, and
    /// instead of from the environment of this process.
    ///
    /// Origins and errors name the layer instead of the environment.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::{EnvConfig, Process};
    ///
    /// #[derive(EnvConfig)]
    /// struct Http {
    ///     port: u16,
    /// }
    ///
    /// let loaded = Http::loader()
    ///     .source(Process)
    ///     .layer("the defaults of the image", [("APP_PORT", "8000")])
    ///     .load()?;
    /// let origin = loaded.origins.get("APP_PORT").unwrap();
    /// assert_eq!(origin.to_string(), "the defaults of the image");
    /// # Ok::<(), environ::Error>(())
    /// ```
    #[must_use]
    pub fn layer(
        self,
        name: impl Into<Cow<'s, str>>,
        source: impl Layer + Send + Sync + 's,
    ) -> Self {
        let (name, layer) = (name.into(), source);
        self.source(Named { name, layer })
    }

    /// Begins all names with `prefix`, instead of the prefix of the type: for two instances of a
    /// service in one environment, or for a group of a config alone.
    ///
    /// The prefix is put in upper case, and a `_` is added. The key of a secret in a store does not
    /// contain the prefix, so that the key stays unchanged. A prefix that no variable can begin
    /// with is an error of [`load`](Self::load), and so is a variable that two fields read because
    /// of the prefix.
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
    pub fn secrets(mut self, store: impl SecretStore + Send + Sync + 's) -> Self {
        self.stores.push(Box::new(store));
        self
    }

    /// Reports every unread variable under the prefix as a problem.
    ///
    /// Variables that Kubernetes sets for a Service are no problem. With an empty prefix,
    /// only a name that is much like a name of the config is reported, because the remaining
    /// variables may belong to another program.
    #[must_use]
    pub fn strict(self) -> Self {
        self.unknown(Level::Deny)
    }

    /// Warns of a variable under the prefix that no field reads, and of the name that
    /// was probably meant.
    ///
    /// Use it if another program sets variables under the prefix, such as `APP_HOME` of an image:
    /// with [`strict`](Self::strict) the load would fail. The last call of `strict` and
    /// `warn_unknown` counts. For a source that cannot list its variables there is no warning.
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
    pub fn warn_unknown(self) -> Self {
        self.unknown(Level::Warn)
    }

    /// Sets the answer to a variable under the prefix that no field reads:
    /// [`Allow`](Level::Allow) by default.
    ///
    /// [`strict`](Self::strict) and [`warn_unknown`](Self::warn_unknown) are short for two
    /// of the levels. The last call counts.
    #[must_use]
    pub fn unknown(mut self, level: Level) -> Self {
        self.rules.unknown = level;
        self
    }

    /// Adds names of variables that another program reads: neither [`strict`](Self::strict)
    /// nor [`warn_unknown`](Self::warn_unknown) reports them, and no hint takes one of them
    /// for a misspelt name. A `*` at the end stands for any rest.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::EnvConfig;
    ///
    /// #[derive(EnvConfig)]
    /// # #[expect(dead_code, reason = "only the load is asked for")]
    /// struct Http {
    ///     #[env(default = 8000)]
    ///     port: u16,
    /// }
    ///
    /// // The image sets `APP_HOME`, a sidecar reads `APP_PROXY_*`.
    /// let pairs = [("APP_HOME", "/srv"), ("APP_PROXY_PORT", "9000")];
    /// let loader = Http::loader().source(pairs).strict();
    /// assert!(loader.known(["APP_HOME", "APP_PROXY_*"]).load().is_ok());
    /// ```
    #[must_use]
    pub fn known(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.others.extend(names.into_iter().map(Into::into));
        self
    }

    /// Reports a secret in the environment of this process as a problem instead of a warning,
    /// because child processes and `/proc` see the secret there. A file that a variable names is
    /// no problem, and neither is another source, unless the source
    /// [says so](Source::exposes).
    #[must_use]
    pub fn deny_env_secrets(self) -> Self {
        self.env_secrets(Level::Deny)
    }

    /// Accepts secrets in the environment without a warning, for a deployment that passes
    /// secrets there on purpose.
    #[must_use]
    pub fn allow_env_secrets(self) -> Self {
        self.env_secrets(Level::Allow)
    }

    /// Sets the answer to a secret in the environment:
    /// [`Warn`](Level::Warn) by default.
    ///
    /// [`deny_env_secrets`](Self::deny_env_secrets) and
    /// [`allow_env_secrets`](Self::allow_env_secrets) are short for two of the levels. The
    /// last call counts.
    #[must_use]
    pub fn env_secrets(mut self, level: Level) -> Self {
        self.rules.env_secrets = level;
        self
    }

    /// Returns the names of all variables that hold a secret, as
    /// [`EnvConfig::secret_vars`](crate::EnvConfig::secret_vars) does, but under the prefix of the
    /// loader, and with the variables of its stores.
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
        let root = self.spec.path(&self.prefix);
        let opened = self.open(self.table(&root));
        self.lookup(&opened).secret_vars()
    }

    /// Loads the config.
    ///
    /// # Errors
    ///
    /// Everything that is wrong.
    pub fn load(&self) -> Result<Loaded<T>, Error> {
        let (config, notes) = self.load_with(Notes::default())?;
        Ok(Loaded::new(config, notes))
    }

    /// Loads the config, and adds to notes.
    pub(crate) fn load_with(&self, notes: Notes) -> Result<(T, Notes), Error> {
        if let Some(why) = name::odd_prefix(&self.prefix) {
            let code = "invalid";
            let fault = Fault::Wrong { code, why };
            let problem = Problem::new(self.spec.path(&self.prefix).any(), fault, "");
            return Err(Error::new(vec![problem], Vec::new()));
        }
        self.load_from(|table| self.open(table), notes)
    }

    /// Loads the config from layers, and adds to notes.
    pub(super) fn load_from<'a>(
        &'a self,
        open: impl FnOnce(Table<'_>) -> Layers<'a>,
        notes: Notes,
    ) -> Result<(T, Notes), Error> {
        let root = self.spec.path(&self.prefix);
        let mut opened = open(self.table(&root));
        let problems = opened
            .0
            .iter_mut()
            .map(|layer| mem::take(&mut layer.problems));
        let problems = problems.flatten().collect();
        let mut loading = Loading::new(self.lookup(&opened), self.spec.items);
        loading.notes = Some(notes);
        loading.rules = self.rules;
        loading.others = &self.others;
        loading.add_problems(problems);
        let config = (self.load)(&mut loading)?;
        let notes = loading.notes.take().unwrap_or_default();
        #[cfg(feature = "watch")]
        let notes = Notes {
            watched: notes
                .watched
                .map(|watched| watched.with_files(loading.lookup.files())),
            ..notes
        };
        Ok((config, notes))
    }

    /// Calls `look` with the stores, and the variables in which these may look.
    #[cfg(feature = "watch")]
    pub(crate) fn with_stores<R>(
        &self,
        look: impl FnOnce(&Layers<'_>, &[SharedStore<'_>], &dyn Source) -> R,
    ) -> R {
        let root = self.spec.path(&self.prefix);
        let opened = self.open(self.table(&root));
        let lookup = self.lookup(&opened);
        look(&opened, &self.stores, lookup.source())
    }

    fn table<'a>(&self, root: &'a Path<'a>) -> Table<'a> {
        Table {
            items: self.spec.items,
            root,
        }
    }

    fn open<'a>(&'a self, table: Table<'_>) -> Layers<'a> {
        let opened = self.layers.iter().map(|layer| layer.open(table));
        Layers(opened.collect())
    }

    fn lookup<'a>(&'a self, opened: &'a Layers<'a>) -> Lookup<'a> {
        let source = (!opened.0.is_empty()).then_some(opened as &dyn Source);
        Lookup::new(source, &opened.0, &self.stores, self.spec, &self.prefix)
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

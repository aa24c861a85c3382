//! The variables that hold the ids of secrets.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};

use crate::config::EnvConfig;
use crate::lookup::Lookup;
#[cfg(any(feature = "aws", feature = "azure"))]
use crate::name;
use crate::source::Source;
use crate::spec::variables;

/// The reason why an id that is not UTF-8 names no secret.
pub(super) const NOT_UTF8: &str = "its id is not UTF-8";

/// A secret with an id of its own. Google's may have a ciphertext in place of an id.
pub(super) struct Named<I = String> {
    pub(super) key: String,
    /// Variable that holds the id.
    pub(super) variable: String,
    /// The id, or a text to show in its place if it is not UTF-8.
    pub(super) id: Result<I, String>,
}

/// A secret of a config.
pub(super) struct OfConfig {
    pub(super) key: String,
    /// The names that its text may stand under, its own first.
    pub(super) names: Vec<String>,
    /// The names with those of files.
    #[cfg(feature = "gcp")]
    pub(super) all_names: Vec<String>,
}

/// Returns the secrets of a config with an id in a variable, in the order of the
/// fields.
#[cfg(any(feature = "aws", feature = "azure"))]
pub(super) fn of<T: EnvConfig>(source: &dyn Source) -> Vec<Named> {
    let named = |secret: OfConfig| {
        let mut ids = secret.names.iter().map(|name| name::of_secret_id(name));
        let (variable, id) = ids.find_map(|name| {
            let id = text(&set(source, &name)?);
            Some((name, id))
        })?;
        Some(Named {
            key: secret.key,
            variable,
            id,
        })
    };
    let secrets = secrets_of::<T>(source, &[name::SECRET_ID]);
    secrets.into_iter().filter_map(named).collect()
}

/// Returns the secrets of a config, in the order of the fields. A secret counts as set if a
/// variable is that has the secret's name and one of `ends`.
pub(super) fn secrets_of<T: EnvConfig>(source: &dyn Source, ends: &[&str]) -> Vec<OfConfig> {
    let source = WithEnds { source, ends };
    let lookup = Lookup::new(Some(&source), &[], &[], T::SPEC, T::SPEC.root());
    let variables = lookup.all_variables();
    let secrets = variables.iter().filter(|variable| variable.var.secret);
    secrets
        .map(|secret| OfConfig {
            key: variables::store_key(secret.item, secret.var, &secret.path, lookup.root),
            names: secret.names().map(str::to_owned).collect(),
            #[cfg(feature = "gcp")]
            all_names: secret.all_names(),
        })
        .collect()
}

/// Returns the text of a variable that is set.
pub(super) fn set<'s>(source: &'s dyn Source, name: &str) -> Option<Cow<'s, OsStr>> {
    source.get(name).filter(|text| !text.is_empty())
}

/// Returns an id, or a text to show in its place.
pub(super) fn text(id: &OsStr) -> Result<String, String> {
    let text = id.to_str().map(str::to_owned);
    text.ok_or_else(|| id.to_string_lossy().into_owned())
}

/// An environment in which a secret with an id counts as set, so that an optional
/// group around the secret counts as present.
struct WithEnds<'s> {
    source: &'s dyn Source,
    /// The ends of the names of variables that hold ids.
    ends: &'s [&'s str],
}

impl Source for WithEnds<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
        let mut ends = self.ends.iter();
        set(self.source, name)
            .or_else(|| ends.find_map(|end| self.source.get(&format!("{name}{end}"))))
    }

    fn names(&self) -> Option<Vec<OsString>> {
        let mut names = self.source.names()?;
        let secrets = names.iter().filter_map(|name| {
            let name = name.to_str().unwrap_or_default();
            let mut ends = self.ends.iter();
            ends.find_map(|end| Some(name.strip_suffix(end)?.into()))
        });
        let secrets: Vec<OsString> = secrets.collect();
        names.extend(secrets);
        Some(names)
    }
}

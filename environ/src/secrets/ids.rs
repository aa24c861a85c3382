//! The variables that hold the ids of secrets.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};

use crate::config::EnvConfig;
use crate::lookup::Lookup;
use crate::name;
use crate::source::Source;
use crate::spec::variables;

/// The reason why an id that is not UTF-8 names no secret.
pub(super) const NOT_UTF8: &str = "its id is not UTF-8";

/// A secret with an id of its own.
pub(super) struct Named {
    pub(super) key: String,
    /// Variable that holds the id.
    pub(super) variable: String,
    /// The id, or a text to show in its place if it is not UTF-8.
    pub(super) id: Result<String, String>,
}

/// Returns the secrets of a config with an id in a variable, in the order of the
/// fields.
pub(super) fn of<T: EnvConfig>(source: &dyn Source) -> Vec<Named> {
    let source = WithIds(source);
    let lookup = Lookup::new(Some(&source), &[], &[], T::SPEC, T::SPEC.root());
    let secrets = lookup.all_variables();
    secrets
        .iter()
        .filter_map(|secret| {
            let mut ids = secret.secret_ids();
            let (variable, id) = ids.find_map(|name| lookup.set(&name).map(|id| (name, id)))?;
            Some(Named {
                key: variables::store_key(secret.item, secret.var, &secret.path, lookup.root),
                id: text(&id),
                variable,
            })
        })
        .collect()
}

fn text(id: &OsStr) -> Result<String, String> {
    let text = id.to_str().map(str::to_owned);
    text.ok_or_else(|| id.to_string_lossy().into_owned())
}

/// An environment in which a secret with an id counts as set, so that an optional
/// group around the secret counts as present.
struct WithIds<'s>(&'s dyn Source);

impl Source for WithIds<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
        let text = self.0.get(name).filter(|text| !text.is_empty());
        text.or_else(|| self.0.get(&name::of_secret_id(name)))
    }

    fn names(&self) -> Option<Vec<OsString>> {
        let mut names = self.0.names()?;
        let ids = names.iter().filter_map(|name| {
            let name = name.to_str()?.strip_suffix(name::SECRET_ID)?;
            Some(name.into())
        });
        let secrets: Vec<OsString> = ids.collect();
        names.extend(secrets);
        Some(names)
    }
}

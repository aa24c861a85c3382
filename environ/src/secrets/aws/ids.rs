//! Which variables hold the ids of secrets.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};

use super::error::{AwsErrorKind, AwsFailure};
use crate::config::EnvConfig;
use crate::lookup::Lookup as Env;
use crate::name;
use crate::source::Source;
use crate::spec::variables as walk;

/// A secret that has an id of its own.
pub(super) struct Named {
    pub(super) key: String,
    /// The variable that holds the id.
    pub(super) variable: String,
    pub(super) id: Result<String, AwsFailure>,
}

/// All secrets of a config whose id is in a variable, in the order of the fields.
pub(super) fn of<T: EnvConfig>(source: &dyn Source) -> Vec<Named> {
    let source = WithIds(source);
    let env = Env::new(Some(&source), &[], T::SPEC.root(), T::SPEC.items);
    let variables = env.variables(T::SPEC.items, env.root);
    variables
        .iter()
        .filter_map(|secret| {
            let mut ids = secret.secret_ids();
            let (variable, id) = ids.find_map(|name| env.set(&name).map(|id| (name, id)))?;
            Some(Named {
                key: walk::store_key(secret.item, secret.var, &secret.path, env.root),
                id: text(&id),
                variable,
            })
        })
        .collect()
}

fn text(id: &OsStr) -> Result<String, AwsFailure> {
    id.to_str().map(str::to_owned).ok_or_else(|| {
        let shown = id.to_string_lossy();
        AwsFailure::new(&shown, AwsErrorKind::NotFound, "its id is not UTF-8")
    })
}

/// An environment in which a secret whose id is set counts as set, so that the
/// group is there that it is in.
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

//! Where one pass looks: the variables, the stores, and files that variables
//! name. Nothing here is reported; that is for whoever asked.

pub(crate) mod kubernetes;
pub(crate) mod listed;

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::lookup::listed::Names;
use crate::name;
use crate::redact::Secret;
use crate::source::file;
use crate::source::{Process, SecretStore, Source, StoreError};
use crate::spec::variables::{self, Variable};
use crate::spec::{Item, Kind, Var};

/// Where one pass looks.
pub(crate) struct Env<'s> {
    /// If it is not the environment of this process.
    source: Option<&'s dyn Source>,
    pub(crate) stores: &'s [Box<dyn SecretStore + 's>],
    /// What all names begin with.
    pub(crate) root: &'s str,
    /// What the root type reads.
    items: &'static [Item],
    names: OnceCell<Option<Names>>,
    /// The names that are in none of several groups.
    own: OnceCell<Names>,
    /// What was read of each file, if one was: a pipe can be read only once.
    files: RefCell<Vec<(PathBuf, Rc<Contents>)>>,
}

type Contents = Result<OsString, file::Error>;

/// How many groups of a list are tried where names cannot be listed: a closure
/// may know every name.
const MOST_TRIED: u64 = 1_000;

/// A place where a variable's text is, or should be.
pub(crate) struct Hit<'s> {
    /// The variable that is set; for a store, the one that need not be.
    pub(crate) name: String,
    pub(crate) rank: Rank,
    pub(crate) text: Text<'s>,
}

/// Which of a variable's names it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rank {
    Main,
    Alias,
    Deprecated,
}

pub(crate) enum Text<'s> {
    Variable(Cow<'s, OsStr>),
    File {
        path: PathBuf,
        text: Rc<Contents>,
    },
    Store {
        store: Cow<'s, str>,
        /// Where it is, if the store is but variables.
        variable: Option<String>,
        text: Result<Secret<String>, StoreError>,
    },
}

impl Hit<'_> {
    /// The variable of the environment that the text itself is in.
    pub(crate) fn exposed(&self) -> Option<&str> {
        match &self.text {
            Text::Variable(_) => Some(&self.name),
            Text::Store { variable, .. } => variable.as_deref(),
            Text::File { .. } => None,
        }
    }
}

impl<'s> Text<'s> {
    /// The text, unless it could not be read.
    pub(crate) fn get(&self) -> Option<&OsStr> {
        match self {
            Self::Variable(text) => Some(text),
            Self::File { text, .. } => (**text).as_deref().ok(),
            Self::Store { text, .. } => text.as_ref().ok().map(|text| text.expose().as_ref()),
        }
    }

    pub(crate) fn into_text(self) -> Option<Cow<'s, OsStr>> {
        match self {
            Self::Variable(text) => Some(text),
            Self::File { text, .. } => (*text).as_ref().ok().cloned().map(Cow::Owned),
            Self::Store { text, .. } => {
                text.ok().map(|text| Cow::Owned(text.into_exposed().into()))
            }
        }
    }
}

impl<'s> Env<'s> {
    pub(crate) fn new(
        source: Option<&'s dyn Source>,
        stores: &'s [Box<dyn SecretStore + 's>],
        root: &'s str,
        items: &'static [Item],
    ) -> Self {
        Self {
            source,
            stores,
            root,
            items,
            names: OnceCell::new(),
            own: OnceCell::new(),
            files: RefCell::default(),
        }
    }

    /// The text of a variable. Set to nothing, it counts as not set.
    pub(crate) fn set(&self, name: &str) -> Option<Cow<'s, OsStr>> {
        self.get(name).filter(|text| !text.is_empty())
    }

    /// What a variable is set to, if only to nothing.
    pub(crate) fn get(&self, name: &str) -> Option<Cow<'s, OsStr>> {
        self.source().get(name)
    }

    fn source(&self) -> &'s dyn Source {
        self.source.unwrap_or(&Process)
    }

    /// All places where a variable's text is, the one to be read first.
    pub(crate) fn hits(&self, item: &Item, var: &Var, path: &str) -> Vec<Hit<'s>> {
        let mut hits = Vec::new();
        let names = names(item, var, path);
        if var.secret {
            hits.extend(self.stored(item, var, path, &names[0].0));
        }
        if var.file {
            hits.extend(
                names
                    .iter()
                    .filter_map(|(name, rank)| self.in_file(name, *rank, var)),
            );
        }
        hits.extend(names.into_iter().filter_map(|(name, rank)| {
            let text = self.text_of(&name, var)?;
            let text = Text::Variable(text);
            Some(Hit { name, rank, text })
        }));
        hits
    }

    fn text_of(&self, name: &str, var: &Var) -> Option<Cow<'s, OsStr>> {
        let text = self.get(name)?;
        (var.allow_empty || !text.is_empty()).then_some(text)
    }

    fn stored(&self, item: &Item, var: &Var, path: &str, name: &str) -> Vec<Hit<'s>> {
        let key = variables::store_key(item, var, path, self.root);
        let hit = |store: &'s (dyn SecretStore + 's)| {
            let text = store.get(&key, self.source()).transpose()?;
            let is_empty = text.as_ref().is_ok_and(|text| text.expose().is_empty());
            (var.allow_empty || !is_empty).then(|| Hit {
                name: name.to_owned(),
                rank: Rank::Main,
                text: Text::Store {
                    store: store.name(),
                    variable: store.variable(&key, self.source()),
                    text,
                },
            })
        };
        self.stores
            .iter()
            .map(|store| &**store)
            .filter_map(hit)
            .collect()
    }

    fn in_file(&self, name: &str, rank: Rank, var: &Var) -> Option<Hit<'s>> {
        let name = name::of_file(name);
        let path = PathBuf::from(self.set(&name)?.into_owned());
        let text = self.contents(&path);
        let is_empty = (*text).as_ref().is_ok_and(|text| text.is_empty());
        (var.allow_empty || !is_empty).then_some(Hit {
            name,
            rank,
            text: Text::File { path, text },
        })
    }

    fn contents(&self, path: &Path) -> Rc<Contents> {
        let mut files = self.files.borrow_mut();
        let known = files.iter().find(|(known, _)| known.as_os_str() == path);
        if let Some((_, text)) = known {
            return Rc::clone(text);
        }
        let text = Rc::new(file::read(path));
        files.push((path.to_owned(), Rc::clone(&text)));
        text
    }

    /// Why a group is there, if anything of it is: the first that is set.
    pub(crate) fn presence(&self, items: &'static [Item], path: &str) -> Option<String> {
        let variables = self.variables(items, path);
        variables.iter().find_map(|variable| {
            let hits = self.hits(variable.item, variable.var, &variable.path);
            let hit = hits.first()?;
            Some(match &hit.text {
                Text::Store {
                    store, text: Ok(_), ..
                } => format!("{} is in {store}", hit.name),
                Text::Store {
                    store,
                    text: Err(_),
                    ..
                } => {
                    format!("{store} failed to say whether {} is there", hit.name)
                }
                Text::Variable(_) | Text::File { .. } => format!("{} is set", hit.name),
            })
        })
    }

    /// All variables of `items`, with those groups of lists and maps that are
    /// there.
    pub(crate) fn variables(&self, items: &'static [Item], path: &str) -> Vec<Variable> {
        variables::of(items, path, &|kind, path| self.instances(kind, path))
    }

    /// The segments of the groups of a list or a map that are there.
    pub(crate) fn instances(&self, kind: &Kind, path: &str) -> Vec<String> {
        match kind {
            Kind::List(spec) => {
                let is_there = |index: &u64| self.is_there(spec.items, path, &index.to_string());
                let indices: Vec<u64> = match self.names() {
                    Some(names) => {
                        let mut indices = names.indices(path, &|name| self.own().contains(name));
                        indices.retain(is_there);
                        indices
                    }
                    // What cannot be listed is tried one by one.
                    None => (0..MOST_TRIED).take_while(is_there).collect(),
                };
                indices.iter().map(u64::to_string).collect()
            }
            Kind::Map(spec) => {
                let Some(names) = self.names() else {
                    return Vec::new();
                };
                let is_other = |name: &str| {
                    self.own().contains(name) || kubernetes::is_link_in_pod(self, name)
                };
                let mut keys = names.keys(path, spec, &is_other).into_vec();
                keys.retain(|key| self.is_there(spec.items, path, key));
                keys
            }
            Kind::Var(_) | Kind::Group(_) => Vec::new(),
        }
    }

    /// The names of all variables that hold a secret, those of stores included.
    pub(crate) fn secret_vars(&self) -> Vec<String> {
        let mut names = Vec::new();
        for variable in self.variables(self.items, self.root) {
            if variable.var.secret {
                names.extend(variable.names().map(str::to_owned));
                names.append(&mut self.store_vars(&variable));
            }
        }
        names
    }

    /// The variables of stores that are but variables, where they have this one.
    pub(crate) fn store_vars(&self, variable: &Variable) -> Vec<String> {
        let Variable { item, var, .. } = variable;
        if !var.secret {
            return Vec::new();
        }
        let key = variables::store_key(item, var, &variable.path, self.root);
        let stores = self.stores.iter();
        stores
            .filter_map(|store| store.variable(&key, self.source()))
            .collect()
    }

    /// The names of the fields outside of lists and maps. What is one of them tells
    /// nothing of a group, although it may read as if it did.
    fn own(&self) -> &Names {
        self.own.get_or_init(|| {
            let variables = variables::of(self.items, self.root, &|_, _| Vec::new());
            Names::of(&variables)
        })
    }

    fn is_there(&self, items: &'static [Item], path: &str, segment: &str) -> bool {
        self.presence(items, &name::join(path, segment)).is_some()
    }

    /// The names of all variables that are UTF-8, or `None` if the source cannot list
    /// them.
    pub(crate) fn names(&self) -> Option<&Names> {
        let names = || {
            let names = self.source().names()?.into_iter();
            let names = names.filter_map(|name| name.into_string().ok());
            Some(Names::new(names.collect()))
        };
        self.names.get_or_init(names).as_ref()
    }
}

/// All names that the text itself may stand under, in the order of preference.
pub(crate) fn names(item: &Item, var: &Var, path: &str) -> Vec<(String, Rank)> {
    let mut names = vec![(item.full_name(path), Rank::Main)];
    for alias in var.aliases {
        names.push(((*alias).to_owned(), Rank::Alias));
    }
    for deprecated in var.deprecated {
        names.push(((*deprecated).to_owned(), Rank::Deprecated));
    }
    names
}

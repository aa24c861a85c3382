//! Where a load looks: variables, stores, and the files that variables name. Nothing is
//! reported here; that is for the caller.

#[cfg(feature = "deployment")]
mod foresight;
mod groups;
pub(crate) mod kubernetes;
mod listed;
mod place;

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::rc::Rc;

#[cfg(feature = "deployment")]
pub(crate) use foresight::{Foresight, UNKNOWN};
pub(crate) use listed::NameSet;
pub(crate) use place::{ranked_names, Contents, Place, Rank};

use crate::layer::{Layers, Opened};
use crate::name;
use crate::source::{
    file, Process, Remembered, Request, SecretStore, SharedStore, Source, StoreError,
};
use crate::spec::variables::{self, Variable};
use crate::spec::{Item, Spec, Var};
use place::FileText;

/// Returns the text of a variable.
type Get<'a, 's> = &'a dyn Fn(&str) -> Option<Cow<'s, OsStr>>;

/// The source and the stores of one load, with all that was read of them so far.
pub(crate) struct Lookup<'s> {
    /// `None` is the environment of this process.
    source: Option<&'s dyn Source>,
    /// The layers that the source is made of, the first to be read first. Empty if the
    /// source stands for the environment as a whole.
    layers: &'s [Opened<'s>],
    pub(crate) stores: &'s [SharedStore<'s>],
    /// The prefix of all names.
    pub(crate) root: &'s str,
    spec: &'static Spec,
    /// The table of the root type.
    pub(crate) items: &'static [Item],
    listed: OnceCell<Option<NameSet>>,
    /// The values of the names, if the source finds each only by a search through all.
    values: OnceCell<Vec<OsString>>,
    /// The names of the fields outside of lists and maps.
    own: OnceCell<NameSet>,
    /// The segments of the groups of a list or a map by its path, if there are many.
    many: RefCell<Vec<(String, Vec<String>)>>,
    /// The text of each file that was read, because an inherited pipe can be read only once.
    files: RefCell<Vec<(PathBuf, Rc<FileText>)>>,
    #[cfg(feature = "deployment")]
    pub(crate) foresight: Foresight,
}

impl<'s> Lookup<'s> {
    pub(crate) fn new(
        source: Option<&'s dyn Source>,
        layers: &'s [Opened<'s>],
        stores: &'s [SharedStore<'s>],
        spec: &'static Spec,
        root: &'s str,
    ) -> Self {
        Self {
            source,
            layers,
            stores,
            root,
            spec,
            items: spec.items,
            listed: OnceCell::new(),
            values: OnceCell::new(),
            own: OnceCell::new(),
            many: RefCell::default(),
            files: RefCell::default(),
            #[cfg(feature = "deployment")]
            foresight: Foresight::default(),
        }
    }

    /// Returns the sources of the layers, or the only source, each to be asked for a variable once.
    pub(crate) fn remembered(&self) -> Vec<Remembered<'_>> {
        if self.layers.is_empty() {
            return vec![Remembered::new(self.source())];
        }
        let sources = self.layers.iter().map(Opened::source);
        sources.map(Remembered::new).collect()
    }

    /// Returns the layers with other sources.
    pub(crate) fn layers_of<'r>(&'r self, sources: &'r [Remembered<'r>]) -> Layers<'r> {
        let layers =
            sources
                .iter()
                .enumerate()
                .map(|(index, source)| match self.layers.get(index) {
                    Some(layer) => layer.with_source(source),
                    None => Opened::of(None, source),
                });
        Layers(layers.collect())
    }

    /// Returns a look-up in other layers, which has the files that were read.
    pub(crate) fn of_layers<'r>(&'r self, layers: &'r Layers<'r>) -> Lookup<'r> {
        let lookup = Lookup::new(Some(layers), &layers.0, self.stores, self.spec, self.root);
        lookup.take_files_of(self);
        lookup
    }

    /// Takes the texts of files out of another look-up.
    pub(crate) fn take_files_of(&self, other: &Lookup<'_>) {
        self.files.replace(other.files.take());
    }

    /// Returns whether the names have another prefix than the compiler knew.
    pub(crate) fn has_other_prefix(&self) -> bool {
        self.root != self.spec.root()
    }

    /// Returns the path of the root type.
    pub(crate) fn root_path(&self) -> name::Path<'s> {
        self.spec.path(self.root)
    }

    /// Returns whether the text at the first of `places` cannot be known before the start,
    /// or whether there may be a place that is not listed.
    #[cfg(feature = "deployment")]
    pub(crate) fn is_unknown(&self, places: &[Place<'_>]) -> bool {
        // A source that is no environment may hold any text.
        if !self.foresight.is_elsewhere {
            return false;
        }
        match places.first() {
            Some(place) => place.is_unknown(),
            None => self.foresight.is_open,
        }
    }

    #[cfg(not(feature = "deployment"))]
    #[expect(
        clippy::unused_self,
        reason = "with the feature it asks what is foreseen"
    )]
    pub(crate) fn is_unknown(&self, _: &[Place<'_>]) -> bool {
        false
    }

    /// Returns the text of a variable. An empty variable counts as not set.
    pub(crate) fn set(&self, name: &str) -> Option<Cow<'s, OsStr>> {
        self.get(name).filter(|text| !text.is_empty())
    }

    /// Returns whether a variable is set, but to nothing.
    pub(crate) fn is_empty(&self, name: &str) -> bool {
        self.get(name).is_some_and(|text| text.is_empty())
    }

    /// Returns the text of a variable, even if the text is empty.
    pub(crate) fn get(&self, name: &str) -> Option<Cow<'s, OsStr>> {
        match (self.values.get(), self.listed.get()) {
            (Some(values), Some(Some(listed))) => {
                let value = values.get(listed.place(name)?)?;
                Some(Cow::Owned(value.clone()))
            }
            _ => self.source().get(name),
        }
    }

    /// Returns the Service of Kubernetes that set the variable, if the variable holds a value
    /// that Kubernetes sets.
    pub(crate) fn service_of(&self, name: &str, value: &OsStr) -> Option<String> {
        kubernetes::service_of(name, value, &|name| self.get(name))
    }

    pub(crate) fn source(&self) -> &'s dyn Source {
        self.source.unwrap_or(&Process)
    }

    /// Returns all places where a variable's text is, in the order of preference: stores, then
    /// its own name, then aliases, then deprecated names; of each name the file, then the variable.
    pub(crate) fn places(&self, item: &Item, var: &Var, path: &name::Path<'_>) -> Vec<Place<'s>> {
        let mut places = Vec::new();
        let names = ranked_names(item, var, path);
        if var.secret {
            places.extend(self.in_stores(item, var, path, &names[0].0));
        }
        if self.layers.len() < 2 {
            let get = |name: &str| self.get(name);
            places.append(&mut self.in_layer(self.layers.first(), &get, &names, var));
            return places;
        }
        // A lower layer is the defaults of a higher layer: it neither shadows nor contradicts.
        let mut in_layers = self.layers.iter().map(|layer| {
            let get = |name: &str| layer.get(name);
            self.in_layer(Some(layer), &get, &names, var)
        });
        let first = in_layers.find(|places| !places.is_empty());
        places.extend(first.into_iter().flatten());
        places
    }

    /// Returns the places in one layer: of each name the file, then the variable.
    fn in_layer(
        &self,
        layer: Option<&'s Opened<'s>>,
        get: Get<'_, 's>,
        names: &[(String, Rank)],
        var: &Var,
    ) -> Vec<Place<'s>> {
        let mut places = Vec::new();
        for (name, rank) in names {
            if var.file {
                places.extend(self.in_file(get, name, *rank, var));
            }
            let text = get(name).filter(|text| var.allow_empty || !text.is_empty());
            places.extend(text.map(|text| Place {
                name: name.clone(),
                rank: *rank,
                contents: Contents::Variable {
                    text,
                    layer: layer.and_then(|layer| layer.name.as_deref()),
                },
            }));
        }
        places
    }

    /// Returns the name of the layer that sets a variable, unless it is the environment.
    pub(crate) fn layer_of(&self, name: &str) -> Option<&'s str> {
        self.layer_with(name)?.name.as_deref()
    }

    /// Returns the key that the document should have that sets an unread variable.
    pub(crate) fn key_in_layer(&self, name: &str) -> Option<&'s str> {
        self.layer_with(name)?.keys.get(name).map(String::as_str)
    }

    fn layer_with(&self, name: &str) -> Option<&'s Opened<'s>> {
        match self.layers {
            [layer] => Some(layer),
            layers => layers.iter().find(|layer| layer.get(name).is_some()),
        }
    }

    /// Returns whether a store reads the variable.
    pub(crate) fn is_of_store(&self, name: &str) -> bool {
        let mut stores = self.stores.iter();
        stores.any(|store| store.reads(name, self.source()))
    }

    /// Returns the variable in which child processes see the text.
    pub(crate) fn exposed<'p>(&self, place: &'p Place<'_>) -> Option<&'p str> {
        place.variable().filter(|name| self.source().exposes(name))
    }

    fn in_stores(
        &self,
        item: &Item,
        var: &Var,
        path: &name::Path<'_>,
        name: &str,
    ) -> Vec<Place<'s>> {
        let key = variables::store_key(item, var, path, self.root);
        let request = Request::new(&key, self.source());
        let in_store = |store: &'s (dyn SecretStore + 's)| {
            let found = store.get(&request).transpose()?;
            let text = found.map(|found| found.secret);
            let is_empty = text.as_ref().is_ok_and(|text| text.expose().is_empty());
            (var.allow_empty || !is_empty).then(|| Place {
                name: name.to_owned(),
                rank: Rank::Main,
                contents: Contents::Store {
                    store: store.name(),
                    variable: store.variable(&request),
                    text,
                },
            })
        };
        self.stores
            .iter()
            .filter_map(|store| in_store(&**store))
            .collect()
    }

    fn in_file(&self, get: Get<'_, 's>, name: &str, rank: Rank, var: &Var) -> Option<Place<'s>> {
        let name = name::of_file(name);
        let path = get(&name).filter(|path| !path.is_empty())?;
        let path = PathBuf::from(path.into_owned());
        let text = self.file(&path);
        let is_empty = (*text).as_ref().is_ok_and(|file| file.text.is_empty());
        (var.allow_empty || !is_empty).then_some(Place {
            name,
            rank,
            contents: Contents::File { path, text },
        })
    }

    /// Returns the paths of the files that were read, or could not be read.
    #[cfg(feature = "watch")]
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let files = self.files.borrow();
        files.iter().map(|(path, _)| path.clone()).collect()
    }

    fn file(&self, path: &Path) -> Rc<FileText> {
        #[cfg(feature = "deployment")]
        if self.foresight.is_elsewhere {
            return Rc::new(Ok(file::Contents {
                text: UNKNOWN.into(),
                has_return: false,
            }));
        }
        let mut files = self.files.borrow_mut();
        let read = files.iter().find(|(read, _)| read.as_os_str() == path);
        if let Some((_, text)) = read {
            return Rc::clone(text);
        }
        let text = Rc::new(file::read_text(path));
        files.push((path.to_owned(), Rc::clone(&text)));
        text
    }

    /// Returns the keys of a store.
    pub(crate) fn keys(&self, store: &dyn SecretStore) -> Result<Vec<String>, StoreError> {
        store.keys(self.source())
    }

    /// Returns the variable that holds a secret, for a store that is but variables.
    pub(crate) fn variable_of(&self, store: &dyn SecretStore, key: &str) -> Option<String> {
        store.variable(&Request::new(key, self.source()))
    }

    /// Returns all variables of the root type.
    pub(crate) fn all_variables(&self) -> Vec<Variable> {
        self.variables(self.items, &self.root_path())
    }

    /// Returns the names of all variables that are UTF-8, or `None` if the source cannot
    /// list its variables.
    pub(crate) fn listed(&self) -> Option<&NameSet> {
        let list = || {
            if let Some(vars) = self.source().vars() {
                let (names, values) = listed::last_of_each(vars);
                return self.values.set(values).ok().map(|()| names);
            }
            let names = self.source().names()?.into_iter();
            let unicode = names.filter_map(|name| name.into_string().ok());
            Some(NameSet::new(unicode.collect()))
        };
        self.listed.get_or_init(list).as_ref()
    }
}

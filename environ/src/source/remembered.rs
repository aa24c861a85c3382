//! A source that is asked for each variable once.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::{OsStr, OsString};

use super::Source;

/// Another source, with the texts that it has given so far.
pub(crate) struct Remembered<'s> {
    source: &'s dyn Source,
    texts: RefCell<HashMap<String, Option<OsString>>>,
}

impl<'s> Remembered<'s> {
    pub(crate) fn new(source: &'s dyn Source) -> Self {
        Self {
            source,
            texts: RefCell::default(),
        }
    }
}

impl Source for Remembered<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
        let mut texts = self.texts.borrow_mut();
        if let Some(text) = texts.get(name) {
            return text.clone().map(Cow::Owned);
        }
        let text = self.source.get(name).map(Cow::into_owned);
        texts.insert(name.to_owned(), text.clone());
        text.map(Cow::Owned)
    }

    fn names(&self) -> Option<Vec<OsString>> {
        self.source.names()
    }

    fn exposes(&self, name: &str) -> bool {
        self.source.exposes(name)
    }

    fn vars(&self) -> Option<Vec<(OsString, OsString)>> {
        let texts = self.texts.borrow();
        let mut vars = self.source.vars()?;
        for (name, value) in &mut vars {
            let known = name.to_str().and_then(|name| texts.get(name)?.clone());
            if let Some(known) = known {
                *value = known;
            }
        }
        Some(vars)
    }
}

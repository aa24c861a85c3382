//! A tree with a place at each node.

use std::rc::Rc;

use super::scalar::{is_date, plain_type, Type};
use crate::deployment::place::Place;

/// A value with its place.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) content: Content,
}

#[derive(Debug)]
pub(crate) enum Content {
    Scalar(Scalar),
    List(Vec<Rc<Node>>),
    Map(Map),
}

#[derive(Debug)]
pub(crate) struct Scalar {
    pub(crate) text: String,
    /// Whether quotes, a block or a tag say that it is text.
    pub(crate) is_text: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Map {
    pub(crate) entries: Vec<Entry>,
    /// The keys that stand there twice, at their second place.
    pub(crate) twice: Vec<(String, Place)>,
}

#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) place: Place,
    pub(crate) value: Rc<Node>,
}

impl Node {
    pub(crate) fn get(&self, key: &str) -> Option<&Rc<Node>> {
        self.entry(key).map(|entry| &entry.value)
    }

    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// Returns the node below several keys.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter()
            .try_fold(self, |node, key| node.get(key).map(|node| &**node))
    }

    /// Returns the text below a key.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.scalar()
    }

    pub(crate) fn scalar(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(scalar) => Some(&scalar.text),
            Content::List(_) | Content::Map(_) => None,
        }
    }

    pub(crate) fn items(&self) -> &[Rc<Node>] {
        match &self.content {
            Content::List(items) => items,
            Content::Scalar(_) | Content::Map(_) => &[],
        }
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        self.map().map_or(&[], |map| &map.entries)
    }

    pub(crate) fn map(&self) -> Option<&Map> {
        match &self.content {
            Content::Map(map) => Some(map),
            Content::Scalar(_) | Content::List(_) => None,
        }
    }

    /// Returns whether it is a date without quotes.
    pub(crate) fn is_date(&self) -> bool {
        matches!(&self.content, Content::Scalar(scalar) if !scalar.is_text && is_date(&scalar.text))
    }

    /// Returns the type of a scalar; that of a list or a map is `Text`.
    pub(crate) fn kind(&self) -> Type {
        match &self.content {
            Content::Scalar(scalar) if !scalar.is_text => plain_type(&scalar.text),
            _ => Type::Text,
        }
    }
}

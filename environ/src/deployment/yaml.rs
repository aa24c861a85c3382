//! YAML as a tree with a place at each node.
//!
//! The tree is safe for hostile input: an alias shares the node of its anchor instead of a
//! copy, merged maps count towards a budget, and depth is limited, because a tree that is
//! too deep overflows the stack when it is dropped.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};

use super::input::Input;
use super::place::Place;

/// Kubernetes itself stops at 100 in effect: no schema is as deep.
const MAX_DEPTH: usize = 200;

/// The number of nodes and merged entries of a file, which take some 150 MB.
const MAX_NODES: usize = 1_000_000;

/// A value with its place.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) content: Content,
}

#[derive(Debug)]
pub(super) enum Content {
    Scalar(Scalar),
    List(Vec<Rc<Node>>),
    Map(Map),
}

#[derive(Debug)]
pub(super) struct Scalar {
    pub(super) text: String,
    /// Whether quotes, a block or a tag say that it is text.
    pub(super) is_text: bool,
}

#[derive(Debug, Default)]
pub(super) struct Map {
    pub(super) entries: Vec<Entry>,
    /// The keys that stand there twice, at their second place.
    pub(super) twice: Vec<(String, Place)>,
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) place: Place,
    pub(super) value: Rc<Node>,
}

/// The type of a scalar without quotes, as the readers of YAML 1.1 see it, of which
/// Kubernetes is the most used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    Null,
    Bool,
    Number,
}

/// Why a text is no YAML, and where.
#[derive(Debug)]
pub(super) struct Malformed {
    pub(super) place: Place,
    pub(super) message: String,
}

impl Node {
    pub(super) fn get(&self, key: &str) -> Option<&Rc<Node>> {
        self.entry(key).map(|entry| &entry.value)
    }

    pub(super) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// Returns the node below several keys.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter()
            .try_fold(self, |node, key| node.get(key).map(|node| &**node))
    }

    /// Returns the text below a key.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.scalar()
    }

    pub(super) fn scalar(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(scalar) => Some(&scalar.text),
            Content::List(_) | Content::Map(_) => None,
        }
    }

    pub(super) fn items(&self) -> &[Rc<Node>] {
        match &self.content {
            Content::List(items) => items,
            Content::Scalar(_) | Content::Map(_) => &[],
        }
    }

    pub(super) fn entries(&self) -> &[Entry] {
        self.map().map_or(&[], |map| &map.entries)
    }

    pub(super) fn map(&self) -> Option<&Map> {
        match &self.content {
            Content::Map(map) => Some(map),
            Content::Scalar(_) | Content::List(_) => None,
        }
    }

    /// Returns the type of a scalar; that of a list or a map is `Text`.
    pub(super) fn kind(&self) -> Type {
        match &self.content {
            Content::Scalar(scalar) if !scalar.is_text => plain_type(&scalar.text),
            _ => Type::Text,
        }
    }
}

/// Returns the type of a plain scalar by the rules of YAML 1.1, as go-yaml has them.
fn plain_type(text: &str) -> Type {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Type::Null,
        "y" | "Y" | "n" | "N" => return Type::Bool,
        _ => {}
    }
    let words = ["yes", "no", "on", "off", "true", "false"];
    if words.iter().any(|word| is_in_case(text, word)) {
        return Type::Bool;
    }
    if is_number(text) {
        return Type::Number;
    }
    Type::Text
}

/// Returns whether a text is a word in lower case, in upper case, or capitalised.
fn is_in_case(text: &str, word: &str) -> bool {
    text.eq_ignore_ascii_case(word)
        && (text[1..] == word[1..] || text.bytes().all(|byte| byte.is_ascii_uppercase()))
}

fn is_number(text: &str) -> bool {
    let bare = text.strip_prefix(['+', '-']).unwrap_or(text);
    let specials = [".inf", ".Inf", ".INF"];
    if specials.contains(&bare) || [".nan", ".NaN", ".NAN"].contains(&text) {
        return true;
    }
    let digits = bare.replace('_', "");
    let is_based = |prefix: &str, base: u32| {
        let rest = digits.strip_prefix(prefix);
        rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(|digit| digit.is_digit(base)))
    };
    if is_based("0b", 2) || is_based("0x", 16) || is_based("0o", 8) {
        return true;
    }
    // `1_000` is a number, and `_1` is not.
    bare.starts_with(|first: char| first.is_ascii_digit() || first == '.') && is_decimal(&digits)
}

/// `8000`, `0.5`, `.5`, `1.`, `1e3`
fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_exponent = |exponent: &str| {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !digits.is_empty() && all_digits(digits)
    };
    !(whole.is_empty() && fraction.is_empty())
        && all_digits(whole)
        && all_digits(fraction)
        && exponent.is_none_or(is_exponent)
}

/// Reads all documents of a file. A malformed document ends the reading; the documents before
/// it are returned too.
pub(super) fn documents(input: &Input) -> (Vec<Rc<Node>>, Option<Malformed>) {
    let mut builder = Builder {
        input,
        open: Vec::new(),
        anchors: HashMap::new(),
        documents: Vec::new(),
        nodes: 0,
    };
    let mut parser = Parser::new_from_str(&input.text);
    while let Some(event) = parser.next_event() {
        let added = match event {
            Ok((event, span)) => builder.add(event, span),
            Err(err) => Err(builder.malformed(*err.marker(), &syntax(err.info(), &input.text))),
        };
        if let Err(malformed) = added {
            return (builder.documents, Some(malformed));
        }
    }
    (builder.documents, None)
}

/// Returns the reason of the parser, with a remedy.
fn syntax(info: &str, text: &str) -> String {
    let remedy = if text.contains("{{") {
        "a template must be rendered first: `helm template . | ... config --check -`"
    } else if text.contains("\n\t") || info.contains("tab") {
        "indent with spaces, because YAML forbids tabs"
    } else {
        "correct the line, or the line above it"
    };
    format!("malformed YAML: {info}; {remedy}")
}

struct Builder<'i> {
    input: &'i Input,
    open: Vec<Open>,
    anchors: HashMap<usize, Rc<Node>>,
    documents: Vec<Rc<Node>>,
    nodes: usize,
}

/// A list or a map that is not read to its end yet.
struct Open {
    anchor: usize,
    place: Place,
    items: Vec<Rc<Node>>,
    is_map: bool,
}

impl Builder<'_> {
    fn add(&mut self, event: Event<'_>, span: Span) -> Result<(), Malformed> {
        let at = span.start;
        match event {
            Event::DocumentStart(_) => self.anchors.clear(),
            Event::SequenceStart(anchor, _) => return self.open(anchor, at, false),
            Event::MappingStart(anchor, _) => return self.open(anchor, at, true),
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    let anchor = open.anchor;
                    let node = self.close(open)?;
                    self.push(node, anchor);
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.count(1, at)?;
                let is_tagged = tag.is_some_and(|tag| is_text_tag(&tag));
                let scalar = Scalar {
                    text: text.into_owned(),
                    is_text: style != ScalarStyle::Plain || is_tagged,
                };
                let node = Node {
                    place: self.place(at),
                    content: Content::Scalar(scalar),
                };
                self.push(Rc::new(node), anchor);
            }
            Event::Alias(anchor) => {
                let Some(node) = self.anchors.get(&anchor) else {
                    let message = "malformed YAML: an alias refers to a node around it; \
                                   write the value";
                    return Err(self.malformed(at, message));
                };
                let node = Rc::clone(node);
                self.push(node, 0);
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn open(&mut self, anchor: usize, at: Marker, is_map: bool) -> Result<(), Malformed> {
        self.count(1, at)?;
        if self.open.len() >= MAX_DEPTH {
            let message = format!("nested more than {MAX_DEPTH} deep; name a manifest");
            return Err(self.malformed(at, &message));
        }
        let place = self.place(at);
        self.open.push(Open {
            anchor,
            place,
            items: Vec::new(),
            is_map,
        });
        Ok(())
    }

    fn close(&mut self, open: Open) -> Result<Rc<Node>, Malformed> {
        let Open {
            place,
            items,
            is_map,
            ..
        } = open;
        let content = if is_map {
            Content::Map(self.map(items, &place)?)
        } else {
            Content::List(items)
        };
        Ok(Rc::new(Node { place, content }))
    }

    /// Pairs keys and values, and adds the entries of maps that `<<` merges.
    fn map(&mut self, items: Vec<Rc<Node>>, place: &Place) -> Result<Map, Malformed> {
        let mut map = Map::default();
        let mut seen = HashSet::new();
        let mut merged = Vec::new();
        let mut items = items.into_iter();
        while let (Some(key), Some(value)) = (items.next(), items.next()) {
            let Some(name) = key.scalar() else { continue };
            if name == "<<" {
                merged.push(value);
            } else if seen.insert(name.to_owned()) {
                map.entries.push(Entry {
                    key: name.to_owned(),
                    place: key.place.clone(),
                    value,
                });
            } else {
                map.twice.push((name.to_owned(), key.place.clone()));
            }
        }
        for node in merged {
            let maps = match &node.content {
                Content::List(items) => items.clone(),
                _ => vec![node],
            };
            for entry in maps.iter().flat_map(|map| map.entries()) {
                self.nodes += 1;
                if self.nodes > MAX_NODES {
                    return Err(Malformed {
                        place: place.clone(),
                        message: TOO_MANY.to_owned(),
                    });
                }
                if seen.insert(entry.key.clone()) {
                    map.entries.push(entry.clone());
                }
            }
        }
        Ok(map)
    }

    fn push(&mut self, node: Rc<Node>, anchor: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        match self.open.last_mut() {
            Some(open) => open.items.push(node),
            None => self.documents.push(node),
        }
    }

    fn count(&mut self, nodes: usize, at: Marker) -> Result<(), Malformed> {
        self.nodes += nodes;
        if self.nodes > MAX_NODES {
            return Err(self.malformed(at, TOO_MANY));
        }
        Ok(())
    }

    fn place(&self, at: Marker) -> Place {
        self.input.place(at.line(), at.col() + 1)
    }

    fn malformed(&self, at: Marker, message: &str) -> Malformed {
        Malformed {
            place: self.place(at),
            message: message.to_owned(),
        }
    }
}

const TOO_MANY: &str = "more than 1000000 values, aliases included; split the file";

fn is_text_tag(tag: &Tag) -> bool {
    tag.is_yaml_core_schema() && tag.suffix == "str"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_have_the_types_of_yaml_1_1() {
        for (text, kind) in [
            ("yes", Type::Bool),
            ("On", Type::Bool),
            ("FALSE", Type::Bool),
            ("y", Type::Bool),
            ("yES", Type::Text),
            ("8000", Type::Number),
            ("-1", Type::Number),
            ("1_000", Type::Number),
            ("0x1F", Type::Number),
            ("0o17", Type::Number),
            ("1e3", Type::Number),
            (".5", Type::Number),
            ("1.", Type::Number),
            (".inf", Type::Number),
            ("~", Type::Null),
            ("", Type::Null),
            ("30s", Type::Text),
            ("1.2.3", Type::Text),
            ("0xyz", Type::Text),
            ("_1", Type::Text),
            (".", Type::Text),
            ("e3", Type::Text),
            ("::", Type::Text),
        ] {
            assert_eq!(plain_type(text), kind, "{text}");
        }
    }

    #[test]
    fn nodes_know_their_places_and_merges_are_done() {
        let input = Input::of(
            "a.yaml",
            "x: &x\n  a: 1\n  b: \"2\"\ny:\n  <<: *x\n  b: three\n",
        );
        let (documents, malformed) = documents(&input);
        assert!(malformed.is_none());
        let y = documents[0].get("y").unwrap();
        assert_eq!((y.text("a"), y.text("b")), (Some("1"), Some("three")));
        assert_eq!(y.get("a").unwrap().place.to_string(), "a.yaml:2:6");
        assert_eq!(y.get("a").unwrap().kind(), Type::Number);
        assert_eq!(documents[0].at(&["x", "b"]).unwrap().kind(), Type::Text);
    }

    #[test]
    fn hostile_documents_are_refused_or_shared() {
        let deep = "[".repeat(100_000);
        let aliases: String = (0..30).fold("a0: &a0 x\n".to_owned(), |text, n| {
            format!(
                "{text}a{}: &a{} [*a{n}, *a{n}, *a{n}, *a{n}]\n",
                n + 1,
                n + 1
            )
        });
        let merges: String = (0..60).fold("a0: &a0 {k: x}\n".to_owned(), |text, n| {
            format!(
                "{text}a{}: &a{} {{<<: [*a{n}, *a{n}], k{n}: y}}\n",
                n + 1,
                n + 1
            )
        });
        for (text, is_malformed) in [
            (deep, true),
            ("a: ".repeat(10_000), true),
            (aliases, false),
            (merges, false),
            ("a: &a [*a]".to_owned(), true),
            ("a:\n\tb: c\n".to_owned(), true),
            ("- - ".repeat(100_000), true),
            ("%YAML 9.9\n".to_owned(), true),
            ("a: b\n---\n".repeat(10_000), false),
        ] {
            let (_, malformed) = documents(&Input::of("x", &text));
            assert_eq!(
                malformed.is_some(),
                is_malformed,
                "{malformed:?} {text:.40}"
            );
        }
    }
}

//! Reads documents into trees. The trees are safe for hostile input: an alias shares the node
//! of its anchor instead of a copy, merged maps count towards a budget, and depth is limited,
//! because a tree that is too deep overflows the stack when it is dropped.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};

use super::tree::{Content, Entry, Map, Node, Scalar};
use crate::deployment::input::Input;
use crate::deployment::place::Place;

/// Kubernetes itself stops at 100 in effect: no schema is as deep.
const MAX_DEPTH: usize = 200;

/// The number of nodes and merged entries of a file, which take some 150 MB.
const MAX_NODES: usize = 1_000_000;

/// Why a text is no YAML, and where.
#[derive(Debug)]
pub(crate) struct Malformed {
    pub(crate) place: Place,
    pub(crate) message: String,
}

/// Reads all documents of a file. A malformed document ends the reading; the documents before
/// it are returned too.
pub(crate) fn documents(input: &Input) -> (Vec<Rc<Node>>, Option<Malformed>) {
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
                let place = self.place(at);
                self.count(&place)?;
                let is_tagged = tag.is_some_and(|tag| is_text_tag(&tag));
                let scalar = Scalar {
                    text: text.into_owned(),
                    is_text: style != ScalarStyle::Plain || is_tagged,
                };
                let node = Node {
                    place,
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
        let place = self.place(at);
        self.count(&place)?;
        if self.open.len() >= MAX_DEPTH {
            let message = format!("nested more than {MAX_DEPTH} deep; name a manifest");
            return Err(self.malformed(at, &message));
        }
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
                self.count(place)?;
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

    fn count(&mut self, place: &Place) -> Result<(), Malformed> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(Malformed {
                place: place.clone(),
                message: TOO_MANY.to_owned(),
            });
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
    use super::documents;
    use crate::deployment::input::Input;
    use crate::deployment::yaml::Type;

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
    fn quotes_blocks_and_the_tag_of_text_make_text() {
        let input = Input::of(
            "a.yaml",
            "- 1\n- '1'\n- \"1\"\n- |\n  1\n- >\n  1\n- !!str 1\n- !!int 1\n- !str 1\n- 2024-01-01\n\
             - '2024-01-01'\n- [1]\n",
        );
        let (documents, _) = documents(&input);
        let kinds = documents[0]
            .items()
            .iter()
            .map(|it| (it.kind(), it.is_date()));
        let (text, number) = ((Type::Text, false), (Type::Number, false));
        assert_eq!(
            kinds.collect::<Vec<_>>(),
            [
                number,
                text,
                text,
                text,
                text,
                text,
                number,
                number,
                (Type::Text, true),
                text,
                text
            ]
        );
    }

    #[test]
    fn keys_come_before_merged_maps_and_these_in_their_order() {
        let input = Input::of(
            "a.yaml",
            "- &a {k: a, l: a}\n- &b {k: b, l: b, m: b}\n- {<<: [*a, *b], l: own, n: own, l: again}\n",
        );
        let (documents, malformed) = documents(&input);
        assert!(malformed.is_none());
        let map = documents[0].items()[2].map().unwrap();
        let entries = map.entries.iter();
        let entries = entries.map(|it| (&*it.key, it.value.scalar().unwrap_or_default()));
        assert_eq!(
            entries.collect::<Vec<_>>(),
            [("l", "own"), ("n", "own"), ("k", "a"), ("m", "b")]
        );
        let twice = map.twice.iter();
        let twice: Vec<_> = twice.map(|(key, at)| format!("{key} {at}")).collect();
        assert_eq!(twice, ["l a.yaml:3:34"]);
    }

    #[test]
    fn a_malformed_document_has_a_place_and_a_remedy() {
        for (text, wanted) in [
            (
                "a: [b\n",
                "x:2:1: malformed YAML: while parsing a flow sequence, expected ',' or ']'; correct the \
                 line, or the line above it",
            ),
            (
                "{{- if .Values.x }}\na: b\n{{- end }}\n",
                "x:1:3: malformed YAML: \"-\" is only valid inside a block; a template must be \
                 rendered first: `helm template . | ... config --check -`",
            ),
            (
                "a:\n\tb: c\n",
                "x:2:2: malformed YAML: tabs disallowed within this context (block indentation); \
                 indent with spaces, because YAML forbids tabs",
            ),
            (
                "a: 1\n---\nb: &b [*b]\n",
                "x:3:8: malformed YAML: an alias refers to a node around it; write the value",
            ),
        ] {
            let (_, malformed) = documents(&Input::of("x", text));
            let malformed = malformed.unwrap();
            let shown = format!("{}: {}", malformed.place, malformed.message);
            assert_eq!(shown, wanted);
        }
    }

    #[test]
    fn a_file_has_a_million_values_at_most() {
        let keys: Vec<String> = (0..1_000).map(|at| format!("k{at}: 0")).collect();
        let keys = keys.join(", ");
        let merges = vec!["*a"; 997].join(", ");
        // Of the values below, 2005 are neither merged nor in the list at the end.
        let text = format!("- &a {{{keys}}}\n- {{<<: [{merges}]}}\n");
        let with =
            |values: usize| documents(&Input::of("x", &(text.clone() + &"- 0\n".repeat(values))));
        let (found, malformed) = with(995);
        assert!(malformed.is_none());
        assert_eq!(found[0].items().len(), 997);
        let malformed = with(996).1.unwrap();
        assert_eq!(malformed.place.to_string(), "x:998:3");
        assert_eq!(malformed.message, super::TOO_MANY);
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

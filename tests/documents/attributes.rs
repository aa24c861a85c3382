//! The page of keys has a section for each key of `#[env(...)]`, with its documentation and an
//! example.

use std::path::Path;

use crate::files::read;
use crate::markdown::anchors;

const TABLE: &str = "environ-derive/src/attr/key.rs";
const PAGE: &str = "environ/docs/attributes.md";

/// Returns the word and the documentation of each row of the table of keys.
fn keys(table: &str) -> Vec<(&str, &str)> {
    let (_, rows) = table.split_once("\nkeys! {\n").unwrap();
    let (rows, _) = rows.split_once("\n}\n").unwrap();
    let rows = rows
        .lines()
        .filter(|row| !row.trim_start().starts_with("//"));
    rows.map(|row| {
        let texts: Vec<_> = row.split('"').collect();
        (texts[1], texts[3])
    })
    .collect()
}

/// An editor shows the link at a key: the word of the key is the anchor of its section.
#[test]
fn the_documentation_of_a_key_links_to_its_section() {
    let page = "\"https://docs.rs/environ-config/latest/environ/guide/attributes/index.html\";";
    let editor = read(Path::new("environ-derive/src/expand/editor.rs"));
    assert!(editor.contains(page), "{page}");
    let attributes = read(Path::new(PAGE));
    let anchors = anchors(&attributes);
    for (word, _) in keys(&read(Path::new(TABLE))) {
        assert!(anchors.iter().any(|anchor| anchor == word), "{word}");
    }
}

#[test]
fn each_key_has_a_section_with_its_documentation_and_an_example() {
    let (table, page) = (read(Path::new(TABLE)), read(Path::new(PAGE)));
    let keys = keys(&table);
    assert!(keys.len() > 40, "{keys:?}");
    let sections: Vec<_> = page.split("\n# `").skip(1).collect();
    let names: Vec<_> = sections
        .iter()
        .map(|section| section.split('`').next().unwrap())
        .collect();
    let words: Vec<_> = keys.iter().map(|(word, _)| *word).collect();
    assert_eq!(names, words);
    for ((word, doc), section) in keys.iter().zip(sections) {
        let begin = format!("{word}`\n\n{doc}.\n");
        assert!(section.starts_with(&begin), "{begin}");
        let (_, example) = section.split_once("```edition2024\n").unwrap();
        let is_used = example.contains(word) && example.contains("assert");
        assert!(is_used, "{word}: {example}");
    }
}

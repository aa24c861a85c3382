//! The documents: links lead to files and anchors, the README is short, and the prose of
//! documents, comments and messages keeps the budget of `CONTRIBUTING.md`.

#![expect(clippy::unwrap_used, reason = "a test that goes wrong ends in a panic")]

mod attributes;
mod budget;
mod files;
mod links;
mod markdown;
mod rust;

use std::fs;

const MAX_README_LINES: usize = 150;

#[test]
fn the_readme_is_short() {
    let readme = fs::read_to_string(files::root().join("README.md")).unwrap();
    let lines = readme.lines().count();
    assert!(lines <= MAX_README_LINES, "{lines} lines");
}

#[test]
fn no_page_has_lines_that_only_rustdoc_hides() {
    for page in files::files("", "md") {
        let text = files::read(&page);
        let hidden = markdown::hidden(&text);
        assert!(hidden.is_empty(), "{}: {hidden:?}", page.display());
    }
}

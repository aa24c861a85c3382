//! The tests in the guides. For rustdoc an example with `#[test]` is empty, so that a package has
//! to run the tests.

use crate::page::blocks;
use crate::place::Place;

const PAGES: [&str; 2] = [
    include_str!("../../environ/docs/testing.md"),
    include_str!("../../environ/docs/deployment.md"),
];

/// The number of the tests.
pub(crate) const TESTS: usize = 2;

/// Adds the tests to a package, each in a module, with the file that a test checks.
pub(crate) fn add(place: &Place) {
    let blocks = PAGES.iter().flat_map(|page| blocks(page, "rust"));
    let modules = blocks.enumerate().map(|(number, block)| {
        let name = format!("block_{number}");
        format!("mod {name} {{\n#![allow(dead_code)]\n{block}}}\n")
    });
    place.write("tests/guides.rs", &modules.collect::<String>());
    let compose = "services:\n  app:\n    environment:\n      APP_PORT: 8000\n";
    place.write("compose.yaml", compose);
}

//! `ARCHITECTURE.md` and the code agree: each folder that the page lists has the
//! listed rooms and no more, and a room uses only rooms above it in its list.
//!
//! The lists are read from the page, so that page and code cannot drift.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that goes wrong ends in a panic"
)]

mod page;
mod paths;

use std::fs;
use std::path::{Path, PathBuf};

use page::List;
use paths::Module;

/// The most files and folders that stand at the top of a package's `src`.
const MAX_ROOMS_AT_THE_TOP: usize = 20;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn lists() -> Vec<List> {
    page::lists(&fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap())
}

#[test]
fn each_package_has_a_list_of_its_rooms() {
    let lists = lists();
    for package in ["environ-derive", "environ", "demo-service"] {
        let src = format!("{package}/src");
        assert!(lists.iter().any(|list| list.folder == src), "{src}");
    }
}

#[test]
fn the_page_lists_every_room_and_nothing_else() {
    for list in lists() {
        let mut listed = list.rooms.clone();
        let mut there: Vec<String> = entries(&root().join(&list.folder))
            .iter()
            .filter_map(|path| room(path))
            .collect();
        listed.retain(|room| room != "mod");
        listed.sort();
        there.sort();
        there.dedup();
        assert_eq!(listed, there, "{} and its list differ", list.folder);
    }
}

#[test]
fn the_top_of_a_package_is_seen_at_a_glance() {
    for list in lists().iter().filter(|list| list.is_package()) {
        let count = entries(&root().join(&list.folder)).len();
        assert!(count <= MAX_ROOMS_AT_THE_TOP, "{}: {count}", list.folder);
    }
}

#[test]
fn a_room_uses_only_rooms_above_it_in_its_list() {
    let mut wrong = Vec::new();
    for list in lists() {
        for (module, file) in modules(&root().join(&list.folder)) {
            let text = fs::read_to_string(&file).unwrap();
            let file = file.strip_prefix(root()).unwrap().display();
            let backwards = backwards(&list, &module, &text);
            wrong.extend(backwards.iter().map(|why| format!("{file}: {why}")));
        }
    }
    wrong.sort();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn an_arrow_that_is_turned_round_is_found() {
    let page = "## `shop/src`\n\n```text\nprice  of a thing\nstock  on the shelf\norder  of a client\n```\n";
    let [list] = &page::lists(page)[..] else {
        panic!("one list")
    };
    let stock = |text| backwards(list, &Module::in_package(&["stock"]), text);
    let nothing: [&str; 0] = [];
    assert_eq!(
        stock("use crate::price::Price; use crate::stock::Shelf;"),
        nothing
    );
    assert_eq!(
        stock("/// Read by [`crate::order`].\nuse std::fmt; // crate::order"),
        nothing
    );
    assert_eq!(
        stock("#[cfg(test)] mod tests { use crate::order::Order; }"),
        nothing
    );
    let wrong = "`stock` uses `order`, which stands below it in the list of shop/src";
    assert_eq!(stock("use crate::order::Order;"), [wrong]);
    assert_eq!(
        stock("use crate::{price, order::{self, Order}};"),
        [wrong, wrong]
    );
    assert_eq!(stock("fn f() { crate::order::sell() }"), [wrong]);
    assert_eq!(stock("use super::order::Order;"), [wrong]);
    assert_eq!(
        stock("mod shelf { use super::super::order::Order; }"),
        [wrong]
    );
    let root = "`stock` uses `Price` of shop/src itself; name its room";
    assert_eq!(stock("use crate::Price;"), [root]);
}

/// Returns why `text`, a file of `module`, breaks the order of `list`.
fn backwards(list: &List, module: &Module, text: &str) -> Vec<String> {
    let Some(from) = module.room_in(list) else {
        return Vec::new();
    };
    let below = |target: Vec<String>| {
        let to = target.strip_prefix(&list.module()[..])?.first()?;
        if to.starts_with("__") {
            return None; // an exported macro stands at the root by the language's rule
        }
        let folder = &list.folder;
        match list.rank(to) {
            Some(rank) if rank > list.rank(&from)? => Some(format!(
                "`{from}` uses `{to}`, which stands below it in the list of {folder}"
            )),
            None if list.rank("mod") > list.rank(&from) || list.rank("mod").is_none() => Some(
                format!("`{from}` uses `{to}` of {folder} itself; name its room"),
            ),
            _ => None,
        }
    };
    let targets = paths::targets(module, text);
    targets.into_iter().filter_map(below).collect()
}

#[test]
fn each_step_of_a_walk_is_where_the_page_says() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let steps: Vec<_> = page::steps(&page).collect();
    assert!(steps.len() >= 20, "{steps:?}");
    for (file, name) in steps {
        let text = fs::read_to_string(root().join(file)).expect(file);
        for part in name.into_iter().flat_map(|name| name.split("::")) {
            let is_part = |word: &str| word == part;
            let mut words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            assert!(words.any(is_part), "{file} has no {part}");
        }
        let own = name.and_then(|name| name.split("::").last());
        let defines =
            |own: &str| ["fn ", "struct "].map(|kind| text.contains(&format!("{kind}{own}")));
        assert!(
            own.is_none_or(|own| defines(own).contains(&true)),
            "{file}: {own:?}"
        );
    }
}

/// Returns the files and folders in `folder` that belong to no test.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|err| panic!("{}: {err}", folder.display()));
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| {
            path.file_stem()
                .is_some_and(|stem| stem != "tests" && stem != "fake")
        })
        .collect()
}

/// Returns the name of a room, or `None` for a file that hands names on.
fn room(path: &Path) -> Option<String> {
    let name = path.file_stem()?.to_str()?.to_owned();
    let is_source = path.is_dir() || path.extension().is_some_and(|ext| ext == "rs");
    (is_source && !matches!(&*name, "lib" | "main" | "mod")).then_some(name)
}

/// Returns every source file in `folder`, and the module that it is.
fn modules(folder: &Path) -> Vec<(Module, PathBuf)> {
    let mut found = Vec::new();
    for path in entries(folder) {
        if path.is_dir() {
            found.extend(modules(&path));
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            found.push((Module::of_file(&path), path));
        }
    }
    found
}

//! The public API of `environ` as text, in `environ/api`: a change of a name or a
//! signature is seen in review.
//!
//! After a change that is meant, `UPDATE_API=1 cargo test -p tests --test public_api`
//! writes the lists anew.
//!
//! `none.txt` has the API without features. The list of a feature has the lines that it
//! adds to the features that it switches on, and `all.txt` those that need several. Private, hidden and generated items are left out: rustdoc leaves out
//! `#[doc(hidden)]`, and `public-api` the traits that the compiler implements.

#![expect(clippy::unwrap_used, reason = "a test that goes wrong ends in a panic")]

mod rustdoc;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use environ::{Process, Source};
use rustdoc::Crate;

/// The lines of an API.
type Lines = Vec<String>;

/// Each list by its name.
fn lists() -> BTreeMap<String, Lines> {
    let krate = Crate::environ();
    let features: Vec<_> = krate.features().collect();
    let none = krate.api(&BTreeSet::new());
    let mut known: BTreeSet<_> = none.iter().cloned().collect();
    let mut lists = BTreeMap::new();
    for feature in &features {
        let implied = krate.implied(feature);
        let base = krate.api(&implied);
        let api = krate.api(&implied.into_iter().chain([feature.clone()]).collect());
        let added = added(&base, api, feature);
        known.extend(added.iter().cloned());
        lists.insert(feature.clone(), added);
    }
    let known: Lines = known.into_iter().collect();
    let all = krate.api(&features.into_iter().collect());
    lists.insert("all".to_owned(), added(&known, all, "all"));
    lists.insert("none".to_owned(), none);
    lists
}

/// The lines that a feature adds. It must remove none: two crates that use `environ` get
/// the features of both.
fn added(base: &[String], api: Lines, feature: &str) -> Lines {
    let gone: Vec<_> = base.iter().filter(|line| !api.contains(line)).collect();
    assert!(gone.is_empty(), "the feature {feature} removes {gone:#?}");
    api.into_iter()
        .filter(|line| !base.contains(line))
        .collect()
}

#[test]
fn the_public_api_is_the_one_that_was_reviewed() {
    let lists = lists();
    for (name, lines) in &lists {
        let foreign: Vec<_> = lines.iter().filter(|line| is_foreign(line)).collect();
        assert!(
            foreign.is_empty(),
            "{name} names types of other crates: {foreign:#?}"
        );
    }
    let closed = closed(lists.values().flatten());
    assert!(closed.is_empty(), "no release could extend {closed:#?}");
    let types = lists.values().flatten().filter_map(|line| type_of(line));
    let unchecked: Vec<_> = types.filter(|name| !is_checked(name)).collect();
    assert!(
        unchecked.is_empty(),
        "tests/api/threads.rs lacks {unchecked:?}"
    );

    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../environ/api");
    let files: BTreeMap<String, PathBuf> = lists
        .keys()
        .map(|name| (name.clone(), dir.join(format!("{name}.txt"))))
        .collect();
    if Process.get("UPDATE_API").is_some() {
        fs::create_dir_all(&dir).unwrap();
        for (name, file) in &files {
            fs::write(file, text(&lists[name])).unwrap();
        }
    }
    let mut differences = Vec::new();
    for (name, file) in &files {
        let reviewed = fs::read_to_string(file).unwrap_or_default();
        differences.extend(difference(&reviewed, &text(&lists[name]), name));
    }
    let expected: BTreeSet<_> = files.values().map(|file| file.file_name()).collect();
    for entry in fs::read_dir(&dir).unwrap() {
        let name = entry.unwrap().file_name();
        if !expected.contains(&Some(&*name)) {
            differences.push(format!("{}: no such feature", name.display()));
        }
    }
    assert!(
        differences.is_empty(),
        "the public API differs from environ/api; if you mean the change, run \
         `UPDATE_API=1 cargo test -p tests --test public_api` and commit the lists:\n{}",
        differences.join("\n")
    );
}

fn text(lines: &[String]) -> String {
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// The lines that only one of two texts has.
fn difference(reviewed: &str, now: &str, name: &str) -> Vec<String> {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let (reviewed, now) = (lines(reviewed), lines(now));
    let gone = reviewed
        .difference(&now)
        .map(|line| format!("{name}: - {line}"));
    let new = now
        .difference(&reviewed)
        .map(|line| format!("{name}: + {line}"));
    gone.chain(new).collect()
}

/// Crates whose types a signature may name: those of std, our own, and the traits of
/// serde, which a user's own types implement.
const OWN: [&str; 6] = [
    "alloc",
    "core",
    "environ",
    "environ_derive",
    "serde_core",
    "std",
];

/// The types of std with paths without a crate.
const PRIMITIVE: [&str; 17] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16",
    "u32", "u64", "u128", "usize",
];

/// Lines that name a type of another crate on purpose. The documentation of each says so.
const EXCEPTIONS: [&str; 2] = [
    "pub fn environ::secrets::aws::AwsClient::conf(",
    "pub fn environ::secrets::aws::AwsClient::from_conf(",
];

fn is_foreign(line: &str) -> bool {
    // The feature for the types of secrecy, and for the trait that they need, has their
    // version in its name.
    let is_of_secrecy = |root| root == "secrecy" || root == "zeroize" && line.contains("secrecy::");
    let is_own = |root| OWN.contains(&root) || PRIMITIVE.contains(&root) || is_of_secrecy(root);
    let is_exception = EXCEPTIONS.iter().any(|start| line.starts_with(start));
    !is_exception && roots(line).any(|root| !is_own(root))
}

/// The first segment of each path in a line.
fn roots(line: &str) -> impl Iterator<Item = &str> {
    let paths = line.split(|letter: char| !letter.is_alphanumeric() && !"_:".contains(letter));
    let roots = paths.filter_map(|path| Some(path.split_once("::")?.0));
    // `T::Err` and `Self::Item` begin with a type, `<T as X>::Err` with nothing.
    roots.filter(|root| root.starts_with(|letter: char| letter.is_lowercase()))
}

#[test]
fn types_of_other_crates_are_found() {
    for line in [
        "pub fn environ::a(tokio::sync::watch::Receiver<u8>)",
        "pub fn environ::a() -> core::option::Option<&'static reqwest::Client>",
        "impl core::convert::From<vaultrs::error::ClientError> for environ::Error",
        "pub fn environ::AwsClient::other(aws_sdk_secretsmanager::config::Config)",
    ] {
        assert!(is_foreign(line), "{line}");
    }
    for line in [
        "pub fn environ::a<T: core::str::FromStr>(T) where <T as core::str::FromStr>::Err: core::fmt::Display",
        "pub fn environ::Items<'a, T>::next(&mut self) -> core::option::Option<Self::Item>",
    ] {
        assert!(!is_foreign(line), "{line}");
    }
}

/// The name of the type that a line declares.
fn type_of(line: &str) -> Option<&str> {
    let (_, path) = line
        .split_once("pub struct ")
        .or(line.split_once("pub enum "))?;
    path.split(['<', '(']).next()?.rsplit("::").next()
}

/// Whether the compiler checks that threads can share a type.
fn is_checked(name: &str) -> bool {
    let (_imports, checks) = include_str!("../api/threads.rs")
        .split_once("macro_rules!")
        .unwrap();
    let mut words = checks.split(|letter: char| !letter.is_alphanumeric());
    words.any(|word| word == name)
}

/// Enums that can get no variant, and structs that can get no field, without a break.
fn closed<'l>(lines: impl Iterator<Item = &'l String> + Clone) -> Vec<&'l String> {
    let fields: BTreeSet<&str> = lines
        .clone()
        .filter_map(|line| owner_of_field(line))
        .collect();
    let is_closed = |line: &&String| {
        let path = |kind| line.strip_prefix(kind)?.split(['<', '(']).next();
        let has_fields = path("pub struct ").is_some_and(|path| fields.contains(path));
        has_fields || path("pub enum ").is_some()
    };
    lines.filter(is_closed).collect()
}

/// `environ::A` of `pub environ::A::b: u8`, generics left out.
fn owner_of_field(line: &str) -> Option<&str> {
    let (path, _) = line.strip_prefix("pub environ::")?.split_once(": ")?;
    let owner = path.rsplit_once("::")?.0;
    let owner = owner.split('<').next()?;
    line.get("pub ".len().."pub environ::".len() + owner.len())
}

#[test]
fn closed_types_are_found() {
    let lines = [
        "pub enum environ::A",
        "#[non_exhaustive] pub enum environ::B",
        "pub struct environ::C<T>",
        "pub environ::C::value: T",
        "#[non_exhaustive] pub struct environ::D",
        "pub environ::D::value: u8",
        "pub struct environ::E",
    ]
    .map(str::to_owned);
    assert_eq!(closed(lines.iter()), [&lines[0], &lines[2]]);
}

//! The budget of words of `CONTRIBUTING.md`, for each package and each document.
//!
//! Clauses that begin with `what` or `who`, and pronouns without a noun, are hard to read for
//! newcomers to the code. Code is no prose: fenced blocks and code spans are left out.

use std::path::{Path, PathBuf};

use crate::files::{files, read};
use crate::markdown::{lines, without_code};
use crate::rust::prose;

/// The words of a rule, and the most of these in 1,000 words of a text.
struct Rule {
    name: &'static str,
    words: &'static [&'static str],
    max_per_thousand: usize,
}

const RULES: [Rule; 3] = [
    Rule {
        name: "what",
        words: &["what", "whatever"],
        max_per_thousand: 4,
    },
    Rule {
        name: "who",
        words: &["who", "whom", "whose", "whoever"],
        max_per_thousand: 1,
    },
    Rule {
        name: "one, ones, those, other",
        words: &["one", "ones", "those", "other", "others"],
        max_per_thousand: 10,
    },
];

/// Written by the program from its own texts, which are counted in its package.
const GENERATED: &str = "demo-service/docs/variables.md";

/// In a text of fewer words, a rule allows its number for this many words.
const MIN_WORDS: usize = 1_000;

/// A line of prose.
struct Line {
    file: PathBuf,
    number: usize,
    text: String,
}

/// Returns a message for each rule that the text breaks, with the lines to rewrite.
fn broken(name: &str, text: &[Line]) -> Vec<String> {
    let total: usize = text.iter().map(|line| words(&line.text).count()).sum();
    let mut broken = Vec::new();
    for rule in RULES {
        let is_counted = |word: &String| rule.words.contains(&&**word);
        let hits: Vec<_> = text
            .iter()
            .flat_map(|line| words(&line.text).filter(is_counted).map(move |_| line))
            .collect();
        let max = rule.max_per_thousand * total.max(MIN_WORDS) / 1_000;
        if hits.len() > max {
            let (count, rule) = (hits.len(), rule.name);
            broken.push(format!(
                "{name}: {count} times \"{rule}\", at most {max} in {total} words"
            ));
            broken.extend(hits.iter().map(|line| {
                format!(
                    "  {}:{}: {}",
                    line.file.display(),
                    line.number,
                    line.text.trim()
                )
            }));
        }
    }
    broken
}

/// Returns the words of a text in lower case. "one-of", the name of a kind of group, is a
/// single word.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let is_between = |char: char| !char.is_alphabetic() && char != '\'' && char != '-';
    let words = text.split(is_between);
    let words = words.map(|word| word.trim_matches(['\'', '-']).to_lowercase());
    words.filter(|word| !word.is_empty())
}

/// Returns the prose of Markdown, without code.
fn markdown(file: &Path, text: &str) -> Vec<Line> {
    let line = |(number, line)| Line {
        file: file.to_owned(),
        number,
        text: without_code(line),
    };
    lines(text).into_iter().map(line).collect()
}

/// Returns the comments of a file and, outside of tests, its messages.
fn rust(file: &Path, code: &str) -> Vec<Line> {
    let prose = prose(code);
    let comments: Vec<_> = prose.comments.iter().map(|(_, text)| &**text).collect();
    let comments = comments.join("\n");
    let outside_of_code = markdown(file, &comments).into_iter().map(|line| Line {
        number: prose.comments[line.number - 1].0,
        ..line
    });
    let mut found: Vec<_> = outside_of_code.collect();
    let is_test = file
        .iter()
        .any(|part| part == "tests" || part == "tests.rs");
    if !is_test {
        found.extend(prose.messages.into_iter().map(|(number, text)| Line {
            file: file.to_owned(),
            number,
            text: without_code(&text),
        }));
    }
    found
}

fn package(folder: &str) -> Vec<Line> {
    let files = files(folder, "rs");
    assert!(!files.is_empty(), "{folder}");
    files
        .iter()
        .flat_map(|file| rust(file, &read(file)))
        .collect()
}

#[test]
fn each_document_keeps_the_budget() {
    let pages = files("", "md");
    assert!(pages.len() > 15, "{pages:?}");
    let broken: Vec<_> = pages
        .iter()
        .filter(|page| *page != Path::new(GENERATED))
        .flat_map(|page| broken(&page.display().to_string(), &markdown(page, &read(page))))
        .collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn each_package_keeps_the_budget() {
    let broken: Vec<_> = ["environ-derive", "environ", "demo-service", "tests"]
        .iter()
        .flat_map(|folder| broken(folder, &package(folder)))
        .collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn a_text_of_the_old_kind_breaks_the_budget() {
    let old = "Proxies that may say who asked, and what they send, whoever that is, what is not \
               known of what is held by those other ones.\n";
    let page = markdown(Path::new("old.md"), &old.repeat(3));
    let rules: Vec<_> = broken("old", &page)
        .into_iter()
        .filter(|line| !line.starts_with(' '))
        .collect();
    assert_eq!(
        rules,
        [
            "old: 9 times \"what\", at most 4 in 75 words",
            "old: 6 times \"who\", at most 1 in 75 words",
        ]
    );
    let code = format!("/// {old}fn f() {{}}\n").repeat(3);
    assert_eq!(
        broken("old", &rust(Path::new("old.rs"), &code)).len(),
        2 + 9 + 6
    );
    let code = format!("//! ```\n//! {old}//! ```\n").repeat(3);
    assert!(broken("old", &rust(Path::new("old.rs"), &code)).is_empty());
}

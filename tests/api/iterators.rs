//! Iterators that a user can measure, reverse, clone and use in a `for` loop.

use std::fs;

use environ::{EnvConfig, Problem};

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only its variables count")]
struct Http {
    #[env(deprecated = "HOST")]
    host: String,
    port: u16,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only its variables count")]
struct Renamed {
    host: String,
    listen: u16,
}

/// Returns the number of items, and checks all that an iterator promises.
fn assert_iterates<I>(items: &I) -> usize
where
    I: ExactSizeIterator<Item: PartialEq + std::fmt::Debug> + DoubleEndedIterator + Clone,
{
    let mut reversed: Vec<_> = items.clone().rev().collect();
    reversed.reverse();
    assert_eq!(items.clone().collect::<Vec<_>>(), reversed);
    assert_eq!(items.len(), reversed.len());
    items.len()
}

#[test]
fn problems_and_warnings_have_iterators() {
    let pairs = [("HOST", ""), ("APP_PORT", "80a0"), ("APP_HOTS", "a")];
    let err = Http::loader().source(pairs).warn_unknown().load();
    let err = err.unwrap_err();
    assert_eq!(assert_iterates(&err.problems()), 2);
    assert_eq!(assert_iterates(&(&err).into_iter()), 2);
    let mut names = Vec::new();
    for problem in &err {
        names.push(problem.name());
    }
    assert_eq!(names, err.problems().map(Problem::name).collect::<Vec<_>>());

    let pairs = [("HOST", "a"), ("APP_PORT", "80a0")];
    let err = Http::from_source(pairs).unwrap_err();
    assert_eq!(assert_iterates(&err.warnings()), 1);
}

#[test]
fn origins_have_iterators() {
    let pairs = [("APP_HOST", "a"), ("APP_PORT", "80")];
    let origins = Http::loader().source(pairs).load().unwrap().origins;
    assert_eq!(assert_iterates(&origins.iter()), 2);
    assert_eq!(assert_iterates(&(&origins).into_iter()), 2);
    for (name, origin) in &origins {
        assert_eq!(origins.get(name), Some(origin));
    }
}

#[test]
fn changes_have_iterators() {
    let changes = Renamed::help().diff(&Http::help().to_json());
    let changes = changes.unwrap();
    assert_eq!(
        assert_iterates(&changes.iter()),
        assert_iterates(&(&changes).into_iter())
    );
    let mut count = 0;
    for _ in &changes {
        count += 1;
    }
    assert_eq!(count, changes.iter().len());
    assert!(count >= 2, "{changes}");
}

#[test]
fn findings_have_iterators() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("compose.yaml");
    let text = "services:\n  app:\n    environment:\n      APP_PORT: 80a0\n";
    fs::write(&file, text).unwrap();
    let report = Http::deployment().file(&file).check();
    assert_eq!(assert_iterates(&report.findings()), 2, "{report}");
    let last = report.findings().next_back();
    assert_eq!(last.unwrap().place().line(), 4);
    for (finding, same) in (&report).into_iter().zip(report.findings()) {
        assert_eq!(finding, same);
    }
}

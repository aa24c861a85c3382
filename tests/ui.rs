//! The errors of mistakes: a cause for each file, and its error beside it.
//!
//! After a change that is meant, `TRYBUILD=overwrite cargo test -p ui` writes the
//! errors anew.

#[test]
fn mistakes_are_reported_where_they_are() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("*.rs");
    // With a case that runs, all are built and not only checked: what a root
    // reads twice shows no earlier.
    cases.pass("pass/*.rs");
}

//! What a mistake looks like: one cause a file, and its error beside it.
//!
//! After a change that is meant, `TRYBUILD=overwrite cargo test -p tests --test
//! ui` writes the errors anew.

#[test]
fn mistakes_are_reported_where_they_are() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/*.rs");
    // With a case that runs, all are built and not only checked: what a root
    // reads twice shows no earlier.
    cases.pass("ui/pass/*.rs");
}

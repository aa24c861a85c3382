//! What a mistake looks like: one cause a file, and its error beside it.
//!
//! After a change that is meant, `TRYBUILD=overwrite cargo test -p tests --test
//! ui` writes the errors anew.

#[test]
fn mistakes_are_reported_where_they_are() {
    trybuild::TestCases::new().compile_fail("ui/*.rs");
}

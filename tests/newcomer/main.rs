//! The ways of a newcomer, from an empty folder: the tutorial command by command, the tests of the
//! guides, and the template.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that goes wrong ends in a panic"
)]

mod guides;
mod page;
mod place;
mod template;
mod tutorial;

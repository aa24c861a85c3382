//! Runs the examples of the documents that belong to no package.

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

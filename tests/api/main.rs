//! The public API as users and their libraries write against it: sources, stores and values of
//! their own, futures that are spawned, and the names that a release keeps.

#![expect(clippy::unwrap_used, reason = "a test that goes wrong ends in a panic")]

mod documents;
mod exit;
mod iterators;
mod layers;
mod sharing;
mod sources;
mod stores;
mod threads;
mod values;

//! Places and levels may be added in any release.

use environ::{Level, Place};

fn place(place: Place) -> bool {
    match place {
        Place::Environment | Place::Layer | Place::File => true,
        Place::Store | Place::Default => false,
    }
}

fn level(level: Level) -> bool {
    match level {
        Level::Allow => true,
        Level::Warn | Level::Deny => false,
    }
}

fn main() {}

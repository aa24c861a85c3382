//! The names that are known while the user's crate compiles: to look one up in the
//! environment of the process, nothing need be joined, and no table be read.
//!
//! Known are the names of a root type under its own prefix, outside of lists, maps,
//! variants and groups that one of their variables switches on: known only in a load. A load takes the names one after the
//! other, so generated code must ask for every field in the order of the table, even after
//! a field that failed.

#[cfg(test)]
mod tests;

use std::marker::PhantomData;

use super::{Item, Kind, Name, Presence, Spec};
use crate::name;

/// A type that has a table. A constant that is made of a table must belong to a type.
pub(crate) trait HasSpec {
    const SPEC: &'static Spec;
}

/// The names of all items of the root type `T` that are known, in the order of the
/// table. The name of a variable that is not plain is empty, because it has more places.
///
/// There are none where a type has so many names, aliases and those in lists too,
/// that the compiler would take long: about 0.6 ms for each, by `-Ztime-passes`. Nor
/// are there if they are very long.
pub(crate) const fn names<T: HasSpec>() -> &'static [&'static str] {
    if T::SPEC.names > 128 {
        return &[];
    }
    let Table { len, used, .. } = Table::<0, 0>::of(T::SPEC);
    // Unused slots are part of the program too.
    if len <= 16 && used <= 512 {
        Names::<T, 16, 512>::all()
    } else if len <= 64 && used <= 2_048 {
        Names::<T, 64, 2_048>::all()
    } else if len <= 256 && used <= 8_192 {
        Names::<T, 256, 8_192>::all()
    } else {
        &[]
    }
}

/// The names of `T`, if they are at most so many, and have at most so many bytes.
struct Names<T, const MAX: usize, const BYTES: usize>(PhantomData<T>);

impl<T: HasSpec, const MAX: usize, const BYTES: usize> Names<T, MAX, BYTES> {
    const TABLE: Table<MAX, BYTES> = Table::of(T::SPEC);
    const TEXT: &'static [u8; BYTES] = &{ Self::TABLE.text };
    const ALL: &'static [&'static str; MAX] = &Self::TABLE.names(Self::TEXT);

    /// A function, since only the constants of one that is called are evaluated.
    const fn all() -> &'static [&'static str] {
        Self::ALL.split_at(Self::TABLE.len).0
    }
}

/// The names, one after the other, and where in the text each of them is. One of no
/// size only counts.
struct Table<const MAX: usize, const BYTES: usize> {
    text: [u8; BYTES],
    used: usize,
    spans: [Span; MAX],
    len: usize,
}

#[derive(Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
}

impl<const MAX: usize, const BYTES: usize> Table<MAX, BYTES> {
    const fn of(spec: &Spec) -> Self {
        let mut table = Self {
            text: [0; BYTES],
            used: 0,
            spans: [Span { start: 0, end: 0 }; MAX],
            len: 0,
        };
        table.push(spec.root());
        let root = table.since(0);
        table.add(spec.items, root, spec.after_prefix, spec.joint());
        table
    }

    /// Adds the known names of `items`, under the path that is at `path`. The
    /// compiler's stack, which is 128 calls deep, is enough for a hundred groups in
    /// each other.
    const fn add(&mut self, items: &[Item], path: Span, joint: &str, delimiter: &str) {
        let mut i = 0;
        while i < items.len() {
            let item = &items[i];
            match &item.kind {
                Kind::Var(var) if var.is_plain => {
                    self.join(path, joint, item.name);
                }
                Kind::Var(_) => {
                    self.end(self.used);
                }
                Kind::Group(spec)
                    if !matches!(item.presence, Presence::Variant(_) | Presence::When(_)) =>
                {
                    let path = self.join(path, joint, item.name);
                    let is_flat = item.segment().is_empty();
                    let joint = if is_flat { joint } else { delimiter };
                    self.add(spec.items, path, joint, delimiter);
                }
                Kind::Group(_)
                | Kind::List(_)
                | Kind::Map(_)
                | Kind::Rule(_)
                | Kind::Removed(_) => {}
            }
            i += 1;
        }
    }

    /// Adds one name.
    const fn join(&mut self, path: Span, joint: &str, name: Name) -> Span {
        let start = self.used;
        match name {
            Name::Full(name) => self.push(name),
            Name::Segment(segment) => {
                let len = path.end - path.start;
                self.repeat(path.start, len);
                if name::is_joined(len, segment.len()) {
                    self.push(joint);
                }
                self.push(segment);
            }
        }
        self.end(start)
    }

    const fn push(&mut self, text: &str) {
        let (bytes, len) = (text.as_bytes(), text.len());
        let mut i = 0;
        while BYTES > 0 && i < len {
            self.text[self.used + i] = bytes[i];
            i += 1;
        }
        self.used += len;
    }

    const fn repeat(&mut self, start: usize, len: usize) {
        let mut i = 0;
        while BYTES > 0 && i < len {
            self.text[self.used + i] = self.text[start + i];
            i += 1;
        }
        self.used += len;
    }

    const fn end(&mut self, start: usize) -> Span {
        let span = self.since(start);
        if MAX > 0 {
            self.spans[self.len] = span;
        }
        self.len += 1;
        span
    }

    const fn since(&self, start: usize) -> Span {
        let end = self.used;
        Span { start, end }
    }

    const fn names(&self, text: &'static [u8; BYTES]) -> [&'static str; MAX] {
        let mut names = [""; MAX];
        let mut i = 0;
        while i < self.len {
            let Span { start, end } = self.spans[i];
            let name = text.split_at(end).0.split_at(start).1;
            if let Ok(name) = std::str::from_utf8(name) {
                names[i] = name;
            }
            i += 1;
        }
        names
    }
}

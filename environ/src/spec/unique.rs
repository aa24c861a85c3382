//! No variable is read by two fields: checked while the user's crate compiles.
//!
//! The macro sees one type at a time; that `db_url` beside a group `db { url }`
//! is read twice shows only when both tables are there, which is in constant
//! evaluation. That is slow, so names are compared by hash, and spelled out only
//! for the message; and what can be known of one field is in its own table.

#[cfg(test)]
mod tests;

use crate::config::EnvConfig;
use crate::name;
use crate::name::Hash;
use crate::name::{stop, Line};
use crate::spec::{Item, Kind, Name, Presence, Spec, Ways};

/// Stops the compiler if two fields of the root type `T` read one variable.
///
/// # Panics
///
/// While compiling.
#[track_caller] // the compiler's report leaves out functions that are marked so
pub(crate) const fn assert_unique<T: EnvConfig>() {
    check(T::SPEC, T::SPEC.root());
}

/// The same for a type that may be a group, whose prefix is not known: names
/// that come after it are compared with each other, and whole names with each
/// other. So this is known where the type is defined, before it is used.
///
/// # Panics
///
/// While compiling.
#[track_caller]
pub const fn assert_unique_in_group<T: EnvConfig>() {
    check(T::SPEC, UNKNOWN);
}

/// A prefix that no whole name begins with.
const UNKNOWN: &str = "\u{0}";

#[track_caller]
const fn check(spec: &'static Spec, root: &str) {
    // A large table takes the compiler longer to make than a small one to fill.
    if spec.names <= 128 {
        check_in::<256>(spec, root);
    } else if spec.names <= 2048 {
        check_in::<4096>(spec, root);
    } else {
        check_in::<65536>(spec, root);
    }
}

#[track_caller]
const fn check_in<const SLOTS: usize>(spec: &'static Spec, root: &str) {
    let mut seen = Seen::<SLOTS>::new();
    let mut cursor = Cursor::new(spec, root);
    while let Some(name) = cursor.next() {
        if name.value == Hash::EMPTY.value {
            stop("a one-of group has a variable without a name here; give it a `prefix`");
        }
        if cursor.stack[cursor.depth - 1].several && cursor.is_whole() {
            complain_of_whole(spec, root, &cursor);
        }
        if seen.has_of_another(name, cursor.stack[0].item) {
            complain(spec, root, name);
        }
    }
}

/// Deeper, nothing is checked; the compiler gives up before.
const DEPTH: usize = 128;

/// Goes through all names of a type, without recursion: the compiler allows a
/// stack of 128 calls only.
struct Cursor {
    stack: [Frame; DEPTH],
    depth: usize,
    /// Which of the variable's names comes next.
    name: usize,
    /// The first of them.
    own: Hash,
    /// Whether there are no more of this item.
    is_done: bool,
}

/// A group, how far its items have been gone through, and its path.
#[derive(Clone, Copy)]
struct Frame {
    items: &'static [Item],
    item: usize,
    path: Hash,
    /// Whether it, or what it is in, is one of several.
    several: bool,
}

impl Cursor {
    const fn new(spec: &'static Spec, root: &str) -> Self {
        let frame = Frame {
            items: spec.items,
            item: 0,
            path: Hash::of(root),
            several: false,
        };
        Self {
            stack: [frame; DEPTH],
            depth: 1,
            name: 0,
            own: Hash::EMPTY,
            is_done: false,
        }
    }

    /// The item that is being gone through at this depth.
    const fn at(&self, depth: usize) -> &'static Item {
        &self.stack[depth].items[self.stack[depth].item]
    }

    /// The next name. The cursor stays on its item.
    const fn next(&mut self) -> Option<Hash> {
        while self.depth > 0 {
            let frame = &mut self.stack[self.depth - 1];
            if self.is_done {
                (self.is_done, self.name) = (false, 0);
                frame.item += 1;
            }
            if frame.item == frame.items.len() {
                self.depth -= 1;
                self.is_done = true;
                continue;
            }
            let item = &frame.items[frame.item];
            if self.name == 0 {
                self.own = match item.name {
                    Name::Segment(_) => frame.path.join(item.hash),
                    Name::Full(_) => item.hash,
                };
            }
            match &item.kind {
                Kind::Group(spec) => self.enter(spec, self.own, false),
                Kind::List(spec) => self.enter(spec, self.own.join(ANY_NUMBER), true),
                Kind::Map(spec) => self.enter(spec, self.own.join(ANY_KEY), true),
                Kind::Var(var) => {
                    let name = match self.name {
                        0 => Some(self.own),
                        _ if var.is_plain => None,
                        n => nth(&var.ways, self.own, n),
                    };
                    match name {
                        Some(_) => {
                            self.name += 1;
                            return name;
                        }
                        None => self.is_done = true,
                    }
                }
            }
        }
        None
    }

    const fn enter(&mut self, spec: &'static Spec, path: Hash, several: bool) {
        if self.depth == DEPTH {
            self.is_done = true;
            return;
        }
        self.stack[self.depth] = Frame {
            items: spec.items,
            item: 0,
            path,
            several: several || self.stack[self.depth - 1].several,
        };
        self.depth += 1;
    }

    /// The fields that lead to the current variable.
    const fn field(&self, spec: &Spec) -> Line {
        let mut line = Line::of(spec.ident);
        let mut depth = 0;
        while depth < self.depth {
            let field = self.at(depth).field;
            if !field.is_empty() {
                line.push(".");
                line.push(field);
            }
            depth += 1;
        }
        line
    }

    /// Whether the current name is the same wherever it stands.
    const fn is_whole(&self) -> bool {
        let item = self.at(self.depth - 1);
        match &item.kind {
            Kind::Var(var) => match nth_other(&var.ways, self.name - 1) {
                Some((None, _)) => matches!(item.name, Name::Full(_)),
                _ => true,
            },
            Kind::Group(_) | Kind::List(_) | Kind::Map(_) => false,
        }
    }

    /// Whether the current name has the segment of a group that is a field.
    const fn is_below_a_group(&self) -> bool {
        let is_variant = matches!(self.at(0).presence, Presence::Variant(_));
        self.depth > 1 && !is_variant && !self.is_whole()
    }

    /// The current name, after `root`.
    const fn name(&self, root: &str) -> Line {
        let mut path = Line::of(root);
        let mut depth = 0;
        while depth < self.depth {
            let item = self.at(depth);
            path = match item.name {
                Name::Full(full) => Line::of(full),
                Name::Segment(segment) => path.join(segment),
            };
            path = match &item.kind {
                Kind::List(_) => path.join(name::ANY_NUMBER),
                Kind::Map(_) => path.join(name::ANY_KEY),
                Kind::Var(var) => nth_line(&var.ways, path, self.name - 1),
                Kind::Group(_) => path,
            };
            depth += 1;
        }
        path
    }
}

const ANY_NUMBER: Hash = Hash::of(name::ANY_NUMBER);
const ANY_KEY: Hash = Hash::of(name::ANY_KEY);
const FILE: Hash = Hash::of(name::FILE);

/// The names of a variable: its own, the others, and those of their files.
const fn nth(ways: &Ways, own: Hash, n: usize) -> Option<Hash> {
    let Some((other, is_file)) = nth_other(ways, n) else {
        return None;
    };
    let name = match other {
        Some(other) => Hash::of(other),
        None => own,
    };
    Some(if is_file { name.add(FILE) } else { name })
}

const fn nth_line(ways: &Ways, own: Line, n: usize) -> Line {
    let Some((other, is_file)) = nth_other(ways, n) else {
        return own;
    };
    let mut name = match other {
        Some(other) => Line::of(other),
        None => own,
    };
    if is_file {
        name.push(name::FILE);
    }
    name
}

/// Which name it is, if not the variable's own, and whether of a file.
const fn nth_other(ways: &Ways, n: usize) -> Option<(Option<&'static str>, bool)> {
    let (n, is_file) = if ways.file {
        (n / 2, n % 2 == 1)
    } else {
        (n, false)
    };
    let (aliases, deprecated) = (ways.aliases, ways.deprecated);
    if n == 0 {
        Some((None, is_file))
    } else if n <= aliases.len() {
        Some((Some(aliases[n - 1]), is_file))
    } else if n <= aliases.len() + deprecated.len() {
        Some((Some(deprecated[n - 1 - aliases.len()]), is_file))
    } else {
        None
    }
}

/// The names so far, and which item of the type reads each. Two of one item are
/// its own business: of the group that it is, or of the name that it has twice.
/// What would fill it by more than half is left out: no config has so many.
struct Seen<const SLOTS: usize> {
    slots: [(u64, usize); SLOTS],
    len: usize,
}

impl<const SLOTS: usize> Seen<SLOTS> {
    const fn new() -> Self {
        Self {
            slots: [(0, 0); SLOTS],
            len: 0,
        }
    }

    /// Adds a name, unless it is there: of another item, if this gives true.
    const fn has_of_another(&mut self, name: Hash, item: usize) -> bool {
        let value = name.value; // 0 is a free slot, and no name
        let mut slot = (value >> 48) as usize % SLOTS;
        while self.slots[slot].0 != 0 {
            if self.slots[slot].0 == value {
                return self.slots[slot].1 != item;
            }
            slot = (slot + 1) % SLOTS;
        }
        if self.len < SLOTS / 2 {
            self.slots[slot] = (value, item);
            self.len += 1;
        }
        false
    }
}

#[track_caller]
const fn complain(spec: &'static Spec, root: &str, name: Hash) {
    let mut message = Line::<1024>::EMPTY;
    let mut cursor = Cursor::new(spec, root);
    let (mut fields, mut in_groups) = (0, true);
    while let Some(next) = cursor.next() {
        if next.value != name.value || fields == 2 {
            continue;
        }
        in_groups = in_groups && cursor.is_below_a_group();
        message.push(if fields == 0 { "`" } else { "` and `" });
        message.push(cursor.field(spec).as_str());
        fields += 1;
        if fields == 2 {
            message.push("` both read `");
            // A prefix that is not known is shown as the one that is likely.
            message.push(cursor.name(spec.root()).as_str());
            message.push(if in_groups {
                "`; give one of the groups another segment: `#[env(group, prefix = \"...\")]`"
            } else {
                "`; give one of them another `name`"
            });
        }
    }
    stop(message.as_str());
}

#[track_caller]
const fn complain_of_whole(spec: &'static Spec, root: &str, cursor: &Cursor) {
    let mut message = Line::<1024>::EMPTY;
    message.push("`");
    message.push(cursor.field(spec).as_str());
    message.push("` is in one of several groups, which would all read `");
    message.push(cursor.name(root).as_str());
    message.push("`; remove that name, or read it outside of them");
    stop(message.as_str());
}

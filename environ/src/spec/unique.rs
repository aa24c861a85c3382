//! No variable is read by two fields: checked while the user's crate compiles.
//!
//! The macro sees one type at a time; that `db_url` beside a group `db { url }`
//! is read twice shows only when both tables are there, which is in constant
//! evaluation. That is slow, so names are compared by hash, and spelled out only
//! for the message; and each field brings the hash of its own segment.

mod cursor;
#[cfg(test)]
mod tests;

use cursor::{Cursor, REMOVED};

use super::Spec;
use crate::name::{is_same, stop, ConstStr, Hash};

/// Stops the compiler if two fields of a root type read one variable.
///
/// # Panics
///
/// While compiling.
#[track_caller] // the compiler's report leaves out functions that are marked so
pub(crate) const fn assert_unique(spec: &'static Spec) {
    check(spec, spec.root());
}

/// Stops the compiler if two fields of a group read one variable, whatever its prefix: names
/// that come after it are compared with each other, and whole names with each
/// other. So this is known where the type is defined, before it is used.
///
/// # Panics
///
/// While compiling.
#[track_caller]
pub(crate) const fn assert_unique_in_group(spec: &'static Spec) {
    check(spec, UNKNOWN);
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
        if cursor.stack[cursor.depth - 1].several {
            if cursor.is_whole() {
                complain_of_whole(spec, root, &cursor);
            }
            if let Some(key) = cursor.key() {
                complain_of_key(spec, key, &cursor);
            }
        }
        if let Some(reader) = seen.reader_of_another(name, &cursor) {
            if !is_known_in_the_group(root, reader, &cursor) {
                complain(spec, root, name, reader, &cursor);
            }
        }
    }
    if let Some(group) = cursor.of_another_delimiter {
        complain_of_delimiter(spec, group);
    }
}

/// Whether the check of the inner group reports it, so that this check of a group need not. What
/// the field of a group changes, that check does not know.
const fn is_known_in_the_group(root: &str, reader: usize, second: &Cursor) -> bool {
    let depth = second.depth_beside(reader);
    is_same(root.as_bytes(), UNKNOWN.as_bytes())
        && reader != REMOVED
        && (depth > 1 || depth == 1 && !second.is_selector_beside(reader))
}

/// Stops at `second`, which reads a name that the item with the number `reader` reads before.
#[track_caller]
const fn complain(
    spec: &'static Spec,
    root: &str,
    name: Hash,
    reader: usize,
    second: &Cursor,
) -> ! {
    let mut first = Cursor::new(spec, root);
    while let Some(next) = first.next() {
        if next.value == name.value && first.reader() == reader {
            break;
        }
    }
    let mut message = ConstStr::<1024>::of("`");
    if first.is_removed() || second.is_removed() {
        let field = if first.is_removed() { second } else { &first };
        message.push(field.field(spec).as_str());
        message.push("` reads `");
        message.push(field.name(spec.root()).as_str());
        message.push("`, which `removed` says is no longer read; remove one of them");
        stop(message.as_str());
    }
    message.push(first.field(spec).as_str());
    message.push("` and `");
    message.push(second.field(spec).as_str());
    message.push("` both read `");
    // A prefix that is not known is shown as the one that is likely.
    message.push(second.name(spec.root()).as_str());
    let around = second.depth_beside(reader) + 1;
    let in_groups = first.depth > around && second.depth > around;
    message.push(if in_groups && !first.is_whole() && !second.is_whole() {
        "`; give one of the groups another segment: `#[env(group, prefix = \"...\")]`"
    } else if around > 1 && second.is_selector_beside(reader) {
        "`; the first is the variable that selects a variant or switches the group on; give one of \
         them another name"
    } else {
        "`; give one of them another `name`"
    });
    stop(message.as_str());
}

#[track_caller]
const fn complain_of_whole(spec: &'static Spec, root: &str, cursor: &Cursor) {
    let mut message = ConstStr::<1024>::EMPTY;
    message.push("`");
    message.push(cursor.field(spec).as_str());
    message.push("` is in one of several groups, which would all read `");
    message.push(cursor.name(root).as_str());
    message.push("`; remove that name, or read it outside of them");
    stop(message.as_str());
}

#[track_caller]
const fn complain_of_key(spec: &'static Spec, key: &str, cursor: &Cursor) {
    let mut message = ConstStr::<1024>::of("`");
    message.push(cursor.field(spec).as_str());
    message.push("` is in one of several groups, which would all have the secret `");
    message.push(key);
    message.push("` of a store; remove `key`, or read the secret outside of them");
    stop(message.as_str());
}

#[track_caller]
const fn complain_of_delimiter(root: &Spec, group: &Spec) {
    let mut message = ConstStr::<512>::of("the group `");
    message.push(group.ident);
    message.push("` has the delimiter `");
    message.push(group.joint());
    message.push("`, and `");
    message.push(root.ident);
    message.push("` joins all names with `");
    message.push(root.joint());
    message.push("`; write `delimiter` at the root, and the same in each group or in none");
    stop(message.as_str());
}

/// The names so far, and the item that reads each. Two of one item are its own business.
/// It is filled by half at most, and further names are left out: no config has so many.
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

    /// Adds the current name, or returns the item that reads it before and must not.
    const fn reader_of_another(&mut self, name: Hash, cursor: &Cursor) -> Option<usize> {
        let value = name.value; // 0 is a free slot, and no name
        let mut slot = (value >> 48) as usize % SLOTS;
        while self.slots[slot].0 != 0 {
            if self.slots[slot].0 == value {
                let reader = self.slots[slot].1;
                if !cursor.may_share_with(reader) {
                    return Some(reader);
                }
                // Of those that share it, the last is the nearest to what follows.
                self.slots[slot].1 = cursor.reader();
                return None;
            }
            slot = (slot + 1) % SLOTS;
        }
        if self.len < SLOTS / 2 {
            self.slots[slot] = (value, cursor.reader());
            self.len += 1;
        }
        None
    }
}

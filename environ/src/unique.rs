//! No variable is read by two fields: checked while the user's crate compiles.
//!
//! The macro sees one type at a time; that `db_url` beside a group `db { url }`
//! is read twice shows only when both tables are there, which is in constant
//! evaluation. That is slow, so names are compared by hash, and spelled out only
//! for the message.

use crate::config::EnvConfig;
use crate::name;
use crate::spec::{Item, Kind, Name, Spec};

/// Stops the compiler if two fields of `T` read one variable.
///
/// # Panics
///
/// While compiling.
#[track_caller] // the compiler's report leaves out functions that are marked so
pub const fn assert_unique<T: EnvConfig>() {
    let spec = T::SPEC;
    let mut parts = 1;
    let mut part = 0;
    while part < parts {
        let mut seen = Seen::new(part, parts);
        add_all(spec.items, Hash::EMPTY.join(spec.root()), &mut seen);
        if seen.is_full() {
            // Begin again, with fewer in each part.
            parts *= 2;
            part = 0;
            continue;
        }
        if let Some(hash) = seen.repeated {
            complain(spec, hash);
        }
        part += 1;
    }
}

/// The hash of a name that can be made longer: FNV-1a.
#[derive(Clone, Copy)]
struct Hash {
    value: u64,
    len: usize,
}

impl Hash {
    const EMPTY: Self = Self {
        value: 0xcbf2_9ce4_8422_2325,
        len: 0,
    };

    const fn join(mut self, segment: &str) -> Self {
        if name::is_joined(self.len, segment.len()) {
            self = self.add("_");
        }
        self.add(segment)
    }

    const fn add(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            self.value = (self.value ^ bytes[i] as u64).wrapping_mul(0x0100_0000_01b3);
            i += 1;
        }
        self.len += bytes.len();
        self
    }

    const fn of(item: &Item, path: Self) -> Self {
        match item.name {
            Name::Segment(segment) => path.join(segment),
            Name::Full(name) => Self::EMPTY.add(name),
        }
    }
}

const SLOTS: usize = 2048;

/// A set of the hashes that fall into one part of several.
struct Seen {
    part: u64,
    parts: u64,
    slots: [u64; SLOTS],
    len: usize,
    repeated: Option<Hash>,
}

impl Seen {
    const fn new(part: u64, parts: u64) -> Self {
        Self {
            part,
            parts,
            slots: [0; SLOTS],
            len: 0,
            repeated: None,
        }
    }

    const fn is_full(&self) -> bool {
        self.len > SLOTS / 2
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "any part of a hash will do"
    )]
    const fn add(&mut self, hash: Hash) {
        let value = hash.value | 1; // 0 is a free slot
        if value / 2 % self.parts != self.part || self.is_full() {
            return;
        }
        let mut slot = value as usize / 2 % SLOTS;
        while self.slots[slot] != 0 {
            if self.slots[slot] == value {
                self.repeated = Some(hash);
                return;
            }
            slot = (slot + 1) % SLOTS;
        }
        self.slots[slot] = value;
        self.len += 1;
    }
}

const fn add_all(items: &[Item], path: Hash, seen: &mut Seen) {
    let mut i = 0;
    while i < items.len() {
        let own = Hash::of(&items[i], path);
        match &items[i].kind {
            Kind::Group(spec) => add_all(spec.items, own, seen),
            Kind::Var(var) => {
                seen.add(own);
                let mut j = 0;
                while j < var.aliases.len() {
                    seen.add(Hash::EMPTY.add(var.aliases[j]));
                    j += 1;
                }
            }
        }
        i += 1;
    }
}

#[track_caller]
const fn complain(spec: &Spec, hash: Hash) {
    let mut readers = Readers {
        hash,
        fields: [Line::EMPTY; 2],
        name: Line::EMPTY,
        count: 0,
    };
    readers.look_at(spec.items, &Line::of(spec.ident), &Line::of(spec.root()));
    let mut message = Line::EMPTY;
    message.push("`");
    message.push(readers.fields[0].as_str());
    message.push("` and `");
    message.push(readers.fields[1].as_str());
    message.push("` both read `");
    message.push(readers.name.as_str());
    message.push("`; give one of them another `name`");
    stop(message.as_str());
}

#[expect(clippy::panic, reason = "this is how constant evaluation reports")]
#[track_caller]
const fn stop(message: &str) -> ! {
    panic!("{}", message);
}

/// The first two fields that read one name.
struct Readers {
    hash: Hash,
    fields: [Line; 2],
    name: Line,
    count: usize,
}

impl Readers {
    const fn look_at(&mut self, items: &[Item], outer: &Line, path: &Line) {
        let mut i = 0;
        while i < items.len() {
            let item = &items[i];
            let mut field = *outer;
            if !item.field.is_empty() {
                field.push(".");
                field.push(item.field);
            }
            let own = match item.name {
                Name::Full(full) => Line::of(full),
                Name::Segment(segment) => path.join(segment),
            };
            match &item.kind {
                Kind::Group(spec) => self.look_at(spec.items, &field, &own),
                Kind::Var(var) => {
                    self.compare(&field, &own);
                    let mut j = 0;
                    while j < var.aliases.len() {
                        self.compare(&field, &Line::of(var.aliases[j]));
                        j += 1;
                    }
                }
            }
            i += 1;
        }
    }

    const fn compare(&mut self, field: &Line, name: &Line) {
        if self.count < 2 && Hash::EMPTY.add(name.as_str()).value == self.hash.value {
            self.fields[self.count] = *field;
            self.name = *name;
            self.count += 1;
        }
    }
}

/// A line of text that can be made in constant evaluation. What is too long
/// for it is cut off.
#[derive(Clone, Copy)]
struct Line {
    bytes: [u8; 512],
    len: usize,
}

impl Line {
    const EMPTY: Self = Self {
        bytes: [0; 512],
        len: 0,
    };

    const fn of(text: &str) -> Self {
        let mut line = Self::EMPTY;
        line.push(text);
        line
    }

    const fn join(mut self, segment: &str) -> Self {
        if name::is_joined(self.len, segment.len()) {
            self.push("_");
        }
        self.push(segment);
        self
    }

    const fn push(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut i = 0;
        while i < bytes.len() && self.len < self.bytes.len() {
            self.bytes[self.len] = bytes[i];
            self.len += 1;
            i += 1;
        }
    }

    const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

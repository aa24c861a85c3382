//! Goes through the names of a type while the compiler evaluates constants: no
//! recursion, no allocation, hashes in place of names.

use crate::name::{self, ConstStr, Hash};
use crate::spec::{Item, Kind, Name, Presence, Spec, Var};

/// Deeper groups are not checked; the compiler gives up before.
const MAX_DEPTH: usize = 128;

/// Stands for the reader of a removed name.
pub(super) const REMOVED: usize = usize::MAX;

/// Goes through all names of a type, without recursion: the compiler allows a
/// stack of 128 calls only.
pub(super) struct Cursor {
    // Read by the caller without a call: each costs time of the user's compiler.
    pub(super) stack: [Frame; MAX_DEPTH],
    pub(super) depth: usize,
    /// Which of the variable's names comes next.
    name: usize,
    /// The first of them.
    own: Hash,
    /// Whether there are no more of this item.
    is_done: bool,
    /// Stands after the segment of a group.
    delimiter: Hash,
    spec: &'static Spec,
    /// The number of the item among all, which tells the readers of a name apart.
    reader: usize,
    /// A group that says that another delimiter joins its names.
    pub(super) of_another_delimiter: Option<&'static Spec>,
}

/// A group, how far its items have been gone through, and its path.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    items: &'static [Item],
    pub(super) item: usize,
    /// The number of its first item among all.
    first: usize,
    path: Hash,
    /// Stands between the path and the next segment.
    joint: Hash,
    /// Whether the group, or a group around it, is in a list or a map.
    pub(super) several: bool,
}

impl Cursor {
    pub(super) const fn new(spec: &'static Spec, root: &str) -> Self {
        let frame = Frame {
            items: spec.items,
            item: 0,
            first: 0,
            path: Hash::of(root),
            joint: Hash::of(spec.after_prefix),
            several: false,
        };
        Self {
            stack: [frame; MAX_DEPTH],
            depth: 1,
            name: 0,
            own: Hash::EMPTY,
            is_done: false,
            delimiter: Hash::of(spec.joint()),
            spec,
            reader: 0,
            of_another_delimiter: None,
        }
    }

    /// The item that is being gone through at this depth.
    const fn at(&self, depth: usize) -> &'static Item {
        &self.stack[depth].items[self.stack[depth].item]
    }

    /// The number of the item that reads the current name. A removed name has no reader.
    pub(super) const fn reader(&self) -> usize {
        if self.is_removed() {
            REMOVED
        } else {
            self.reader
        }
    }

    /// Whether an earlier reader may read the current name as well: it is the item itself, or it is
    /// in another variant of a one-of group, because only the selected variant reads.
    pub(super) const fn may_share_with(&self, reader: usize) -> bool {
        if reader == self.reader() {
            return true;
        }
        if reader == REMOVED || self.is_removed() {
            return false;
        }
        let frame = &self.stack[self.depth_beside(reader)];
        matches!(frame.items[frame.item].presence, Presence::Variant(_))
            && !self.is_selector_beside(reader)
    }

    /// Whether an earlier reader is the variable that selects a variant, or switches a group on,
    /// and the current item is in that group.
    pub(super) const fn is_selector_beside(&self, reader: usize) -> bool {
        let frame = &self.stack[self.depth_beside(reader)];
        frame.items[0].is_selector() && reader == frame.first
    }

    /// The depth of the innermost group that has an earlier reader in it, too.
    pub(super) const fn depth_beside(&self, reader: usize) -> usize {
        let mut depth = self.depth - 1;
        while self.stack[depth].first > reader {
            depth -= 1;
        }
        depth
    }

    /// Whether the current name is a removed name.
    pub(super) const fn is_removed(&self) -> bool {
        matches!(self.at(self.depth - 1).kind, Kind::Removed(_))
    }

    /// The next name. The cursor stays on its item.
    pub(super) const fn next(&mut self) -> Option<Hash> {
        while self.depth > 0 {
            let frame = &mut self.stack[self.depth - 1];
            if self.is_done {
                (self.is_done, self.name) = (false, 0);
                self.reader += 1;
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
                    Name::Segment(_) => frame.path.join(frame.joint, item.hash),
                    Name::Full(_) => item.hash,
                };
            }
            match &item.kind {
                Kind::Group(spec) => {
                    let joint = if item.segment().is_empty() {
                        frame.joint
                    } else {
                        self.delimiter
                    };
                    self.enter(spec, self.own, joint, false);
                }
                Kind::List(spec) => self.enter_several(spec, ANY_NUMBER),
                Kind::Map(spec) => self.enter_several(spec, ANY_KEY),
                Kind::Rule(_) => self.is_done = true,
                Kind::Removed(_) => {
                    self.is_done = true;
                    return Some(self.own);
                }
                Kind::Var(var) => {
                    let name = match self.name {
                        0 => Some(self.own),
                        _ if var.is_plain => None,
                        n => nth(var, self.own, n),
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

    const fn enter_several(&mut self, spec: &'static Spec, segment: Hash) {
        let path = self.own.join(self.delimiter, segment);
        self.enter(spec, path, self.delimiter, true);
    }

    const fn enter(&mut self, spec: &'static Spec, path: Hash, joint: Hash, several: bool) {
        if self.depth == MAX_DEPTH {
            self.is_done = true;
            return;
        }
        if let Some(delimiter) = spec.delimiter {
            if !name::is_same(delimiter.as_bytes(), self.spec.joint().as_bytes()) {
                self.of_another_delimiter = Some(spec);
            }
        }
        self.stack[self.depth] = Frame {
            items: spec.items,
            item: 0,
            first: self.reader,
            path,
            joint,
            several: several || self.stack[self.depth - 1].several,
        };
        self.depth += 1;
    }

    /// The fields that lead to the current variable.
    pub(super) const fn field(&self, spec: &Spec) -> ConstStr {
        let mut field_path = ConstStr::of(spec.ident);
        let mut depth = 0;
        while depth < self.depth {
            let field = self.at(depth).field;
            if !field.is_empty() {
                field_path.push(".");
                field_path.push(field);
            }
            depth += 1;
        }
        field_path
    }

    /// The key in stores that the current variable has wherever it stands.
    pub(super) const fn key(&self) -> Option<&'static str> {
        match &self.at(self.depth - 1).kind {
            Kind::Var(var) => var.details.key,
            Kind::Group(_) | Kind::List(_) | Kind::Map(_) | Kind::Rule(_) | Kind::Removed(_) => {
                None
            }
        }
    }

    /// Whether the current name is the same wherever it stands.
    pub(super) const fn is_whole(&self) -> bool {
        let item = self.at(self.depth - 1);
        match &item.kind {
            Kind::Var(var) => match nth_other(var, self.name - 1) {
                Some((None, _)) => matches!(item.name, Name::Full(_)),
                _ => true,
            },
            Kind::Group(_) | Kind::List(_) | Kind::Map(_) | Kind::Rule(_) | Kind::Removed(_) => {
                false
            }
        }
    }

    /// The current name, after `root`.
    pub(super) const fn name(&self, root: &str) -> ConstStr {
        let mut path = ConstStr::of(root);
        let mut joint = self.spec.after_prefix;
        let mut depth = 0;
        while depth < self.depth {
            let item = self.at(depth);
            path = match item.name {
                Name::Full(full) => ConstStr::of(full),
                Name::Segment(segment) => path.join(joint, segment),
            };
            if !item.segment().is_empty() {
                joint = self.spec.joint();
            }
            path = match &item.kind {
                Kind::List(_) => path.join(joint, name::ANY_NUMBER),
                Kind::Map(_) => path.join(joint, name::ANY_KEY),
                Kind::Var(var) => nth_name(var, path, self.name - 1),
                Kind::Group(_) | Kind::Rule(_) | Kind::Removed(_) => path,
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
const fn nth(var: &Var, own: Hash, n: usize) -> Option<Hash> {
    let Some((other, is_file)) = nth_other(var, n) else {
        return None;
    };
    let name = match other {
        Some(other) => Hash::of(other),
        None => own,
    };
    Some(if is_file { name.add(FILE) } else { name })
}

const fn nth_name(var: &Var, own: ConstStr, n: usize) -> ConstStr {
    let Some((other, is_file)) = nth_other(var, n) else {
        return own;
    };
    let mut name = match other {
        Some(other) => ConstStr::of(other),
        None => own,
    };
    if is_file {
        name.push(name::FILE);
    }
    name
}

/// Which name it is, if not the variable's own, and whether of a file.
const fn nth_other(var: &Var, n: usize) -> Option<(Option<&'static str>, bool)> {
    let (n, is_file) = if var.file {
        (n / 2, n % 2 == 1)
    } else {
        (n, false)
    };
    let (aliases, deprecated) = (var.details.aliases, var.details.deprecated);
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

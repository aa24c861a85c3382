//! Texts that are made while the compiler evaluates constants, where nothing can be
//! formatted: names, and the messages that stop the compiler.

use super::join::is_joined;

/// A text that can be made in constant evaluation. A text that is too long is cut off.
#[derive(Clone, Copy)]
pub(crate) struct ConstStr<const MAX: usize = 200> {
    bytes: [u8; MAX],
    len: usize,
}

impl<const MAX: usize> ConstStr<MAX> {
    pub(crate) const EMPTY: Self = Self {
        bytes: [0; MAX],
        len: 0,
    };

    pub(crate) const fn of(text: &str) -> Self {
        let mut made = Self::EMPTY;
        made.push(text);
        made
    }

    pub(crate) const fn join(mut self, joint: &str, segment: &str) -> Self {
        if is_joined(self.len, segment.len()) {
            self.push(joint);
        }
        self.push(segment);
        self
    }

    pub(crate) const fn push(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut i = 0;
        while i < bytes.len() && self.len < self.bytes.len() {
            self.bytes[self.len] = bytes[i];
            self.len += 1;
            i += 1;
        }
    }

    pub(crate) const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

pub(crate) const fn is_same(one: &[u8], other: &[u8]) -> bool {
    let mut i = 0;
    while i < one.len() && i < other.len() && one[i] == other[i] {
        i += 1;
    }
    i == one.len() && i == other.len()
}

/// Stops the compiler with a message.
#[expect(clippy::panic, reason = "this is how constant evaluation reports")]
#[track_caller]
pub(crate) const fn stop(message: &str) -> ! {
    panic!("{}", message);
}

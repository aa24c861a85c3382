//! What is reported in constant evaluation, where nothing can be formatted.

use super::join as name;

#[expect(clippy::panic, reason = "this is how constant evaluation reports")]
#[track_caller]
pub(crate) const fn stop(message: &str) -> ! {
    panic!("{}", message);
}

/// A line of text that can be made in constant evaluation. What is too long
/// for it is cut off.
#[derive(Clone, Copy)]
pub(crate) struct Line<const MOST: usize = 200> {
    bytes: [u8; MOST],
    len: usize,
}

impl<const MOST: usize> Line<MOST> {
    pub(crate) const EMPTY: Self = Self {
        bytes: [0; MOST],
        len: 0,
    };

    pub(crate) const fn of(text: &str) -> Self {
        let mut line = Self::EMPTY;
        line.push(text);
        line
    }

    pub(crate) const fn join(mut self, segment: &str) -> Self {
        if name::is_joined(self.len, segment.len()) {
            self.push("_");
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

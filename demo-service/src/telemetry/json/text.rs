//! Values and strings of JSON.

use std::fmt;

use serde::Serialize;

/// Writes a value.
pub(super) fn value(out: &mut Vec<u8>, value: &impl Serialize) {
    // Text and numbers cannot fail, and a `Vec` accepts everything.
    let _ = serde_json::to_writer(out, value);
}

/// Writes a string.
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    if is_plain(text) {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        value(out, &text);
    }
}

/// Returns whether a JSON string holds the text unescaped. The fold reads every byte
/// instead of stopping early, so that the compiler can vectorise it.
fn is_plain(text: &str) -> bool {
    let is_special = |byte: &u8| matches!(byte, 0..b' ' | b'"' | b'\\');
    let bytes = text.as_bytes().iter();
    !bytes.fold(false, |found, byte| found | is_special(byte))
}

/// Writes text into a string that is open, escaped.
pub(super) struct Escaped<'a>(pub(super) &'a mut Vec<u8>);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if is_plain(text) {
            self.0.extend_from_slice(text.as_bytes());
        } else {
            let quote = self.0.len();
            value(self.0, &text);
            self.0.remove(quote);
            self.0.pop();
        }
        Ok(())
    }
}

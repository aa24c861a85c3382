//! Values and strings of JSON.

use std::fmt;
use std::io::Write;

use serde::Serialize;

use crate::telemetry::letters::is_unsafe;

/// Writes a value.
pub(super) fn value(out: &mut Vec<u8>, value: &impl Serialize) {
    // Text and numbers cannot fail, and a `Vec` accepts everything.
    let _ = serde_json::to_writer(out, value);
}

/// Writes a string. Letters that turn a terminal's text around are escaped, which JSON does
/// not ask for: operators read these lines with `jq -r` and `less`.
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    if is_plain(text) {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else if !text.contains(is_unsafe) {
        value(out, &text);
    } else {
        out.push(b'"');
        for part in text.split_inclusive(is_unsafe) {
            let last = part.chars().next_back().filter(|letter| is_unsafe(*letter));
            let plain = &part[..part.len() - last.map_or(0, char::len_utf8)];
            let quote = out.len();
            value(out, &plain);
            out.remove(quote);
            out.pop();
            if let Some(letter) = last {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    // A `Vec` takes everything.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
        out.push(b'"');
    }
}

/// Returns whether a JSON string holds the text unescaped. The fold reads every byte
/// instead of stopping early, so that the compiler can vectorise it.
fn is_plain(text: &str) -> bool {
    let is_special = |byte: &u8| matches!(byte, 0..b' ' | b'"' | b'\\' | 0x7f..);
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
            string(self.0, text);
            self.0.remove(quote);
            self.0.pop();
        }
        Ok(())
    }
}

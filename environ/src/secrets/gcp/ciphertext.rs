//! Ciphertexts, in a variable or in a file that a variable names.

use std::ffi::OsString;
use std::path::PathBuf;

use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::Engine;

use super::error::{Fault, GcpErrorKind};
use crate::redact::display;
use crate::secrets::off_thread::off_thread;
use crate::source::file::{self, FileError};

/// People lose the padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A ciphertext, and the variable that holds or names it.
pub(super) struct Ciphertext {
    pub(super) variable: String,
    pub(super) place: Place,
}

pub(super) enum Place {
    Text(OsString),
    File(PathBuf),
}

impl Ciphertext {
    /// Returns the bytes of the ciphertext. A file is read anew, because it may be replaced.
    pub(super) async fn bytes(&self) -> Result<Vec<u8>, Fault> {
        let bytes = match &self.place {
            Place::Text(text) => text
                .to_str()
                .and_then(|text| decoded(text.as_bytes(), false)),
            Place::File(path) => {
                let shown = display::path_of_secret(path);
                let path = path.clone();
                let read = off_thread(move || file::read(&path)).await;
                let read = read.map_err(FileError::Io).and_then(|read| read);
                let read = read.map_err(|err| {
                    let reason = format!("cannot use {shown}: {err}");
                    (GcpErrorKind::File, reason)
                });
                decoded(&read?, true)
            }
        };
        bytes.ok_or_else(|| {
            let reason = "the ciphertext is not base64".to_owned();
            (GcpErrorKind::Undecryptable, reason)
        })
    }
}

/// Decodes base64, with line ends as `base64` writes them. A file may have the bytes themselves,
/// as `gcloud kms encrypt` writes them, but no other text: it may be the secret, by mistake.
fn decoded(read: &[u8], is_file: bool) -> Option<Vec<u8>> {
    if is_file && std::str::from_utf8(read).is_err() {
        return Some(read.to_vec());
    }
    let is_seen = |byte: &u8| !byte.is_ascii_whitespace();
    let text: Vec<u8> = read.iter().copied().filter(is_seen).collect();
    let bytes = BASE64.decode(text).ok()?;
    (!bytes.is_empty()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ciphertext_is_base64_and_in_a_file_it_may_be_bytes() {
        for text in ["AP8=", "AP8", "AP8=\n", "A\r\nP8\n"] {
            for is_file in [false, true] {
                let bytes = decoded(text.as_bytes(), is_file);
                assert_eq!(bytes.as_deref(), Some(&b"\0\xff"[..]), "{text:?}");
            }
        }
        assert_eq!(
            decoded(b"\n$\0\xff", true).as_deref(),
            Some(&b"\n$\0\xff"[..])
        );
        assert_eq!(decoded(b"\n$\0\xff", false), None);
    }

    #[test]
    fn a_secret_by_mistake_is_no_ciphertext() {
        for text in [
            "postgres://app:canary@db/app",
            "p-ssw_rd",
            "größe",
            "A",
            "=",
            "\n",
            "",
        ] {
            for is_file in [false, true] {
                assert_eq!(decoded(text.as_bytes(), is_file), None, "{text:?}");
            }
        }
    }
}

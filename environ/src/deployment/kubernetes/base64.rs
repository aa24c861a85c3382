//! Base64, in which Secrets have their texts.

use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use base64::Engine as _;

/// As Kubernetes reads it: bits after the last letter are ignored.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// Decodes a text, in which line breaks may stand.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    ENGINE.decode(text.replace(['\n', '\r'], "")).ok()
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn texts_of_rfc_4648_are_decoded_and_others_are_not() {
        for (text, decoded) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg==", "foob"),
            ("Zm9v\nYmFy", "foobar"),
        ] {
            assert_eq!(decode(text).as_deref(), Some(decoded.as_bytes()), "{text}");
        }
        for text in ["Zg", "Zg=", "Z===", "Zg==Zg==", "Zm9!", "=Zm9"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}

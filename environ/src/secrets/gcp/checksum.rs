//! CRC32C, as Google sends it beside secrets.

use crc::{Crc, CRC_32_ISCSI};
use serde_json::Value;

/// CRC32C by its name in the catalogue of checksums.
const CRC32C: Crc<u32> = Crc::<u32>::new(&CRC_32_ISCSI);

pub(super) fn of(data: &[u8]) -> u32 {
    CRC32C.checksum(data)
}

/// Returns a checksum, which Google writes as a text, since it is a number of 64 bits.
pub(super) fn read(value: &Value) -> Option<u32> {
    match value {
        Value::String(text) => text.parse().ok(),
        number => number.as_u64()?.try_into().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_rfc_3720() {
        assert_eq!(of(b"123456789"), 0xe306_9283);
        assert_eq!(of(&[0; 32]), 0x8a91_36aa);
    }
}

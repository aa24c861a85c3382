//! The hash of a name. Two are joined as names are, without their bytes: the
//! compiler takes long to go through those, and a segment is part of many names.

use crate::name;

/// A polynomial over the bytes of a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hash {
    pub(crate) value: u64,
    /// The base to the power of the length.
    power: u64,
}

/// A prime: 2 to the power of 61, less 1.
const MODULUS: u64 = (1 << 61) - 1;

/// Any number of its size.
const BASE: u64 = 0x0b4e_8a57_63c1_29d7;

const UNDERSCORE: Hash = Hash::of("_");

impl Hash {
    pub(crate) const EMPTY: Self = Self { value: 0, power: 1 };

    pub(crate) const fn of(text: &str) -> Self {
        let (bytes, mut hash) = (text.as_bytes(), Self::EMPTY);
        let mut i = 0;
        while i < bytes.len() {
            hash.value = (product(hash.value, BASE) + bytes[i] as u64 + 1) % MODULUS;
            hash.power = product(hash.power, BASE);
            i += 1;
        }
        hash
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.power == 1
    }

    /// That of a path and a segment after it.
    pub(crate) const fn join(self, segment: Self) -> Self {
        if name::is_joined(!self.is_empty() as usize, !segment.is_empty() as usize) {
            return self.add(UNDERSCORE).add(segment);
        }
        self.add(segment)
    }

    /// That of a text and another right after it.
    pub(crate) const fn add(self, other: Self) -> Self {
        Self {
            value: (product(self.value, other.power) + other.value) % MODULUS,
            power: product(self.power, other.power),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "it is less than the modulus"
)]
const fn product(a: u64, b: u64) -> u64 {
    (a as u128 * b as u128 % MODULUS as u128) as u64
}

#[cfg(test)]
mod tests {
    use super::Hash;

    #[test]
    fn joined_hashes_are_those_of_joined_names() {
        let joined = |segments: &[&str]| {
            let hashes = segments.iter().map(|segment| Hash::of(segment));
            hashes.fold(Hash::EMPTY, Hash::join).value
        };
        assert_eq!(
            joined(&["APP", "LOG", "LEVEL"]),
            Hash::of("APP_LOG_LEVEL").value
        );
        assert_eq!(joined(&["", "LOG", ""]), Hash::of("LOG").value);
        assert_ne!(joined(&["APP", "LOG"]), Hash::of("APPLOG").value);
        assert_ne!(Hash::of("\u{0}A").value, Hash::of("A").value);
        assert_eq!(Hash::of("A").add(Hash::of("B")).value, Hash::of("AB").value);
    }
}

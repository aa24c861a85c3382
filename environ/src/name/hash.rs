//! The hash of a name. Two are joined as names are, without their bytes: the
//! compiler takes long to go through those, and a segment is part of many names.

use super::join::is_joined;

/// A polynomial over the bytes of a text, modulo 2 to the power of 64.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hash {
    pub(crate) value: u64,
    /// The base to the power of the length.
    power: u64,
}

/// Any odd number of its size.
const BASE: u64 = 0x0b4e_8a57_63c1_29d7;

#[expect(
    clippy::cast_possible_truncation,
    reason = "what is above 64 bits is not wanted, and `wrapping_mul` is a call"
)]
impl Hash {
    pub(crate) const EMPTY: Self = Self { value: 0, power: 1 };

    pub(crate) const fn of(text: &str) -> Self {
        let (bytes, mut hash) = (text.as_bytes(), Self::EMPTY);
        let mut i = 0;
        while i < bytes.len() {
            hash.value = (hash.value as u128 * BASE as u128 + bytes[i] as u128 + 1) as u64;
            hash.power = (hash.power as u128 * BASE as u128) as u64;
            i += 1;
        }
        hash
    }

    /// Returns the hash of a path and a segment after it, with a joint between them. The body is `add` twice, because a
    /// call takes the compiler longer than the arithmetic.
    pub(crate) const fn join(self, joint: Self, segment: Self) -> Self {
        let (has_path, has_segment) = (self.power != 1, segment.power != 1);
        let joint = if is_joined(has_path as usize, has_segment as usize) {
            joint
        } else {
            Self::EMPTY
        };
        let path = (self.value as u128 * joint.power as u128 + joint.value as u128) as u64;
        let power = (self.power as u128 * joint.power as u128) as u64;
        Self {
            value: (path as u128 * segment.power as u128 + segment.value as u128) as u64,
            power: (power as u128 * segment.power as u128) as u64,
        }
    }

    /// Returns the hash of this text with `other` right after it.
    pub(crate) const fn add(self, other: Self) -> Self {
        Self {
            value: (self.value as u128 * other.power as u128 + other.value as u128) as u64,
            power: (self.power as u128 * other.power as u128) as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Hash;

    #[test]
    fn joined_hashes_are_those_of_joined_names() {
        let joined = |segments: &[&str]| {
            let hashes = segments.iter().map(|segment| Hash::of(segment));
            let joint = Hash::of("_");
            hashes
                .fold(Hash::EMPTY, |path, next| path.join(joint, next))
                .value
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

//! The limit of everything that a remote store answers with.

use std::fmt;

/// 4 MiB: far more than a document of secrets, and little enough for any process.
pub(super) const MAX_ANSWER_SIZE: usize = 4 * 1024 * 1024;

/// An answer that is larger than [`MAX_ANSWER_SIZE`], and from which address.
#[derive(Clone, Debug)]
pub(super) struct TooLarge {
    pub(super) address: String,
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} answers with more than 4 MiB", self.address)
    }
}

impl std::error::Error for TooLarge {}

/// Adds a chunk of an answer, unless the answer would become too large.
pub(super) fn push(answer: &mut Vec<u8>, chunk: &[u8], address: &str) -> Result<(), TooLarge> {
    if answer.len() + chunk.len() > MAX_ANSWER_SIZE {
        return Err(TooLarge {
            address: address.to_owned(),
        });
    }
    answer.extend_from_slice(chunk);
    Ok(())
}

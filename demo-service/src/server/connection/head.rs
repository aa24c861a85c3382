//! Where the head of a request ends.

/// Finds the first blank line that follows something else: the end of a head, as
/// actix's parser sees it, which skips blank lines before a head and takes bare line feeds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum HeadEnd {
    /// Nothing but line ends so far.
    #[default]
    Before,
    /// Within a line.
    Line,
    /// After a line feed.
    LineStart,
    /// After a line feed and a carriage return.
    MaybeBlank,
}

impl HeadEnd {
    /// Returns how many of `bytes` belong to the head, if the head ends among them.
    pub(super) fn find(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            *self = match (*self, byte) {
                (Self::Before, b'\r' | b'\n') => Self::Before,
                (Self::LineStart | Self::MaybeBlank, b'\n') => return Some(at + 1),
                (Self::LineStart, b'\r') => Self::MaybeBlank,
                (Self::Line, b'\n') => Self::LineStart,
                _ => {
                    let rest = &bytes[at..];
                    at += rest
                        .iter()
                        .position(|byte| *byte == b'\n')
                        .unwrap_or(rest.len());
                    *self = Self::Line;
                    continue;
                }
            };
            at += 1;
        }
        None
    }
}

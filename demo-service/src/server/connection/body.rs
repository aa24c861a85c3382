//! Where the body of a request ends.

/// How the end of a request's body is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// The request has no body.
    None,
    /// The length in bytes, of at least 1.
    Length(u64),
    /// Chunks, of which the last is empty.
    Chunked,
    /// Everything until the connection is closed: an upgrade or a tunnel.
    Unbounded,
}

/// What is missing of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    Length(u64),
    Chunked(Chunked),
    Unbounded,
}

impl Body {
    /// Returns `None` for a request without a body.
    pub(super) fn new(framing: Framing) -> Option<Self> {
        match framing {
            Framing::None | Framing::Length(0) => None,
            Framing::Length(length) => Some(Self::Length(length)),
            Framing::Chunked => Some(Self::Chunked(Chunked::START)),
            Framing::Unbounded => Some(Self::Unbounded),
        }
    }

    /// Returns how many of `bytes` belong to the body, and whether the body ends with them.
    pub(super) fn take(&mut self, bytes: &[u8]) -> (usize, bool) {
        match self {
            Self::Length(missing) => {
                let taken = at_most(*missing, bytes.len());
                *missing -= taken as u64;
                (taken, *missing == 0)
            }
            Self::Chunked(chunked) => chunked.take(bytes),
            Self::Unbounded => (bytes.len(), false),
        }
    }
}

/// A chunked body, as actix decodes one. Where both could differ, this one ends earlier,
/// so that no request passes for a part of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chunked {
    /// In the digits of a chunk's size.
    Size(u64),
    /// Behind the digits, in the line of the size.
    SizeLine(u64),
    /// In a chunk, or in the line end behind the chunk: the bytes that are missing.
    Data(u64),
    /// In a line behind the last chunk, and whether the line is blank so far.
    Trailer { is_blank: bool },
}

impl Chunked {
    const START: Self = Self::Size(0);

    fn take(&mut self, bytes: &[u8]) -> (usize, bool) {
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            if let Self::Data(missing) = self {
                let taken = at_most(*missing, bytes.len() - at);
                *missing -= taken as u64;
                at += taken;
                if *missing == 0 {
                    *self = Self::START;
                }
                continue;
            }
            at += 1;
            *self = match (*self, *byte) {
                (Self::Size(size) | Self::SizeLine(size), b'\n') => Self::chunk(size),
                (Self::Size(size), byte) => match char::from(byte).to_digit(16) {
                    Some(digit) => Self::Size(size.saturating_mul(16).saturating_add(digit.into())),
                    None => Self::SizeLine(size),
                },
                (Self::SizeLine(size), _) => Self::SizeLine(size),
                (Self::Trailer { is_blank: true }, b'\n') => return (at, true),
                (Self::Trailer { .. }, b'\n') => Self::Trailer { is_blank: true },
                (Self::Trailer { is_blank }, byte) => Self::Trailer {
                    is_blank: is_blank && byte == b'\r',
                },
                (Self::Data(missing), _) => Self::Data(missing),
            };
        }
        (at, false)
    }

    fn chunk(size: u64) -> Self {
        if size == 0 {
            Self::Trailer { is_blank: true }
        } else {
            // The line end behind the chunk is a part of it.
            Self::Data(size.saturating_add(2))
        }
    }
}

fn at_most(missing: u64, available: usize) -> usize {
    usize::try_from(missing).map_or(available, |missing| missing.min(available))
}

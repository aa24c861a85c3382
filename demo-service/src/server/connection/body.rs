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

/// The rest of a body, behind bytes that have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// The body has ended.
    Nothing,
    /// More has to come.
    Missing,
    /// The bytes that have arrived are no part of a body.
    Malformed,
}

/// The part of a body that is missing.
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
            Framing::Chunked => Some(Self::Chunked(Chunked::Start)),
            Framing::Unbounded => Some(Self::Unbounded),
        }
    }

    /// Returns how many of `bytes` belong to the body, and what is missing behind them.
    pub(super) fn take(&mut self, bytes: &[u8]) -> (usize, Rest) {
        match self {
            Self::Length(missing) => {
                let taken = at_most(*missing, bytes.len());
                *missing -= taken as u64;
                let rest = if *missing == 0 {
                    Rest::Nothing
                } else {
                    Rest::Missing
                };
                (taken, rest)
            }
            Self::Chunked(chunked) => chunked.take(bytes),
            Self::Unbounded => (bytes.len(), Rest::Missing),
        }
    }
}

/// A chunked body, as actix decodes one, state by state: an end that differs would pass a request
/// for a part of a body. actix takes a malformed body for a client that is gone, and drops the
/// answer that is being made; so actix gets none of the bytes that it would refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chunked {
    /// Before the first digit of a chunk's size.
    Start,
    /// Behind a digit.
    Size(u64),
    /// In the white space behind the digits.
    Space(u64),
    /// In an extension.
    Extension(u64),
    /// Behind the carriage return of the line with the size.
    SizeEnd(u64),
    /// In a chunk: the bytes that are missing.
    Data(u64),
    /// Behind a chunk.
    DataEnd,
    /// Behind the carriage return that follows a chunk.
    DataLineEnd,
    /// At the start of a line behind the last chunk.
    Line,
    /// In a trailer.
    Trailer,
    /// Behind the carriage return of a trailer.
    TrailerEnd,
    /// Behind the carriage return of the blank line that ends the body.
    LastLineEnd,
}

impl Chunked {
    fn take(&mut self, bytes: &[u8]) -> (usize, Rest) {
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            if let Self::Data(missing) = self {
                let taken = at_most(*missing, bytes.len() - at);
                *missing -= taken as u64;
                at += taken;
                if *missing == 0 {
                    *self = Self::DataEnd;
                }
                continue;
            }
            if (*self, *byte) == (Self::LastLineEnd, b'\n') {
                return (at + 1, Rest::Nothing);
            }
            let Some(next) = self.after(*byte) else {
                return (at, Rest::Malformed);
            };
            *self = next;
            at += 1;
        }
        (at, Rest::Missing)
    }

    /// Returns the state behind a byte that is none of a chunk, or `None` if the body is
    /// malformed.
    fn after(self, byte: u8) -> Option<Self> {
        let digit = char::from(byte).to_digit(16).map(u64::from);
        let next = match (self, byte) {
            (Self::Start, _) => Self::Size(digit?),
            (Self::Size(size) | Self::Space(size), b' ' | b'\t') => Self::Space(size),
            (Self::Size(size) | Self::Space(size), b';') => Self::Extension(size),
            (Self::Size(size) | Self::Space(size) | Self::Extension(size), b'\r') => {
                Self::SizeEnd(size)
            }
            (Self::Size(size), _) => Self::Size(size.checked_mul(16)?.checked_add(digit?)?),
            (Self::Extension(size), byte) if byte == b'\t' || !byte.is_ascii_control() => {
                Self::Extension(size)
            }
            (Self::SizeEnd(0) | Self::TrailerEnd, b'\n') => Self::Line,
            (Self::SizeEnd(size), b'\n') => Self::Data(size),
            (Self::DataEnd, b'\r') => Self::DataLineEnd,
            (Self::DataLineEnd, b'\n') => Self::Start,
            (Self::Line, b'\r') => Self::LastLineEnd,
            (Self::Trailer, b'\r') => Self::TrailerEnd,
            (Self::Line | Self::Trailer, _) => Self::Trailer,
            _ => return None,
        };
        Some(next)
    }
}

fn at_most(missing: u64, available: usize) -> usize {
    usize::try_from(missing).map_or(available, |missing| missing.min(available))
}

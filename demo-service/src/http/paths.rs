//! Which paths are for operators, however they are spelled.
//!
//! A proxy that denies `/-/` compares what was sent, and the router decodes it
//! first: `/%2D/metrics` passes the one and reaches the other. So a path that
//! may mean an operator's path to anybody is served in one spelling only.

use percent_encoding::percent_decode_str;

/// How often a path is decoded, of which the last time must change nothing.
const LAYERS: usize = 4;

/// Whether a path is an operator's path in another spelling.
pub(crate) fn is_disguised(path: &str) -> bool {
    let is_plain = |byte| !matches!(byte, b'%' | b'\\' | b';' | b'.');
    if path.bytes().all(is_plain) && !path.contains("//") {
        return false;
    }
    match plain(path) {
        Some(plain) => (is_for_operators(path) || is_for_operators(&plain)) && plain != path,
        None => true,
    }
}

/// Whether a path, as it is, is for operators: `/-/`, `/healthz` and `/__*`.
pub(crate) fn is_for_operators(path: &str) -> bool {
    let Some(path) = path.as_bytes().strip_prefix(b"/") else {
        return false;
    };
    let is_first = |segment: &[u8]| match path.split_at_checked(segment.len()) {
        Some((first, rest)) => {
            first.eq_ignore_ascii_case(segment) && matches!(rest, [] | [b'/', ..])
        }
        None => false,
    };
    path.starts_with(b"__") || is_first(b"-") || is_first(b"healthz")
}

/// Gives the path that any server may take this one for: decoded until there is
/// nothing to decode, and without parameters, dots and empty segments. None if
/// it is encoded so often that nobody means well.
fn plain(path: &str) -> Option<String> {
    let decoded = decode(path)?.replace('\\', "/");
    let mut segments = Vec::new();
    for segment in decoded.split('/') {
        let bare = segment.split(';').next().unwrap_or_default();
        let bare = bare.trim_matches(|char: char| char.is_whitespace() || char.is_control());
        if bare == ".." {
            segments.pop();
        } else if !bare.trim_end_matches('.').is_empty() {
            segments.push(bare.trim_end_matches('.'));
        }
    }
    let slash = if decoded.ends_with('/') { "/" } else { "" };
    Some(format!("/{}{slash}", segments.join("/")))
}

fn decode(path: &str) -> Option<String> {
    let mut path = path.to_owned();
    for _ in 0..LAYERS {
        let decoded = percent_decode_str(&path).decode_utf8_lossy();
        if decoded == path {
            return Some(path);
        }
        path = decoded.into_owned();
    }
    None
}

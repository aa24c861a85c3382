//! The specification of a config type inside of a program, where tools find it without
//! running the program.
//!
//! [`embed!`](crate::embed) puts the specification between two zero bytes, after a marker
//! that has one on each side too. The specification survives `strip` and link-time
//! optimisation, and GNU grep prints it:
//!
//! ```sh
//! grep -azxA1 environ-spec-1 target/release/my-app | tail -zn1 | tr -d '\0'
//! ```
//!
//! Python reads it in two lines:
//!
//! ```python
//! program = open("target/release/my-app", "rb").read()
//! spec = json.loads(program.split(b"\0environ-spec-1\0")[1].split(b"\0")[0])
//! ```
//!
//! The document is that of [`Help::to_json`](crate::Help::to_json), on a single line, with
//! two differences: conditions are in `groups` alone, and `written_range` is the range as the
//! code has it, because the compiler evaluates neither. [`read`](fn@read) returns it with `range`,
//! and keeps `written_range` where an end is not a literal: no comparison knows such a range.

mod read;

pub use read::{read, ReadSpecError};

use crate::config::EnvConfig;
use crate::spec::document;

/// The marker without the zero bytes around it, which no text in a program has by chance.
const MARKER: &str = "environ-spec-1";

/// The bytes before the specification: the marker, between zero bytes.
const START: usize = MARKER.len() + 2;

/// Returns the number of bytes.
#[doc(hidden)]
#[must_use]
pub const fn len<T: EnvConfig>() -> usize {
    START + document::len(T::SPEC, T::SPEC.root()) + 1
}

/// Returns the marker and the specification, with zero bytes around both.
#[doc(hidden)]
#[must_use]
pub const fn bytes<T: EnvConfig, const LEN: usize>() -> [u8; LEN] {
    let mut bytes = [0; LEN];
    let (start, rest) = bytes.split_at_mut(START);
    let (_, marker) = start.split_at_mut(1);
    let mut i = 0;
    while i < MARKER.len() {
        marker[i] = MARKER.as_bytes()[i];
        i += 1;
    }
    document::write(T::SPEC, T::SPEC.root(), rest);
    bytes
}

/// Embeds the specification of a config type into the program.
///
/// Write it beside `main`: the linker may drop a library's. The compiler evaluates the table
/// for it, in time in proportion to the number of variables.
///
/// # Examples
///
/// ```
/// #[derive(environ::EnvConfig)]
/// # #[expect(dead_code, reason = "only its specification is read")]
/// struct AppConfig {
///     /// Port to listen on.
///     #[env(default = 8000)]
///     port: u16,
/// }
///
/// environ::embed!(AppConfig);
///
/// let program = std::fs::File::open(std::env::current_exe()?)?;
/// let spec = environ::embedded::read(program)?;
/// assert!(AppConfig::help().diff(&spec)?.is_empty());
/// # use environ::EnvConfig;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[macro_export]
macro_rules! embed {
    ($config:ty) => {
        const _: () = {
            const LEN: usize = $crate::embedded::len::<$config>();
            #[used]
            static SPEC: [u8; LEN] = $crate::embedded::bytes::<$config, LEN>();
        };
    };
}

//! The program that `build.rs` has written.

/// Changes when the program is to be compiled anew.
const _: Option<&str> = option_env!("ROUND");

#[cfg(feature = "by-hand")]
#[path = "../../load/src/variable.rs"]
mod variable;

include!(concat!(env!("OUT_DIR"), "/program.rs"));

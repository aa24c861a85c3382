//! One configuration of 16 variables, nested, as each contestant loads it.

#![expect(dead_code, reason = "values and errors are only shown")]

pub mod environment;
mod seconds;
mod shared;
mod variable;

use std::hint::black_box;

/// A way to load the configuration.
pub struct Contestant {
    pub name: &'static str,
    /// Loads it, and drops it.
    pub load: fn(),
    /// Loads it, and shows every value.
    pub show: fn() -> String,
}

macro_rules! contestants {
    ($($module:ident $name:literal)*) => {
        $(mod $module;)*

        /// All ways, code by hand first.
        pub const CONTESTANTS: &[Contestant] = &[$(Contestant {
            name: $name,
            load: || drop(black_box($module::load().unwrap())),
            show: || format!("{:?}", $module::load().unwrap()),
        }),*];
    };
}

contestants! {
    by_hand "by hand"
    with_environ "environ"
    with_envconfig "envconfig"
    with_confique "confique"
    with_procenv "procenv"
    with_envy "envy"
    with_config "config"
    with_conf "conf"
    with_figment "figment"
    with_clap "clap"
}

/// Stops unless all ways lead to the same values.
///
/// # Panics
///
/// If one does not.
pub fn assert_same_values() {
    let (first, others) = CONTESTANTS.split_first().unwrap();
    let expected = (first.show)();
    for contestant in others {
        assert_eq!((contestant.show)(), expected, "{}", contestant.name);
    }
}

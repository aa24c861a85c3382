//! The keys of groups, around fields of each presence.

use std::collections::BTreeMap;

use environ::{EnvConfig, Secret};

use super::Case;

recorded! { Required:
    /// Reads all of its names below its path.
    #[derive(Debug, EnvConfig)]
    #[env(validate = accepts)]
    #[expect(dead_code, reason = "values are only shown")]
    struct Required {
        /// Where it is.
        host: String,
        #[env(default = 80, range = 1..)]
        port: u16,
        token: Option<Secret<String>>,
    }
}

recorded! { Defaulted:
    /// Is there without a variable.
    #[derive(Debug, EnvConfig)]
    #[env(file)]
    #[expect(dead_code, reason = "values are only shown")]
    struct Defaulted {
        #[env(default = "info")]
        level: String,
        path: Option<String>,
        #[env(default_from = "{level}.log")]
        name: String,
    }
}

recorded! { Ruled:
    /// A prefix of its own, a group in a group, and rules.
    #[derive(Debug, EnvConfig)]
    #[env(prefix = "OWN", one_of(url, inner), removed("OWN_GONE", "remove it"))]
    #[expect(dead_code, reason = "values are only shown")]
    struct Ruled {
        #[env(conflicts = "inner")]
        url: Option<String>,
        #[env(group)]
        inner: Option<Required>,
        #[env(requires(url))]
        user: Option<String>,
        #[env(group, flatten)]
        flat: Defaulted,
    }
}

recorded! { Chosen:
    #[derive(Debug, EnvConfig)]
    #[env(rename_all = "snake_case", validate = accepts)]
    #[expect(dead_code, reason = "values are only shown")]
    enum Chosen {
        #[env(default, alias = "none")]
        NotAtAll,
        Remote(Required),
        #[env(flatten, rename = "file")]
        Local(Defaulted),
        #[env(flatten)]
        Boxed(Box<Required>),
    }
}

recorded! { Needed:
    /// No variant is the default.
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "values are only shown")]
    enum Needed {
        Ruled(Ruled),
        None,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "a validator returns a result")]
fn accepts<T>(_: &T) -> Result<(), &'static str> {
    Ok(())
}

/// Each kind of group, below a root with these keys.
macro_rules! roots {
    ($($name:ident [$($keys:tt)*];)*) => {
        $(
            recorded! { $name:
                #[derive(Debug, EnvConfig)]
                #[env($($keys)*)]
                #[expect(dead_code, reason = "values are only shown")]
                struct $name {
                    #[env(group)]
                    one: Required,
                    #[env(group, prefix = "ANOTHER", defaults(level = "warn", name = "x"))]
                    defaults: Defaulted,
                    #[env(group, defaults(port = 81))]
                    maybe: Option<Required>,
                    #[env(group, requires(maybe))]
                    built: Option<Defaulted>,
                    #[env(group, prefix = "RULED", conflicts(off))]
                    ruled: Option<Ruled>,
                    #[env(group, switch = "ENABLED")]
                    off: Option<Required>,
                    #[env(group, switch = "ON", prefix = "QUIET", defaults(level = "debug"))]
                    quiet: Option<Defaulted>,
                    #[env(group, when = "host")]
                    by_host: Option<Required>,
                    #[env(group, when = "path", prefix = "PATHS")]
                    by_path: Option<Defaulted>,
                    #[env(group)]
                    chosen: Chosen,
                    #[env(group, selector = "KIND", prefix = "PICK")]
                    picked: Chosen,
                    #[env(group)]
                    perhaps: Option<Needed>,
                    #[env(group, selector = "TYPE")]
                    needed: Needed,
                    #[env(group)]
                    list: Vec<Required>,
                    #[env(group, prefix = "KEYED", non_empty)]
                    map: BTreeMap<String, Defaulted>,
                }
            }
        )*

        pub(super) const CASES: &[Case] = &[$(Case::of::<$name>(),)*];
    };
}

roots! {
    Plain [at_most_one_of(maybe, by_host, list)];
    Delimited [prefix = "SHOP", delimiter = "__", at_least_one_of(maybe, by_path, off)];
    Bare [prefix = "", all_or_none(by_host, by_path, quiet), file];
    Doubled [prefix = "A_B__", delimiter = "__", one_of(off, ruled)];
}

recorded! { Flat:
    /// All names of a flattened optional group are the root's.
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "values are only shown")]
    pub(super) struct Flat {
        #[env(group, flatten)]
        maybe: Option<Required>,
        #[env(group, flatten, when = "path")]
        by_path: Option<Defaulted>,
        #[env(group, flatten, selector = "KIND")]
        chosen: Choice,
    }
}

recorded! { Choice:
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "values are only shown")]
    enum Choice {
        One(Ruled),
        #[env(default)]
        Two,
    }
}

recorded! { Of:
    /// The type of a group is a parameter.
    #[derive(Debug, EnvConfig)]
    #[env(bound = "T: EnvConfig", crate = environ)]
    #[expect(dead_code, reason = "values are only shown")]
    pub(super) struct Generic<T> {
        #[env(group)]
        inner: T,
        #[env(group)]
        maybe: Option<T>,
    }
}

pub(super) type Of = Generic<Ruled2>;

recorded! { Ruled2:
    /// Without a prefix of its own.
    #[derive(Debug, EnvConfig)]
    #[env(at_least_one_of(first, second))]
    #[expect(dead_code, reason = "values are only shown")]
    pub(super) struct Ruled2 {
        first: Option<u8>,
        #[env(allow_empty)]
        second: Option<String>,
        #[env(group)]
        list: Vec<Required>,
    }
}

pub(super) const SOURCES: &[&str] = &[
    <Required as super::Recorded>::SOURCE,
    <Defaulted as super::Recorded>::SOURCE,
    <Ruled as super::Recorded>::SOURCE,
    <Chosen as super::Recorded>::SOURCE,
    <Needed as super::Recorded>::SOURCE,
    <Choice as super::Recorded>::SOURCE,
    <Ruled2 as super::Recorded>::SOURCE,
];

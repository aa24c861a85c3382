//! Keys that stand together in no other tested type: many on each field, and every pair of keys
//! of a type.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::time::Duration;

use environ::{EnvConfig, EnvValue, Live, Secret};

use super::Case;

recorded! { Crowded:
    /// As many keys on a field as go together, beside each kind of default.
    #[derive(Debug, EnvConfig)]
    #[env(prefix = "CROWD")]
    #[expect(dead_code, reason = "values are only shown")]
    struct Crowded {
        #[env(default = "mmmm")]
        before: String,
        other: Option<u8>,
        another: Option<u8>,
        #[env(
            default = "a text", allow_empty, live, file, help = "The first.", name = "V_FIRST",
            alias = "V_A", alias = "V_B", deprecated = "V_C", deprecated = "V_D",
            example = "some text", expected = "a text", non_empty, len = 2..=40, range = "a"..="z",
            conflicts(other), conflicts = "another", validate = accepts, validate = accepts
        )]
        by_text: Live<Option<String>>,
        #[env(
            default_fn = some_text, allow_empty, live, file, help = "The second.", name = "V_SECOND",
            alias = "V_E", deprecated = "V_F", conflicts(other), validate = accepts
        )]
        by_function: Live<Option<String>>,
        #[env(
            default_from = "{before}", allow_empty, live, file, help = "The third.",
            name = "V_THIRD", alias = "V_G", deprecated = "V_H", conflicts(other),
            validate = accepts
        )]
        by_field: Live<Option<String>>,
    }
}

recorded! { Needing:
    /// Fields that need a field that may be absent.
    #[derive(Debug, EnvConfig)]
    #[env(prefix = "NEEDING")]
    #[expect(dead_code, reason = "values are only shown")]
    struct Needing {
        #[env(default = "mmmm")]
        before: String,
        other: Option<u8>,
        another: Option<u8>,
        third: Option<u8>,
        #[env(
            default = "a", allow_empty, file, name = "N_FIRST", alias = "N_1", deprecated = "N_2",
            requires(other), requires = "another", conflicts(third), validate = accepts
        )]
        by_text: Option<String>,
        #[env(default_from = "{before}", requires(other))]
        by_field: String,
        #[env(present, file, example = 1, requires(other), conflicts(third))]
        flag: bool,
    }
}

recorded! { Hidden:
    /// Each way of reading a secret.
    #[derive(Debug, EnvConfig)]
    #[env(prefix = "HIDDEN")]
    #[expect(dead_code, reason = "values are only shown")]
    struct Hidden {
        #[env(
            secret, plain, key = "numbers", json, len = 1..5, range = vec![0_u8].., non_empty,
            help = "Numbers.", example = "[1, 2]"
        )]
        json: Option<Vec<u8>>,
        #[env(secret, plain, key = "truth", truthy, range = false.., expected = "a truth", example = "yes")]
        truth: Option<bool>,
        #[env(secret, plain, key = "wait", unit = "s", range = "1s"..="1h", example = 5)]
        wait: Option<Duration>,
        #[env(secret, plain, key = "list", separator = ";", range = vec![0_u8].., len = 1.., example = "1;2")]
        list: Option<Vec<u8>>,
        #[env(
            secret, plain, key = "parsed", parse = letters, len = 1.., non_empty,
            range = "a".., example = "abc"
        )]
        parsed: Option<String>,
        #[env(len = 1.., key = "word", range = "a"..="z")]
        word: Option<Secret<String>>,
    }
}

recorded! { Grouped:
    /// Rules and switches of groups.
    #[derive(Debug, EnvConfig)]
    #[env(prefix = "GROUPED")]
    #[expect(dead_code, reason = "values are only shown")]
    struct Grouped {
        other: Option<u8>,
        another: Option<u8>,
        #[env(group, prefix = "ONE", selector = "KIND", switch = "ON", requires(other), conflicts(another))]
        chosen: Option<Chosen>,
        #[env(group, prefix = "TWO", when = "host", defaults(port = 81), requires(other), conflicts(another))]
        by_host: Option<Server>,
        #[env(group, prefix = "THREE", switch = "ENABLED", requires(other))]
        server: Option<Server>,
        #[env(group, flatten, switch = "FLAT_ON", defaults(level = "warn"), requires(other), conflicts(another))]
        flat: Option<Logs>,
        #[env(group, prefix = "FOUR", non_empty, defaults(port = 82))]
        servers: Vec<Server>,
        #[env(group, prefix = "FIVE", non_empty, selector = "TYPE")]
        stores: BTreeMap<String, Chosen>,
    }
}

recorded! { Server:
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "values are only shown")]
    struct Server {
        host: String,
        #[env(default = 80)]
        port: u16,
    }
}

recorded! { Logs:
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "values are only shown")]
    struct Logs {
        #[env(default = "info")]
        level: String,
    }
}

recorded! { Chosen:
    /// Every pair of keys of a one-of group, and of its variants.
    #[derive(Debug, EnvConfig)]
    #[env(
        prefix = "CHOSEN", delimiter = "_", bound = "u8: Copy", crate = environ,
        rename_all = "snake_case", validate = accepts, validate = accepts
    )]
    #[expect(dead_code, reason = "values are only shown")]
    enum Chosen {
        #[env(default, rename = "none", alias = "off", alias = "nothing")]
        NotAtAll,
        #[env(flatten, rename = "server", alias = "host")]
        Remote(Server),
    }
}

recorded! { Defaulted:
    /// A group is the default.
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "values are only shown")]
    enum Defaulted {
        #[env(default, flatten)]
        Logs(Logs),
        Nothing,
    }
}

recorded! { Holder:
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "values are only shown")]
    struct Holder {
        #[env(group)]
        defaulted: Defaulted,
        #[env(default = "zwei")]
        word: Word,
    }
}

recorded! { Ruled:
    /// Every pair of keys of a struct.
    #[derive(Debug, EnvConfig)]
    #[env(
        prefix = "RULED", delimiter = "_", bound = "u8: Copy", crate = environ, file,
        validate = accepts, validate = accepts,
        removed("RULED_OLD", "remove it"), removed("RULED_OLDER", "remove it"),
        one_of(a, b), one_of(c, d), at_most_one_of(e, f), at_most_one_of(f, g),
        at_least_one_of(h, i), at_least_one_of(h, k), all_or_none(l, m), all_or_none(n, o)
    )]
    #[expect(dead_code, reason = "values are only shown")]
    struct Ruled {
        a: Option<u8>,
        b: Option<u8>,
        c: Option<u8>,
        d: Option<u8>,
        e: Option<u8>,
        f: Option<u8>,
        g: Option<u8>,
        h: Option<u8>,
        i: Option<u8>,
        k: Option<u8>,
        l: Option<u8>,
        m: Option<u8>,
        n: Option<u8>,
        o: Option<u8>,
    }
}

recorded! { Word:
    /// Every pair of keys of words.
    #[derive(Debug, EnvValue)]
    #[env(rename_all = "snake_case", crate = environ)]
    enum Word {
        First,
        #[env(rename = "zwei", alias = "two", alias = "deux")]
        Second,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "a validator returns a result")]
fn accepts<T>(_: &T) -> Result<(), impl Display + use<T>> {
    Ok::<(), &'static str>(())
}

#[expect(clippy::unnecessary_wraps, reason = "the field is an `Option`")]
fn some_text() -> Option<String> {
    Some("made".to_owned())
}

fn letters(text: &str) -> Result<String, &'static str> {
    let is_word = text.chars().all(char::is_alphabetic);
    is_word.then(|| text.to_owned()).ok_or("it has no letters")
}

pub(super) const CASES: &[Case] = &[
    Case::of::<Crowded>(),
    Case::of::<Needing>(),
    Case::of::<Hidden>(),
    Case::of::<Grouped>(),
    Case::of::<Holder>(),
    Case::of::<Ruled>(),
];

pub(super) const SOURCES: &[&str] = &[
    <Server as super::Recorded>::SOURCE,
    <Logs as super::Recorded>::SOURCE,
    <Chosen as super::Recorded>::SOURCE,
    <Defaulted as super::Recorded>::SOURCE,
    <Word as super::Recorded>::SOURCE,
];

//! Generated code is silent where a crate forbids much.

#![deny(
    warnings,
    clippy::pedantic,
    clippy::trait_duplication_in_bounds,
    clippy::type_repetition_in_bounds,
    missing_docs,
    missing_debug_implementations,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unused_qualifications,
    unused_results
)]
#![forbid(unsafe_code)]
#![expect(
    unreachable_pub,
    reason = "as in the library that a service's config is in"
)]

use environ::{EnvConfig, EnvValue, Secret};

/// A config with one field of each kind.
#[derive(Debug, EnvConfig)]
#[env(prefix = "LINT")]
pub struct Every {
    /// A default that is a literal.
    #[env(default = 8000, alias = "LINT_ALIAS", validate = positive)]
    pub port: u16,
    /// A default of the type.
    #[env(default)]
    pub list: Vec<String>,
    /// A secret.
    #[env(secret)]
    pub token: Option<Secret<String>>,
    /// A word.
    #[env(default = "one")]
    pub word: Word,
    /// Parsed by a function.
    #[env(default = "1", parse = parse)]
    pub parsed: u8,
    /// A group.
    #[env(group)]
    pub group: Group,
    /// An optional group.
    #[env(group)]
    pub maybe: Option<Group>,
    /// One of several groups.
    #[env(group)]
    pub choice: Choice,
    /// Not read at all.
    #[env(skip)]
    pub skipped: u8,
}

/// Of types that are not known, with the bounds that the derive would add.
#[derive(Debug, EnvConfig)]
pub struct Generic<T: EnvValue, G: EnvConfig> {
    /// A parameter.
    pub value: T,
    /// A group that is one.
    #[env(group)]
    pub group: G,
}

/// A group of nothing.
#[derive(Debug, EnvConfig)]
pub struct Group {}

/// A choice of two.
#[derive(Debug, EnvConfig)]
pub enum Choice {
    /// The one that is taken.
    #[env(default)]
    Here,
    /// The other.
    There(Group),
}

/// A choice of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnvValue)]
pub enum Word {
    /// The first.
    One,
    /// The second.
    Two,
}

/// A field that a crate is about to drop, and one in another convention.
#[derive(Debug, EnvConfig)]
#[allow(
    dead_code,
    non_snake_case,
    clippy::allow_attributes,
    reason = "the file of another system names it so"
)]
pub struct Odd {
    /// Out of use.
    #[deprecated]
    #[env(default)]
    pub old: u8,
    /// Named by another system.
    #[env(default)]
    pub HostName: String,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "a validator takes a reference, whatever it validates"
)]
fn positive(port: &u16) -> Result<(), &'static str> {
    if *port == 0 { Err("it is 0") } else { Ok(()) }
}

fn parse(text: &str) -> Result<u8, std::num::ParseIntError> {
    text.parse()
}

#[test]
fn generated_code_raises_no_lint() {
    let Every {
        port,
        list,
        token,
        word,
        parsed,
        group,
        maybe,
        choice,
        skipped,
    } = Every::from_source([("LINT_WORD", "two")]).unwrap();
    assert_eq!((port, word, parsed, skipped), (8000, Word::Two, 1, 0));
    assert_eq!(
        format!("{list:?} {token:?} {group:?} {maybe:?} {choice:?}"),
        "[] None Group Some(Group) Here"
    );
}

#[test]
fn odd_fields_raise_no_lint() {
    let odd = Odd::from_source([("APP_HOSTNAME", "x")]).unwrap();
    assert_eq!(odd.HostName, "x");
}

/// Where these may not be allowed, generated code must not try to.
mod forbidden {
    #![forbid(deprecated)]

    #[derive(Debug, environ::EnvConfig)]
    pub(super) struct Cfg {
        pub(super) word: Word,
        #[env(group)]
        pub(super) choice: super::Choice,
    }

    #[derive(Debug, PartialEq, environ::EnvValue)]
    pub(super) enum Word {
        One,
    }
}

#[test]
fn a_lint_that_is_forbidden_is_not_allowed() {
    let forbidden::Cfg { word, choice } =
        forbidden::Cfg::from_source([("APP_WORD", "one")]).unwrap();
    assert_eq!(format!("{word:?} {choice:?}"), "One Here");
}

/// A type that is out of use, with all that is derived for it.
mod out_of_use {
    #[deprecated]
    #[derive(environ::EnvConfig)]
    pub struct Cfg {
        #[allow(
            deprecated,
            clippy::allow_attributes,
            reason = "it goes when this goes"
        )]
        pub word: Word,
        #[allow(
            deprecated,
            clippy::allow_attributes,
            reason = "it goes when this goes"
        )]
        #[env(default = "one", example = "one")]
        pub other: Word,
    }

    #[deprecated]
    #[derive(environ::EnvValue)]
    pub enum Word {
        #[deprecated]
        One,
    }

    #[deprecated]
    #[derive(environ::EnvConfig)]
    pub enum Choice {
        One(super::Group),
    }
}

#[test]
fn a_type_that_is_out_of_use_raises_no_lint() {
    #[expect(deprecated, reason = "this is what is tested")]
    let is_one = out_of_use::Cfg::from_source([("APP_WORD", "one")]).is_ok_and(|cfg| {
        matches!(
            (cfg.word, cfg.other),
            (out_of_use::Word::One, out_of_use::Word::One)
        )
    });
    assert!(is_one);
}

#[test]
fn a_bound_that_the_user_wrote_is_not_said_twice() {
    let loaded = Generic::from_source([("APP_VALUE", "one")]);
    let Generic { value, group } = loaded.unwrap();
    let (value, Group {}): (Word, Group) = (value, group);
    assert_eq!(value, Word::One);
}

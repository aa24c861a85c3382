//! Typed, nested configuration from environment variables.
//!
//! A struct says what a service needs; `environ` fills it from the environment,
//! or reports everything that is wrong with the environment at once. It is
//! Python's *environ-config* carried to Rust.
//!
//! ```
//! use std::net::IpAddr;
//! use std::time::Duration;
//!
//! use environ::{EnvConfig, EnvValue, Secret};
//!
//! /// The demo service.
//! #[derive(Debug, EnvConfig)]
//! #[env(prefix = "APP")]
//! struct AppConfig {
//!     /// Address to listen on.
//!     #[env(default = "127.0.0.1")]
//!     host: IpAddr, // APP_HOST
//!     /// Port to listen on; 0 picks a free one.
//!     #[env(default = 8000, alias = "PORT")]
//!     port: u16, // APP_PORT, or PORT
//!     #[env(group)]
//!     log: Log,
//!     /// Present when any `APP_DB_*` variable is set.
//!     #[env(group)]
//!     db: Option<Db>,
//! }
//!
//! #[derive(Debug, EnvConfig)]
//! struct Log {
//!     #[env(default = "info")]
//!     level: String, // APP_LOG_LEVEL
//!     #[env(default = "human")]
//!     format: LogFormat, // APP_LOG_FORMAT
//! }
//!
//! #[derive(Debug, PartialEq, EnvValue)]
//! enum LogFormat {
//!     Human,
//!     Json,
//! }
//!
//! #[derive(Debug, EnvConfig)]
//! struct Db {
//!     #[env(secret)]
//!     url: Secret<String>, // APP_DB_URL
//!     #[env(default = "5s")]
//!     timeout: Duration, // APP_DB_TIMEOUT
//! }
//!
//! // In `main` it is `AppConfig::from_env()?`. A test needs no environment:
//! let cfg = AppConfig::from_source(&[("PORT", "8080"), ("APP_LOG_FORMAT", "json")])?;
//! assert_eq!(cfg.port, 8080);
//! assert_eq!(cfg.log.format, LogFormat::Json);
//! assert!(cfg.db.is_none());
//!
//! let err = AppConfig::from_source(&[
//!     ("APP_PORT", "80a0"),
//!     ("APP_LOG_FORMAT", "jsno"),
//!     ("APP_DB_TIMEOUT", "3s"),
//!     ("APP_DB_ULR", "postgres://db/x"),
//! ])
//! .unwrap_err();
//! assert_eq!(
//!     err.to_string(),
//!     r#"3 problems with the environment:
//!   APP_PORT        "80a0" is not a u16: invalid digit found in string
//!                   Port to listen on; 0 picks a free one.
//!   APP_LOG_FORMAT  "jsno" is not one of: human, json
//!   APP_DB_URL      not set; required because APP_DB_TIMEOUT is set
//!                   APP_DB_ULR is set but not read; is it meant?"#
//! );
//! # Ok::<(), environ::Error>(())
//! ```
//!
//! # Variable names
//!
//! A variable is `PREFIX_GROUP_FIELD` in upper case, joined by one `_`:
//!
//! | path | written | variable |
//! |---|---|---|
//! | `cfg.port` | | `APP_PORT` |
//! | `cfg.log.level` | `#[env(group)] log: Log` | `APP_LOG_LEVEL` |
//! | `cfg.log.level` | `#[env(group, prefix = "LOGGING")] log: Log` | `APP_LOGGING_LEVEL` |
//! | `cfg.log.level` | `#[env(group, flatten)] log: Log` | `APP_LEVEL` |
//! | `cfg.port` | `#[env(name = "PORT")] port: u16` | `PORT` |
//! | `cfg.r#type` | | `APP_TYPE` |
//!
//! - The root's prefix is its `#[env(prefix = "...")]`. If it has none, it is
//!   `APP`; if it is empty, there is none, and no leading `_` either.
//! - A group adds, in this order: the `prefix` at the field, the `prefix` at its
//!   own type, or the name of the field.
//! - What stands in `name` and `alias` is used as it is written.
//! - Two fields that read one variable do not compile, wherever in the tree they
//!   are.
//!
//! # What is there, and what is not
//!
//! A field is required, unless it is an `Option`, has a `default`, or is
//! skipped. A variable that is set to nothing counts as not set: Compose, CI
//! systems and Helm write empty ones for what nobody gave.
//!
//! An `Option` of a group is `None` if something in the group is required and
//! nothing of it is set. If everything in it has a default, it is there. As soon
//! as one variable of it is set, all that are required must be, and the report
//! says which one it was.
//!
//! # Types
//!
//! | type | text |
//! |---|---|
//! | `String` | any |
//! | `OsString`, `PathBuf` | any, even what is not UTF-8 |
//! | `bool` | `true`, `yes`, `on`, `1`, `false`, `no`, `off`, `0`, in any case; all else is an error |
//! | integers, floats, `char`, `NonZero*` | as `FromStr` reads them |
//! | `IpAddr`, `SocketAddr` and their `V4` and `V6` | as `FromStr` reads them |
//! | `Duration` | `500ms`, `30s`, `1.5h`, `1h30m`; units are `d`, `h`, `m`, `s`, `ms`, `us`, `ns` |
//! | `Vec<T>`, `HashSet<T>`, `BTreeSet<T>` | `a, b, c`; `\,` is a comma in an element; another `separator` can be chosen |
//! | an enum with [`#[derive(EnvValue)]`](derive@EnvValue) | one of its words |
//! | [`Secret<T>`] | as `T` |
//! | any other type with `FromStr`, if its error displays | as `FromStr` reads it |
//!
//! A value is never trimmed, and no type is guessed: `0123` in a `String` stays
//! `0123`. Where a value does not parse and has white space around it, the
//! report says so.
//!
//! # Errors
//!
//! [`Error`] has all problems of all groups, in the order of the fields, and
//! each has the full name of its variable, what was found, what was expected,
//! why it is not that, and the field's documentation. No value of a secret is in
//! it, nor a parser's message about one, which may quote it; and the password in
//! a URL is masked. [`Error::EXIT_CODE`] is what a process should exit with.
//!
//! # Testing
//!
//! [`EnvConfig::from_source`] takes an array of pairs, a map or a closure, so no
//! test has to change the environment of its process, which all its threads
//! share.
//!
//! # Cost
//!
//! There is no dependency at run time. Only the variables of the config are
//! looked up, by name; the environment is listed only when something is missing,
//! to look for a name that is spelt much like it.

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod config;
mod docs;
mod env;
mod error;
mod file;
mod kubernetes;
mod loader;
mod name;
mod names;
mod origin;
mod pass;
mod report;
mod secret;
pub mod secrets;
mod show;
mod source;
mod spec;
mod suggest;
pub mod testing;
mod unique;
mod value;
mod walk;
mod warning;

pub use config::{generate_help, to_config, EnvConfig};
pub use docs::Help;
#[cfg(feature = "json")]
pub use docs::{Change, Changes, NotASpec};
pub use error::{Error, Problem};
pub use loader::{Loaded, Loader};
pub use origin::{Origin, Origins};
pub use secret::Secret;
pub use source::{Process, Source};
pub use value::{EnvValue, Form, Invalid, Text};
pub use warning::Warning;

/// Derives [`EnvConfig`](trait@EnvConfig) for a struct with named fields, or
/// for an enum: a group that is one of several.
///
/// # On a struct
///
/// | `#[env(...)]` | meaning |
/// |---|---|
/// | `prefix = "APP"` | what its variables begin with, as a root; or the segment that it adds, as a group |
/// | `bound = "T: Trait"` | the bounds of the implementation, instead of `EnvValue` for a type parameter that is a value and `EnvConfig` for one that is a group |
/// | `crate = path` | where `environ` is, if it is not `::environ` |
///
/// # On a field
///
/// | `#[env(...)]` | meaning |
/// |---|---|
/// | `name = "LANG"` | the variable's whole name |
/// | `alias = "PORT"` | another whole name; may repeat. The first that is set is read, the main name first |
/// | `default = 8000` | the text to read if the variable is not set; shown in help |
/// | `default` | `Default::default()` if it is not set |
/// | `default_fn = path` | `path()` if it is not set |
/// | `parse = path` | reads the text with `fn(&str) -> Result<T, impl Display>` |
/// | `validate = path` | refuses a value with `fn(&T) -> Result<(), impl Display>`; may repeat. Sees a `default` that is text, and no other |
/// | `separator = ";"` | what stands between elements, instead of `,` |
/// | `secret` | the value is never shown. The type must be [`Secret`], which implies this |
/// | `secret, plain` | the same for another type that hides its value in `Debug` |
/// | `help = "..."` | the documentation, instead of the first paragraph of the doc comment |
/// | `skip` | read nothing, and use `Default::default()` |
/// | `group` | the type is a config type too, or an `Option` of one |
/// | `group, prefix = "X"` | a group that adds `X` to the name |
/// | `group, flatten` | a group that adds nothing |
///
/// ```
/// use std::num::ParseIntError;
///
/// use environ::EnvConfig;
///
/// #[derive(Debug, PartialEq, EnvConfig)]
/// #[env(prefix = "FILES")]
/// struct Files {
///     #[env(name = "HOME")]
///     home: String,
///     #[env(default = "644", parse = octal)]
///     mode: u32,
///     #[env(default_fn = three, validate = few)]
///     depth: u8,
///     #[env(default, separator = ":")]
///     search: Vec<String>,
/// }
///
/// fn octal(text: &str) -> Result<u32, ParseIntError> {
///     u32::from_str_radix(text, 8)
/// }
///
/// fn three() -> u8 {
///     3
/// }
///
/// fn few(depth: &u8) -> Result<(), String> {
///     if *depth > 9 { Err(format!("{depth} is more than 9")) } else { Ok(()) }
/// }
///
/// let files = Files::from_source(&[("HOME", "/root"), ("FILES_SEARCH", "/a:/b")])?;
/// assert_eq!(
///     files,
///     Files {
///         home: "/root".to_owned(),
///         mode: 0o644,
///         depth: 3,
///         search: vec!["/a".to_owned(), "/b".to_owned()],
///     }
/// );
///
/// let err = Files::from_source(&[("HOME", "/root"), ("FILES_DEPTH", "10")]).unwrap_err();
/// let problem = err.problems().next().unwrap();
/// assert_eq!(problem.to_string(), "FILES_DEPTH: \"10\" is refused: 10 is more than 9");
/// # Ok::<(), environ::Error>(())
/// ```
///
/// # On an enum
///
/// The group's own variable names the variant, in kebab-case, and the variables
/// of that variant alone are read. A variant holds nothing, or one config type.
///
/// | on | `#[env(...)]` | meaning |
/// |---|---|---|
/// | enum | `prefix`, `crate`, `bound` | as on a struct |
/// | enum | `rename_all = "snake_case"` | how the words are spelt: `kebab-case`, `snake_case`, `lowercase`, `SCREAMING_SNAKE_CASE`, `UPPERCASE` |
/// | variant | `default` | taken when the variable is not set |
/// | variant | `rename = "disk"` | its word, and the segment that its variables have |
/// | variant | `alias = "fs"` | another word; may repeat |
///
/// ```
/// use environ::EnvConfig;
///
/// #[derive(Debug, PartialEq, EnvConfig)]
/// struct AppConfig {
///     #[env(group)]
///     storage: Storage,
/// }
///
/// #[derive(Debug, PartialEq, EnvConfig)]
/// enum Storage {
///     #[env(default)]
///     Memory,
///     S3(Bucket),
/// }
///
/// #[derive(Debug, PartialEq, EnvConfig)]
/// struct Bucket {
///     bucket: String,
/// }
///
/// let cfg = AppConfig::from_source(&[("APP_STORAGE", "s3"), ("APP_STORAGE_S3_BUCKET", "b")])?;
/// assert_eq!(cfg.storage, Storage::S3(Bucket { bucket: "b".to_owned() }));
/// assert_eq!(AppConfig::from_source::<[(&str, &str)]>(&[])?.storage, Storage::Memory);
/// # Ok::<(), environ::Error>(())
/// ```
#[doc(inline)]
pub use environ_derive::EnvConfig;

/// Derives [`EnvValue`](trait@EnvValue) for an enum of variants without fields:
/// each is a word, in any letter case, and an error lists them.
///
/// | on | `#[env(...)]` | meaning |
/// |---|---|---|
/// | enum | `rename_all = "snake_case"` | how the words are spelt: `kebab-case` (if not given), `snake_case`, `lowercase`, `SCREAMING_SNAKE_CASE`, `UPPERCASE` |
/// | enum | `crate = path` | where `environ` is, if it is not `::environ` |
/// | variant | `rename = "off"` | its word |
/// | variant | `alias = "none"` | another word; may repeat |
///
/// ```
/// use environ::{EnvConfig, EnvValue};
///
/// #[derive(Debug, PartialEq, EnvValue)]
/// enum Journal {
///     WriteAhead,
///     #[env(rename = "off", alias = "none")]
///     Disabled,
/// }
///
/// #[derive(Debug, EnvConfig)]
/// struct Db {
///     journal: Journal,
/// }
///
/// let db = Db::from_source(&[("APP_JOURNAL", "write-ahead")])?;
/// assert_eq!(db.journal, Journal::WriteAhead);
/// let db = Db::from_source(&[("APP_JOURNAL", "NONE")])?;
/// assert_eq!(db.journal, Journal::Disabled);
/// # Ok::<(), environ::Error>(())
/// ```
#[doc(inline)]
pub use environ_derive::EnvValue;

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

//! Typed, nested configuration from environment variables.
//!
//! A struct declares the variables of a service; `environ` fills the struct from the
//! environment, or reports every problem of the environment at once. The crate is Python's
//! *environ-config* carried to Rust.
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
//! // In `main`: `AppConfig::from_env().unwrap_or_else(|err| err.exit())`.
//! // A test needs no environment:
//! let cfg = AppConfig::from_source([("PORT", "8080"), ("APP_LOG_FORMAT", "json")])?;
//! assert_eq!(cfg.port, 8080);
//! assert_eq!(cfg.log.format, LogFormat::Json);
//! assert!(cfg.db.is_none());
//!
//! let err = AppConfig::from_source([
//!     ("APP_PORT", "80a0"),
//!     ("APP_LOG_FORMAT", "jsno"),
//!     ("APP_DB_TIMEOUT", "3s"),
//!     ("APP_DB_ULR", "postgres://db/x"),
//! ])
//! .unwrap_err();
//! assert_eq!(
//!     err.to_string(),
//!     r#"3 problems with the environment:
//!   APP_PORT        "80a0" is not a u16: it must be a whole number from 0 to 65535
//!                   Port to listen on; 0 picks a free one.
//!   APP_LOG_FORMAT  "jsno" is not one of: human, json
//!   APP_DB_URL      not set; required because APP_DB_TIMEOUT is set
//!                   APP_DB_ULR is set but not read; is it meant?"#
//! );
//! # Ok::<(), environ::Error>(())
//! ```
//!
//! The rest of this page is the manual: [names](#variable-names),
//! [presence](#presence), [types](#types),
//! [groups](#groups), [secrets](#secrets), [errors](#errors),
//! [loading](#loading), [values that change](#values-that-change),
//! [documentation](#documentation) and [cost](#cost). Every
//! attribute is listed at [`#[derive(EnvConfig)]`](derive@EnvConfig). There are
//! also a [tutorial](guide::tutorial), a guide to [testing](guide::testing), and the reasons of the
//! [design](guide::design). The pages of all features are on docs.rs: `guide::attributes` has a
//! section with an example for each attribute, `guide::deployment` checks deployment files, and
//! `guide::migration` is for users of another crate.
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
//! | `cfg.log.level` | `#[env(delimiter = "__")]` on the root | `APP_LOG__LEVEL` |
//!
//! - The prefix is `#[env(prefix = "...")]` of the root, or `APP` without the key. With an empty
//!   prefix, names have no prefix and no leading `_`. [`Loader::prefix`] replaces the prefix for
//!   a load.
//! - The root's `#[env(delimiter = "__")]` stands after the segment of each group, of each
//!   number and of each key, for names that figment, config or pydantic read. A `_` stands
//!   after the prefix, unless the prefix ends in the delimiter: `prefix = "APP__"`. A group
//!   that has a `delimiter` must have that of its root.
//! - A group adds the `prefix` at the field, or else the `prefix` at its type, or else the name
//!   of the field.
//! - The names in `name`, `alias` and `deprecated` are used as written.
//! - The first name that is set is read; a further name that is set is a warning. A `deprecated`
//!   name is a warning with the replacement, and an error if its text differs from the text of
//!   the name that is read.
//! - Two fields with the same variable do not compile, wherever in the tree the fields are. If
//!   the prefix of the root makes two names equal, the error comes from `cargo build`, not from
//!   `cargo check`.
//!
//! # Presence
//!
//! A field is required unless the field is an `Option`, has a `default`, or is skipped. An empty
//! variable counts as unset, because Compose, CI systems and Helm write an empty text for a
//! value that nobody gave. `allow_empty` makes the empty text a value.
//!
//! An `Option` of a group is `None` if the group has a required variable and no variable of the
//! group is set; a group of defaults alone is always `Some`. If one variable of the group is set,
//! all required variables must be set, and the report names the variable that was set.
//!
//! A default is read like a variable, when the default is needed. The compiler checks the default
//! of an integer, a `bool` or an enum of words, unless a function reads the default or the config
//! type is generic; [`testing::assert_valid`] checks all defaults.
//!
//! # Types
//!
//! | type | text |
//! |---|---|
//! | `String`, `Cow<'static, str>`, `str` in a `Box`, an `Arc` or an `Rc` | any |
//! | `OsString`, `PathBuf` | any, also a text that is not UTF-8 |
//! | `bool` | `true`, `yes`, `on`, `1`, `t`, `y`, `false`, `no`, `off`, `0`, `f`, `n`, in any letter case; a different text is an error |
//! | integers, floats, `char`, `NonZero*` | as `FromStr` reads them |
//! | `IpAddr`, `SocketAddr` and their `V4` and `V6` | as `FromStr` reads them |
//! | `Duration` | `500ms`, `30s`, `1.5h`, `1h 30m`, `5 minutes`; units are `d`, `h`, `m`, `s`, `ms`, `us` or `µs`, `ns`, or their names in full |
//! | `Vec<T>`, `VecDeque<T>`, `HashSet<T>`, `BTreeSet<T>`, `[T; N]`, tuples of up to 8 | `a, b, c`; `\,` is a comma in an element; another `separator` can be chosen. An element of type `Option<T>` may be empty |
//! | `HashMap<K, V>`, `BTreeMap<K, V>` | `k=v, k=v`, split at the first `=`; a repeated key is an error |
//! | an enum with [`#[derive(EnvValue)]`](derive@EnvValue) | a word of the enum, in any letter case, with `_` for `-` too |
//! | [`Secret<T>`]; with the feature `secrecy-0_10`, the types of `secrecy` 0.10 | as `T` |
//! | `Box<T>`, `Arc<T>`, `Rc<T>` | as `T`; an `Option` stands around the pointer |
//! | any other type with `FromStr`, if its error displays | as `FromStr` reads it |
//! | any type, with `#[env(json)]` and the feature `json` | as serde reads it |
//!
//! The elements of a tuple and the key of a map must be an [`EnvValue`]. For `T` of a list and `V`
//! of a map, `FromStr` is enough. An alias of `Option` is not recognised; write `Option`.
//!
//! A value is never trimmed, and no type is guessed: `0123` in a `String` stays `0123`. If a
//! value does not parse and has white space at its ends, the report says so; white space around a
//! secret is a warning.
//!
//! A config type may have type parameters. Without a `bound`, the parameter of a value must be an
//! [`EnvValue`], and the parameter of a group an [`EnvConfig`](trait@EnvConfig). If a parameter
//! stands for a [`Secret`], the field is a secret; with `parse`, the field needs `secret, plain`
//! in addition.
//!
//! # Groups
//!
//! | field | variables | there |
//! |---|---|---|
//! | `log: Log` | `APP_LOG_LEVEL` | always |
//! | `db: Option<Db>` | `APP_DB_URL` | if a variable of the group is set |
//! | `#[env(group, when = "url")] db: Option<Db>` | `APP_DB_URL` | if that variable is set |
//! | `#[env(group, switch = "ENABLED")] db: Option<Db>` | `APP_DB_ENABLED=true`, `APP_DB_URL` | if the switch is on |
//! | `storage: Storage`, an enum | `APP_STORAGE=s3`, `APP_STORAGE_S3_BUCKET` | the variant that is named |
//! | `#[env(group, selector = "TYPE")] storage: Storage` | `APP_STORAGE_TYPE=s3`, `APP_STORAGE_S3_BUCKET` | the variant that is named |
//! | `upstream: Vec<Upstream>` | `APP_UPSTREAM_0_HOST`, `APP_UPSTREAM_1_HOST` | as many as are numbered; a gap is an error |
//! | `db: BTreeMap<String, Db>` | `APP_DB_MAIN_URL` | one for each key: `main` |
//!
//! The variable of a field makes no group of a list or map: a field `db_main_url` beside `db`
//! keeps `APP_DB_MAIN_URL`. The keys `name`, `alias` and `deprecated` do not compile in a list or
//! map, because all groups would read the variable.
//!
//! Each group may be in a `Box`: `log: Box<Log>`, `Option<Box<Db>>`, or the type in a variant.
//!
//! # Secrets
//!
//! A [`Secret<T>`], or a field with the key `secret`, is read from the first place that has the
//! secret: the [stores](secrets) of the loader, then the file that `APP_TOKEN_FILE` names, or
//! `APP_TOKEN`; both variables together are an error. A secret in the environment of the process
//! is a warning, because child processes and `/proc` show the environment, and an error with
//! [`deny_env_secrets`](Loader::deny_env_secrets). A store of variables, such as that of
//! envconsul, counts as the environment. The key in a store is the path of the field below the
//! prefix: `db_url` for `cfg.db.url`.
//!
//! | store | content | feature |
//! |---|---|---|
//! | [`DirSecrets`](secrets::DirSecrets) | a file for each key: Docker's, Kubernetes', systemd's | |
//! | `IniSecrets` | an option for each key | `ini` |
//! | [`VaultEnvSecrets`](secrets::VaultEnvSecrets) | the variables that envconsul sets | |
//! | `vault::VaultSecrets` | a document of HashiCorp Vault or OpenBao, a member for each key | `vault` |
//! | `aws::AwsSecrets` | a document in AWS Secrets Manager, or a secret for each key | `aws` |
//! | `azure::AzureSecrets` | a document in Azure Key Vault, or a secret for each key | `azure` |
//! | `gcp::GcpSecrets` | a document in Google Secret Manager, a secret for each key, or ciphertexts of Cloud KMS | `gcp` |
//!
//! No error, warning, `Debug`, help or document shows a secret. The reason of a parser or
//! validator for rejecting a secret is shown if the reason is a `&'static str`, which cannot
//! quote a value. A `String` of a validator is shown unless the secret has fewer than four
//! letters, or the reason has the secret in any letter case, or eight letters in a row of the
//! secret. These rules hold for validators of the whole config and for errors of stores too. A
//! text that was computed from a secret, such as its base64, is not recognised. The JSON of
//! `#[env(json)]` is never shown.
//!
//! In plain values, passwords are masked in URLs, connection strings, headers, JSON and after
//! names such as `api_key`. If two readings are possible, more is masked. Invisible letters are
//! escaped in every output.
//!
//! # Errors
//!
//! [`Error`] has all problems of all groups, in the order of the fields. Each problem has the full
//! name of the variable, the text that was found, the expected form, the reason, and the
//! documentation of the field. The report points out a set name that is spelt much like a missing
//! name, and a variable that Kubernetes sets for a Service. The error has the warnings too.
//! [`Error::exit`] prints problems and warnings, and exits with 78.
//!
//! A program tells problems apart by [`code`](Problem::code), and tests compare codes. A code
//! keeps its meaning in later releases, which may add codes. No text is covered: the words of
//! a report, a warning or a page of help may change in any release.
//!
//! # Loading
//!
//! ```
//! use environ::secrets::DirSecrets;
//! # use environ::EnvConfig;
//! # #[derive(Debug, EnvConfig)]
//! # struct AppConfig { #[env(default = 8000)] port: u16 }
//!
//! let loaded = AppConfig::loader()
//!     .source([("APP_PORT", "80")]) // the environment of the process, if left out
//!     .secrets(DirSecrets::from_path("/run/secrets"))
//!     .strict() // an unknown variable under the prefix is an error; or `warn_unknown`
//!     .known(["APP_HOME"]) // another program reads it
//!     .load()?;
//! assert_eq!(loaded.config.port, 80);
//! for warning in &loaded.warnings {
//!     println!("{warning}"); // or log it
//! }
//! for (name, origin) in &loaded.origins {
//!     assert_eq!(format!("{name}: {origin}"), "APP_PORT: environment");
//! }
//! # Ok::<(), environ::Error>(())
//! ```
//!
//! Several sources are layers: the first source that has a variable counts. A source without a
//! name stands for the environment; a [`layer`](Loader::layer) has a name, which origins and
//! errors show. With the feature `dotenv`, `DotEnv` is a `.env` file; with `json`, `Document` is
//! any value of serde, such as a TOML file or flags:
//!
//! ```
//! use environ::{EnvConfig, Process};
//! # #[derive(Debug, EnvConfig)]
//! # struct AppConfig { #[env(default = 8000)] port: u16 }
//!
//! let loaded = AppConfig::loader()
//!     .source(Process)
//!     .layer("the defaults of the image", [("APP_PORT", "80")])
//!     .load()?;
//! assert_eq!(loaded.config.port, 80);
//! # Ok::<(), environ::Error>(())
//! ```
//!
//! A secret is exposed if it is read from [`Process`], or from a layer that says so.
//!
//! # Values that change
//!
//! The environment of a process never changes; mounted files, `.env` files and the documents of
//! a store change. With the feature `watch`, a field with the key `live` holds a `Live<T>`, and
//! `Loader::watch` returns the config with a watcher. After a change the watcher loads the whole
//! config again from the same sources. If a value is wrong, no value is replaced, and the error
//! has all problems; a change of a field that is not live is the warning `needs_restart`. The
//! module `watch` has the details.
//!
//! # Documentation
//!
//! [`EnvConfig::help`] returns the table of variables as text, Markdown, a `.env` file, the `env:`
//! of a container in Kubernetes, a Compose file, a drop-in of systemd, a JSON Schema, a manual page
//! and a JSON specification, by which two releases are compared. Loading uses the same table.
//!
//! # Features
//!
//! No feature is on by default.
//!
//! | feature | adds | dependencies |
//! |---|---|---|
//! | `json` | `#[env(json)]`, `Document`, `embed!`, reports and specifications as JSON | serde, `serde_json` |
//! | `deployment` | [`EnvConfig::deployment`]: checks of manifests, Compose files, units, `.env` files | `json`, saphyr-parser, base64 |
//! | `dotenv` | `DotEnv`: a `.env` file as a layer | dotenvy |
//! | `ini` | `IniSecrets`: secrets from an INI file | configparser |
//! | `secrecy-0_10` | fields of the types of secrecy 0.10 | secrecy |
//! | `vault` | `secrets::vault`: HashiCorp Vault and OpenBao | `json`, vaultrs, reqwest, tokio |
//! | `aws` | `secrets::aws`: AWS Secrets Manager | `json`, AWS SDK, tokio |
//! | `azure` | `secrets::azure`: Azure Key Vault | `json`, reqwest, tokio |
//! | `gcp` | `secrets::gcp`: Google Secret Manager, Cloud KMS | `json`, reqwest, crc, tokio |
//! | `watch` | `watch` and `Live`: values that are replaced while the program runs | none |
//!
//! # Cost
//!
//! Without a feature, the crate has no dependency at run time. A load looks up the variables of the
//! config by name. A load lists the environment only in strict mode or to warn of unknown
//! variables, for lists and maps of groups, and, if a variable is missing, to find a name that is
//! spelt much like it.
#![cfg_attr(docsrs, feature(doc_cfg))]

// A config of our own is derived too, and the derive's code names the crate.
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp", feature = "vault"))]
extern crate self as environ;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod config;
#[cfg(feature = "deployment")]
pub mod deployment;
#[cfg(feature = "json")]
pub mod embedded;
/// The guides. No program contains them.
#[cfg(any(doc, doctest))]
pub mod guide {
    #[cfg(all(feature = "json", feature = "watch"))]
    #[doc = include_str!("../docs/attributes.md")]
    pub mod attributes {}

    #[cfg(feature = "deployment")]
    #[doc = include_str!("../docs/deployment.md")]
    pub mod deployment {}

    #[doc = include_str!("../docs/design.md")]
    pub mod design {}

    #[cfg(feature = "dotenv")]
    #[doc = include_str!("../docs/migration.md")]
    pub mod migration {}

    #[doc = include_str!("../docs/testing.md")]
    pub mod testing {}

    // The suite `newcomer` follows the page.
    #[cfg(not(doctest))]
    #[doc = include_str!("../docs/tutorial.md")]
    pub mod tutorial {}
}
mod help;
mod items;
mod layer;
#[cfg(feature = "watch")]
mod live;
mod load;
mod lookup;
mod name;
mod redact;
mod report;
pub mod secrets;
mod source;
mod spec;
pub mod testing;
mod value;
#[cfg(feature = "watch")]
pub mod watch;

pub use config::{generate_help, to_config, EnvConfig, Loaded, Loader};
#[cfg(feature = "json")]
pub use help::{Change, ChangeKind, Changes, ParseSpecError, Property};
pub use help::{Help, UnknownVariable};
pub use items::Items;
#[cfg(feature = "json")]
pub use layer::Document;
#[cfg(feature = "dotenv")]
pub use layer::DotEnv;
pub use layer::Layer;
#[cfg(feature = "watch")]
pub use live::Live;
pub use load::Level;
pub use redact::{Redacted, Secret};
pub use report::{Error, Origin, OriginItems, Origins, Place, Problem, Warning};
pub use source::{file, from_fn, FromFn, Process, Source};
pub use value::{EnvValue, Form, Invalid, Text};

/// Derives [`EnvConfig`](trait@EnvConfig) for a struct with named fields, or
/// for an enum: a group that is one of several.
///
/// # On a struct
///
/// | `#[env(...)]` | meaning |
/// |---|---|
/// | `prefix = "APP"` | on the root: the start of all names; on a group: the segment of the group |
/// | `delimiter = "__"` | on the root: the text after the segment of each group, instead of `_` |
/// | `bound = "T: Trait"` | the bounds of the implementation, instead of `EnvValue` for the type parameter of a value and `EnvConfig` for that of a group |
/// | `crate = path` | the path of `environ`, if not `::environ` |
/// | `validate = path` | rejects the whole value with `fn(&Self) -> Result<(), impl Display>`, once all fields have loaded; may repeat. [`Invalid::at`] names the field that is wrong. A reason that quotes a secret is withheld, unless the reason is a `&'static str`, or an [`Invalid`] that is [`fixed`](Invalid::fixed) or [`vouched`](Invalid::vouched) for |
/// | `file` | sets `file` on each variable of the struct |
/// | `one_of(a, b)` | exactly one of the fields must be set. A default does not count as set; a group that is present does |
/// | `at_most_one_of(a, b)` | no two of the fields may be set |
/// | `at_least_one_of(a, b)` | at least one of the fields must be set |
/// | `all_or_none(a, b)` | the fields are set together or not at all |
/// | `removed("OLD", "use NEW")` | a variable that is no longer read: if set, the warning `removed` with the remedy; may repeat |
///
/// # On a field
///
/// | `#[env(...)]` | meaning |
/// |---|---|
/// | `name = "LANG"` | the variable's whole name: any text but `=` and NUL. Without a `name`, `type_` is `APP_TYPE` |
/// | `alias = "PORT"` | another whole name; may repeat. The first name that is set is read, the main name first |
/// | `deprecated = "OLD"` | a former name, which is still read, with a warning; may repeat |
/// | `default = 8000` | the text to read if the variable is unset; shown in help. A wrong integer or word does not compile |
/// | `default` | `Default::default()` if the variable is unset |
/// | `default_fn = path` | `path()` if the variable is unset; on an `Option` the function returns the `Option` |
/// | `default_fn = path(a, b)` | `path(&a, &b)` of earlier fields if the variable is unset; not called if one of these fields failed |
/// | `default_from = "{data}/tmp"` | the text to read if the variable is unset, with the text of the earlier field `data`; `{{` is `{`. Only a secret may contain a secret |
/// | `allow_empty` | an empty variable counts as set |
/// | `allow_empty, default = "30s"` | on an `Option`: the default if the variable is unset, and `None` if the variable is empty |
/// | `present` | on a bool: whether the variable is there, also if empty |
/// | `parse = path` | reads the text with `fn(&str) -> Result<T, impl Display>` |
/// | `json` | reads the text as JSON, by serde; with the feature `json`. The text is never shown, because a part may be a secret; `json, secret, plain` makes the field a secret |
/// | `truthy` | reads a bool as environ-config does: `true`, `yes` and `1` are true, a different text is false |
/// | `validate = path` | rejects a value with `fn(&T) -> Result<(), impl Display>`, or with an [`Invalid`]; may repeat. A `default` that is a text is checked, too |
/// | `range = 1..=64` | rejects a value outside. Help and errors show the range in words, `from 1 to 64`, and a constant by its value if the type implements `Display` |
/// | `range = "1s"..="1h"` | a range between texts, which are read like the variable |
/// | | `range`, `len` and `non_empty` check the value inside of a pointer, of a [`Secret`], and of a newtype that derives `EnvValue` |
/// | `len = 64..` | rejects a number of characters or elements outside |
/// | `unit = "m"` | on a `Duration`, or a list of them: the unit of a number without a unit, `ms`, `s`, `m`, `h` or `d`; `90s` is read too |
/// | `expected = "a cron schedule"` | the noun for the text in help and errors, with the article |
/// | `non_empty` | rejects a text of white space, or a list without elements; with `group`, a list or map without groups |
/// | `separator = ";"` | the text between elements, instead of `,` |
/// | `file` | `X_FILE` may name a file with the text; `X` and `X_FILE` together are an error |
/// | `secret` | the value is never shown, and may come from a store or a file. The type must be [`Secret`], which implies the key |
/// | `secret, plain` | a secret of another type, which hides the value in `Debug` |
/// | `secret, key = "dsn"` | the name of the secret in stores, instead of the path |
/// | `requires = "key"`, `requires(key, cert)` | the fields that must be set if this field is set |
/// | `conflicts = "cert"`, `conflicts(a, b)` | the fields that must not be set beside this field |
/// | `help = "..."` | the documentation, instead of the first paragraph of the doc comment; needed if a macro such as `include_str!` makes the comment |
/// | `example = "..."` | a value for the generated example, checked like a `default` |
/// | `skip` | reads nothing: the value is `Default::default()` |
/// | `skip, default_fn = path(a, b)` | reads nothing: the value is `path(&a, &b)` of earlier fields |
/// | `live` | on a `Live<T>` of any type that a variable can hold, `Option<T>` included: the value is replaced while the program runs; with the feature `watch` |
/// | `group` | the type is a config type, or an `Option`, `Vec`, `HashMap<String, _>` or `BTreeMap<String, _>` of a config type |
/// | `group, prefix = "X"` | a group that adds `X` to names |
/// | `group, flatten` | a group that adds nothing to names |
/// | `group, when = "dsn"` | an `Option` of a group that is present if the variable of the field `dsn` is set |
/// | `group, switch = "ENABLED"` | an `Option` of a group that is present if the bool variable `APP_GROUP_ENABLED` is true; unset is false. A set variable of an absent group is the warning `unselected` |
/// | `group, defaults(rate = 600)` | defaults of fields of the group, instead of their own; checked by the compiler |
/// | `group, selector = "TYPE"` | a one-of group, whose variant `APP_GROUP_TYPE` selects |
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
/// let files = Files::from_source([("HOME", "/root"), ("FILES_SEARCH", "/a:/b")])?;
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
/// let err = Files::from_source([("HOME", "/root"), ("FILES_DEPTH", "10")]).unwrap_err();
/// let problem = err.problems().next().unwrap();
/// assert_eq!(problem.to_string(), "FILES_DEPTH: \"10\" is refused: 10 is more than 9");
/// # Ok::<(), environ::Error>(())
/// ```
///
/// Further keys, with an example each:
///
/// ```
/// use std::collections::BTreeMap;
/// use std::time::Duration;
///
/// use environ::{EnvConfig, Secret};
///
/// #[derive(Debug, EnvConfig)]
/// #[env(validate = ordered)]
/// struct Pool {
///     #[env(default = 1)]
///     least: u8,
///     #[env(default = 8, range = 1..=64)]
///     most: u8,
///     #[env(default = "30s", deprecated = "POOL_TIMEOUT")]
///     timeout: Duration,
///     #[env(allow_empty, default = "app_")]
///     table_prefix: String,
///     #[env(non_empty, example = "a,b")]
///     hosts: Vec<String>,
///     #[env(file, help = "What to say first.")]
///     motd: Option<String>,
///     #[env(truthy, default = false)]
///     debug: bool,
///     #[env(secret, key = "dsn")]
///     url: Option<Secret<String>>,
///     #[env(group)]
///     replica: Vec<Replica>,
///     #[env(group, prefix = "BY")]
///     by_name: BTreeMap<String, Replica>,
///     #[env(skip)]
///     opened: u32,
/// }
///
/// #[derive(Debug, EnvConfig)]
/// struct Replica {
///     host: String,
/// }
///
/// fn ordered(pool: &Pool) -> Result<(), String> {
///     if pool.least > pool.most { Err("`least` is above `most`".to_owned()) } else { Ok(()) }
/// }
///
/// let pool = Pool::from_source([
///     ("APP_HOSTS", "a,b"),
///     ("APP_TABLE_PREFIX", ""),
///     ("POOL_TIMEOUT", "5s"),
///     ("APP_REPLICA_0_HOST", "c"),
///     ("APP_BY_EU_HOST", "d"),
/// ])?;
/// assert_eq!((&*pool.table_prefix, pool.timeout), ("", Duration::from_secs(5)));
/// assert_eq!((&*pool.replica[0].host, &*pool.by_name["eu"].host), ("c", "d"));
///
/// let err = Pool::from_source([("APP_HOSTS", "a"), ("APP_LEAST", "9")]).unwrap_err();
/// let problem = err.problems().next().unwrap();
/// assert_eq!(problem.to_string(), "APP_*: refused: `least` is above `most`");
/// # Ok::<(), environ::Error>(())
/// ```
///
/// # On an enum
///
/// The variable of the group names the variant, in kebab-case, and only the variables of the
/// named variant are read. A variant holds nothing, or one config type. A whole name that two
/// variants would read, such as `AWS_REGION`, does not compile: declare the variable as a field
/// of the struct around the enum.
///
/// | on | `#[env(...)]` | meaning |
/// |---|---|---|
/// | enum | `prefix`, `delimiter`, `crate`, `bound`, `validate` | as on a struct |
/// | enum | `rename_all = "snake_case"` | the spelling of the words: `kebab-case` (the default), `snake_case`, `lowercase`, `SCREAMING_SNAKE_CASE`, `UPPERCASE` |
/// | variant | `default` | selected if the variable is unset |
/// | variant | `rename = "disk"` | the word, and the segment of the variables, unless the type in the variant has a `prefix` |
/// | variant | `alias = "fs"` | another word; may repeat |
/// | variant | `flatten` | the variant adds no segment to the names of its variables |
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
/// let cfg = AppConfig::from_source([("APP_STORAGE", "s3"), ("APP_STORAGE_S3_BUCKET", "b")])?;
/// assert_eq!(cfg.storage, Storage::S3(Bucket { bucket: "b".to_owned() }));
/// assert_eq!(AppConfig::from_source(())?.storage, Storage::Memory);
/// # Ok::<(), environ::Error>(())
/// ```
#[doc(inline)]
pub use environ_derive::EnvConfig;

/// Derives [`EnvValue`](trait@EnvValue) for a struct around a single value, which is read like
/// the value, or for an enum of variants without fields: each variant is a word in any letter
/// case, and an error lists the words.
///
/// | on | `#[env(...)]` | meaning |
/// |---|---|---|
/// | enum | `rename_all = "snake_case"` | the spelling of the words: `kebab-case` (the default), `snake_case`, `lowercase`, `SCREAMING_SNAKE_CASE`, `UPPERCASE` |
/// | enum | `crate = path` | the path of `environ`, if not `::environ` |
/// | variant | `rename = "off"` | the word |
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
/// let db = Db::from_source([("APP_JOURNAL", "write-ahead")])?;
/// assert_eq!(db.journal, Journal::WriteAhead);
/// let db = Db::from_source([("APP_JOURNAL", "NONE")])?;
/// assert_eq!(db.journal, Journal::Disabled);
/// # Ok::<(), environ::Error>(())
/// ```
#[doc(inline)]
pub use environ_derive::EnvValue;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

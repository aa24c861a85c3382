//! Turns the model into tokens. Nothing here can fail, and nothing here reads an
//! attribute.
//!
//! The whole expansion of a struct with a variable and a group:
//!
//! ```text
//! const _: () = {
//!     use ::environ::__private::{self as __environ, Fallback as _};
//!     __environ::release!("...");
//!     #[automatically_derived]
//!     impl __environ::EnvConfig for Http {
//!         const SPEC: &'static __environ::Spec = &__environ::Spec::new("Http", &[
//!             __environ::Item::var(
//!                 "port", "PORT",
//!                 __environ::Probe::<u16>::FORM, __environ::Probe::<u16>::SECRET, "u16",
//!             ),
//!             __environ::Item::group("tls", "TLS", <Tls as __environ::EnvConfig>::SPEC),
//!         ]);
//!         fn load(__pass: &mut __environ::Pass<'_>) -> __environ::Option<Self> {
//!             let __field0 = __environ::Pass::var(
//!                 __pass, 0usize, __environ::Probe::<u16>::read,
//!             );
//!             let __field1 = __pass.group(
//!                 1usize,
//!                 <Tls as __environ::EnvConfig>::SPEC, <Tls as __environ::EnvConfig>::load,
//!             );
//!             match (__field0, __field1) {
//!                 (__environ::Some(__field0), __environ::Some(__field1)) => {
//!                     __environ::Some(Self { port: __field0, tls: __field1 })
//!                 }
//!                 _ => __environ::None,
//!             }
//!         }
//!     }
//!     const _: () = __environ::assert_unique_in_group::<Http>();
//! };
//! ```
//!
//! The calls come before the `match`, so that all variables are read and all problems
//! are found. The calls have the order of the table, so that a pass knows the next name.
//! A single `match` compiles to half the code of a `?` for each field.

mod bounds;
mod checks;
mod clash;
mod editor;
mod enums;
mod fallback;
mod group;
mod input;
mod newtype;
mod rules;
mod structs;
mod tokens;
mod var;
mod words;

pub(crate) use self::editor::{keys_of, modules};
pub(crate) use self::fallback::fallback;
pub(crate) use self::input::input;
pub(crate) use self::newtype::newtype;
pub(crate) use self::words::words;

//! A value that cannot be shown by accident.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

/// A value that is never shown: not by `Debug`, not in an error, not in help.
///
/// There is no `Display`, and [`expose`](Self::expose) is the only way to the
/// value. A field of this type is a secret; `#[env(secret)]` may be left out. So is
/// a field of a list, a map or a tuple that holds one, as a whole.
///
/// There is no `Default`, so that `#[env(default)]` cannot make an empty secret.
///
/// The memory is not overwritten when the value is dropped, and never will be in any
/// release: the process keeps its environment, and with it a copy, for as long as it runs.
/// Where a store or a file holds the only other copy, the types of the crate `secrecy`
/// overwrite theirs, and are read with the feature of that name.
///
/// # Examples
///
/// ```
/// use environ::{EnvConfig, Secret};
///
/// #[derive(Debug, EnvConfig)]
/// struct Db {
///     #[env(secret)]
///     password: Secret<String>,
/// }
///
/// let db = Db::from_source([("APP_PASSWORD", "hunter2")])?;
/// assert_eq!(format!("{db:?}"), "Db { password: [REDACTED] }");
/// assert_eq!(db.password.expose(), "hunter2");
/// # Ok::<(), environ::Error>(())
/// ```
#[derive(Clone)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Hides `value`.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the value.
    ///
    /// Call it where the value is used, and no earlier: the returned value is no longer
    /// hidden.
    #[must_use]
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Returns the value, and drops the wrapper.
    #[must_use]
    pub fn into_exposed(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

/// A type whose `Debug` hides the value.
///
/// A field of such a type is a secret without `#[env(secret)]`. Implement `Redacted` for a
/// type of your own only if no trait of it shows the value: not `Debug`, not `Display`, not
/// `Serialize`. Lists, maps, tuples and pointers of such a type are `Redacted` too.
///
/// # Examples
///
/// ```
/// use std::fmt;
///
/// use environ::{EnvConfig, EnvValue, Form, Invalid, Redacted, Text};
///
/// struct Password(String);
///
/// impl fmt::Debug for Password {
///     fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
///         f.write_str("[hidden]")
///     }
/// }
///
/// impl EnvValue for Password {
///     const FORM: Form = Form::text();
///
///     fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
///         text.take_string().map(Self)
///     }
/// }
///
/// impl Redacted for Password {}
///
/// #[derive(EnvConfig)]
/// # #[expect(dead_code, reason = "only its help is asked for")]
/// struct Db {
///     password: Password,
/// }
///
/// assert_eq!(Db::secret_vars(), ["APP_PASSWORD"]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` shows its value in `Debug`, so it cannot hold a secret",
    label = "this type does not hide its value",
    note = "use `Secret<{Self}>`, or vouch for the type with `#[env(secret, plain)]`"
)]
pub trait Redacted {}

/// A `Secret` hides any type.
macro_rules! redacted {
    ($([$($generics:tt)*] $ty:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Redacted for $ty {}
    )*};
}

redacted! {
    [T] Secret<T>;
    [T: Redacted + ?Sized] Arc<T>;
    [T: Redacted + ?Sized] Box<T>;
    [T: Redacted + ?Sized] Rc<T>;
    [T: Redacted] Vec<T>;
    [T: Redacted] VecDeque<T>;
    [T: Redacted] BTreeSet<T>;
    [T: Redacted, S] HashSet<T, S>;
    [T: Redacted, const LEN: usize] [T; LEN];
    [K, T: Redacted] BTreeMap<K, T>;
    [K, T: Redacted, S] HashMap<K, T, S>;
    [A: Redacted, B: Redacted] (A, B);
    [A: Redacted, B: Redacted, C: Redacted] (A, B, C);
    [A: Redacted, B: Redacted, C: Redacted, D: Redacted] (A, B, C, D);
}

//! The failures of the stores of clouds: their words, and which of several counts.

use std::fmt;

/// A secret that could not be fetched, and why.
pub(super) trait Failure: fmt::Display + Sized {
    /// Creates the failure of a variable with an id that is not UTF-8; `shown` stands for the id.
    fn not_utf8(shown: &str) -> Self;

    /// Names the variable that holds the id.
    #[must_use]
    fn of_variable(self, variable: &str) -> Self;

    /// Returns whether the same request may succeed later, unchanged.
    fn is_transient(&self) -> bool;
}

/// Returns the first failure that does not pass by itself, or else the first failure.
pub(super) fn decisive<F: Failure>(failures: &[F]) -> Option<&F> {
    let lasting = failures.iter().find(|failure| !failure.is_transient());
    lasting.or(failures.first())
}

/// Writes one failure, with the remedy. `action` is `read the secret`.
pub(super) fn write_one(
    f: &mut fmt::Formatter<'_>,
    variable: Option<&str>,
    (action, secret_id): (&str, &str),
    reason: &str,
    remedy: &str,
) -> fmt::Result {
    if let Some(variable) = variable {
        write!(f, "{variable}: ")?;
    }
    let joint = if secret_id.is_empty() { "" } else { " " };
    write!(f, "cannot {action}{joint}{secret_id}: {reason}; {remedy}")
}

/// Writes a single failure, or the list of several.
pub(super) fn write_all<F: Failure>(f: &mut fmt::Formatter<'_>, failures: &[F]) -> fmt::Result {
    if let [failure] = failures {
        return failure.fmt(f);
    }
    write!(f, "{} secrets cannot be read:", failures.len())?;
    let mut failures = failures.iter();
    failures.try_for_each(|failure| write!(f, "\n  {failure}"))
}

/// Defines the public error and failure of a store; each kind has a `remedy`. `$id` is the
/// store's word for the id of a secret.
macro_rules! errors {
    ($Error:ident, $Failure:ident, $Kind:ident, $service:literal, $id:literal) => {
        /// A client that cannot be created, or secrets that could not be fetched, and why.
        /// Contains no secret.
        ///
        #[doc = concat!("Displays the reason and the remedy, for each secret with its ", $id, " and the variable")]
        #[doc = concat!("that holds the ", $id, " if there is one.")]
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $Error(Cause);

        #[derive(Clone, Debug, PartialEq, Eq)]
        enum Cause {
            Client {
                kind: $Kind,
                reason: String,
            },
            /// Never empty.
            Secrets(Vec<$Failure>),
        }

        /// Why one secret could not be fetched.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $Failure {
            kind: $Kind,
            variable: Option<String>,
            secret_id: String,
            /// `read the secret`
            action: &'static str,
            reason: String,
        }

        impl $Error {
            pub(super) fn new(failures: Vec<$Failure>) -> Self {
                debug_assert!(!failures.is_empty(), "an error has a failure");
                Self(Cause::Secrets(failures))
            }

            /// Creates the error of a client that cannot be created.
            pub(super) fn of_client(kind: $Kind, reason: impl ::std::fmt::Display) -> Self {
                let reason = reason.to_string();
                Self(Cause::Client { kind, reason })
            }

            /// Returns the kind of the first failure that does not pass by itself, or else of
            /// the first failure. A client that cannot be created is a failure, too.
            #[must_use]
            pub fn kind(&self) -> $Kind {
                let failures = match &self.0 {
                    Cause::Client { kind, .. } => return *kind,
                    Cause::Secrets(failures) => failures,
                };
                let decisive = $crate::secrets::failure::decisive(failures);
                decisive.map_or($Kind::Other, $Failure::kind)
            }

            /// Returns each secret that could not be fetched, in the order of the fields; none if
            /// there is no client.
            #[must_use]
            pub fn failures(
                &self,
            ) -> impl ExactSizeIterator<Item = &$Failure> + DoubleEndedIterator + Clone {
                self.into_iter()
            }
        }

        #[doc = concat!("The failures, as [`failures`](", stringify!($Error), "::failures) returns them.")]
        #[expect(
            clippy::into_iter_without_iter,
            reason = "the method has a name: `failures`"
        )]
        impl<'a> IntoIterator for &'a $Error {
            type Item = &'a $Failure;
            type IntoIter = $crate::items::Items<'a, $Failure>;

            fn into_iter(self) -> Self::IntoIter {
                $crate::items::Items::new(match &self.0 {
                    Cause::Client { .. } => &[],
                    Cause::Secrets(failures) => failures,
                })
            }
        }

        impl $Failure {
            pub(super) fn new(secret_id: &str, kind: $Kind, reason: impl ::std::fmt::Display) -> Self {
                Self {
                    kind,
                    variable: None,
                    secret_id: $crate::redact::display::reason(secret_id),
                    action: "read the secret",
                    reason: reason.to_string(),
                }
            }

            /// Returns the kind of the failure.
            #[must_use]
            pub fn kind(&self) -> $Kind {
                self.kind
            }

            #[doc = concat!("Returns the ", $id, " of the secret, to be shown: if the ", $id, " is a URL by mistake, its")]
            /// password is `***`.
            #[must_use]
            pub fn secret_id(&self) -> &str {
                &self.secret_id
            }

            #[doc = concat!("Returns the variable that holds the ", $id, ", if there is one.")]
            #[must_use]
            pub fn variable(&self) -> Option<&str> {
                self.variable.as_deref()
            }
        }

        impl $crate::secrets::failure::Failure for $Failure {
            fn not_utf8(shown: &str) -> Self {
                Self::new(shown, $Kind::NotFound, $crate::secrets::ids::NOT_UTF8)
            }

            fn of_variable(mut self, variable: &str) -> Self {
                self.variable = Some(variable.to_owned());
                self
            }

            fn is_transient(&self) -> bool {
                self.kind.is_transient()
            }
        }

        impl ::std::fmt::Display for $Failure {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let Self {
                    kind,
                    secret_id,
                    action,
                    reason,
                    ..
                } = self;
                let (action, remedy) = ((*action, &**secret_id), kind.remedy());
                $crate::secrets::failure::write_one(f, self.variable(), action, reason, remedy)
            }
        }

        impl ::std::fmt::Display for $Error {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match &self.0 {
                    Cause::Client { kind, reason } => {
                        let remedy = kind.remedy();
                        write!(f, "cannot create a client of {}: {reason}; {remedy}", $service)
                    }
                    Cause::Secrets(failures) => $crate::secrets::failure::write_all(f, failures),
                }
            }
        }

        impl ::std::error::Error for $Error {}
    };
}
pub(super) use errors;

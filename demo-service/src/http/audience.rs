//! Whom a listener serves.

/// Whom a listener serves. It is in the data of each app, so that a handler can
/// tell whether only operators can have asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody: there is one listener.
    All,
    /// Users: operators have a listener of their own.
    Users,
    /// Operators, on a listener of their own.
    Operators,
}

impl Audience {
    /// Gives the audience of `APP_HOST` and `APP_PORT`.
    #[must_use]
    pub fn of_the_service(has_admin_listener: bool) -> Self {
        if has_admin_listener {
            Self::Users
        } else {
            Self::All
        }
    }

    pub(crate) fn has_users(self) -> bool {
        self != Self::Operators
    }

    pub(crate) fn has_operators(self) -> bool {
        self != Self::Users
    }
}

//! A value that changes, as its followers see it.

use tokio::sync::watch;

/// Follows a value that changes, such as the current credentials of a lease.
///
/// Clones are independent: each sees every change by itself.
///
/// # Examples
///
/// ```no_run
/// # use environ::secrets::vault::{Credentials, Renewal};
/// # async fn follow(credentials: Renewal<Credentials>) {
/// let mut users = credentials.follow();
/// let mut user = users.current();
/// loop {
///     println!("connect as {}", user.value().username);
///     match users.changed().await {
///         Some(next) => user = next,
///         None => break, // the renewal has ended
///     }
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Follow<T>(watch::Receiver<T>);

impl<T: Clone> Follow<T> {
    /// Creates a follower. Its next change is the next value that is sent.
    pub(crate) fn new(mut receiver: watch::Receiver<T>) -> Self {
        receiver.mark_unchanged();
        Self(receiver)
    }

    /// Returns the current value, or the last value if the renewal has ended.
    #[must_use]
    pub fn current(&self) -> T {
        self.0.borrow().clone()
    }

    /// Waits for a change since the last call, or since the follower was created, and
    /// returns the current value. Returns `None` when the renewal has ended.
    ///
    /// Several changes between two calls are one change: only the current value is
    /// returned.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe. If you drop the future, for example in
    /// `tokio::select!`, the next call returns the change.
    pub async fn changed(&mut self) -> Option<T> {
        self.0.changed().await.ok()?;
        Some(self.0.borrow_and_update().clone())
    }
}

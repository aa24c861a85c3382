//! Reads files on a thread of their own.

use std::io;

/// Runs `read` on a thread of its own, so that you can drop the future while a
/// network file system hangs. The runtime's own threads would not do, because the
/// end of the runtime waits for them.
pub(super) async fn off_thread<T: Send + 'static>(
    read: impl FnOnce() -> T + Send + 'static,
) -> io::Result<T> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let thread = std::thread::Builder::new().name("environ-files".to_owned());
    thread.spawn(move || drop(sender.send(read())))?;
    receiver
        .await
        .map_err(|_| io::Error::other("the thread that reads files ended early"))
}

//! The socket of a connection, as actix sees it.

use std::io;
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep_until};

use super::handle::{Connection, Interim};
use super::state::{Overdue, State, Wanted};
use super::worker::Worker;
use crate::connections::{Activity, Closed};

const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

const REQUEST_TIMEOUT: &[u8] =
    b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// The place of the status in an answer.
const STATUS: std::ops::Range<usize> = 9..12;

/// How many bytes are read early: enough to notice a client that closes.
const AHEAD: usize = 1024;

/// How many bytes are thrown away before the socket is closed. Unread bytes would reset
/// the connection, and the client might lose its answer.
const DISCARDED: usize = 256 * 1024;

/// A socket that hands out one request at a time, and closes when the client takes too long.
pub(in crate::server) struct Stream {
    socket: TcpStream,
    worker: Rc<Worker>,
    /// Of the connection, among those of the worker.
    key: u64,
    connection: Rc<Connection>,
    /// Bytes that were read early, from `handed_out` on.
    ahead: Vec<u8>,
    handed_out: usize,
    timer: Option<Pin<Box<Sleep>>>,
    /// When the timer wakes actix, if the timer runs. A timer that is early is cheaper than
    /// a timer that each request sets again.
    armed: Option<Instant>,
}

impl Stream {
    pub(in crate::server) fn new(
        socket: TcpStream,
        peer: Option<SocketAddr>,
        worker: &Rc<Worker>,
    ) -> Self {
        let (key, connection) = worker.open(peer);
        Self {
            socket,
            worker: Rc::clone(worker),
            key,
            connection,
            ahead: Vec::new(),
            handed_out: 0,
            timer: None,
            armed: None,
        }
    }

    /// Returns the connection, for the requests that come on it.
    pub(in crate::server) fn connection(&self) -> Rc<Connection> {
        Rc::clone(&self.connection)
    }

    /// Hands out bytes that were read early, or else bytes of the socket.
    fn poll_bytes(
        &mut self,
        context: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.connection.unread.get() > 0 {
            self.hand_out(buf);
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        ready!(self.poll_socket(context, buf))?;
        let bytes = &buf.filled()[before..];
        if bytes.is_empty() {
            return Poll::Ready(Ok(()));
        }
        let connection = &self.connection;
        let taken = connection.update(|state| state.hand_out(bytes, Instant::now));
        if taken < bytes.len() {
            self.ahead.extend_from_slice(&bytes[taken..]);
            self.connection.unread.set(self.ahead.len());
            buf.set_filled(before + taken);
        }
        Poll::Ready(Ok(()))
    }

    fn hand_out(&mut self, buf: &mut ReadBuf<'_>) {
        let bytes = &self.ahead[self.handed_out..];
        let bytes = &bytes[..bytes.len().min(buf.remaining())];
        let connection = &self.connection;
        let taken = connection.update(|state| state.hand_out(bytes, Instant::now));
        buf.put_slice(&bytes[..taken]);
        self.handed_out += taken;
        if self.handed_out == self.ahead.len() {
            self.ahead.clear();
            self.handed_out = 0;
        }
        connection.unread.set(self.ahead.len() - self.handed_out);
    }

    /// Reads early, to notice that the client closes. Ready when the client has.
    fn poll_ahead(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.connection.unread.get() > 0 {
            return Poll::Pending;
        }
        let mut space = [MaybeUninit::uninit(); AHEAD];
        let mut read = ReadBuf::uninit(&mut space);
        ready!(self.poll_socket(context, &mut read))?;
        if read.filled().is_empty() {
            return Poll::Ready(Ok(()));
        }
        self.ahead.extend_from_slice(read.filled());
        self.connection.unread.set(self.ahead.len());
        Poll::Pending
    }

    fn poll_socket(
        &mut self,
        context: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = ready!(Pin::new(&mut self.socket).poll_read(context, buf));
        if read.is_err() || buf.filled().len() == before {
            self.connection.ended(Closed::Client);
        }
        Poll::Ready(read)
    }

    /// Ends the connection if somebody asked for that. Ready when it has ended.
    fn poll_close(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let state = self.connection.state.borrow();
        let (Some(reason), Some(_)) = (self.connection.to_close.get(), state.waiting()) else {
            return Poll::Pending;
        };
        let is_in_head = state.is_in_head();
        drop(state);
        self.connection.ended(reason);
        if is_in_head {
            self.answer_timeout(context);
        }
        Poll::Ready(())
    }

    /// Ready when the client has taken too long.
    fn poll_overdue(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let timeouts = self.worker.timeouts();
        let deadline = self.connection.state.borrow().deadline(&timeouts);
        let Some((deadline, overdue)) = deadline else {
            return Poll::Pending;
        };
        loop {
            let is_armed = self.armed.is_some_and(|armed| armed <= deadline);
            let timer = self
                .timer
                .get_or_insert_with(|| Box::pin(sleep_until(deadline.into())));
            if !is_armed {
                timer.as_mut().reset(deadline.into());
                self.armed = Some(deadline);
            }
            ready!(timer.as_mut().poll(context));
            self.armed = None;
            if Instant::now() >= deadline {
                return Poll::Ready(self.end_overdue(context, overdue));
            }
        }
    }

    fn end_overdue(&mut self, context: &mut Context<'_>, overdue: Overdue) -> io::Result<()> {
        let connection = &self.connection;
        match overdue {
            Overdue::Head => {
                connection.ended(Closed::HeadTimeout);
                self.answer_timeout(context);
            }
            Overdue::NextRequest => connection.ended(Closed::KeepAlive),
            Overdue::Body => connection.ended(Closed::BodyTimeout),
            Overdue::Read => {
                connection.ended(Closed::WriteTimeout);
                // Or the kernel would keep the answer, and go on trying.
                let _ = self.socket.set_zero_linger();
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
        Ok(())
    }

    /// Answers 408. Nothing else is being written, so the few bytes have room.
    fn answer_timeout(&mut self, context: &mut Context<'_>) {
        let _ = Pin::new(&mut self.socket).poll_write(context, REQUEST_TIMEOUT);
    }

    /// Writes the `100 Continue` that is due. Before a client that does not read has room
    /// for it, the client does without.
    fn send_continue(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        self.connection.interim.set(Interim::None);
        match Pin::new(&mut self.socket).poll_write(context, CONTINUE) {
            Poll::Ready(Ok(written)) if written < CONTINUE.len() => {
                Err(io::ErrorKind::WriteZero.into())
            }
            Poll::Ready(Err(err)) => Err(err),
            Poll::Ready(Ok(_)) | Poll::Pending => Ok(()),
        }
    }

    /// Counts an answer of actix itself, which refuses a head.
    fn notice_refusal(&self, answer: &[u8]) {
        if self.connection.state.borrow().is_in_head() {
            let is_too_large = answer.get(STATUS) == Some(b"431");
            self.connection.ended(if is_too_large {
                Closed::HeadTooLarge
            } else {
                Closed::BadRequest
            });
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.connection.ended.get().is_some() {
            return Poll::Ready(Ok(()));
        }
        this.connection.remember(context);
        if this.connection.interim.get() == Interim::Due {
            this.send_continue(context)?;
        }
        let wanted = this.connection.update(State::ask);
        let read = match wanted {
            Wanted::Bytes => this.poll_bytes(context, buf),
            Wanted::Later | Wanted::Nothing => this.poll_ahead(context),
            Wanted::End => Poll::Ready(Ok(())),
        };
        if read.is_ready() {
            return read;
        }
        if wanted == Wanted::Later {
            // actix has something to do, and asks again. It sets no timer for that.
            if this.connection.unread.get() > 0 {
                context.waker().wake_by_ref();
            }
            return Poll::Pending;
        }
        if this.poll_close(context).is_ready() {
            return Poll::Ready(Ok(()));
        }
        this.poll_overdue(context)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let interim = this.connection.interim.take();
        if interim == Interim::Held && buf.starts_with(CONTINUE) {
            return Poll::Ready(Ok(CONTINUE.len()));
        }
        this.notice_refusal(buf);
        let written = Pin::new(&mut this.socket).poll_write(context, buf);
        match &written {
            Poll::Ready(result) => {
                if result.is_err() {
                    this.connection.ended(Closed::Client);
                }
                if this.connection.activity.get() == Activity::Blocked {
                    this.connection.update(|state| state.unblock(Instant::now));
                    // Of the next request, which had to wait.
                    this.connection.wake();
                }
                written
            }
            Poll::Pending => {
                this.connection.update(|state| state.block(Instant::now));
                this.poll_overdue(context).map_ok(|()| 0)
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_shutdown(context)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.worker.remove(self.key);
        if self.connection.closed() == Closed::WriteTimeout {
            return;
        }
        let mut discarded = 0;
        let mut space = [0; 4096];
        while let Ok(read @ 1..) = self.socket.try_read(&mut space) {
            discarded += read;
            if discarded > DISCARDED {
                break;
            }
        }
    }
}

//! The state of a connection: the bytes that actix may have, and the time that the client
//! has left. No clock and no socket: the callers pass bytes and times.
//!
//! actix decodes everything that it reads, and queues each request behind the one before:
//! 131 kB of pipelined requests took 24.5 MiB. So actix gets one request at a time: a head
//! to its end, then the body, then nothing until the answer is written.

use std::time::{Duration, Instant};

use super::body::{Body, Framing, Rest};
use super::head::HeadEnd;
use crate::connections::Activity;

/// The times that a client has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timeouts {
    /// For a head, from its first byte; on a new connection, from the start.
    pub(crate) head: Duration,
    /// For the first byte of the next request.
    pub(crate) keep_alive: Duration,
    /// For reading something, once no more can be written.
    pub(crate) write: Duration,
}

/// The step that a client took too long for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overdue {
    Head,
    NextRequest,
    /// The rest of a body after the answer to its request.
    Body,
    /// Reading the answer.
    Read,
}

/// The answer to actix, which asks for bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Bytes may be handed out.
    Bytes,
    /// actix has a whole head, and must look at it first.
    Later,
    /// Nothing is handed out until the request is answered, and the answer written.
    Nothing,
    /// No more bytes are handed out, as if the client had sent its last.
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// No byte of the next request has come.
    Idle,
    Head(HeadEnd),
    /// actix has a whole head, and has asked for more since, or has not.
    Decoding {
        asked: bool,
    },
    Body(Body),
    /// actix has a whole request.
    Answering,
    /// The rest of the body is malformed.
    Broken,
}

/// The state of one connection.
#[derive(Clone, Debug)]
pub(super) struct State {
    step: Step,
    /// When the client's time for this step began.
    since: Instant,
    is_answering: bool,
    answered: u64,
    blocked: Option<Instant>,
}

impl State {
    /// Creates the state of a connection that was accepted at `now`.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            step: Step::Idle,
            since: now,
            is_answering: false,
            answered: 0,
            blocked: None,
        }
    }

    /// Returns the number of requests that were answered or given up.
    pub(super) fn answered(&self) -> u64 {
        self.answered
    }

    /// Returns the activity, for metrics.
    pub(super) fn activity(&self) -> Activity {
        match self.step {
            _ if self.blocked.is_some() => Activity::Blocked,
            _ if self.is_answering => Activity::Answering,
            Step::Idle | Step::Answering | Step::Broken => Activity::Idle,
            Step::Head(_) | Step::Decoding { .. } | Step::Body(_) => Activity::Receiving,
        }
    }

    /// Returns whether actix has bytes of a head, and no request yet: an answer that is
    /// written now refuses the head.
    pub(super) fn is_in_head(&self) -> bool {
        !self.is_answering && matches!(self.step, Step::Head(_) | Step::Decoding { .. })
    }

    /// Returns since when the service has waited for the client, if no request is being
    /// answered: such a connection may be closed.
    pub(super) fn waiting(&self) -> Option<Instant> {
        let is_waiting = matches!(self.activity(), Activity::Idle | Activity::Receiving);
        is_waiting.then_some(self.since)
    }

    /// Answers actix, which asks for bytes.
    pub(super) fn ask(&mut self) -> Wanted {
        match self.step {
            Step::Body(_) => Wanted::Bytes,
            Step::Broken => Wanted::End,
            _ if self.is_answering || self.blocked.is_some() => Wanted::Nothing,
            Step::Idle | Step::Head(_) => Wanted::Bytes,
            Step::Decoding { asked: false } => {
                self.step = Step::Decoding { asked: true };
                Wanted::Later
            }
            // actix has looked, and found no head.
            Step::Decoding { asked: true } | Step::Answering => {
                self.step = Step::Head(HeadEnd::default());
                Wanted::Bytes
            }
        }
    }

    /// Returns how many of `bytes` actix may have. `bytes` is not empty, and neither is the
    /// share of actix, to which [`ask`](Self::ask) has promised some, unless the body goes on with
    /// something malformed: actix takes an empty share for the last of the client.
    pub(super) fn hand_out(&mut self, bytes: &[u8], now: impl Fn() -> Instant) -> usize {
        if self.step == Step::Idle {
            self.step = Step::Head(HeadEnd::default());
            self.since = now();
        }
        match &mut self.step {
            Step::Head(head) => match head.find(bytes) {
                Some(end) => {
                    self.step = Step::Decoding { asked: false };
                    end
                }
                None => bytes.len(),
            },
            Step::Body(body) => {
                let (taken, rest) = body.take(bytes);
                match rest {
                    Rest::Nothing => self.end_body(now),
                    Rest::Missing => {}
                    Rest::Malformed => self.step = Step::Broken,
                }
                taken
            }
            Step::Idle | Step::Decoding { .. } | Step::Answering | Step::Broken => bytes.len(),
        }
    }

    fn end_body(&mut self, now: impl Fn() -> Instant) {
        if self.is_answering {
            self.step = Step::Answering;
        } else {
            self.step = Step::Idle;
            self.since = now();
        }
    }

    /// Begins the answer: actix has decoded a head.
    pub(super) fn begin(&mut self, framing: Framing) {
        self.is_answering = true;
        self.step = Body::new(framing).map_or(Step::Answering, Step::Body);
    }

    /// Ends the answer: actix has encoded its last byte, or has given the request up.
    pub(super) fn end(&mut self, now: Instant) {
        self.is_answering = false;
        self.answered += 1;
        self.since = now;
        if self.step == Step::Answering {
            self.step = Step::Idle;
        }
    }

    /// Notes that nothing more can be written.
    pub(super) fn block(&mut self, now: impl Fn() -> Instant) {
        self.blocked.get_or_insert_with(now);
    }

    /// Notes that something was written. An idle client has its whole time from now on.
    pub(super) fn unblock(&mut self, now: impl Fn() -> Instant) {
        if self.blocked.take().is_some() && self.step == Step::Idle {
            self.since = now();
        }
    }

    /// Returns the end of the client's time, and the step that it is for, if the service
    /// waits for the client.
    pub(super) fn deadline(&self, timeouts: &Timeouts) -> Option<(Instant, Overdue)> {
        if let Some(blocked) = self.blocked {
            return Some((blocked + timeouts.write, Overdue::Read));
        }
        if self.is_answering {
            return None;
        }
        let (timeout, overdue) = match self.step {
            Step::Idle if self.answered > 0 => (timeouts.keep_alive, Overdue::NextRequest),
            Step::Idle | Step::Head(_) | Step::Decoding { .. } => (timeouts.head, Overdue::Head),
            Step::Body(_) | Step::Answering | Step::Broken => (timeouts.head, Overdue::Body),
        };
        Some((self.since + timeout, overdue))
    }
}

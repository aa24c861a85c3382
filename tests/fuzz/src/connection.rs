//! The state of a connection, fed with any bytes in any pieces.
//!
//! An input is a script of letters, a zero byte, and the bytes that a client sends. The
//! script is repeated until the bytes are used up or nothing changes any more: a digit
//! hands out as many bytes as its square, `n`, `l`, `c` and `u` begin an answer (no body,
//! a length, chunked, unbounded), `e` ends the answer, `b` and `w` block and unblock
//! writing, `t` lets time pass.
//!
//! The state has no clock and no socket, so its files are compiled here as they are: the
//! service has no door for this.

#[path = "../../../demo-service/src/server/connection/body.rs"]
mod body;
#[path = "../../../demo-service/src/server/connection/head.rs"]
mod head;
#[path = "../../../demo-service/src/server/connection/state.rs"]
mod state;

use std::time::{Duration, Instant};

use body::{Body, Framing, Rest};
use head::HeadEnd;
use state::{Overdue, State, Timeouts, Wanted};

use crate::connections::Activity;

const TIMEOUTS: Timeouts = Timeouts {
    head: Duration::from_secs(5),
    keep_alive: Duration::from_secs(75),
    write: Duration::from_secs(30),
};

/// How often a script is repeated at most.
const MAX_ROUNDS: usize = 64;

pub(crate) fn fuzz(input: &[u8]) {
    let script_end = input.iter().position(|byte| *byte == 0);
    let (script, bytes) = input.split_at(script_end.unwrap_or(input.len()));
    let bytes = bytes.get(1..).unwrap_or_default();
    assert_pieces_do_not_matter(script, bytes);
    Played::new(bytes).play(script);
}

/// Asserts that heads and bodies end at the same bytes, whether all bytes arrive at once
/// or each on its own.
fn assert_pieces_do_not_matter(script: &[u8], bytes: &[u8]) {
    let framings: Vec<_> = script
        .iter()
        .filter_map(|letter| framing(*letter))
        .collect();
    let ends = |piece: usize| {
        let (mut ends, mut start) = (Vec::new(), 0);
        for framing in &framings {
            let mut head = HeadEnd::default();
            let Some(end) = first_end(&bytes[start..], piece, |bytes| head.find(bytes)) else {
                break;
            };
            start += end;
            ends.push(start);
            let Some(mut body) = Body::new(*framing) else {
                continue;
            };
            let take = |bytes: &[u8]| {
                let (taken, rest) = body.take(bytes);
                assert!(taken <= bytes.len(), "more is taken than there is");
                let goes_on = rest == Rest::Missing;
                assert!(!goes_on || taken == bytes.len(), "a body leaves bytes over");
                (!goes_on).then_some(taken)
            };
            let Some(end) = first_end(&bytes[start..], piece, take) else {
                break;
            };
            start += end;
            ends.push(start);
        }
        ends
    };
    assert_eq!(
        ends(bytes.len().max(1)),
        ends(1),
        "in one piece, and byte by byte"
    );
}

fn first_end(
    bytes: &[u8],
    piece: usize,
    mut find: impl FnMut(&[u8]) -> Option<usize>,
) -> Option<usize> {
    let mut pieces = bytes.chunks(piece).enumerate();
    pieces.find_map(|(index, bytes)| Some(index * piece + find(bytes)?))
}

fn framing(letter: u8) -> Option<Framing> {
    Some(match letter {
        b'n' => Framing::None,
        b'l' => Framing::Length(5),
        b'c' => Framing::Chunked,
        b'u' => Framing::Unbounded,
        _ => return None,
    })
}

/// A connection with a clock of its own, and its state as seen from outside.
struct Played<'b> {
    state: State,
    bytes: &'b [u8],
    start: Instant,
    now: Instant,
    is_answering: bool,
    is_blocked: bool,
    answered: u64,
}

impl<'b> Played<'b> {
    fn new(bytes: &'b [u8]) -> Self {
        let now = Instant::now();
        Self {
            state: State::new(now),
            bytes,
            start: now,
            now,
            is_answering: false,
            is_blocked: false,
            answered: 0,
        }
    }

    fn play(&mut self, script: &[u8]) {
        for _ in 0..MAX_ROUNDS {
            for letter in script {
                self.step(*letter);
                self.check();
            }
            if self.bytes.is_empty() {
                return;
            }
        }
    }

    fn step(&mut self, letter: u8) {
        let now = self.now;
        match letter {
            b'0'..=b'9' => self.read(usize::from(letter - b'0').pow(2)),
            b'e' if self.is_answering => {
                self.state.end(now);
                self.is_answering = false;
                self.answered += 1;
            }
            b'b' => {
                self.state.block(|| now);
                self.is_blocked = true;
            }
            b'w' => {
                self.state.unblock(|| now);
                self.is_blocked = false;
            }
            b't' => self.now += Duration::from_secs(1),
            letter => {
                // actix decodes a head only after its last byte.
                if let Some(framing) = framing(letter)
                    && self.state.is_in_head()
                    && self.state.ask() == Wanted::Later
                {
                    self.state.begin(framing);
                    self.is_answering = true;
                }
            }
        }
    }

    /// Hands out at most `most` bytes, as actix asks for them.
    fn read(&mut self, most: usize) {
        let available = &self.bytes[..most.min(self.bytes.len())];
        if available.is_empty() || self.state.ask() != Wanted::Bytes {
            return;
        }
        let now = self.now;
        let taken = self.state.hand_out(available, || now);
        let is_last = taken == 0;
        assert!(
            !is_last || self.state.ask() == Wanted::End,
            "an empty read is the end of the connection"
        );
        assert!(taken <= available.len(), "more is handed out than there is");
        self.bytes = &self.bytes[taken..];
    }

    fn check(&self) {
        assert_eq!(self.state.answered(), self.answered);
        let activity = self.state.activity();
        assert_eq!(activity == Activity::Blocked, self.is_blocked);
        if !self.is_blocked {
            assert_eq!(activity == Activity::Answering, self.is_answering);
        }
        let waits_for_client = !self.is_answering && !self.is_blocked;
        assert_eq!(self.state.waiting().is_some(), waits_for_client);
        let deadline = self.state.deadline(&TIMEOUTS);
        assert_eq!(deadline.is_some(), self.is_blocked || waits_for_client);
        if let Some((deadline, overdue)) = deadline {
            let timeout = match overdue {
                Overdue::Head | Overdue::Body => TIMEOUTS.head,
                Overdue::NextRequest => TIMEOUTS.keep_alive,
                Overdue::Read => TIMEOUTS.write,
            };
            assert!(
                deadline >= self.start + timeout,
                "{overdue:?} is due too early"
            );
            assert!(
                deadline <= self.now + timeout,
                "{overdue:?} is due too late"
            );
        }
    }
}

//! The state of a connection, without clock and socket.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::body::{Body, Framing, Rest};
use super::head::HeadEnd;
use super::state::{Overdue, State, Timeouts, Wanted};
use crate::connections::Activity;

const TIMEOUTS: Timeouts = Timeouts {
    head: Duration::from_secs(5),
    keep_alive: Duration::from_secs(75),
    write: Duration::from_secs(30),
};

const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/// A connection with a clock of its own.
struct Played {
    state: State,
    start: Instant,
    now: Instant,
}

impl Played {
    fn new() -> Self {
        let start = Instant::now();
        Self {
            state: State::new(start),
            start,
            now: start,
        }
    }

    fn pass(&mut self, seconds: u64) -> &mut Self {
        self.now += Duration::from_secs(seconds);
        self
    }

    /// Hands out all that actix may have of `bytes` in one turn.
    fn read(&mut self, bytes: &[u8]) -> usize {
        let mut taken = 0;
        while taken < bytes.len() && self.state.ask() == Wanted::Bytes {
            let now = self.now;
            let more = self.state.hand_out(&bytes[taken..], || now);
            if more == 0 {
                let asked = self.state.ask();
                assert_eq!(asked, Wanted::End, "an empty read is the last one");
            }
            taken += more;
        }
        taken
    }

    fn answer(&mut self, framing: Framing) -> &mut Self {
        self.state.begin(framing);
        self.state.end(self.now);
        self
    }

    /// The deadline in seconds since the start.
    fn deadline(&self) -> Option<(u64, Overdue)> {
        let (deadline, overdue) = self.state.deadline(&TIMEOUTS)?;
        Some(((deadline - self.start).as_secs(), overdue))
    }
}

#[test]
fn a_head_ends_at_its_first_blank_line() {
    for (head, rest) in [
        ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "GET"),
        ("GET / HTTP/1.1\nHost: x\n\n", "\n"),
        ("GET / HTTP/1.1\r\nHost: x\n\r\n", "\r\n"),
        ("\r\n\n\r\nGET / HTTP/1.1\r\n\r\n", "\r\n\r\n"),
        ("GET / HTTP/1.1\r\nX: \r\r\n\n\r\n", ""),
    ] {
        let bytes = format!("{head}{rest}");
        let mut whole = HeadEnd::default();
        // A bare carriage return is malformed, and ends nothing.
        let end = if head.contains("\r\r") {
            head.len() - 2
        } else {
            head.len()
        };
        assert_eq!(whole.find(bytes.as_bytes()), Some(end), "{head:?}");
        let mut byte_wise = HeadEnd::default();
        let found = bytes
            .bytes()
            .position(|byte| byte_wise.find(&[byte]).is_some());
        assert_eq!(found, Some(end - 1), "{head:?}, byte by byte");
    }
    assert_eq!(HeadEnd::default().find(b"\r\n\r\n\r\n"), None);
    assert_eq!(
        HeadEnd::default().find(b"GET / HTTP/1.1\r\nHost: x\r\n"),
        None
    );
}

#[test]
fn a_chunked_body_ends_behind_its_trailers() {
    for body in [
        "0\r\n\r\n",
        "5\r\nhello\r\n0\r\n\r\n",
        "A;name=\"a value\"\r\n0123456789\r\n0000\r\n\r\n",
        "1 \t\r\n\n\r\n0\r\nTrailer: x\r\nOther: y\r\n\r\n",
        "5\r\n\r\n\r\n0\r\n0\r\n\r\n",
    ] {
        let mut whole = Body::new(Framing::Chunked).unwrap();
        let bytes = format!("{body}GET / HTTP/1.1\r\n");
        let taken = whole.take(bytes.as_bytes());
        assert_eq!(taken, (body.len(), Rest::Nothing), "{body:?}");
        let mut byte_wise = Body::new(Framing::Chunked).unwrap();
        let mut bytes = bytes.bytes();
        let end = bytes.position(|byte| byte_wise.take(&[byte]).1 == Rest::Nothing);
        assert_eq!(end, Some(body.len() - 1), "{body:?}, byte by byte");
    }
}

/// What actix refuses is withheld, from the byte on that actix refuses.
#[test]
fn a_malformed_chunked_body_is_handed_out_to_its_mistake() {
    for (good, bad) in [
        ("", "hello\r\n"),
        ("", "\r\n0\r\n\r\n"),
        ("", "+5\r\nhello\r\n"),
        ("5", "\nhello\r\n"),
        ("5 ", "5\r\n"),
        ("5\r", "hello\r\n"),
        ("5;a=\"b\tc", "\n\"\r\n"),
        ("5;a", "\0\r\n"),
        ("5\r\nhello", "!\r\n"),
        ("5\r\nhello", "\n"),
        ("5\r\nhello\r", "\r"),
        ("5\r\nhello\r\n", "x"),
        ("0\r\n\r", "x"),
        ("0\r\nTrailer: x\r", "\r\n"),
        ("ffffffffffffffff", "f\r\n"),
    ] {
        let bytes = format!("{good}{bad}");
        let mut whole = Body::new(Framing::Chunked).unwrap();
        let taken = whole.take(bytes.as_bytes());
        assert_eq!(taken, (good.len(), Rest::Malformed), "{bytes:?}");
        let mut byte_wise = Body::new(Framing::Chunked).unwrap();
        let mut bytes = bytes.bytes();
        let mistake = bytes.position(|byte| byte_wise.take(&[byte]) == (0, Rest::Malformed));
        assert_eq!(mistake, Some(good.len()), "{good:?} {bad:?}, byte by byte");
    }
}

#[test]
fn a_malformed_body_is_the_last_of_its_connection() {
    let mut played = Played::new();
    assert_eq!(played.read(GET), GET.len());
    played.state.begin(Framing::Chunked);
    assert_eq!(played.read(b"5\r\nhello\r\nGET / HTTP/1.1"), 10);
    assert_eq!(played.state.ask(), Wanted::End);
    played.state.end(played.now);
    assert_eq!(played.state.ask(), Wanted::End);
}

#[test]
fn actix_gets_one_request_at_a_time() {
    let mut played = Played::new();
    let pipelined = GET.repeat(100);
    let mut taken = 0;
    for answered in 0..100 {
        taken += played.read(&pipelined[taken..]);
        assert_eq!(taken, GET.len() * (answered + 1));
        played.state.begin(Framing::None);
        assert_eq!(played.read(GET), 0, "while the request is answered");
        played.state.end(played.now);
    }
    assert_eq!(played.state.answered(), 100);
}

#[test]
fn a_body_is_handed_out_while_its_request_is_answered() {
    let mut played = Played::new();
    assert_eq!(played.read(GET), GET.len());
    played.state.begin(Framing::Length(5));
    assert_eq!(played.read(b"hello, GET"), 5);
    assert_eq!(played.read(b", GET"), 0);
    played.state.end(played.now);
    assert_eq!(played.state.activity(), Activity::Idle);
    assert_eq!(played.read(GET), GET.len());
}

/// Of an upgrade that nobody takes.
#[test]
fn a_body_without_an_end_is_no_request() {
    let mut played = Played::new();
    played.read(GET);
    played.state.begin(Framing::Unbounded);
    assert_eq!(played.read(&GET.repeat(9)), GET.len() * 9);
    assert_eq!(played.state.activity(), Activity::Answering);
}

#[test]
fn the_first_head_has_its_time_from_the_start() {
    let mut played = Played::new();
    assert_eq!(played.deadline(), Some((5, Overdue::Head)));
    played.pass(2).read(b"GET");
    assert_eq!(played.deadline(), Some((7, Overdue::Head)));
    played.pass(2).read(b" /");
    assert_eq!(
        played.deadline(),
        Some((7, Overdue::Head)),
        "a drip gains nothing"
    );
}

#[test]
fn every_later_head_has_its_time_from_its_first_byte() {
    for begun in ["\r\n", "G", "GET / HTTP/1.1\r\nHost: x\r\n"] {
        let mut played = Played::new();
        played.read(GET);
        played.pass(10).answer(Framing::None);
        assert_eq!(played.deadline(), Some((85, Overdue::NextRequest)));
        played.pass(20).read(begun.as_bytes());
        assert_eq!(played.deadline(), Some((35, Overdue::Head)), "{begun:?}");
        assert_eq!(played.state.activity(), Activity::Receiving);
    }
}

#[test]
fn a_request_that_is_answered_has_no_deadline_here() {
    let mut played = Played::new();
    played.read(GET);
    played.state.begin(Framing::Length(5));
    assert_eq!((played.deadline(), played.state.waiting()), (None, None));
    played.read(b"hello");
    assert_eq!((played.deadline(), played.state.waiting()), (None, None));
}

#[test]
fn the_rest_of_an_answered_requests_body_is_waited_for_as_long_as_a_head() {
    let mut played = Played::new();
    played.read(GET);
    played.state.begin(Framing::Length(10));
    played.read(b"hello");
    let now = played.pass(3).now;
    played.state.end(now);
    assert_eq!(played.deadline(), Some((8, Overdue::Body)));
    assert_eq!(played.read(b"hello"), 5);
    assert_eq!(played.deadline(), Some((78, Overdue::NextRequest)));
}

#[test]
fn a_client_that_does_not_read_gets_no_further_request_answered() {
    let mut played = Played::new();
    played.read(GET);
    played.answer(Framing::None);
    let now = played.pass(1).now;
    played.state.block(|| now);
    played.pass(1);
    let later = played.now;
    played.state.block(|| later);
    assert_eq!(
        played.deadline(),
        Some((31, Overdue::Read)),
        "from the first on"
    );
    assert_eq!(played.state.activity(), Activity::Blocked);
    assert_eq!((played.read(GET), played.state.waiting()), (0, None));
    played.pass(9);
    let now = played.now;
    played.state.unblock(|| now);
    assert_eq!(played.deadline(), Some((86, Overdue::NextRequest)));
    assert_eq!(played.read(GET), GET.len());
}

/// A blank line that actix does not take for the end of a head stalls nothing.
#[test]
fn actix_gets_more_if_it_found_no_head() {
    let mut played = Played::new();
    assert_eq!(played.read(GET), GET.len());
    assert_eq!(played.state.ask(), Wanted::Later);
    assert_eq!(played.read(GET), GET.len());
}

#[derive(Clone, Debug)]
enum Event {
    Arrive(Vec<u8>),
    Begin(Framing),
    End,
    Block,
    Unblock,
    Pass(u64),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let bytes = prop_oneof![
        Just(GET.to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"5\r\nhello\r\n0\r\n\r\n".to_vec()),
        prop::collection::vec(prop_oneof![Just(b'\r'), Just(b'\n'), any::<u8>()], 1..40),
    ];
    let framing = prop_oneof![
        Just(Framing::None),
        (1..50_u64).prop_map(Framing::Length),
        Just(Framing::Chunked),
        Just(Framing::Unbounded),
    ];
    let event = prop_oneof![
        4 => bytes.prop_map(Event::Arrive),
        2 => framing.prop_map(Event::Begin),
        2 => Just(Event::End),
        1 => Just(Event::Block),
        1 => Just(Event::Unblock),
        1 => (0..20_u64).prop_map(Event::Pass),
    ];
    prop::collection::vec(event, 0..60)
}

proptest! {
    /// In every order of events, a read is never empty, and each wait for a peer has a
    /// deadline.
    #[test]
    fn no_order_of_events_makes_a_connection_wait_for_ever(events in events()) {
        let mut played = Played::new();
        let mut is_answering = false;
        for event in events {
            match event {
                Event::Arrive(bytes) => {
                    played.read(&bytes);
                }
                Event::Begin(framing) if !is_answering && played.state.is_in_head() => {
                    is_answering = true;
                    played.state.begin(framing);
                }
                Event::End if is_answering => {
                    is_answering = false;
                    played.state.end(played.now);
                }
                Event::Block => {
                    let now = played.now;
                    played.state.block(|| now);
                }
                Event::Unblock => {
                    let now = played.now;
                    played.state.unblock(|| now);
                }
                Event::Pass(seconds) => {
                    played.pass(seconds);
                }
                Event::Begin(_) | Event::End => {}
            }
            let activity = played.state.activity();
            prop_assert_eq!(played.state.deadline(&TIMEOUTS).is_none(), activity == Activity::Answering);
            let is_waiting = matches!(activity, Activity::Idle | Activity::Receiving);
            prop_assert_eq!(played.state.waiting().is_some(), is_waiting);
            if let Some((deadline, _)) = played.state.deadline(&TIMEOUTS) {
                prop_assert!(deadline <= played.now + TIMEOUTS.keep_alive);
            }
        }
    }

    /// However many requests arrive together, however their bytes are cut, and whenever each
    /// is answered: actix gets one request at a time, and all of them in the end.
    #[test]
    fn pipelined_requests_are_handed_out_one_by_one(
        requests in prop::collection::vec(request(), 1..20),
        cuts in prop::collection::vec((1..60_usize, any::<bool>()), 1..8),
    ) {
        let bytes: Vec<u8> = requests.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        let heads = requests.iter().map(|(_, bytes)| HeadEnd::default().find(bytes).unwrap());
        let heads: Vec<_> = heads.collect();
        let mut played = Played::new();
        let mut cuts = cuts.iter().cycle();
        let (mut at, mut begin) = (0, 0);
        for ((framing, request), head) in requests.iter().zip(heads) {
            while at < begin + head {
                let end = bytes.len().min(at + cuts.next().unwrap().0);
                at += played.read(&bytes[at..end]);
                prop_assert!(at <= begin + head, "the head of one request");
            }
            played.state.begin(*framing);
            while at < begin + request.len() {
                let (length, is_early) = cuts.next().unwrap();
                if *is_early && played.state.activity() == Activity::Answering {
                    played.state.end(played.now);
                }
                let end = bytes.len().min(at + length);
                // A head may follow at once if the answer was early.
                at += played.read(&bytes[at..end.min(begin + request.len())]);
            }
            if played.state.activity() == Activity::Answering {
                prop_assert_eq!(played.read(GET), 0);
                played.state.end(played.now);
            }
            begin += request.len();
        }
        prop_assert_eq!((at, played.state.answered()), (bytes.len(), requests.len() as u64));
    }
}

/// A request, with the framing that actix decides on.
fn request() -> impl Strategy<Value = (Framing, Vec<u8>)> {
    let body = prop::collection::vec(prop_oneof![Just(b'\r'), Just(b'\n'), any::<u8>()], 1..40);
    prop_oneof![
        Just((Framing::None, GET.to_vec())),
        body.clone().prop_map(|body| {
            let length = body.len() as u64;
            (Framing::Length(length), [GET, &body].concat())
        }),
        prop::collection::vec(body, 0..4).prop_map(|chunks| {
            let mut request = GET.to_vec();
            for chunk in chunks {
                request.extend(format!("{:X};x=y\r\n", chunk.len()).bytes());
                request.extend(chunk);
                request.extend(b"\r\n");
            }
            request.extend(b"0\r\nTrailer: x\r\n\r\n");
            (Framing::Chunked, request)
        }),
    ]
}

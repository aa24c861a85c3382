//! When an event happened: RFC 3339, in UTC, to the microsecond.

use std::cell::Cell;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{self, FormatTime};

/// A second as it is written: `2026-11-23T02:42:44.`
type Second = [u8; 20];

thread_local! {
    /// The second of the last event, since the epoch and as it is written: most
    /// events are of the same as the one before.
    static LAST: Cell<Option<(u64, Second)>> = const { Cell::new(None) };
}

/// Writes the time.
pub(super) fn now(out: &mut Vec<u8>) {
    let now = since_epoch();
    match LAST.get() {
        Some((second, text)) if second == now.as_secs() => {
            out.extend_from_slice(&text);
            micros(out, now.subsec_micros());
        }
        _ => whole(out, now.as_secs()),
    }
}

/// Writes the time by the library, and remembers its second unless a new second began
/// meanwhile.
fn whole(out: &mut Vec<u8>, second: u64) {
    let mut text = String::new();
    // A `String` takes everything.
    let _ = time::SystemTime.format_time(&mut Writer::new(&mut text));
    out.extend_from_slice(text.as_bytes());
    if let Some(text) = text.as_bytes().first_chunk()
        && since_epoch().as_secs() == second
    {
        LAST.set(Some((second, *text)));
    }
}

fn micros(out: &mut Vec<u8>, mut micros: u32) {
    let mut text = *b"000000Z";
    for digit in text[..6].iter_mut().rev() {
        *digit = b"0123456789"[(micros % 10) as usize];
        micros /= 10;
    }
    out.extend_from_slice(&text);
}

fn since_epoch() -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::{Duration, Instant};

    use super::now;

    fn text() -> String {
        let mut text = Vec::new();
        now(&mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn times_follow_each_other_also_from_one_second_to_the_next() {
        let first = text();
        let start = Instant::now();
        let mut last = first.clone();
        while start.elapsed() < Duration::from_millis(1_100) {
            let next = text();
            assert!(last <= next, "{last} {next}");
            assert_eq!(next.len(), "2026-11-23T02:42:44.665750Z".len());
            last = next;
            thread::yield_now();
        }
        assert_ne!(first[..19], last[..19]);
    }
}

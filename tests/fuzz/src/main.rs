//! Feeds bytes that nobody chose to the parsers of foreign bytes, guided by the code
//! that each input reaches: libFuzzer, on the stable compiler.
//!
//! `./tests/fuzz/run` builds this program, replays the kept inputs and then fuzzes.
//! The variable `FUZZ_TARGET` names the target. A target panics when a promise is
//! broken; `run` adds limits for time and memory.

#![no_main]

mod connection;
#[expect(dead_code, reason = "a state of a connection needs one type of it")]
#[path = "../../../demo-service/src/connections.rs"]
mod connections;
mod files;
mod masks;
mod names;
mod requests;
mod service;
mod shown;
mod stores;
mod values;

use std::sync::OnceLock;
use std::time::Duration;

use environ::{Process, Source};
use libfuzzer_sys::fuzz_target;
use rustix::time::{ClockId, clock_gettime};

/// The targets by name. `run` reads the list from this file.
const TARGETS: &[(&str, Target)] = &[
    ("connection", connection::fuzz),
    ("files", files::fuzz),
    ("masks", masks::fuzz),
    ("names", names::fuzz),
    ("requests", requests::fuzz),
    ("service", service::fuzz),
    ("stores", stores::fuzz),
    ("values", values::fuzz),
];

/// How much processor time one input may take: hundreds of times the usual. libFuzzer's own
/// limit is for the time on the wall, which a busy machine stretches.
const MAX_TIME: Duration = Duration::from_secs(10);

/// How much larger the second size of [`assert_linear`] is, and how many times the time it
/// may take: the square would be 256 times, and memory is slower than a cache.
const GROWTH: usize = 16;
const MAX_RATIO: u32 = 40;

/// How often a size is measured before its time counts as a fault.
const MEASUREMENTS: usize = 3;

type Target = fn(&[u8]);

static TARGET: OnceLock<Target> = OnceLock::new();

fuzz_target!(init: choose(), |input: &[u8]| run(input));

fn choose() {
    let name = Process.get("FUZZ_TARGET").unwrap_or_default();
    let target = TARGETS.iter().find(|(target, _)| **target == *name);
    let (_, target) = target.expect("FUZZ_TARGET names a target");
    TARGET.get_or_init(|| *target);
}

fn run(input: &[u8]) {
    let target = TARGET.get().expect("a target is chosen at the start");
    let spent = time_of(|| target(input));
    assert!(spent < MAX_TIME, "the input takes {spent:?}");
}

/// Asserts that the processor time of `run` grows as its size does, and not as the square.
/// Two times of one machine are compared, so that no speed of a machine is expected.
fn assert_linear(size: usize, run: impl Fn(usize)) {
    let measured = (0..MEASUREMENTS).map(|_| {
        let small = time_of(|| run(size / GROWTH));
        (small, time_of(|| run(size)))
    });
    let mut slow = measured.take_while(|(small, large)| *large > *small * MAX_RATIO);
    if let Some((small, large)) = slow.nth(MEASUREMENTS - 1) {
        panic!("{GROWTH} times as much takes {large:?} after {small:?}");
    }
}

fn time_of(run: impl FnOnce()) -> Duration {
    let start = processor_time();
    run();
    processor_time().saturating_sub(start)
}

fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.try_into().expect("processor time is not negative")
}

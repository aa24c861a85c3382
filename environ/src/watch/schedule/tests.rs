use std::time::{Duration, Instant};

use super::{Schedule, MAX_RETRY, MAX_UNSETTLED, POLL_INTERVAL, REMOVAL_TIME, SETTLE_TIME};

/// Time that the test controls, and the loads of a schedule in it.
struct Run {
    schedule: Schedule,
    start: Instant,
    now: Instant,
    looks: usize,
}

impl Run {
    fn new() -> Self {
        let start = Instant::now();
        Self {
            schedule: Schedule::new(start, 0),
            start,
            now: start,
            looks: 0,
        }
    }

    /// Looks for `time` at stamps that depend on the time since the start. Returns the time of
    /// the first load.
    fn first_load(&mut self, time: Duration, stamp: impl Fn(Duration) -> u64) -> Option<Duration> {
        let end = self.now + time;
        while self.now < end {
            let wait = self.schedule.wait(self.now);
            self.now += wait;
            self.looks += 1;
            if self.schedule.looked(self.now, stamp(self.now - self.start)) {
                return Some(self.now - self.start);
            }
            assert!(self.schedule.wait(self.now) > Duration::ZERO, "a hot loop");
        }
        None
    }
}

const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn nothing_is_loaded_while_nothing_changes() {
    let mut run = Run::new();
    assert_eq!(run.first_load(MINUTE, |_| 0), None);
    let max = usize::try_from(MINUTE.as_millis() / POLL_INTERVAL.as_millis()).unwrap() + 1;
    assert!(run.looks <= max, "{} looks", run.looks);
}

#[test]
fn a_change_is_loaded_within_a_second() {
    for millis in [1, 100, 249, 250, 251, 499, 10_000] {
        let change = Duration::from_millis(millis);
        let mut run = Run::new();
        let load = run
            .first_load(MINUTE, |at| u64::from(at >= change))
            .unwrap();
        let delay = load.checked_sub(change).unwrap();
        let tick = Duration::from_millis(1);
        assert!(delay + tick >= SETTLE_TIME, "{delay:?}");
        assert!(delay <= POLL_INTERVAL + SETTLE_TIME, "{delay:?}");
        assert!(delay < Duration::from_secs(1));
    }
}

#[test]
fn a_file_that_is_still_written_is_not_loaded() {
    let written = Duration::from_millis(1_500);
    let mut run = Run::new();
    let stamp = |at: Duration| at.min(written).as_millis().try_into().unwrap();
    let load = run.first_load(MINUTE, stamp).unwrap();
    assert!(load >= written, "{load:?}");
    assert!(load <= written + POLL_INTERVAL + SETTLE_TIME, "{load:?}");
}

#[test]
fn files_that_never_settle_are_loaded_all_the_same() {
    let mut run = Run::new();
    let load = run.first_load(MINUTE, |at| at.as_millis().try_into().unwrap());
    let load = load.unwrap();
    assert!(load <= MAX_UNSETTLED + 2 * POLL_INTERVAL, "{load:?}");
}

#[test]
fn a_change_that_is_undone_is_not_loaded() {
    let mut run = Run::new();
    let is_changed = |at: Duration| (300..600).contains(&at.as_millis());
    assert_eq!(run.first_load(MINUTE, |at| u64::from(is_changed(at))), None);
}

#[test]
fn a_load_that_was_asked_for_is_made_at_once_and_once() {
    let mut run = Run::new();
    run.schedule.ask();
    assert_eq!(run.schedule.wait(run.now), Duration::ZERO);
    assert_eq!(run.first_load(MINUTE, |_| 0), Some(Duration::ZERO));
    run.schedule.loaded(run.now, 0);
    assert_eq!(run.first_load(MINUTE, |_| 0), None);
}

#[test]
fn a_refused_load_is_repeated_after_a_pause_that_doubles() {
    let mut run = Run::new();
    let mut pauses = Vec::new();
    run.schedule.ask();
    run.first_load(MINUTE, |_| 0).unwrap();
    for _ in 0..8 {
        run.schedule.refused(run.now, 0);
        let before = run.now;
        run.first_load(2 * MINUTE, |_| 0).unwrap();
        pauses.push((run.now - before).as_secs());
    }
    assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30, 30]);
    assert_eq!(MAX_RETRY.as_secs(), 30);
    run.schedule.loaded(run.now, 0);
    assert_eq!(run.first_load(MINUTE, |_| 0), None);
}

#[test]
fn a_change_is_loaded_before_the_pause_after_a_refusal_ends() {
    let mut run = Run::new();
    for _ in 0..8 {
        run.schedule.refused(run.now, 0);
    }
    let load = run.first_load(MINUTE, |_| 1).unwrap();
    assert!(load <= POLL_INTERVAL + SETTLE_TIME, "{load:?}");
}

#[test]
fn a_load_during_a_change_is_ignored() {
    let mut run = Run::new();
    run.first_load(MINUTE, |_| 1).unwrap();
    assert!(run.schedule.is_torn(run.now, 1, 2));
    let before = run.now;
    run.first_load(MINUTE, |_| 2).unwrap();
    assert!(run.now - before <= POLL_INTERVAL + SETTLE_TIME);
    assert!(!run.schedule.is_torn(run.now, 2, 2));
}

#[test]
fn values_that_are_gone_count_as_removed_after_a_time() {
    let mut run = Run::new();
    let first = run.first_load(MINUTE, |_| 1).unwrap();
    while run.schedule.may_return(run.now, true) {
        assert!(run.now < run.start + first + REMOVAL_TIME);
        run.first_load(MINUTE, |_| 1).unwrap();
    }
    let waited = run.now - (run.start + first);
    assert!(
        waited >= REMOVAL_TIME && waited < REMOVAL_TIME * 2,
        "{waited:?}"
    );
    run.schedule.loaded(run.now, 1);
    assert_eq!(run.first_load(MINUTE, |_| 1), None);
}

#[test]
fn values_that_come_back_are_loaded() {
    let mut run = Run::new();
    run.first_load(MINUTE, |_| 1).unwrap();
    assert!(run.schedule.may_return(run.now, true));
    run.first_load(MINUTE, |_| 0).unwrap();
    assert!(!run.schedule.may_return(run.now, false));
}

//! The schedule alone: each test passes the time.

use super::*;

fn lease(seconds: u64, renewable: bool) -> Lease {
    Lease::of_token(seconds, renewable)
}

fn health(schedule: &Schedule, now: Instant) -> Health {
    schedule.status(now, None, Answers::default()).health
}

fn after(start: Instant, schedule: &Schedule) -> Option<(f64, Action)> {
    let (at, action) = schedule.next()?;
    let seconds = (at - start).as_secs_f64();
    Some(((seconds * 10.0).round() / 10.0, action))
}

#[test]
fn a_lease_is_renewed_after_two_thirds_or_a_little_earlier() {
    let now = Instant::now();
    let late = Schedule::new(now, &lease(90, true), || 0.0);
    assert_eq!(after(now, &late), Some((60.0, Action::Renew)));
    let early = Schedule::new(now, &lease(90, true), || 1.0);
    assert_eq!(after(now, &early), Some((51.0, Action::Renew)));
}

#[test]
fn a_lease_that_cannot_be_renewed_is_rotated() {
    let now = Instant::now();
    let schedule = Schedule::new(now, &lease(90, false), || 0.0);
    assert_eq!(after(now, &schedule), Some((60.0, Action::Rotate)));
}

#[test]
fn a_lease_without_an_end_is_left_alone() {
    let now = Instant::now();
    let schedule = Schedule::new(now, &lease(0, false), || 0.0);
    assert_eq!(after(now, &schedule), None);
    let later = now + Duration::from_secs(1_000_000);
    assert_eq!(health(&schedule, later), Health::Fresh);
}

#[test]
fn a_lease_renewed_for_less_than_its_time_is_rotated_when_a_third_is_left() {
    let start = Instant::now();
    let mut schedule = Schedule::new(start, &lease(90, true), || 0.0);
    let early = start + Duration::from_secs(10);
    schedule.renewed(early, &lease(80, true));
    assert_eq!(after(start, &schedule), Some((60.0, Action::Rotate)));
    let late = start + Duration::from_secs(70);
    schedule.renewed(late, &lease(20, true));
    assert_eq!(after(late, &schedule), Some((1.0, Action::Rotate)));
}

#[test]
fn a_lease_beyond_the_range_of_the_clock_lasts_ten_years() {
    let now = Instant::now();
    let schedule = Schedule::new(now, &lease(u64::MAX, true), || 1.0);
    assert!(schedule.next().is_some());
    let ten_years = Duration::from_secs(315_360_000);
    assert_eq!(schedule.expires(), Some(now + ten_years));
    assert_eq!(health(&schedule, now), Health::Fresh);
}

#[test]
fn a_refused_renewal_ends_with_a_rotation_before_the_end() {
    let start = Instant::now();
    let mut schedule = Schedule::new(start, &lease(90, true), || 0.0);
    while let Some((at, Action::Renew)) = schedule.next() {
        schedule.failed(at, Action::Renew, VaultErrorKind::Denied);
    }
    assert_eq!(after(start, &schedule), Some((75.0, Action::Rotate)));
}

#[test]
fn a_failed_renewal_never_rotates_a_lease_that_is_still_good() {
    let start = Instant::now();
    let mut schedule = Schedule::new(start, &lease(90, true), || 0.0);
    let mut waits = Vec::new();
    let mut now = start;
    while let Some((at, Action::Renew)) = schedule.next() {
        waits.push((at - now).as_secs());
        now = at;
        assert_eq!(
            health(&schedule, now) == Health::Fresh,
            schedule.failures == 0
        );
        schedule.failed(now, Action::Renew, VaultErrorKind::Unreachable);
    }
    assert_eq!(waits, [60, 1, 2, 4, 8]);
    assert_eq!(after(start, &schedule), Some((90.0, Action::Rotate)));
    let (end, _) = schedule.next().unwrap();
    assert_eq!(health(&schedule, end), Health::Expired);
}

#[test]
fn a_lease_that_is_gone_is_rotated_before_its_end() {
    let start = Instant::now();
    let mut schedule = Schedule::new(start, &lease(90, true), || 0.0);
    let now = start + Duration::from_secs(60);
    schedule.failed(now, Action::Renew, VaultErrorKind::LeaseGone);
    assert_eq!(after(now, &schedule), Some((1.0, Action::Rotate)));
    assert_eq!(health(&schedule, now), Health::Expired);
}

/// The bound that the manual states, for each time to live and each failure.
#[test]
fn a_vault_that_always_fails_is_asked_ten_times_in_the_first_minute_at_most() {
    let kinds = [
        VaultErrorKind::Unreachable,
        VaultErrorKind::Denied,
        VaultErrorKind::LeaseGone,
        VaultErrorKind::Throttled,
    ];
    for (kind, ttl) in kinds
        .iter()
        .flat_map(|kind| [1, 10, 3_600].map(|ttl| (*kind, ttl)))
    {
        let start = Instant::now();
        let mut schedule = Schedule::new(start, &lease(ttl, true), || 1.0);
        let first = schedule.next().unwrap().0;
        let mut minutes = [0; 10];
        while let Some((at, action)) = schedule.next() {
            let minute = (at - first).as_secs() / 60;
            let Some(count) = minutes.get_mut(usize::try_from(minute).unwrap()) else {
                break;
            };
            *count += 1;
            schedule.failed(at, action, kind);
        }
        assert!(minutes[0] <= 10, "{kind:?}, {ttl} s: {minutes:?}");
        assert!(minutes[1..].iter().all(|count| *count <= 5), "{minutes:?}");
    }
}

/// Each lease is good when issued, and gone when checked.
#[test]
fn leases_gone_in_a_row_are_rotated_later_and_later() {
    let mut now = Instant::now();
    let mut schedule = Schedule::new(now, &lease(600, true), || 1.0);
    let mut waits = Vec::new();
    for _ in 0..8 {
        let obtained = now;
        schedule.suspected(now);
        let (at, action) = schedule.next().unwrap();
        assert_eq!(action, Action::Renew);
        schedule.failed(at, action, VaultErrorKind::LeaseGone);
        let (at, action) = schedule.next().unwrap();
        assert_eq!(action, Action::Rotate);
        schedule.rotated(at, &lease(600, true));
        waits.push((at - obtained).as_secs());
        now = at;
    }
    assert_eq!(waits, [2, 3, 5, 9, 17, 33, 61, 61]);
}

/// Returns the seconds until a lease that was good for so long is rotated.
fn rotated_after(schedule: &mut Schedule, good: Duration) -> u64 {
    let gone = schedule.issued + good;
    schedule.failed(gone, Action::Renew, VaultErrorKind::LeaseGone);
    let (at, action) = schedule.next().unwrap();
    assert_eq!(action, Action::Rotate);
    schedule.rotated(at, &lease(600, true));
    (at - gone).as_secs()
}

#[test]
fn a_lease_good_for_half_its_time_resets_the_wait() {
    let mut schedule = Schedule::new(Instant::now(), &lease(600, true), || 0.0);
    let [short, long] = [100, 300].map(Duration::from_secs);
    let waits = [short, short, short, long, short, short];
    let waits = waits.map(|good| rotated_after(&mut schedule, good));
    assert_eq!(waits, [1, 2, 4, 8, 1, 2]);
}

#[test]
fn a_suspected_lease_is_checked_at_once_but_not_while_checks_fail() {
    let start = Instant::now();
    let mut schedule = Schedule::new(start, &lease(90, true), || 0.0);
    let now = start + Duration::from_secs(10);
    schedule.suspected(now);
    assert_eq!(after(now, &schedule), Some((0.0, Action::Renew)));
    for wait in [1.0, 2.0, 4.0] {
        let (at, action) = schedule.next().unwrap();
        schedule.failed(at, action, VaultErrorKind::Unreachable);
        schedule.suspected(at);
        assert_eq!(after(at, &schedule), Some((wait, Action::Renew)));
    }
}

/// A lease that cannot be checked is rotated on suspicion, but not each time.
#[test]
fn suspicion_of_a_lease_that_cannot_be_renewed_rotates_later_and_later() {
    let mut now = Instant::now();
    let unchecked = Lease {
        id: "lease".to_owned(),
        ..lease(600, false)
    };
    let mut schedule = Schedule::new(now, &unchecked, || 0.0);
    let mut waits = Vec::new();
    for _ in 0..7 {
        schedule.suspected(now);
        let (at, action) = schedule.next().unwrap();
        assert_eq!(action, Action::Rotate);
        waits.push((at - now).as_secs());
        schedule.rotated(at, &unchecked);
        now = at;
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60]);
}

#[test]
fn a_doomed_lease_is_rotated_but_not_sooner_than_a_failure_allows() {
    let start = Instant::now();
    let mut schedule = Schedule::new(start, &lease(90, true), || 0.0);
    let now = start + Duration::from_secs(10);
    schedule.doomed(now);
    assert_eq!(after(now, &schedule), Some((0.0, Action::Rotate)));
    for wait in [1.0, 2.0, 4.0] {
        let (at, action) = schedule.next().unwrap();
        schedule.failed(at, action, VaultErrorKind::Denied);
        schedule.doomed(at);
        assert_eq!(after(at, &schedule), Some((wait, Action::Rotate)));
    }
}

#[test]
fn jitter_is_from_0_to_1_and_anything_in_between() {
    let numbers: Vec<f64> = (0..1_000).map(|_| fastrand::f64()).collect();
    assert!(numbers.iter().all(|number| (0.0..=1.0).contains(number)));
    for tenth in 0..10 {
        let tenth = f64::from(tenth) / 10.0;
        let is_in = |number: &f64| (tenth..tenth + 0.1).contains(number);
        assert!(numbers.iter().any(is_in), "none from {tenth} on");
    }
}

//! The task, under a clock that jumps to the next timer: an hour passes at once, and
//! the requests in it can be counted.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, Instant};

use super::fake::{Fake, Mode};
use super::*;
use crate::secrets::vault::client::VaultErrorKind;
use crate::secrets::vault::renewal::{Follow, Renewal};

/// Lets time pass.
async fn pass(time: u64) {
    sleep(seconds(time)).await;
}

/// Returns whether a wait is two thirds of 90 s, or up to a tenth of 90 s less.
fn is_two_thirds(wait: Duration) -> bool {
    (seconds(51)..seconds(60) + INSTANT).contains(&wait)
}

fn is_about(time: Duration, due: u64) -> bool {
    (seconds(due)..seconds(due) + INSTANT).contains(&time)
}

/// Returns whether each time is that long after the time before it.
fn are_two_thirds_apart(start: Instant, times: &[Instant]) -> bool {
    let before = [start].into_iter().chain(times.iter().copied());
    before
        .zip(times)
        .all(|(one, next)| is_two_thirds(*next - one))
}

/// The clock has whole milliseconds.
const INSTANT: Duration = Duration::from_millis(10);

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn answers(renewal: &Renewal<u64>) -> [usize; 3] {
    let answers = renewal.status().answers;
    [answers.renewed, answers.replaced, answers.failed].map(|count| count.try_into().unwrap())
}

/// Waits for a health, and returns it.
async fn reach(status: &mut Follow<Status>, health: Health) -> Health {
    while status.current().health != health {
        status.changed().await.unwrap();
    }
    status.current().health
}

fn age(status: &Status) -> Duration {
    Instant::now() - Instant::from_std(status.obtained)
}

#[tokio::test(start_paused = true)]
async fn a_day_of_renewals_is_one_each_two_thirds() {
    let (fake, renewal) = Fake::start(90).await;
    pass(86_400).await;
    let times = fake.times(Action::Renew);
    assert!(
        are_two_thirds_apart(fake.state().start, &times),
        "{times:?}"
    );
    assert!(times.len() >= 1_440, "{}", times.len());
    assert_eq!(answers(&renewal), [times.len(), 0, 0]);
    assert_eq!(fake.count(Action::Rotate), 0);
    let status = renewal.status();
    assert_eq!(
        (status.health, renewal.current().number()),
        (Health::Fresh, 1)
    );
    assert_eq!(age(&status), seconds(86_400));
    assert!(status.expires_in().unwrap() >= seconds(29));
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_cannot_be_renewed_is_rotated_each_two_thirds() {
    let (fake, renewal) = Fake::start_as(90, false, Mode::Up).await;
    pass(3_600).await;
    let times = fake.times(Action::Rotate);
    assert!(
        are_two_thirds_apart(fake.state().start, &times),
        "{times:?}"
    );
    assert!(times.len() >= 59, "{}", times.len());
    assert_eq!(answers(&renewal), [0, times.len(), 0]);
    assert_eq!(fake.count(Action::Renew), 0);
    let status = renewal.status();
    assert_eq!(status.health, Health::Fresh);
    assert!(age(&status) <= seconds(60));
}

#[tokio::test(start_paused = true)]
async fn a_lease_without_an_end_is_never_asked_for() {
    let (fake, renewal) = Fake::start(0).await;
    pass(365 * 86_400).await;
    assert_eq!(fake.state().asked, []);
    let status = renewal.status();
    assert_eq!((status.health, status.expires_in()), (Health::Fresh, None));
}

/// Followers see each of the three changes when it happens.
#[tokio::test(start_paused = true)]
async fn an_outage_is_stale_then_expired_and_ends_with_one_rotation() {
    let (fake, renewal) = Fake::start(90).await;
    let start = Instant::now();
    fake.state().mode = Mode::Fails(VaultErrorKind::Unreachable);
    let mut follow = renewal.follow_status();
    let mut change = async |health| {
        assert_eq!(reach(&mut follow, health).await, renewal.status().health);
        start.elapsed()
    };
    let stale = change(Health::Stale).await;
    assert!(is_two_thirds(stale), "{stale:?}");
    let expired = change(Health::Expired).await;
    assert!(is_about(expired, 90), "{expired:?}");
    // No new value before the end, because the old one may still be good.
    let renewals = fake.count(Action::Renew);
    assert!((3..=8).contains(&renewals), "{renewals}");
    assert!(fake
        .times(Action::Rotate)
        .iter()
        .all(|at| *at >= start + seconds(90)));

    pass(600).await;
    let status = renewal.status();
    assert_eq!(status.health, Health::Expired);
    assert_eq!(status.failure.unwrap().kind(), VaultErrorKind::Unreachable);
    assert_eq!(fake.count(Action::Renew), renewals);
    let asked = fake.state().asked.len();
    fake.state().mode = Mode::Up;
    let fresh = change(Health::Fresh).await;
    assert!(fresh <= seconds(690 + 30) + INSTANT, "{fresh:?}");
    assert_eq!(renewal.current().number(), 2);
    assert_eq!(renewal.status().failure, None);
    assert_eq!(answers(&renewal), [0, 1, asked]);
    assert_eq!(fake.state().asked.len(), asked + 1);
}

/// The bound that the manual states, while a caller suspects the lease all the time.
#[tokio::test(start_paused = true)]
async fn a_vault_that_always_fails_is_asked_ten_times_in_a_minute_and_then_five_times() {
    for kind in [
        VaultErrorKind::Unreachable,
        VaultErrorKind::Denied,
        VaultErrorKind::LeaseGone,
        VaultErrorKind::Throttled,
    ] {
        for ttl in [1, 10, 90, 3_600] {
            let (fake, renewal) = Fake::start(ttl).await;
            fake.state().mode = Mode::Fails(kind);
            for _ in 0..(20 * 300) {
                renewal.suspect();
                sleep(Duration::from_millis(200)).await;
            }
            let asked = fake.state().asked.clone();
            let mut minutes = [0; 20];
            for (at, _) in &asked {
                let minute = (*at - asked[0].0).as_secs() / 60;
                minutes[usize::try_from(minute).unwrap()] += 1;
            }
            assert!(minutes[0] <= 10, "{kind:?}, {ttl} s: {minutes:?}");
            assert!(
                minutes[1..].iter().all(|count| *count <= 5),
                "{kind:?}, {ttl} s: {minutes:?}"
            );
            // Requests go on.
            assert!(
                minutes[1..19].iter().all(|count| *count >= 1),
                "{minutes:?}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_is_gone_is_rotated_at_once_and_then_later_and_later() {
    let (fake, renewal) = Fake::start_as(600, true, Mode::Forgets).await;
    let mut numbers = renewal.follow();
    renewal.suspect();
    numbers.changed().await.unwrap();
    let first = fake.state().start.elapsed();
    assert!(first <= seconds(2) + INSTANT, "{first:?}");
    for _ in 0..3_600 {
        renewal.suspect();
        pass(1).await;
    }
    // Six waits that double, then one rotation a minute.
    let [renewed, replaced, failed] = answers(&renewal);
    assert!((50..=66).contains(&replaced), "{replaced}");
    assert_eq!((renewed, failed), (0, fake.count(Action::Renew)));
}

#[tokio::test(start_paused = true)]
async fn a_thousand_suspicions_are_one_request_a_second() {
    let (fake, renewal) = Fake::start(3_600).await;
    for _ in 0..10_000 {
        renewal.suspect();
        sleep(Duration::from_millis(1)).await;
    }
    assert!(
        (9..=11).contains(&fake.count(Action::Renew)),
        "{:?}",
        fake.state().asked
    );
    assert_eq!(
        (fake.count(Action::Rotate), renewal.current().number()),
        (0, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn a_doomed_lease_is_rotated_at_once_but_not_without_end() {
    let (fake, renewal) = Fake::start(3_600).await;
    pass(10).await;
    let doom = Arc::clone(&fake.state().doom);
    doom.notify_one();
    pass(1).await;
    assert_eq!(renewal.current().number(), 2);

    fake.state().mode = Mode::Fails(VaultErrorKind::Denied);
    fake.state().asked.clear();
    doom.notify_one();
    pass(60).await;
    assert!(
        (6..=10).contains(&fake.count(Action::Rotate)),
        "{:?}",
        fake.state().asked
    );
    assert_eq!(fake.count(Action::Renew), 0);
    let status = renewal.status();
    assert_eq!(
        (status.health, renewal.current().number()),
        (Health::Stale, 2)
    );
}

#[tokio::test(start_paused = true)]
async fn a_request_without_an_answer_does_not_hide_that_the_lease_expired() {
    let (fake, renewal) = Fake::start(90).await;
    fake.state().mode = Mode::Hangs;
    let mut status = renewal.follow_status();
    let start = Instant::now();
    reach(&mut status, Health::Expired).await;
    assert!(is_about(start.elapsed(), 90), "{:?}", start.elapsed());
    pass(3_600).await;
    assert_eq!(fake.state().asked.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_same_value_again_is_no_rotation() {
    let (fake, renewal) = Fake::start_as(90, false, Mode::Repeats).await;
    pass(300).await;
    assert_eq!(renewal.current().number(), 1);
    let [renewed, replaced, failed] = answers(&renewal);
    assert!(renewed >= 4, "{renewed}");
    assert_eq!((replaced, failed), (0, 0));
    assert_eq!(fake.state().revoked, [0; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_was_dropped_or_stopped_asks_nothing() {
    let (fake, renewal) = Fake::start(90).await;
    let (stopped, other) = Fake::start(90).await;
    drop(renewal);
    other.stop();
    pass(3_600).await;
    assert_eq!(fake.state().asked.len() + stopped.state().asked.len(), 0);
    assert_eq!(other.status().health, Health::Expired);
}

#[tokio::test(start_paused = true)]
async fn a_replaced_value_is_revoked_after_its_last_guard() {
    let (fake, renewal) = Fake::start_as(90, false, Mode::Up).await;
    pass(61).await;
    assert_eq!(
        (renewal.current().number(), &*fake.state().revoked),
        (2, &[1][..])
    );

    let guard = renewal.current().guard();
    let second_guard = renewal.current().guard();
    pass(61).await;
    assert_eq!(renewal.current().number(), 3);
    drop(guard);
    pass(1).await;
    assert_eq!(fake.state().revoked, [1]);
    drop(second_guard);
    pass(1).await;
    assert_eq!(fake.state().revoked, [1, 2]);

    // The lease expires while a guard exists.
    let guard = renewal.current().guard();
    pass(120).await;
    drop(guard);
    pass(1).await;
    assert!(
        !fake.state().revoked.contains(&3),
        "{:?}",
        fake.state().revoked
    );
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_is_gone_is_not_revoked() {
    let (fake, renewal) = Fake::start_as(90, true, Mode::Forgets).await;
    pass(63).await;
    assert_eq!(renewal.current().number(), 2);
    assert_eq!(fake.state().revoked, [0; 0]);
}

#[tokio::test(start_paused = true)]
async fn stopping_lists_every_lease_that_may_be_valid() {
    let (_fake, renewal) = Fake::start_as(90, false, Mode::Up).await;
    let numbers = |renewal: &Renewal<u64>| {
        let valid = renewal.stop();
        valid.iter().map(|one| one.number()).collect::<Vec<_>>()
    };
    let _guard = renewal.current().guard();
    pass(61).await;
    assert_eq!(numbers(&renewal), [1, 2]);
    // The first expires.
    pass(30).await;
    assert_eq!(numbers(&renewal), [2]);
    renewal.current().set_revoked();
    assert_eq!(numbers(&renewal), [0; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_change_is_seen_by_each_follower_even_if_the_wait_is_dropped() {
    let (_fake, renewal) = Fake::start_as(90, false, Mode::Up).await;
    let mut follow = renewal.follow();
    let mut second = follow.clone();
    drop(follow.changed());
    tokio::select! {
        biased;
        _ = follow.changed() => panic!("nothing has changed"),
        () = pass(1) => {}
    }
    pass(60).await;
    assert_eq!(follow.current().number(), 2);
    for follow in [&mut follow, &mut second] {
        assert_eq!(follow.changed().await.unwrap().number(), 2);
    }
    pass(120).await;
    assert_eq!(follow.changed().await.unwrap().number(), 4);
}

#[tokio::test(start_paused = true)]
async fn followers_see_the_end_of_a_renewal() {
    let (_fake, renewal) = Fake::start(90).await;
    let (mut status, mut value) = (renewal.follow_status(), renewal.follow());
    assert_eq!(status.current().health, Health::Fresh);
    drop(renewal);
    assert_eq!(status.changed().await.unwrap().health, Health::Expired);
    assert_eq!(status.changed().await, None);
    assert!(value.changed().await.is_none());
    assert_eq!(value.current().number(), 1);
}

//! The task, under a clock that stands still while anybody has anything to do: an
//! hour passes in no time, and what is asked in it can be counted.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, Instant};

use super::super::handle::Kept;
use super::super::schedule::{Action, Health};
use super::fake::{Fake, Mode};
use crate::secrets::vault::client::error::VaultErrorKind;

/// Lets time pass.
async fn pass(time: u64) {
    sleep(seconds(time)).await;
}

/// Renewed after two thirds of 90 s, or a tenth of them earlier.
fn is_two_thirds(wait: Duration) -> bool {
    (seconds(51)..seconds(60) + INSTANT).contains(&wait)
}

fn is_about(time: Duration, due: u64) -> bool {
    (seconds(due)..seconds(due) + INSTANT).contains(&time)
}

/// Each after the one before it, and the first after the start.
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

fn answers(kept: &Kept<u64>) -> [usize; 3] {
    let answers = kept.status().answers;
    [answers.renewed, answers.replaced, answers.failed].map(|count| count.try_into().unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_day_of_renewals_is_one_each_two_thirds() {
    let (fake, kept) = Fake::lend(90).await;
    pass(86_400).await;
    let times = fake.times(Action::Renew);
    assert!(
        are_two_thirds_apart(fake.state().start, &times),
        "{times:?}"
    );
    assert!(times.len() >= 1_440, "{}", times.len());
    assert_eq!(answers(&kept), [times.len(), 0, 0]);
    assert_eq!(fake.count(Action::Obtain), 0);
    let status = kept.status();
    assert_eq!((status.health, kept.current().number()), (Health::Fresh, 1));
    assert_eq!(status.obtained.elapsed(), seconds(86_400));
    assert!(status.expires_in().unwrap() >= seconds(29));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_renewed_is_replaced_each_two_thirds() {
    let (fake, kept) = Fake::lend_as(90, false, Mode::Up).await;
    pass(3_600).await;
    let times = fake.times(Action::Obtain);
    assert!(
        are_two_thirds_apart(fake.state().start, &times),
        "{times:?}"
    );
    assert!(times.len() >= 59, "{}", times.len());
    assert_eq!(answers(&kept), [0, times.len(), 0]);
    assert_eq!(fake.count(Action::Renew), 0);
    let status = kept.status();
    assert_eq!(status.health, Health::Fresh);
    assert!(status.obtained.elapsed() <= seconds(60));
}

#[tokio::test(start_paused = true)]
async fn what_has_no_end_is_never_asked_for() {
    let (fake, kept) = Fake::lend(0).await;
    pass(365 * 86_400).await;
    assert_eq!(fake.state().asked, []);
    let status = kept.status();
    assert_eq!((status.health, status.expires_in()), (Health::Fresh, None));
}

/// Each change is told when it comes: followers see three.
#[tokio::test(start_paused = true)]
async fn an_outage_is_stale_then_expired_and_ends_with_one_replacement() {
    let (fake, kept) = Fake::lend(90).await;
    let start = Instant::now();
    fake.state().mode = Mode::Fails(VaultErrorKind::Unreachable);
    let mut follow = kept.follow_status();
    let mut change = async |health| {
        let status = follow.wait_for(|status| status.health == health).await;
        assert_eq!(status.unwrap().health, kept.status().health);
        start.elapsed()
    };
    let stale = change(Health::Stale).await;
    assert!(is_two_thirds(stale), "{stale:?}");
    let expired = change(Health::Expired).await;
    assert!(is_about(expired, 90), "{expired:?}");
    // Nothing new before the end, since the old one may still be good.
    let renewals = fake.count(Action::Renew);
    assert!((3..=8).contains(&renewals), "{renewals}");
    assert!(fake
        .times(Action::Obtain)
        .iter()
        .all(|at| *at >= start + seconds(90)));

    pass(600).await;
    let status = kept.status();
    assert_eq!(status.health, Health::Expired);
    assert_eq!(status.failure.unwrap().kind(), VaultErrorKind::Unreachable);
    assert_eq!(fake.count(Action::Renew), renewals);
    let asked = fake.state().asked.len();
    fake.state().mode = Mode::Up;
    let fresh = change(Health::Fresh).await;
    assert!(fresh <= seconds(690 + 30) + INSTANT, "{fresh:?}");
    assert_eq!(kept.current().number(), 2);
    assert_eq!(kept.status().failure, None);
    assert_eq!(answers(&kept), [0, 1, asked]);
    assert_eq!(fake.state().asked.len(), asked + 1);
}

/// The bound that the manual states, with somebody who suspects all the time.
#[tokio::test(start_paused = true)]
async fn who_always_fails_is_asked_ten_times_in_a_minute_and_then_five_times() {
    for kind in [
        VaultErrorKind::Unreachable,
        VaultErrorKind::Denied,
        VaultErrorKind::LeaseGone,
        VaultErrorKind::Throttled,
    ] {
        for ttl in [1, 10, 90, 3_600] {
            let (fake, kept) = Fake::lend(ttl).await;
            fake.state().mode = Mode::Fails(kind);
            for _ in 0..(20 * 300) {
                kept.suspect();
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
            // Nor is it given up.
            assert!(
                minutes[1..19].iter().all(|count| *count >= 1),
                "{minutes:?}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_gone_is_replaced_at_once_and_then_later_and_later() {
    let (fake, kept) = Fake::lend_as(600, true, Mode::Forgets).await;
    let mut numbers = kept.follow();
    kept.suspect();
    numbers.changed().await.unwrap();
    let first = fake.state().start.elapsed();
    assert!(first <= seconds(2) + INSTANT, "{first:?}");
    for _ in 0..3_600 {
        kept.suspect();
        pass(1).await;
    }
    // Six that double, and one a minute.
    let [renewed, replaced, failed] = answers(&kept);
    assert!((50..=66).contains(&replaced), "{replaced}");
    assert_eq!((renewed, failed), (0, fake.count(Action::Renew)));
}

#[tokio::test(start_paused = true)]
async fn a_thousand_suspicions_are_one_question_a_second() {
    let (fake, kept) = Fake::lend(3_600).await;
    for _ in 0..10_000 {
        kept.suspect();
        sleep(Duration::from_millis(1)).await;
    }
    assert!(
        (9..=11).contains(&fake.count(Action::Renew)),
        "{:?}",
        fake.state().asked
    );
    assert_eq!(
        (fake.count(Action::Obtain), kept.current().number()),
        (0, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_doomed_is_replaced_at_once_but_not_without_end() {
    let (fake, kept) = Fake::lend(3_600).await;
    pass(10).await;
    let doom = Arc::clone(&fake.state().doom);
    doom.notify_one();
    pass(1).await;
    assert_eq!(kept.current().number(), 2);

    fake.state().mode = Mode::Fails(VaultErrorKind::Denied);
    fake.state().asked.clear();
    doom.notify_one();
    pass(60).await;
    assert!(
        (6..=10).contains(&fake.count(Action::Obtain)),
        "{:?}",
        fake.state().asked
    );
    assert_eq!(fake.count(Action::Renew), 0);
    let status = kept.status();
    assert_eq!((status.health, kept.current().number()), (Health::Stale, 2));
}

/// A request may take as long as its timeout says.
#[tokio::test(start_paused = true)]
async fn a_request_without_an_answer_does_not_hide_that_time_ran_out() {
    let (fake, kept) = Fake::lend(90).await;
    fake.state().mode = Mode::Hangs;
    let mut status = kept.follow_status();
    let start = Instant::now();
    status
        .wait_for(|status| status.health == Health::Expired)
        .await
        .unwrap();
    assert!(is_about(start.elapsed(), 90), "{:?}", start.elapsed());
    pass(3_600).await;
    assert_eq!(fake.state().asked.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_same_one_again_is_no_replacement() {
    let (fake, kept) = Fake::lend_as(90, false, Mode::Repeats).await;
    pass(300).await;
    assert_eq!(kept.current().number(), 1);
    let [renewed, replaced, failed] = answers(&kept);
    assert!(renewed >= 4, "{renewed}");
    assert_eq!((replaced, failed), (0, 0));
    assert_eq!(fake.state().given_back, [0; 0]);
}

#[tokio::test(start_paused = true)]
async fn nobody_asks_for_what_is_not_kept_any_more() {
    let (fake, kept) = Fake::lend(90).await;
    let (stopped, other) = Fake::lend(90).await;
    drop(kept);
    other.stop();
    pass(3_600).await;
    assert_eq!(fake.state().asked.len() + stopped.state().asked.len(), 0);
    assert_eq!(other.status().health, Health::Expired);
}

/// How one can end that was replaced.
#[tokio::test(start_paused = true)]
async fn what_was_replaced_is_given_back_as_soon_as_nobody_needs_it() {
    let (fake, kept) = Fake::lend_as(90, false, Mode::Up).await;
    pass(61).await;
    assert_eq!(
        (kept.current().number(), &*fake.state().given_back),
        (2, &[1][..])
    );

    let needed = kept.current().need();
    let needed_too = kept.current().need();
    pass(61).await;
    assert_eq!(kept.current().number(), 3);
    drop(needed);
    pass(1).await;
    assert_eq!(fake.state().given_back, [1]);
    drop(needed_too);
    pass(1).await;
    assert_eq!(fake.state().given_back, [1, 2]);

    // It runs out while somebody needs it.
    let needed = kept.current().need();
    pass(120).await;
    drop(needed);
    pass(1).await;
    assert!(
        !fake.state().given_back.contains(&3),
        "{:?}",
        fake.state().given_back
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_gone_is_not_given_back() {
    let (fake, kept) = Fake::lend_as(90, true, Mode::Forgets).await;
    pass(63).await;
    assert_eq!(kept.current().number(), 2);
    assert_eq!(fake.state().given_back, [0; 0]);
}

#[tokio::test(start_paused = true)]
async fn all_are_told_at_the_end_that_may_be_valid() {
    let (_fake, kept) = Fake::lend_as(90, false, Mode::Up).await;
    let numbers = |kept: &Kept<u64>| {
        let open = kept.stop();
        open.iter().map(|one| one.number()).collect::<Vec<_>>()
    };
    let _needed = kept.current().need();
    pass(61).await;
    assert_eq!(numbers(&kept), [1, 2]);
    // The first runs out.
    pass(30).await;
    assert_eq!(numbers(&kept), [2]);
    kept.current().set_revoked();
    assert_eq!(numbers(&kept), [0; 0]);
}

use std::future::Future as _;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

use super::{Live, Slot};
use crate::Secret;

#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn watched(value: u32) -> Live<u32> {
    let live = Live::new(value);
    live.watch(true);
    live
}

#[test]
fn a_live_value_is_shared_between_threads() {
    fn is_shared<T: Send + Sync + Clone + 'static>() {}
    is_shared::<Live<Secret<String>>>();
}

#[test]
fn debug_shows_no_secret() {
    let token = Live::new(Some(Secret::new("hunter2".to_owned())));
    assert_eq!(format!("{token:?}"), "Some([REDACTED])");
    assert_eq!(format!("{:?}", token.follow()), "Follow(Some([REDACTED]))");
}

#[test]
fn a_slot_takes_the_value_of_a_slot_of_its_type_alone() {
    let live = watched(1);
    live.take(&Live::new(2_u32));
    assert_eq!(*live.get(), 2);
    live.take(&Live::new(3_u64));
    assert_eq!(*live.get(), 2);
}

#[test]
fn each_new_value_is_seen_once_and_the_last_is_never_missed() {
    let live = watched(0);
    let mut follow = live.follow();
    assert!(follow.try_changed().is_none());
    live.replace(Arc::new(1));
    live.replace(Arc::new(2));
    assert_eq!(follow.try_changed().as_deref(), Some(&2));
    assert!(follow.try_changed().is_none());
    let mut late = live.follow();
    assert!(late.try_changed().is_none());
    assert_eq!(*late.current(), 2);
}

#[test]
fn a_task_is_woken_by_a_change_and_by_the_end() {
    let live = watched(0);
    let mut follow = live.follow();
    let count = Arc::new(Wakes::default());
    let waker = Waker::from(Arc::clone(&count));
    let mut context = Context::from_waker(&waker);
    {
        let mut changed = pin!(follow.changed());
        assert!(changed.as_mut().poll(&mut context).is_pending());
        live.replace(Arc::new(1));
        assert_eq!(count.0.load(Ordering::Relaxed), 1);
        let polled = changed.as_mut().poll(&mut context);
        assert_eq!(polled, Poll::Ready(Some(Arc::new(1))));
    }
    // A future that is dropped loses nothing.
    drop(pin!(follow.changed()).poll(&mut context));
    live.replace(Arc::new(2));
    let polled = pin!(follow.changed()).poll(&mut context);
    assert_eq!(polled, Poll::Ready(Some(Arc::new(2))));
    assert!(pin!(follow.changed()).poll(&mut context).is_pending());
    live.watch(false);
    assert_eq!(pin!(follow.changed()).poll(&mut context), Poll::Ready(None));
}

#[test]
fn a_follower_that_is_dropped_leaves_nothing() {
    let live = watched(0);
    for _ in 0..100 {
        let waker = Waker::from(Arc::new(Wakes::default()));
        let mut follow = live.follow();
        let polled = pin!(follow.changed()).poll(&mut Context::from_waker(&waker));
        assert!(polled.is_pending());
    }
    assert!(live.state().wakers.is_empty());
}

#[test]
fn a_thread_that_waits_sees_a_change_and_the_end() {
    let live = watched(0);
    let mut follow = live.follow();
    assert!(follow.wait(Duration::from_millis(1)).is_none());
    let waiting = thread::spawn(move || {
        let first = follow.wait(Duration::from_secs(60));
        (first, follow.wait(Duration::from_secs(60)))
    });
    live.replace(Arc::new(1));
    thread::sleep(Duration::from_millis(20));
    live.watch(false);
    let (first, second) = waiting.join().unwrap();
    assert_eq!(first.as_deref(), Some(&1));
    assert!(second.is_none());
}

//! Whether the event loops turn: each is asked, and has to answer.

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::rt;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tracing::{info, warn};

use crate::process::systemd::Supervisor;

/// The interval of the questions, unless systemd has a watchdog with a shorter interval. It is far
/// below [`STUCK_TIMEOUT`].
const DEFAULT_INTERVAL: Duration = Duration::from_secs(2);

/// An event loop that does not answer for so long is stuck: liveness fails, so that the
/// process may be killed with all its requests.
const STUCK_TIMEOUT: Duration = Duration::from_secs(10);

/// A process that was frozen, as by SIGSTOP, has this time to turn its event loops again.
const THAW_TIMEOUT: Duration = Duration::from_millis(500);

/// The interval at which a frozen process is looked at.
const THAW_INTERVAL: Duration = Duration::from_millis(10);

/// The event loops of the workers. A clone shares them.
#[derive(Clone, Debug)]
pub(crate) struct EventLoops(Arc<Loops>);

#[derive(Debug)]
struct Loops {
    questions: Mutex<Vec<Questions>>,
    /// The last time at which every event loop had answered.
    turned: Mutex<Instant>,
}

impl Default for EventLoops {
    fn default() -> Self {
        Self(Arc::new(Loops {
            questions: Mutex::default(),
            turned: Mutex::new(Instant::now()),
        }))
    }
}

type Questions = mpsc::UnboundedSender<oneshot::Sender<()>>;

impl EventLoops {
    /// Adds the event loop of this thread, for as long as it lives.
    pub(crate) fn join(&self) {
        let (questions, mut asked) = mpsc::unbounded_channel::<oneshot::Sender<()>>();
        rt::spawn(async move {
            while let Some(answer) = asked.recv().await {
                let _ = answer.send(());
            }
        });
        self.all(|all| all.push(questions));
    }

    /// Resolves to whether an event loop is stuck. An event loop that turns within
    /// [`THAW_TIMEOUT`] was frozen with its process.
    pub(crate) async fn are_stuck(&self) -> bool {
        let turned = async {
            while !self.have_turned() {
                sleep(THAW_INTERVAL).await;
            }
        };
        timeout(THAW_TIMEOUT, turned).await.is_err()
    }

    fn have_turned(&self) -> bool {
        let turned = self.0.turned.lock();
        turned.unwrap_or_else(PoisonError::into_inner).elapsed() <= STUCK_TIMEOUT
    }

    /// Resolves when every event loop has answered. An event loop that has ended is
    /// forgotten: actix replaces a worker that panicked.
    pub(crate) async fn turn(&self) {
        let mut answers = Vec::new();
        self.all(|all| {
            all.retain(|questions| {
                let (answer, answered) = oneshot::channel();
                let asked = questions.send(answer).is_ok();
                if asked {
                    answers.push(answered);
                }
                asked
            });
        });
        for answer in answers {
            let _ = answer.await;
        }
        *self.0.turned.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn all(&self, look: impl FnOnce(&mut Vec<Questions>)) {
        let questions = self.0.questions.lock();
        look(&mut questions.unwrap_or_else(PoisonError::into_inner));
    }
}

/// Asks the event loops at an interval, and notifies the supervisor's watchdog while all
/// of them turn: after half of the watchdog's timeout at the latest, as systemd recommends. A
/// warning comes after three quarters of the timeout, before the supervisor ends the process.
///
/// It runs in the main event loop, so that the main event loop is checked too.
pub(crate) async fn watch(supervisor: Supervisor, loops: EventLoops) {
    let half = supervisor
        .watchdog()
        .map_or(DEFAULT_INTERVAL, |time| time / 2);
    let mut beat = interval(half.min(DEFAULT_INTERVAL));
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        let mut turned = pin!(loops.turn());
        if timeout(half / 2, &mut turned).await.is_err() {
            warn!("an event loop is stuck: a handler blocks it");
            turned.as_mut().await;
            info!("all event loops turn again");
        }
        supervisor.alive();
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    /// An event loop in a thread of its own, until it is told to end.
    fn event_loop(loops: &EventLoops) -> (oneshot::Sender<()>, thread::JoinHandle<()>) {
        let (end, ended) = oneshot::channel();
        let (joined, has_joined) = std::sync::mpsc::channel();
        let loops = loops.clone();
        let thread = thread::spawn(move || {
            rt::System::new().block_on(async move {
                loops.join();
                joined.send(()).unwrap();
                let _ = ended.await;
            });
        });
        has_joined.recv().unwrap();
        (end, thread)
    }

    #[tokio::test]
    async fn all_event_loops_are_asked_and_none_that_ended() {
        let loops = EventLoops::default();
        loops.turn().await;
        let (end, first) = event_loop(&loops);
        let (_second_end, _second) = event_loop(&loops);
        loops.turn().await;
        end.send(()).unwrap();
        first.join().unwrap();
        loops.turn().await;
        assert_eq!(loops.0.questions.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn event_loops_that_turn_again_are_not_stuck() {
        let loops = EventLoops::default();
        let long_ago = Instant::now().checked_sub(2 * STUCK_TIMEOUT).unwrap();
        *loops.0.turned.lock().unwrap() = long_ago;
        assert!(loops.are_stuck().await);
        let thaw = async {
            sleep(2 * THAW_INTERVAL).await;
            loops.turn().await;
        };
        assert!(!tokio::join!(loops.are_stuck(), thaw).0);
    }

    #[tokio::test]
    async fn one_that_is_blocked_does_not_answer() {
        let loops = EventLoops::default();
        let (_end, _thread) = event_loop(&loops);
        let (release, blocked) = std::sync::mpsc::channel::<()>();
        let (block_end, block_ended) = oneshot::channel::<()>();
        let blocking = loops.clone();
        let thread = thread::spawn(move || {
            rt::System::new().block_on(async move {
                blocking.join();
                block_end.send(()).unwrap();
                blocked.recv().unwrap();
                rt::task::yield_now().await;
            });
        });
        block_ended.await.unwrap();
        let turned = timeout(Duration::from_millis(50), loops.turn()).await;
        assert!(turned.is_err(), "one of two is blocked");
        release.send(()).unwrap();
        thread.join().unwrap();
        loops.turn().await;
    }
}

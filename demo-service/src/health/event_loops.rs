//! Signs of life that mean something: each event loop is asked, and has to answer.

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::rt;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tracing::{info, warn};

use crate::process::systemd::Supervisor;

/// How often the event loops are asked, where no supervisor says it.
const INTERVAL: Duration = Duration::from_secs(2);

/// How long an event loop may take to answer before the service is called stuck.
/// Somebody may kill it for that, and all requests that it serves.
const STUCK: Duration = Duration::from_secs(10);

/// The event loops that serve requests, one for each worker. A clone knows the
/// same ones.
#[derive(Clone, Debug)]
pub struct EventLoops(Arc<Loops>);

#[derive(Debug)]
struct Loops {
    questions: Mutex<Vec<Questions>>,
    /// When all of them had answered last.
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
    /// Has the event loop of this thread answer, as long as it lives.
    pub fn join(&self) {
        let (questions, mut asked) = mpsc::unbounded_channel::<oneshot::Sender<()>>();
        rt::spawn(async move {
            while let Some(answer) = asked.recv().await {
                let _ = answer.send(());
            }
        });
        self.all(|all| all.push(questions));
    }

    /// Whether one has not answered for long.
    #[must_use]
    pub fn are_stuck(&self) -> bool {
        let turned = self.0.turned.lock();
        turned.unwrap_or_else(PoisonError::into_inner).elapsed() > STUCK
    }

    /// Resolves when every event loop has answered. One that has ended is not
    /// asked any more: a worker that panicked was replaced.
    pub async fn turn(&self) {
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

/// Asks the event loops again and again, and tells the supervisor that the service
/// is alive, as long as all of them turn: at half of the time that may pass between
/// two signs, as systemd has it.
///
/// This runs in the loop that takes signals, which turns too, then.
pub async fn watch(supervisor: Supervisor, loops: EventLoops) {
    let half = supervisor.watchdog().map_or(INTERVAL, |time| time / 2);
    let mut beat = interval(half);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        let mut turned = pin!(loops.turn());
        if timeout(half, &mut turned).await.is_err() {
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

//! Signs of life that mean something: each event loop is asked, and has to answer.

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::rt;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tracing::{info, warn};

use crate::supervisor::Supervisor;

/// The event loops that serve requests, one for each worker. A clone knows the
/// same ones.
#[derive(Clone, Debug, Default)]
pub struct EventLoops(Arc<Mutex<Vec<Questions>>>);

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
    }

    fn all(&self, look: impl FnOnce(&mut Vec<Questions>)) {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Tells the supervisor that the service is alive, as long as all event loops
/// turn: at half of the time that may pass between two signs, as systemd has it.
///
/// This runs in the loop that takes signals, which turns too, then.
pub async fn watch(supervisor: Supervisor, loops: EventLoops, at_most: Duration) {
    let half = at_most / 2;
    let mut beat = interval(half);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        let mut turned = pin!(loops.turn());
        if timeout(half, &mut turned).await.is_err() {
            warn!(?at_most, "an event loop is stuck: a handler blocks it");
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
        assert_eq!(loops.0.lock().unwrap().len(), 1);
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

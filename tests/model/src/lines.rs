//! The queue of log lines: no line is lost, and nobody waits for ever.

use std::io::{self, Write};
use std::time::Duration;

use loom::model::Builder;
use loom::sync::{Arc, Mutex};
use loom::thread;

use crate::telemetry::queue::Lines;

/// Longer than any timeout of the model, so that a wait that is not woken is a deadlock.
const FOR_EVER: Duration = Duration::from_secs(3600);

/// A stdout that keeps its lines.
#[derive(Clone, Default)]
struct Stdout(Arc<Mutex<Vec<u8>>>);

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Stdout {
    fn lines(&self) -> usize {
        let bytes = self.0.lock().unwrap();
        bytes.iter().filter(|byte| **byte == b'\n').count()
    }
}

/// Runs a model with the thread that writes until it has written `lines`.
fn model(lines: usize, run: impl Fn(&Lines, &Stdout) + Send + Sync + 'static) {
    let mut builder = Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(move || {
        let (queue, stdout) = (Lines::default(), Stdout::default());
        let writer = {
            let (queue, mut out) = (queue.clone(), stdout.clone());
            thread::spawn(move || {
                let mut batch = Vec::new();
                while out.lines() < lines {
                    queue.write_next(&mut out, &mut batch);
                }
            })
        };
        run(&queue, &stdout);
        writer.join().unwrap();
        assert_eq!((stdout.lines(), queue.dropped()), (lines, 0));
    });
}

#[test]
fn each_line_wakes_the_thread_that_writes() {
    model(2, |queue, _| {
        queue.push(b"1\n");
        queue.push(b"2\n");
    });
}

#[test]
fn lines_of_two_threads_are_written() {
    model(2, |queue, _| {
        let other = {
            let queue = queue.clone();
            thread::spawn(move || queue.push(b"1\n"))
        };
        queue.push(b"2\n");
        other.join().unwrap();
    });
}

#[test]
fn a_flush_returns_once_every_line_before_it_is_written() {
    model(2, |queue, stdout| {
        queue.push(b"1\n");
        queue.push(b"2\n");
        assert!(queue.flush(FOR_EVER));
        assert_eq!(stdout.lines(), 2);
    });
}

#[test]
fn two_flushes_end() {
    model(1, |queue, stdout| {
        queue.push(b"1\n");
        let other = {
            let queue = queue.clone();
            thread::spawn(move || assert!(queue.flush(FOR_EVER)))
        };
        assert!(queue.flush(FOR_EVER));
        assert_eq!(stdout.lines(), 1);
        other.join().unwrap();
    });
}

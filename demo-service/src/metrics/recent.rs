//! Requests, errors and latency of the last minutes, for the state page.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::BUCKETS;

/// The time between two samples.
pub(crate) const INTERVAL: Duration = Duration::from_secs(5);

/// The oldest sample is as old as the longest time that the page shows.
const MAX_SAMPLES: usize = 61;

/// A count for each bucket, and for longer requests.
type Counts = [u64; BUCKETS.len() + 1];

/// Requests that have ended, counted on the hot path by a single atomic addition.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    answered: [AtomicU64; BUCKETS.len() + 1],
    failed: [AtomicU64; BUCKETS.len() + 1],
    samples: Mutex<VecDeque<Sample>>,
}

/// All counts at a time.
#[derive(Clone, Copy, Debug)]
struct Sample {
    at: Instant,
    answered: Counts,
    failed: Counts,
}

/// The requests of a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Summary {
    /// The time that was measured, which is shorter after a start.
    pub(crate) time: Duration,
    /// The number of requests.
    pub(crate) requests: u64,
    /// The number of requests with an answer of 500 or more.
    pub(crate) errors: u64,
    /// Bounds in seconds that half and 99 % of the requests do not exceed, or infinity.
    pub(crate) quantiles: Option<[f64; 2]>,
}

impl Recent {
    /// Counts a request that has ended.
    pub(crate) fn record(&self, status: u16, duration: Duration) {
        let seconds = duration.as_secs_f64();
        let bucket = BUCKETS.partition_point(|bound| *bound < seconds);
        let counts = if status >= 500 {
            &self.failed
        } else {
            &self.answered
        };
        counts[bucket].fetch_add(1, Ordering::Relaxed);
    }

    /// Remembers the counts. Call it every [`INTERVAL`].
    pub(crate) fn sample(&self) {
        let sample = self.now();
        let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        if samples.len() == MAX_SAMPLES {
            samples.pop_front();
        }
        samples.push_back(sample);
    }

    /// Returns the requests of the last `time`.
    pub(crate) fn last(&self, time: Duration) -> Summary {
        let now = self.now();
        let samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        let is_within = |sample: &&Sample| now.at.duration_since(sample.at) <= time;
        let before = samples
            .iter()
            .find(is_within)
            .copied()
            .unwrap_or(Sample { at: now.at, ..now });
        drop(samples);
        now.since(&before)
    }

    fn now(&self) -> Sample {
        let load = |counts: &[AtomicU64; BUCKETS.len() + 1]| {
            counts.each_ref().map(|count| count.load(Ordering::Relaxed))
        };
        Sample {
            at: Instant::now(),
            answered: load(&self.answered),
            failed: load(&self.failed),
        }
    }
}

impl Sample {
    fn since(&self, before: &Self) -> Summary {
        let mut counts = Counts::default();
        let (mut requests, mut errors) = (0, 0);
        for (bucket, count) in counts.iter_mut().enumerate() {
            let failed = self.failed[bucket] - before.failed[bucket];
            *count = self.answered[bucket] - before.answered[bucket] + failed;
            requests += *count;
            errors += failed;
        }
        let quantiles = (requests > 0).then(|| {
            [requests.div_ceil(2), (requests * 99).div_ceil(100)].map(|rank| bound(&counts, rank))
        });
        Summary {
            time: self.at.duration_since(before.at),
            requests,
            errors,
            quantiles,
        }
    }
}

/// Returns the upper bound of the bucket that has the request of a rank.
fn bound(counts: &Counts, rank: u64) -> f64 {
    let mut sum = 0;
    let bucket = counts.iter().position(|count| {
        sum += count;
        sum >= rank
    });
    let bound = bucket.and_then(|bucket| BUCKETS.get(bucket));
    bound.copied().unwrap_or(f64::INFINITY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn requests_of_the_last_minutes_are_counted_by_latency() {
        let recent = Recent::default();
        recent.sample();
        for _ in 0..98 {
            recent.record(200, Duration::from_micros(300));
        }
        recent.record(503, Duration::from_millis(40));
        recent.record(200, Duration::from_mins(1));
        tokio::time::advance(INTERVAL).await;
        let summary = recent.last(Duration::from_mins(1));
        assert_eq!((summary.requests, summary.errors), (100, 1));
        assert_eq!(summary.time, INTERVAL);
        assert_eq!(summary.quantiles, Some([0.0005, 0.05]));
        recent.sample();
        tokio::time::advance(Duration::from_mins(1)).await;
        assert_eq!(recent.last(Duration::from_mins(1)).requests, 0);
        assert_eq!(recent.last(Duration::from_mins(5)).requests, 100);
    }

    #[tokio::test(start_paused = true)]
    async fn samples_of_five_minutes_are_kept() {
        let recent = Recent::default();
        for _ in 0..1_000 {
            recent.record(200, Duration::from_millis(2));
            recent.sample();
            tokio::time::advance(INTERVAL).await;
        }
        assert_eq!(recent.samples.lock().unwrap().len(), MAX_SAMPLES);
        let summary = recent.last(Duration::from_mins(5));
        assert_eq!(summary.time, Duration::from_mins(5));
        assert_eq!(summary.requests, 59);
    }

    #[test]
    fn the_slowest_requests_have_no_bound() {
        let recent = Recent::default();
        recent.sample();
        recent.record(200, Duration::from_mins(1));
        let quantiles = recent.last(Duration::from_mins(1)).quantiles;
        assert_eq!(quantiles, Some([f64::INFINITY; 2]));
    }
}

//! The measurements, and their order.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use crate::Result;
use crate::contestant::Contestant;
use crate::cores::Cores;
use crate::load::Load;
use crate::process::{Process, get};

/// How long a contestant is under load before it is measured.
const WARM_UP: Duration = Duration::from_secs(1);

/// How long it is measured then: not long, so that whatever else the machine does
/// in a round, all of them have their share of it.
const MEASURED: Duration = Duration::from_secs(2);

/// Have no factor in common with the number of contestants, which is 6.
const STEPS: [usize; 2] = [1, 5];

/// How often the service is asked for its metrics, a second.
pub(crate) const SCRAPES: [u32; 3] = [0, 1, 20];

/// When the service's memory is looked at, at the earliest: the last time is a million
/// requests after the first, which has up to a tenth of that more.
const MEMORY_AFTER: [f64; 3] = [1e5, 6e5, 1.2e6];

/// The results of a contestant in a round.
#[derive(Clone, Copy)]
pub(crate) struct Answers {
    pub(crate) load: Load,
    /// Of the server, in microseconds for each request.
    pub(crate) processor: f64,
    /// Bytes for each request.
    pub(crate) logged: f64,
    /// From exec until it was ready, in milliseconds.
    pub(crate) boot: f64,
    /// In bytes, before the first request and after the last.
    pub(crate) memory: [f64; 2],
}

/// Returns the results of each contestant in each round.
pub(crate) fn of_all(
    contestants: &[Contestant],
    cores: &Cores,
    rounds: usize,
) -> Result<Vec<Vec<Answers>>> {
    let mut all = vec![Vec::new(); contestants.len()];
    for round in 1..=rounds {
        for turn in 0..contestants.len() {
            // So that nobody always comes after the same one, which may have left the
            // processor rested.
            let index = (round + turn * STEPS[round % STEPS.len()]) % contestants.len();
            let contestant = &contestants[index];
            let answers = answers(contestant, cores)?;
            eprintln!(
                "http: round {round} of {rounds}: {}: {:.0} a second",
                contestant.name,
                answers.load.rate()
            );
            all[index].push(answers);
        }
    }
    Ok(all)
}

fn answers(contestant: &Contestant, cores: &Cores) -> Result<Answers> {
    let process = Process::start(contestant, cores)?;
    let idle = process.memory()?;
    Load::put_on(process.address, WARM_UP, cores)?;
    let (processor, logged) = (process.processor()?, process.logged()?);
    let load = Load::put_on(process.address, MEASURED, cores)?;
    Ok(Answers {
        load,
        processor: (process.processor()? - processor) * 1e6 / load.requests,
        logged: (process.logged()? - logged) / load.requests,
        boot: process.boot.as_secs_f64() * 1e3,
        memory: [idle, process.memory()?],
    })
}

/// Gives what the service does while it is scraped: for each of [`SCRAPES`], in
/// each round.
pub(crate) fn with_scrapes(
    service: &Contestant,
    cores: &Cores,
    rounds: usize,
) -> Result<[Vec<Load>; SCRAPES.len()]> {
    let process = Process::start(service, cores)?;
    Load::put_on(process.address, WARM_UP, cores)?;
    let mut all = SCRAPES.map(|_| Vec::new());
    for round in 1..=rounds {
        for (rate, all) in SCRAPES.iter().zip(&mut all) {
            let load = scraped(&process, *rate, cores)?;
            eprintln!(
                "http: round {round} of {rounds}: {rate} scrapes a second: {:.0} a second",
                load.rate()
            );
            all.push(load);
        }
    }
    Ok(all)
}

fn scraped(process: &Process, rate: u32, cores: &Cores) -> Result<Load> {
    let is_over = AtomicBool::new(false);
    scope(|threads| {
        let scraper = threads.spawn(|| scrape(process, rate, &is_over));
        let load = Load::put_on(process.address, MEASURED, cores);
        is_over.store(true, Ordering::Relaxed);
        match scraper.join() {
            Ok(true) => load,
            _ => Err("the service does not tell its metrics".into()),
        }
    })
}

/// Tells whether each scrape was answered.
fn scrape(process: &Process, rate: u32, is_over: &AtomicBool) -> bool {
    let start = Instant::now();
    let mut scrapes = 0;
    while rate > 0 && !is_over.load(Ordering::Relaxed) {
        let answer = get(process.address, "/-/metrics");
        if !answer.is_ok_and(|answer| answer.contains("http_request_duration_seconds_count")) {
            return false;
        }
        scrapes += 1;
        let next = start + Duration::from_secs(1) * scrapes / rate;
        sleep(next.saturating_duration_since(Instant::now()));
    }
    true
}

/// Gives the service's memory before the first request, and after at least so many
/// as [`MEMORY_AFTER`] says, each time with how many there were.
pub(crate) fn of_a_million(service: &Contestant, cores: &Cores) -> Result<Vec<(f64, f64)>> {
    let process = Process::start(service, cores)?;
    let mut requests = 0.0;
    let mut memory = vec![(requests, process.memory()?)];
    for after in MEMORY_AFTER {
        eprintln!("http: {after} requests");
        while requests < after {
            requests += Load::put_on(process.address, WARM_UP, cores)?.requests;
        }
        memory.push((requests, process.memory()?));
    }
    Ok(memory)
}

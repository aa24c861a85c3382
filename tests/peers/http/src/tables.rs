//! The tables, and the versions behind the measurements.

use std::fs;
use std::process::Command;

use report::{Table, median, median_ratio, number, ratio, versions};

use crate::Result;
use crate::contestant::Contestant;
use crate::cores::Cores;
use crate::load::{CONNECTIONS, Load};
use crate::rounds::{Answers, SCRAPES};
use crate::setup::PYTHON;

/// Servers of third parties.
const PEERS: [&str; 5] = [
    "actix-web",
    "actix-web-prom",
    "axum",
    "axum-prometheus",
    "tracing-actix-web",
];

/// Prints the versions behind the measurements.
pub(crate) fn conditions(cores: &Cores, rounds: usize) -> Result<String> {
    let wrk = Command::new("wrk").arg("-v").output()?;
    let wrk = String::from_utf8_lossy(&wrk.stdout);
    let wrk = wrk.split(" [").next().unwrap_or_default().trim();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    let pinned = if cores.are_apart() {
        "the server on one core and the load on another"
    } else {
        "server and load on the same core"
    };
    Ok(format!(
        "{wrk} with {CONNECTIONS} connections, {pinned}; Linux {}; {}, {}. Medians of {rounds} \
         interleaved rounds, and of their ratios.",
        kernel.trim(),
        versions(&PEERS)?,
        PYTHON.join(", ").replace("==", " "),
    ))
}

/// Prints the results of each contestant. The first is the base of the comparison.
pub(crate) fn answers(contestants: &[Contestant], all: &[Vec<Answers>]) -> Table {
    let heads = [
        "",
        "requests/s",
        "× bare",
        "p50 ms",
        "p99 ms",
        "× bare",
        "processor µs a request",
        "logged B a request",
        "exec to ready ms",
        "memory MiB: idle",
        "after load",
    ];
    let mut table = Table::new(heads.map(str::to_owned).to_vec());
    let bare = &all[0];
    for (contestant, rounds) in contestants.iter().zip(all) {
        let of = |value| middle(rounds, value);
        let to_bare = |value| middle_ratio(rounds, bare, value);
        table.row(vec![
            contestant.name.to_owned(),
            number(of(|round| round.load.rate())),
            ratio(to_bare(|round| round.load.rate())),
            ratio(of(|round| round.load.p50) / 1e3),
            ratio(of(|round| round.load.p99) / 1e3),
            ratio(to_bare(|round| round.load.p99)),
            ratio(of(|round| round.processor)),
            number(of(|round| round.logged)),
            number(of(|round| round.boot)),
            ratio(of(|round| mebibytes(round.memory[0]))),
            ratio(of(|round| mebibytes(round.memory[1]))),
        ]);
    }
    table
}

/// Prints the cost of a scrape for clients of the service.
pub(crate) fn scrapes(all: &[Vec<Load>; SCRAPES.len()]) -> Table {
    let heads = [
        "scrapes a second",
        "requests/s",
        "× none",
        "p99 ms",
        "× none",
    ];
    let mut table = Table::new(heads.map(str::to_owned).to_vec());
    let none = &all[0];
    for (rate, rounds) in SCRAPES.iter().zip(all) {
        let of = |value| middle(rounds, value);
        let to_none = |value| middle_ratio(rounds, none, value);
        table.row(vec![
            rate.to_string(),
            number(of(Load::rate)),
            ratio(to_none(Load::rate)),
            ratio(of(|load| load.p99) / 1e3),
            ratio(to_none(|load| load.p99)),
        ]);
    }
    table
}

/// Tells how memory grows with the requests that were answered.
pub(crate) fn memory(memory: &[(f64, f64)]) -> Table {
    let mut table = Table::new(vec!["requests".to_owned(), "MiB".to_owned()]);
    for (requests, bytes) in memory {
        table.row(vec![number(*requests), ratio(mebibytes(*bytes))]);
    }
    table
}

/// The median of the rounds.
fn middle<Round>(rounds: &[Round], value: fn(&Round) -> f64) -> f64 {
    median(rounds.iter().map(value).collect())
}

/// The median of the ratios of rounds that were measured one after the other.
fn middle_ratio<Round>(rounds: &[Round], base: &[Round], value: fn(&Round) -> f64) -> f64 {
    let values = |rounds: &[Round]| rounds.iter().map(value).collect::<Vec<_>>();
    median_ratio(&values(rounds), &values(base))
}

fn mebibytes(bytes: f64) -> f64 {
    bytes / f64::from(1 << 20)
}

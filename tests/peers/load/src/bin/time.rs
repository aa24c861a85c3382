//! Says how long each contestant takes to load from the environment of this
//! process, in nanoseconds, and that over what the first takes. `time ROUNDS`.

use std::time::{Duration, Instant};

use load::CONTESTANTS;
use report::{median, median_ratio};

/// How long one turn of a contestant lasts, about.
const TURN: Duration = Duration::from_millis(1);

/// Have no factor in common with the number of contestants, which is 10.
const STEPS: [usize; 4] = [1, 3, 7, 9];

fn main() {
    let rounds: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    load::assert_same_values();
    let loads: Vec<u32> = CONTESTANTS
        .iter()
        .map(|contestant| loads_a_turn(contestant.load))
        .collect();
    let mut times = vec![Vec::with_capacity(rounds); CONTESTANTS.len()];
    for round in 0..rounds {
        for turn in 0..CONTESTANTS.len() {
            // So that no contestant always comes after the same contestant.
            let index = (round + turn * STEPS[round % STEPS.len()]) % CONTESTANTS.len();
            times[index].push(time(CONTESTANTS[index].load, loads[index]));
        }
    }
    for (contestant, own) in CONTESTANTS.iter().zip(&times) {
        println!(
            "{}\t{}\t{}",
            contestant.name,
            median(own.clone()),
            median_ratio(own, &times[0])
        );
    }
}

fn loads_a_turn(load: fn()) -> u32 {
    let mut loads = 1;
    while time(load, loads) * f64::from(loads) < TURN.as_secs_f64() * 1e9 {
        loads *= 2;
    }
    loads
}

/// Nanoseconds for each of so many loads, after one that finds the processor as
/// another contestant left it.
fn time(load: fn(), loads: u32) -> f64 {
    load();
    let start = Instant::now();
    for _ in 0..loads {
        load();
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(loads)
}

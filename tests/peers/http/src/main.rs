//! Asks each contestant for the same `Hello World!`, and prints what an answer costs.
//!
//! One worker each, on a core of its own; the load comes from another core. Rounds
//! are interleaved, so that a noisy machine is noisy for all, and what is told is
//! the median of the rounds, and of the rounds' ratios.

mod contestant;
mod cores;
mod load;
mod process;
mod rounds;
mod setup;
mod tables;

use std::error::Error;

use cores::Cores;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let rounds = report::rounds(15)?;
    let cores = Cores::of_this_machine()?;
    let contestants = setup::contestants()?;
    let answers = rounds::of_all(&contestants, &cores, rounds)?;
    let ours = contestants.iter().find(|contestant| contestant.is_ours());
    let ours = ours.ok_or("the service does not take part")?;
    let scrapes = rounds::with_scrapes(ours, &cores, rounds)?;
    let memory = rounds::of_a_million(ours, &cores)?;
    println!("### `Hello World!`, from one worker\n");
    println!("{}\n", tables::conditions(&cores, rounds)?);
    println!("{}", tables::answers(&contestants, &answers));
    println!("### What scrapes of `/-/metrics` cost meanwhile\n");
    println!("{}", tables::scrapes(&scrapes));
    println!("### Memory of demo-service, by the requests that it has answered\n");
    println!("{}", tables::memory(&memory));
    Ok(())
}

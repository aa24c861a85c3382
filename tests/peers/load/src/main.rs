//! Prints how long a load takes, and how often it allocates, at several sizes of
//! the environment: in processes that have such an environment, one for what is
//! allocated and several for the times.

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::process::Command;

use load::{CONTESTANTS, environment};
use report::{Table, number, ratio};

const SIZES: [u32; 3] = [51, 1_051, 20_051];

/// In how many processes all rounds are measured. Where the stack lies is another
/// place in each, and can make the same code a fifth slower.
const PROCESSES: usize = 20;

/// The output of a program for each contestant: a line with its name and numbers.
type Said = BTreeMap<String, Vec<f64>>;

fn main() -> Result<(), Box<dyn Error>> {
    // Of 20, each contestant comes after each of four others equally often.
    let rounds = report::rounds(20)?.to_string();
    let mut measured = Vec::new();
    for size in SIZES {
        eprintln!("load: {size} entries");
        let times = (0..PROCESSES).map(|_| ask("time", &[&rounds], size));
        let times = medians(&times.collect::<Result<Vec<_>, _>>()?);
        let allocations = ask("allocations", &[], size)?;
        measured.push((times, allocations));
    }
    print(&measured);
    Ok(())
}

/// Runs the program `name`, built beside this one, with an environment of `size`.
fn ask(name: &str, args: &[&str], size: u32) -> Result<Said, Box<dyn Error>> {
    let output = Command::new(env::current_exe()?.with_file_name(name))
        .args(args)
        .env_clear()
        .envs(environment::of(size))
        .stderr(std::process::Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("{name}: {}", output.status).into());
    }
    let said = String::from_utf8(output.stdout)?;
    let line = |line: &str| -> Result<(String, Vec<f64>), Box<dyn Error>> {
        let mut words = line.split('\t');
        let name = words.next().unwrap_or_default().to_owned();
        let numbers = words.map(str::parse).collect::<Result<_, _>>()?;
        Ok((name, numbers))
    };
    said.lines().map(line).collect()
}

/// The median of each number over all processes.
fn medians(said: &[Said]) -> Said {
    let mut medians = said[0].clone();
    for (name, numbers) in &mut medians {
        for (column, number) in numbers.iter_mut().enumerate() {
            *number = report::median(said.iter().map(|said| said[name][column]).collect());
        }
    }
    medians
}

fn print(measured: &[(Said, Said)]) {
    let sizes = SIZES.map(|size| number(size.into()));
    let mut heads = vec![String::new()];
    heads.extend(
        sizes
            .iter()
            .flat_map(|size| [format!("ns at {size}"), "×".to_owned()]),
    );
    heads.push(format!("allocations at {}", sizes.join(" / ")));
    let mut table = Table::new(heads);
    for contestant in CONTESTANTS {
        let name = contestant.name;
        let mut row = vec![name.to_owned()];
        row.extend(
            measured
                .iter()
                .flat_map(|(times, _)| [number(times[name][0]), ratio(times[name][1])]),
        );
        let allocations = measured
            .iter()
            .map(|(_, allocations)| number(allocations[name][0]));
        row.push(allocations.collect::<Vec<_>>().join(" / "));
        table.row(row);
    }
    println!("### Loading 16 variables, by the number of entries in the environment\n\n{table}");
}

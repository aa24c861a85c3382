//! Prints how long the compiler takes for 1,000 fields in 100 groups, and for the
//! crates that this needs.

mod build;
mod contestant;

use std::error::Error;

use build::Kind;
use contestant::Contestant;
use report::{Options, Table, median, median_ratio, number, ratio};

fn main() -> Result<(), Box<dyn Error>> {
    let Options { rounds, only } = report::options(3)?;
    let mut contestants = match only {
        Some(names) => contestant::only(&names)?,
        None => contestant::all(),
    };
    for kind in Kind::ALL {
        for contestant in &mut contestants {
            eprintln!(
                "compile: {} with what it needs, {}",
                contestant.name,
                kind.name()
            );
            contestant.prepare(kind)?;
        }
    }
    for round in 1..=rounds {
        // So that no contestant always comes after the same contestant.
        contestants.rotate_left(1);
        for contestant in &mut contestants {
            eprintln!("compile: {}, round {round} of {rounds}", contestant.name);
            contestant.measure(round)?;
        }
    }
    contestants.sort_by_key(|contestant| contestant.place);
    print(&contestants);
    Ok(())
}

fn print(contestants: &[Contestant]) {
    let heads = [
        "",
        "check s",
        "×",
        "debug s",
        "×",
        "release s",
        "×",
        "KiB",
        "crates, clean s",
    ];
    let mut table = Table::new(heads.map(str::to_owned).to_vec());
    let first = &contestants[0];
    for contestant in contestants {
        let mut row = vec![contestant.name.to_owned()];
        for (own, first) in contestant.seconds.iter().zip(&first.seconds) {
            row.extend([ratio(median(own.clone())), ratio(median_ratio(own, first))]);
        }
        row.push(number(contestant.bytes as f64 / 1024.0));
        row.push(ratio(median(contestant.clean.clone())));
        table.row(row);
    }
    println!("### Compiling 1,000 fields in 100 groups\n\n{table}");
}

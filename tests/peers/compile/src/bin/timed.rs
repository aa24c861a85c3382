//! Runs the compiler for cargo, and adds a line to the file `TIMES`: the package,
//! the crate, and the processor time that it took, in seconds of user mode.

use std::env;
use std::error::Error;
use std::fs::OpenOptions;
use std::io::Write;
use std::process::{Command, ExitCode};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut args = env::args_os().skip(1);
    let compiler = args.next().ok_or("cargo gives the compiler")?;
    let args: Vec<_> = args.collect();
    let status = Command::new(compiler).args(&args).status()?;
    let mut names = args.iter().skip_while(|arg| *arg != "--crate-name").skip(1);
    // Without a package, cargo only asks for the abilities of the compiler.
    if let (Some(name), Ok(package)) = (names.next(), env::var("CARGO_PKG_NAME")) {
        let time = getrusage(UsageWho::RUSAGE_CHILDREN)?.user_time();
        let seconds = time.num_microseconds() as f64 / 1e6;
        let line = format!("{package}\t{}\t{seconds}\n", name.display());
        let mut times = OpenOptions::new()
            .create(true)
            .append(true)
            .open(env::var("TIMES")?)?;
        times.write_all(line.as_bytes())?;
    }
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

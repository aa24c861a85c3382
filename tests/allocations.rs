//! The allocations of a load from the environment. A suite of its own, because the counter
//! is the allocator of the whole process.

use std::alloc::System;
use std::error::Error;
use std::process::Command;

use environ::{EnvConfig, Process, Source};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Four of them are in a group.
const VARIABLES: [&str; 12] = [
    "APP_A",
    "APP_B",
    "APP_C",
    "APP_D",
    "APP_PORT",
    "APP_RATIO",
    "APP_LIMIT",
    "APP_ON",
    "APP_GROUP_A",
    "APP_GROUP_B",
    "APP_GROUP_C",
    "APP_GROUP_D",
];

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    a: String,
    b: String,
    c: Option<String>,
    #[env(default = "d")]
    d: String,
    port: u16,
    #[env(default = 0.5)]
    ratio: f64,
    limit: Option<u32>,
    on: bool,
    #[env(group)]
    group: Group,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Group {
    a: String,
    b: String,
    c: String,
    d: String,
}

/// Without the harness, because its threads allocate too.
#[expect(clippy::disallowed_methods, reason = "this is what is tested")]
fn main() -> Result<(), Box<dyn Error>> {
    const MARK: &str = "TEST_OF_THIS_PROCESS";
    if Process.get(MARK).is_some() {
        let region = Region::new(ALLOCATOR);
        let cfg = Cfg::from_env();
        let change = region.change();
        assert_eq!(cfg?.group.d, "1");
        let allocations = change.allocations + change.reallocations;
        assert!(allocations <= VARIABLES.len(), "{allocations} allocations");
        return Ok(());
    }
    for count in [0, 1_000] {
        let others = (0..count).map(|i| (format!("OTHER_{i}"), i.to_string()));
        let child = Command::new(std::env::current_exe()?)
            .env_clear()
            .env(MARK, "")
            .envs(VARIABLES.map(|name| (name, "1")))
            .envs(others)
            .status()?;
        assert!(child.success(), "with {count} others: {child}");
    }
    Ok(())
}

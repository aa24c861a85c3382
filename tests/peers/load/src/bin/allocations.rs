//! Says how often each contestant allocates to load from the environment of this
//! process. A program of its own, since counting takes time.

use std::alloc::System;

use load::CONTESTANTS;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    for contestant in CONTESTANTS {
        // The first load may set up state for later loads.
        (contestant.load)();
        let region = Region::new(ALLOCATOR);
        (contestant.load)();
        let change = region.change();
        println!(
            "{}\t{}",
            contestant.name,
            change.allocations + change.reallocations
        );
    }
}

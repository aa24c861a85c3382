//! The counts of a drain and the queue of log lines, in every order of their threads.
//!
//! The modules are the files of the service itself; `build.rs` replaces only their locks and
//! atomics by loom's. The drain as a whole is a chain of timers around actix's handle, which
//! loom does not know; its decisions depend on these counts.

#![cfg(test)]
#![expect(dead_code, reason = "a model needs a part of each file")]

mod drain;
mod lines;
mod sync;

mod in_flight {
    include!(concat!(env!("OUT_DIR"), "/in_flight.rs"));
}

mod connections {
    include!(concat!(env!("OUT_DIR"), "/connections.rs"));
}

mod telemetry {
    pub(crate) mod batch {
        include!(concat!(env!("OUT_DIR"), "/batch.rs"));
    }

    pub(crate) mod queue {
        include!(concat!(env!("OUT_DIR"), "/queue.rs"));
    }
}

//! The core of each process.

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

use crate::Result;

/// One core for the server, and one for the load, where there are two.
pub(crate) struct Cores {
    all: CpuSet,
    apart: Option<[CpuSet; 2]>,
}

impl Cores {
    pub(crate) fn of_this_machine() -> Result<Self> {
        let all = sched_getaffinity(None)?;
        let mut cores = (0..CpuSet::MAX_CPU).filter(|core| all.is_set(*core));
        let apart = cores.next().zip(cores.next());
        let apart = apart.map(|(server, load)| [only(server), only(load)]);
        Ok(Self { all, apart })
    }

    pub(crate) fn are_apart(&self) -> bool {
        self.apart.is_some()
    }

    /// Runs `start` on the server's core, where its children stay.
    pub(crate) fn server<T>(&self, start: impl FnOnce() -> Result<T>) -> Result<T> {
        self.on(self.apart.map(|[server, _]| server), start)
    }

    /// Runs `load` on the second core, where its children stay.
    pub(crate) fn load<T>(&self, load: impl FnOnce() -> Result<T>) -> Result<T> {
        self.on(self.apart.map(|[_, load]| load), load)
    }

    fn on<T>(&self, core: Option<CpuSet>, run: impl FnOnce() -> Result<T>) -> Result<T> {
        let Some(core) = core else {
            return run();
        };
        sched_setaffinity(None, &core)?;
        let ran = run();
        sched_setaffinity(None, &self.all)?;
        ran
    }
}

fn only(core: usize) -> CpuSet {
    let mut cores = CpuSet::new();
    cores.set(core);
    cores
}

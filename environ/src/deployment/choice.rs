//! The workloads of the program among those of all files, and files with none.

use std::collections::BTreeMap;

use super::check::Deployment;
use super::files::Read;
use super::finding::Finding;
use super::judge::Judge;
use super::kind::Kind;
use super::workload::{Format, Workload};

impl Deployment<'_> {
    /// Returns the workloads of this program.
    pub(super) fn chosen<'w>(
        &self,
        judge: &Judge<'_>,
        inputs: &[Read],
        workloads: &'w [Workload],
    ) -> Vec<&'w Workload> {
        let mut exact: BTreeMap<usize, bool> = BTreeMap::new();
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for workload in workloads
            .iter()
            .filter(|it| it.format == Format::Kubernetes)
        {
            *exact.entry(workload.group).or_default() |= self.is_exact(workload);
            *counts.entry(workload.group).or_default() += 1;
        }
        let is_chosen = |workload: &&Workload| {
            let is_of_many = matches!(workload.format, Format::Kubernetes | Format::Compose);
            if !is_of_many {
                // A machine has units of many programs, and a repository has its own Dockerfile.
                return !matches!(workload.format, Format::Systemd | Format::Quadlet)
                    || self.may_be_named(workload, inputs)
                    || judge.is_claimed(workload);
            }
            if workload.is_fragment {
                return judge.is_claimed(workload);
            }
            if let Some(container) = &self.container {
                return *container == workload.name;
            }
            if self.is_exact(workload) {
                return true;
            }
            let group = workload.group;
            let has_exact = exact.get(&group).is_some_and(|is_exact| *is_exact);
            let is_alone = self.program.is_none() && counts.get(&group) == Some(&1);
            !has_exact && (is_alone || judge.is_claimed(workload))
        };
        workloads.iter().filter(is_chosen).collect()
    }

    fn is_exact(&self, workload: &Workload) -> bool {
        let Some(program) = &self.program else {
            return false;
        };
        let image = workload.image.as_deref().unwrap_or_default();
        let image = image.split('@').next().unwrap_or_default();
        let image = image.rsplit('/').next().unwrap_or_default();
        let image = image.split(':').next().unwrap_or_default();
        workload.name == *program || image == program
    }

    /// Returns whether a file names the program, or the check has no program to look for.
    fn may_be_named(&self, workload: &Workload, inputs: &[Read]) -> bool {
        let Some(program) = self.program.as_deref() else {
            return true;
        };
        let file = workload.place.file();
        let names = |read: &Read| {
            let input = &read.input;
            &*input.name == file && (input.name.contains(program) || input.text.contains(program))
        };
        let name = &*workload.name;
        let is_wanted = self.container.as_deref() == Some(name);
        is_wanted || name.contains(program) || inputs.iter().any(names)
    }

    /// Adds a finding for each file in which nothing was judged.
    pub(super) fn add_left_out(
        &self,
        inputs: &[Read],
        workloads: &[Workload],
        chosen: &[&Workload],
        findings: &mut Vec<Finding>,
    ) {
        let is_any_judged = !chosen.is_empty();
        for input in inputs.iter().filter(|input| !input.is_reference) {
            let name = &*input.input.name;
            let mut inside = workloads
                .iter()
                .filter(|workload| !workload.is_fragment && workload.place.file() == name);
            let is_judged = |it: &&Workload| it.place.file() == name;
            if chosen.iter().copied().any(|it| is_judged(&it)) || input.is_used {
                continue;
            }
            let place = input.input.place(1, 1);
            if let Some(first) = inside.next() {
                let names: Vec<&str> = [&*first.name]
                    .into_iter()
                    .chain(inside.map(|workload| &*workload.name))
                    .take(5)
                    .collect();
                let message = format!(
                    "no container of this program among {}; name it with --container, or leave \
                     the file out",
                    names.join(", ")
                );
                findings.push(if is_any_judged && self.container.is_none() {
                    Finding::warning(place, "", "none", message)
                } else if is_any_judged {
                    Finding::note(place, "none", message)
                } else {
                    Finding::error(place, "", "none", message)
                });
                continue;
            }
            let message = match input.kind {
                Kind::Other => {
                    "the name is of no known format; name a .yaml, .json, .service, .container or \
                     .env file, a Dockerfile or a Procfile"
                }
                Kind::Yaml if input.input.text.contains("{{") => {
                    "it starts no program; a template must be rendered first, as `helm template` \
                     does, and piped into `-`"
                }
                _ => "it starts no program and sets no variable of this one; leave it out",
            };
            findings.push(if is_any_judged {
                Finding::note(place, "none", message)
            } else {
                Finding::error(place, "", "none", message)
            });
        }
    }
}

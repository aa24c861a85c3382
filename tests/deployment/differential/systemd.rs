//! Units against a systemd that is booted once, and starts a service for each of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{DirBuilderExt, symlink};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::{FILES, PARTS, Random, Variables, env_file, read};
use crate::booted::{Booted, run_beside};

/// How long the boot may take.
const DEADLINE: Duration = Duration::from_mins(2);

#[test]
fn units_and_their_files_are_read_as_systemd_does() {
    let mut random = Random(20_270_104);
    let mut parts = PARTS.to_vec();
    parts.extend(["%%", "%n", "%d", "%x", "\\x41", "\\101", "\\s", "${Y}"]);
    let work = tempfile::tempdir().unwrap();
    let units: Vec<_> = (0..FILES).map(|_| unit(&mut random, &parts)).collect();
    let paths = install(&work.path().join("layer"), &units);
    let name = format!("deployment-{}", std::process::id());
    let mut booted = Booted::boot(name, work);
    let theirs = environments(&mut booted);
    assert_eq!(theirs.len(), FILES);
    let (mut compared, mut wrong): (usize, Vec<String>) = (0, Vec::new());
    for (index, (unit, file)) in units.iter().enumerate() {
        let ours = read(&paths[index]);
        let ours = &ours[&format!("x{index}.service")];
        let mut theirs = theirs[&index.to_string()].clone();
        // Architecture and build of the machine are unknown.
        let names_machine = ["%a", "%B", "%\\x41", "%\\101"]
            .iter()
            .any(|specifier| unit.contains(specifier));
        theirs.retain(|name, _| ours.contains_key(name) || !names_machine);
        if *ours != theirs {
            wrong.push(format!(
                "{unit:?}\n{file:?}\n  ours: {ours:?}\ntheirs: {theirs:?}"
            ));
        }
        compared += ours.len();
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(compared > FILES, "{compared} variables are too few");
}

/// A unit, and a file of variables that it names.
fn unit(random: &mut Random, parts: &[&str]) -> (String, String) {
    let mut unit = "[Service]\nType=oneshot\nExecStart=/usr/bin/env -0\n".to_owned();
    for index in 0..=random.below(3) {
        let quote = random.one_of(&["", "\"", "'"]);
        let value = random.text(parts, 5);
        let more = random.one_of(&["", "", " X_M=1", " \\\n  X_N=2", " word"]);
        writeln!(unit, "Environment={quote}X_U{index}={value}{quote}{more}").unwrap();
        // A backslash at the end of a line would take the next line for its own.
        unit = unit.replace("\\\nE", "\nE");
    }
    while unit.ends_with("\\\n") {
        unit.truncate(unit.len() - 2);
        unit.push('\n');
    }
    (unit, env_file(random, parts))
}

/// Writes the units where systemd looks for them, and returns the files of each.
fn install(layer: &Path, units: &[(String, String)]) -> Vec<Vec<PathBuf>> {
    let system = layer.join("etc/systemd/system");
    for dir in ["etc/systemd/system/multi-user.target.wants", "etc/x", "out"] {
        let mut dirs = fs::DirBuilder::new();
        dirs.recursive(true)
            .mode(0o755)
            .create(layer.join(dir))
            .unwrap();
    }
    let mut paths = Vec::new();
    for (index, (unit, file)) in units.iter().enumerate() {
        let name = format!("x{index}.service");
        let text =
            format!("{unit}EnvironmentFile=/etc/x/{index}.env\nStandardOutput=file:/out/{index}\n");
        fs::write(system.join(&name), text).unwrap();
        fs::write(layer.join(format!("etc/x/{index}.env")), file).unwrap();
        let wanted = system.join("multi-user.target.wants").join(&name);
        symlink(format!("../{name}"), wanted).unwrap();
        paths.push(vec![
            system.join(&name),
            layer.join(format!("etc/x/{index}.env")),
        ]);
    }
    paths
}

/// Returns the variables that each service was started with.
fn environments(booted: &mut Booted) -> BTreeMap<String, Variables> {
    let start = Instant::now();
    let init = loop {
        assert!(start.elapsed() < DEADLINE, "{}", booted.messages());
        thread::sleep(Duration::from_millis(100));
        let Some(init) = booted.init() else { continue };
        let state = said(&init, &["systemctl", "is-system-running"]);
        // A unit that is rejected degrades the system, and is compared all the same.
        if matches!(state.trim_end(), "running" | "degraded") {
            break init;
        }
    };
    let outputs = "for f in /out/*; do printf '@%s\\0' \"${f#/out/}\"; cat \"$f\"; done";
    let outputs = said(&init, &["sh", "-c", outputs]);
    let mut environments: BTreeMap<String, Variables> = BTreeMap::new();
    let mut current = String::new();
    for entry in outputs.split_terminator('\0') {
        if let Some(name) = entry.strip_prefix('@') {
            name.clone_into(&mut current);
            environments.entry(current.clone()).or_default();
        } else if let Some((name, value)) = entry.split_once('=')
            && name.starts_with("X_")
        {
            let variables = environments.get_mut(&current).unwrap();
            variables.insert(name.to_owned(), value.to_owned());
        }
    }
    environments
}

/// Returns the output of a command, for every exit code.
fn said(init: &str, command: &[&str]) -> String {
    String::from_utf8_lossy(&run_beside(init, command).stdout).into_owned()
}

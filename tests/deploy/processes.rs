//! A Procfile and a runit service, as they are shipped.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::app::{App, Started, descendants, eventually, kill, run};
use crate::component::component;

#[test]
fn honcho_runs_the_procfile_and_passes_sigterm_on() {
    let app = App::install();
    app.copy("procfile/Procfile", "Procfile", &[]);
    let honcho = component("python/bin/honcho");
    let started = app.start(honcho, &["start"], &[("LOG_FORMAT", "json")]);
    let ended = app.stop(started, |honcho| honcho.signal(Signal::TERM));
    // Its own code says which signal it was; the service's is in its log.
    assert_eq!(ended.code, Some(143), "{ended:?}");
    assert!(
        ended.stdout.contains("web.1 stopped (rc=0)"),
        "{}",
        ended.stdout
    );
}

/// Starts runit with the shipped service, with variables in files.
fn runit(app: &App, vars: &[(&str, &str)]) -> Started {
    app.copy("runit/run", "sv/demo-service/run", &[]);
    app.copy("runit/finish", "sv/demo-service/finish", &[]);
    let env = app.path("sv/demo-service/env");
    fs::create_dir(&env).unwrap();
    for (name, value) in vars {
        fs::write(env.join(name), value).unwrap();
    }
    app.start("/usr/bin/runsvdir", &["-P", "sv"], &[])
}

fn sv(app: &App, arguments: &[&str]) -> String {
    let service = app.path("sv/demo-service");
    let arguments = [arguments, &[service.to_str().unwrap()]].concat();
    run("/usr/bin/sv", &arguments)
}

#[test]
fn runit_runs_it_as_its_user_and_waits_for_the_drain() {
    let app = App::install();
    let runsvdir = runit(&app, &[("LOG_FORMAT", "json")]);
    let ended = app.stop(runsvdir, |runsvdir| {
        let pid = fs::read_to_string(app.path("sv/demo-service/supervise/pid")).unwrap();
        let status = fs::read_to_string(format!("/proc/{}/status", pid.trim())).unwrap();
        assert!(status.contains("Uid:\t10001\t10001"), "{status}");
        assert!(status.contains("Gid:\t10001\t10001"), "{status}");
        let said = sv(&app, &["-w", "60", "stop"]);
        assert!(said.starts_with("ok: down:"), "{said}");
        runsvdir.signal(Signal::HUP);
    });
    assert_eq!(ended.code, Some(111), "what runsvdir ends with on SIGHUP");
}

#[test]
fn runit_does_not_start_again_what_is_configured_wrongly() {
    let app = App::install();
    let runsvdir = runit(&app, &[("LOG_FORMAT", "jsno")]);
    eventually("down", || {
        let status = app.command("/usr/bin/sv", &["status", "./sv/demo-service"], &[]);
        let said = { status }.output().unwrap().stdout;
        let said = String::from_utf8_lossy(&said).into_owned();
        said.starts_with("down:") && said.contains("normally up") && !said.contains("want up")
    });
    runsvdir.process().signal(Signal::HUP);
    let ended = runsvdir.wait();
    let reports = ended.stdout.matches("1 problem with the environment");
    assert_eq!(reports.count(), 1, "{}", ended.stdout);
}

/// The number of services that are stopped at once.
const SERVICES: u64 = 40;

/// Each service ends at another time, so that its `finish` is at another line when runsvdir
/// stops.
#[test]
fn runit_ends_all_supervisors_whenever_it_is_stopped() {
    // `finish` looks at once, and again after a second.
    for stopped_after in [100, 1_100] {
        let app = App::install();
        let service = |number: u64| format!("sv/{number}");
        for number in 0..SERVICES {
            let finish = format!("{}/finish", service(number));
            let finish = app.copy("runit/finish", &finish, &[]);
            let run = finish.with_file_name("run");
            let text = format!("#!/bin/sh\nsleep 0.{:03}\nexit 78\n", 5 * number);
            fs::write(&run, text).unwrap();
            fs::set_permissions(&run, finish.metadata().unwrap().permissions()).unwrap();
        }
        let runsvdir = app.start("/usr/bin/runsvdir", &["-P", "sv"], &[]);
        let stat = |number: u64| app.path(&service(number)).join("supervise/stat");
        eventually("all have begun", || {
            (0..SERVICES).all(|number| stat(number).exists())
        });
        thread::sleep(Duration::from_millis(stopped_after));
        let all = descendants(runsvdir.process().pid());
        let is_supervisor = |pid: &u32| is_running(*pid, "runsv");
        // A child of runsv has this name, too, until it has a program.
        let mut left: Vec<u32> = all.into_iter().filter(is_supervisor).collect();
        assert!(left.len() as u64 >= SERVICES, "{left:?}");
        runsvdir.process().signal(Signal::HUP);
        let stopped = Instant::now();
        while !left.is_empty() && stopped.elapsed() < Duration::from_secs(15) {
            thread::sleep(Duration::from_millis(50));
            left.retain(is_supervisor);
        }
        for pid in &left {
            kill(*pid);
        }
        assert_eq!(left, [0; 0], "after {stopped_after} ms");
        assert_eq!(runsvdir.wait().code, Some(111));
    }
}

/// Returns whether a process is there, under this name, and has not ended.
fn is_running(pid: u32, name: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.starts_with(&format!("{pid} ({name}) ")) && !stat.contains(") Z ")
}

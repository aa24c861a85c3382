//! A Procfile and a runit service, as they are shipped.

use std::fs;

use rustix::process::Signal;

use crate::app::{App, Started, eventually, run};
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
    // `sv down` in `finish` has come then. After SIGHUP, it would have runsv stay.
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

//! The findings of the doctor about the shipped configurations.

use std::fs;

use crate::app::shipped;
use crate::process::Process;

/// The files of each, how many seconds it gives the service to stop, and where it
/// says so.
const SHIPPED: [(&[&str], &str, &str); 6] = [
    (&["container/Dockerfile"], "45", "--time 45"),
    (
        &[
            "kubernetes/kustomization.yaml",
            "kubernetes/deployment.yaml",
        ],
        "45",
        "terminationGracePeriodSeconds: 45",
    ),
    (&["openbao/supervisor.hcl"], "30", "30 seconds after"),
    (&["procfile/Procfile"], "45", "-t 45"),
    (&["runit/run"], "45", "sv -w 45"),
    (
        &["systemd/demo-service.service"],
        "45",
        "TimeoutStopSec=45s",
    ),
];

/// Returns the variables that a text sets, in any syntax.
fn variables(text: &str) -> Vec<(&str, &str)> {
    let words = text.split(|c: char| c.is_whitespace() || c == '"');
    let words = words.map(|word| word.strip_prefix("Environment=").unwrap_or(word));
    let set = words.filter_map(|word| word.split_once('='));
    set.filter(|(name, _)| name.starts_with("APP_")).collect()
}

#[test]
fn the_doctor_warns_of_no_configuration_that_is_shipped() {
    let mut set = 0;
    for (files, grace, said) in SHIPPED {
        let texts = files
            .iter()
            .map(|file| fs::read_to_string(shipped(file)).unwrap());
        let text = texts.collect::<String>();
        assert!(text.contains(said), "{files:?} do not say {said}");
        let variables = variables(&text);
        set += variables.len();
        let ended = Process::run(&["doctor", "--grace", grace], &variables);
        assert_eq!((ended.code, &*ended.stderr), (Some(0), ""), "{files:?}");
        let lines = ended.stdout.lines();
        // The user of the tests, and the limit of files, are not shipped.
        let shipped =
            lines.filter(|line| !line.contains(" user ") && !line.contains(" open files "));
        let warnings: Vec<_> = shipped.filter(|line| line.starts_with("warning")).collect();
        assert_eq!(warnings, [""; 0], "{files:?}");
    }
    assert!(set >= 10, "only {set} variables are set");
}

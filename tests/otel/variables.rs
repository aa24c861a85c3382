//! `OTEL_*` among the variables of the service.

use serde_json::Value;

use crate::process::{Ended, Process};

fn run(arguments: &[&str], vars: &[(&str, &str)]) -> Ended {
    Process::run(arguments, vars)
}

#[test]
fn help_has_a_section_for_them() {
    let help = run(&["--help"], &[]).stdout;
    let section = "\nOpenTelemetry, in the names of its specification\n  \
                   OTEL_EXPORTER_OTLP_ENDPOINT";
    assert!(help.contains(section), "{help}");
    let explained = run(&["--help", "OTEL_TRACES_SAMPLER"], &[]).stdout;
    assert!(explained.contains("parentbased_always_on"), "{explained}");
    let markdown = run(&["config", "--format", "markdown"], &[]).stdout;
    assert!(markdown.contains("| `OTEL_SERVICE_NAME` |"), "{markdown}");
}

#[test]
fn a_check_names_each_that_is_wrong() {
    let vars = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318"),
        ("OTEL_TRACES_SAMPLER", "always"),
        ("APP_PORT", "80a0"),
    ];
    let ended = run(&["--check"], &vars);
    assert_eq!(ended.code, Some(78));
    for (name, _) in vars {
        assert!(ended.stderr.contains(name), "{ended:?}");
    }
    // A variable of another signal of OpenTelemetry is no mistake.
    let others = [("OTEL_LOGS_EXPORTER", "none"), ("APP_STOP_TIMEOUT", "30s")];
    let ended = run(&["--check", "--strict"], &others);
    assert_eq!((ended.code, &*ended.stderr), (Some(0), ""));
}

#[test]
fn the_configuration_in_effect_has_their_values_and_origins_and_no_header() {
    let process = Process::start(&[
        ("OTEL_SERVICE_NAME", "visits"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=hunter2"),
    ]);
    let answer = process.client().get("/-/config");
    assert!(!answer.body.contains("hunter2"), "{}", answer.body);
    let config: Value = serde_json::from_str(&answer.body).unwrap();
    let shown = |name: &str| {
        let mut variables = config["variables"].as_array().unwrap().iter();
        let variable = variables.find(|variable| variable["name"] == name).unwrap();
        [&variable["value"], &variable["origin"]].map(|it| it.as_str().unwrap().to_owned())
    };
    for (name, expected) in [
        ("OTEL_SERVICE_NAME", ["visits", "environment"]),
        ("OTEL_EXPORTER_OTLP_HEADERS", ["[REDACTED]", "environment"]),
        ("OTEL_BSP_MAX_QUEUE_SIZE", ["2048", "default"]),
    ] {
        assert_eq!(shown(name), expected, "{name}");
    }
}

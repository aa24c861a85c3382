//! Requests from outside of the pod to endpoints that answer operators alone.

use std::fmt::Write as _;

use crate::program::Files;

/// Returns a pod with variables, a liveness probe and annotations.
fn pod(env: &[(&str, &str)], probe: &str, annotations: &str) -> String {
    let entry = |(name, value): &(&str, &str)| format!("{{name: {name}, value: '{value}'}}");
    let env: Vec<String> = env.iter().map(entry).collect();
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  annotations: {{{annotations}}}\nspec:\n  \
         enableServiceLinks: false\n  terminationGracePeriodSeconds: 45\n  containers:\n    \
         - name: demo-service\n      env: [{}]\n      livenessProbe: {{httpGet: {{{probe}}}}}\n",
        env.join(", ")
    )
}

/// Returns the name, the code and the message of each finding.
fn found(text: &str) -> Vec<(String, String, String)> {
    let files = Files::new(&[("a.yaml", text)]);
    let found = files.findings(&["a.yaml"]).into_iter();
    found.map(|it| (it.name, it.code, it.message)).collect()
}

#[test]
fn a_probe_of_a_guarded_endpoint_is_an_error_unless_a_switch_opens_the_endpoint() {
    let admin_open = ("APP_ADMIN_OPEN", "true");
    let metrics_open = ("APP_METRICS_OPEN", "yes");
    let listen = ("APP_ADMIN_LISTEN", "[::]:8001");
    for (env, path, port, said) in [
        (&[][..], "/-/config", 8000, "set APP_ADMIN_OPEN=true"),
        (&[], "/-/log-level?x=1", 8000, "set APP_ADMIN_OPEN=true"),
        (&[], "/-/", 8000, "set APP_ADMIN_OPEN=true"),
        (&[], "/-/metrics", 8000, "set APP_METRICS_OPEN=true"),
        (&[metrics_open], "/-/config", 8000, "APP_ADMIN_OPEN"),
        (&[metrics_open], "/-/metrics", 8000, ""),
        (&[admin_open], "/-/metrics", 8000, ""),
        (&[admin_open], "/-/config", 8000, ""),
        (&[listen], "/-/config", 8001, ""),
        (&[listen], "/-/config", 8000, "ask port 8001"),
        (&[("APP_PORT", "80")], "/-/config", 80, "APP_ADMIN_OPEN"),
        (&[], "/-/ready", 8000, ""),
        (&[], "/__heartbeat__", 8000, ""),
        (&[], "/hello", 8000, ""),
    ] {
        let found = found(&pod(env, &format!("path: '{path}', port: {port}"), ""));
        match &found[..] {
            [] => assert_eq!(said, "", "{env:?} {path}"),
            [(name, code, message)] => {
                assert_eq!(name, "probe");
                assert!(["guarded", "port"].contains(&&**code), "{code}");
                assert!(
                    !said.is_empty() && message.contains(said),
                    "{path}: {message}"
                );
            }
            more => panic!("{env:?} {path}: {more:?}"),
        }
    }
}

#[test]
fn what_a_file_does_not_know_of_the_switches_is_not_judged() {
    let with_token =
        "path: /-/config, port: 8000, httpHeaders: [{name: authorization, value: Bearer x}]";
    assert_eq!(found(&pod(&[], with_token, "")), []);
    let elsewhere = pod(&[], "path: /-/config, port: 8000", "").replace(
        "env: []",
        "env: [{name: APP_ADMIN_OPEN, valueFrom: {configMapKeyRef: {name: x, key: y}}}]",
    );
    assert_eq!(found(&elsewhere), []);
    // A health check of Compose runs in the container, whose requests are from this host.
    let compose = "services:\n  demo-service:\n    stop_grace_period: 1m\n    healthcheck:\n      test: curl -f http://localhost:8000/-/config\n";
    let files = Files::new(&[("compose.yaml", compose)]);
    assert_eq!(files.findings(&["compose.yaml"]), []);
}

#[test]
fn a_scrape_of_guarded_metrics_is_an_error() {
    let ready = "path: /-/ready, port: 8000";
    let open = ("APP_METRICS_OPEN", "true");
    let listen = ("APP_ADMIN_LISTEN", "0.0.0.0:8001");
    let loopback = ("APP_ADMIN_LISTEN", "127.0.0.1:8001");
    for (env, port, path, wanted) in [
        (&[][..], "8000", "/-/metrics", &["guarded"][..]),
        (&[], "", "/-/metrics", &["guarded"]),
        (&[], "8000", "", &["route"]),
        (&[open], "8000", "/-/metrics", &[]),
        (&[open], "8000", "", &["route"]),
        (&[open], "9090", "/-/metrics", &["port"]),
        (&[listen], "8001", "/-/metrics", &[]),
        (&[listen], "8000", "/-/metrics", &["port"]),
        (&[loopback], "8001", "/-/metrics", &["port"]),
    ] {
        let mut annotations = "prometheus.io/scrape: 'true'".to_owned();
        for (key, text) in [("port", port), ("path", path)] {
            if !text.is_empty() {
                write!(annotations, ", prometheus.io/{key}: '{text}'").unwrap();
            }
        }
        let port = if env == [listen] { 8001 } else { 8000 };
        let ready = ready.replace("8000", &port.to_string());
        let found = found(&pod(env, &ready, &annotations));
        let codes: Vec<&str> = (found.iter())
            .filter(|(name, ..)| name == "scrape")
            .map(|(_, code, _)| &**code)
            .collect();
        assert_eq!(codes, wanted, "{env:?} {annotations}: {found:?}");
        let off = annotations.replace("'true'", "'false'");
        let found = self::found(&pod(env, &ready, &off));
        assert!(found.iter().all(|(name, ..)| name != "scrape"), "{found:?}");
    }
}

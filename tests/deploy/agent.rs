//! OpenBao's agent starts the service, or writes its secrets.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rustix::process::Signal;

use crate::app::{App, Started, eventually};
use crate::client::Client;
use crate::component::component;
use crate::openbao_server::OpenBao;

/// Starts an agent with a configuration that is shipped.
fn agent(app: &App, bao: &OpenBao, file: &str, edits: &[(&str, &str)]) -> Started {
    let config = bao.path("");
    // The server of the tests wants to see a certificate.
    let files = [
        ("ca_cert", "ca.pem"),
        ("client_cert", "client.pem"),
        ("client_key", "client.key"),
    ];
    let files = files.map(|(key, file)| format!("{key} = \"/etc/demo-service/{file}\""));
    let files = files.join("\n  ");
    let mut all = vec![
        ("ca_cert = \"/etc/demo-service/ca.pem\"", &*files),
        ("https://vault.internal:8200", bao.addr()),
        ("/etc/demo-service/", config.to_str().unwrap()),
        ("\"5m\"", "\"1s\""),
    ];
    all.extend(edits);
    let config = app.copy(file, "agent.hcl", &all);
    let config = format!("-config={}", config.display());
    let vars = [("LOG_FORMAT", "json")];
    app.start(component("bin/bao"), &["agent", &config], &vars)
}

/// Writes the URL of a database in a file.
fn put(bao: &OpenBao, database: &Path) {
    let url = format!("db_url=sqlite:{}?mode=rwc", database.display());
    bao.bao(&["kv", "put", "-mount=secret", "dev/app-name", &url]);
}

fn visits(app: &App) -> Option<String> {
    let answer = Client::new(app.address).try_send("GET", "/visits");
    answer.ok().map(|answer| answer.body)
}

#[test]
fn the_agent_starts_it_with_its_secret_and_again_with_a_new_one() {
    let app = App::install();
    let bao = OpenBao::start();
    put(&bao, &app.path("one.db"));
    let agent = agent(&app, &bao, "openbao/supervisor.hcl", &[]);
    agent.process().text("\"message\":\"ready\"");
    assert_eq!(Client::new(app.address).send("POST", "/visits").status, 200);
    assert_eq!(visits(&app).unwrap(), r#"{"visits":1}"#);

    put(&bao, &app.path("two.db"));
    let no_visits = Some(r#"{"visits":0}"#.to_owned());
    eventually("the other database", || visits(&app) == no_visits);
    let ended = app.stop(agent, |agent| agent.signal(Signal::TERM));
    assert_eq!(ended.stdout.matches("\"drained\"").count(), 2);
    assert_eq!(ended.code, Some(0), "{ended:?}");
}

#[test]
fn the_agent_writes_the_file_that_it_reads_and_it_takes_each_change_while_it_runs() {
    let app = App::install();
    let bao = OpenBao::start();
    for name in ["one.db", "two.db"] {
        let url = format!("sqlite:{}?mode=rwc", app.path(name).display());
        let vars = [("APP_DB_URL", &*url)];
        let migrated = app.start(app.path("run-app.sh"), &["migrate"], &vars);
        assert_eq!(migrated.wait().code, Some(0));
    }
    put(&bao, &app.path("one.db"));
    let secrets = app.path("secrets/");
    let edits = [("/run/demo-service/", secrets.to_str().unwrap())];
    let _agent = agent(&app, &bao, "openbao/templates.hcl", &edits);
    let file = secrets.join("db_url");
    eventually("the file", || file.exists());
    let mode = fs::metadata(&file).unwrap().permissions();
    assert_eq!(mode.mode() & 0o7777, 0o400);

    let vars = [
        ("LOG_FORMAT", "json"),
        ("APP_SECRETS", "dir"),
        ("APP_SECRETS_DIR_PATH", secrets.to_str().unwrap()),
    ];
    let started = app.start(app.path("run-app.sh"), &[], &vars);
    started.process().text("\"message\":\"ready\"");
    assert_eq!(Client::new(app.address).send("POST", "/visits").status, 200);

    put(&bao, &app.path("two.db"));
    let no_visits = Some(r#"{"visits":0}"#.to_owned());
    eventually("the other database", || visits(&app) == no_visits);
    app.stop_by_sigterm(started);
}

//! The state page, its form, and the greeting: HTML that needs no script.

use serde_json::Value;

use crate::client::{Answer, Client};
use crate::process::Process;
use crate::raw::Raw;

const TOKEN: &str = "the-token-of-operators";

fn post(client: &Client, headers: &str, form: &str) -> Answer {
    let length = form.len();
    let request = format!(
        "POST /-/log-level HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Length: {length}\r\n\r\n\
         {form}"
    );
    Raw::connect(client.address).send(request).answer()
}

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

/// Asserts that a page is complete in itself.
fn assert_strict(page: &Answer) {
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("referrer-policy"), Some("same-origin"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
    for not_there in [
        "<script", "<link", "<img", "<iframe", " src=", " style=", "://", " on",
    ] {
        let markup = tags(&page.body);
        assert!(!markup.contains(not_there), "{not_there}: {markup}");
    }
    assert!(page.body.len() < 60 * 1024, "{} bytes", page.body.len());
}

/// Returns the tags of a page, without its texts and its style.
fn tags(page: &str) -> String {
    let tags = page.split('<').skip(1);
    let tags = tags.map(|tag| tag.split('>').next().unwrap());
    format!("<{}>", tags.collect::<Vec<_>>().join("><"))
}

#[test]
fn the_page_shows_the_state_and_every_variable() {
    let process = Process::start(&[("APP_ADMIN_TOKEN", TOKEN), ("APP_STOP_TIMEOUT", "12s")]);
    let client = process.client();
    client.get("/hello");
    let page = client.get("/-/");
    assert_eq!(page.status, 200);
    assert_strict(&page);
    for part in [
        "<title>demo-service: ready</title>",
        "12s, from APP_STOP_TIMEOUT",
        "none now, because no client asks for readiness",
        "<th scope=\"row\">1 min</th><td class=\"number\">1</td>",
        "<form method=\"post\" action=\"/-/log-level\">",
        "type=\"password\"",
        "[REDACTED]",
    ] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert!(!page.body.contains(TOKEN));
    let none: [(&str, &str); 0] = [];
    let help = Process::run(&["config", "--format", "json"], &none).stdout;
    let help: Value = serde_json::from_str(&help).unwrap();
    for variable in help["variables"].as_array().unwrap() {
        let name = variable["name"].as_str().unwrap();
        // A line may end at each `_`.
        let name = format!("{}<wbr>", name.replace('_', "_<wbr>"));
        assert!(
            page.body.contains(&format!("<code>{name}</code>")),
            "{name}"
        );
    }
    let head = client.send("HEAD", "/-/");
    assert_eq!((head.status, &*head.body), (200, ""));
}

#[test]
fn hostile_values_are_text() {
    let script = "/tmp/<script>alert(1)</script>\u{202e}\u{2066}\"'&amp;";
    let process = Process::start(&[
        ("APP_SECRETS", "dir"),
        ("APP_SECRETS_DIR_PATH", script),
        ("APP_DB_URL", "sqlite::memory:"),
    ]);
    let client = process.client();
    let state = "UP; address=127.0.0.1; port=1; name=<b>/\"><i>; node=<script>; weight=1/3; \
                 scur=0/7; qcur=0";
    client.get_with("/-/ready", &[("x-haproxy-server-state", state)]);
    let page = client.get("/-/");
    assert_strict(&page);
    assert!(
        page.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"),
        "{}",
        page.body
    );
    assert!(
        page.body
            .contains("&lt;script&gt; &lt;b&gt;/&quot;&gt;&lt;i&gt;"),
        "{}",
        page.body
    );
    assert!(!page.body.contains(['\u{202e}', '\u{2066}']));
}

#[test]
fn the_form_changes_the_level_with_the_token() {
    let process = Process::start(&[("APP_ADMIN_TOKEN", TOKEN)]);
    let client = process.client();
    let changed = post(&client, FORM, &format!("level=debug&ttl=5m&token={TOKEN}"));
    assert_eq!(
        (changed.status, changed.header("location")),
        (303, Some("/-/"))
    );
    let page = client.get("/-/").body;
    assert!(
        page.contains("<code>debug</code>, reverts to <code>info</code> in 4 min"),
        "{page}"
    );

    let origin = format!("{FORM}Origin: https://evil.example\r\n");
    for (headers, form, status, why) in [
        (FORM, "level=trace&ttl=5m", 401, "send the admin token"),
        (
            FORM,
            "level=trace&ttl=5m&token=wrong",
            401,
            "the token that was sent is not the admin token",
        ),
        (
            FORM,
            "level=%3Cb%3E&ttl=5m&token=the-token-of-operators",
            400,
            "&lt;b&gt;",
        ),
        (
            FORM,
            "level=trace&ttl=99&token=the-token-of-operators",
            400,
            "ttl: ",
        ),
        (
            &origin,
            "level=trace&ttl=5m&token=the-token-of-operators",
            403,
            "another site",
        ),
    ] {
        let answer = post(&client, headers, form);
        assert_eq!(answer.status, status, "{form}");
        assert_strict(&answer);
        let alert = answer.body.split("role=\"alert\">").nth(1).unwrap();
        let alert = alert.split("</p>").next().unwrap();
        assert!(alert.contains(why), "{form}: {alert}");
    }
    for media in [
        "application/json",
        "application/x-www-form-urlencodedly",
        "",
    ] {
        let other = post(&client, &format!("Content-Type: {media}\r\n"), "{}");
        assert_eq!(other.status, 415, "{media}");
    }
    // The case does not count, and parameters do not either.
    for media in [
        "APPLICATION/X-WWW-Form-Urlencoded",
        "application/x-www-form-urlencoded ;charset=utf-8",
    ] {
        let headers = format!("Content-Type: {media}\r\n");
        let form = format!("level=debug&ttl=5m&token={TOKEN}");
        assert_eq!(post(&client, &headers, &form).status, 303, "{media}");
    }
    let large = post(&client, FORM, &"x".repeat(2_000));
    assert_eq!(large.status, 413);
    assert!(
        client
            .get("/-/log-level")
            .body
            .contains("\"level\":\"debug\"")
    );
}

#[test]
fn the_form_is_there_for_clients_that_may_use_it() {
    let process = Process::start(&[("APP_ADMIN_LISTEN", "127.0.0.1:0")]);
    let address = process.line("listening for operators")["address"].clone();
    process.line("ready");
    let operators = Client::new(address.as_str().unwrap().parse().unwrap());
    let page = operators.get("/-/").body;
    assert!(
        page.contains("<form") && !page.contains("type=\"password\""),
        "{page}"
    );
    assert_eq!(post(&operators, FORM, "level=debug&ttl=5m").status, 303);

    let process = Process::start(&[]);
    let client = process.client();
    let page = client.get("/-/").body;
    assert!(!page.contains("<form"), "{page}");
    assert!(page.contains("To change it here, set APP_ADMIN_TOKEN_FILE."));
    assert_eq!(post(&client, FORM, "level=debug&ttl=5m").status, 403);
}

#[test]
fn the_page_names_each_state() {
    let process = Process::start(&[
        ("APP_ADMIN_TOKEN", TOKEN),
        ("APP_DRAIN_DELAY", "5s"),
        ("APP_STOP_TIMEOUT", "30s"),
    ]);
    let client = process.client();
    let body = r#"{"ready":false,"ttl":"1h"}"#;
    let put = format!(
        "PUT /-/ready HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    assert_eq!(Raw::connect(client.address).send(put).answer().status, 200);
    assert!(
        client
            .get("/-/")
            .body
            .contains("not ready: taken out, for 59 min")
    );
    process.signal(rustix::process::Signal::TERM);
    process.line("draining: not ready, and still serving");
    let page = client.get("/-/").body;
    assert!(
        page.contains("<title>demo-service: draining</title>"),
        "{page}"
    );

    let database = ("APP_DB_URL", "postgres://127.0.0.1:1/x");
    let process = Process::start(&[database, ("APP_START_TIMEOUT", "1m")]);
    let page = process.starting_client().get("/-/").body;
    assert!(page.contains("not ready: starting"), "{page}");
    assert!(page.contains("not checked yet"), "{page}");
}

#[test]
fn the_root_says_which_service_it_is() {
    let process = Process::start(&[]);
    let client = process.client();
    let text = client.get("/");
    let expected = concat!(
        "demo-service ",
        env!("CARGO_PKG_VERSION"),
        ": a deployment-friendly service. It answers /hello and /visits; its state is at /-/.\n"
    );
    assert_eq!((text.status, &*text.body), (200, expected));
    for (lines, is_html) in [
        (&["text/html,*/*"][..], true),
        (&["*/*;q=0.1", "Text/HTML;q=0.5"], true),
        (&["text/html;q=0, */*"], false),
        (&["application/xhtml+text/htmlx"], false),
    ] {
        let lines: Vec<_> = lines.iter().map(|line| ("accept", *line)).collect();
        let answer = client.get_with("/", &lines);
        let media = answer.header("content-type").unwrap();
        assert_eq!(media.starts_with("text/html"), is_html, "{lines:?}");
        assert_eq!(answer.header("vary"), Some("accept"));
    }
    let html = client.get_with("/", &[("accept", "text/html,*/*")]);
    assert_strict(&html);
    assert!(html.body.contains("href=\"/-/\""), "{}", html.body);
    let stranger = [("accept", "text/html"), ("x-forwarded-for", "192.0.2.1")];
    let html = client.get_with("/", &stranger);
    assert!(!html.body.contains("/-/"), "{}", html.body);
    let text = client.get_with("/", &stranger[1..]);
    assert!(!text.body.contains("/-/"), "{}", text.body);
}

use serde_json::Value;

use crate::in_process::TestService;

#[test]
fn hello_says_hello() {
    let service = TestService::start(&[]);
    let answer = service.client.get("/hello");
    assert_eq!((answer.status, &*answer.body), (200, "Hello World!"));
    assert_eq!(
        answer.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
}

#[test]
fn readiness_and_liveness_answer_to_all_their_names() {
    let service = TestService::start(&[]);
    for path in [
        "/-/ready",
        "/-/readiness",
        "/healthz",
        "/-/healthy",
        "/-/liveness",
        "/__lbheartbeat__",
    ] {
        let answer = service.client.get(path);
        assert_eq!((answer.status, &*answer.body), (200, "yep"), "{path}");
    }
}

#[test]
fn the_version_has_dockerflows_fields() {
    let service = TestService::start(&[]);
    for path in ["/__version__", "/-/version"] {
        let answer = service.client.get(path);
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let version: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(version["version"], env!("CARGO_PKG_VERSION"));
        for field in ["source", "commit", "build"] {
            assert!(version[field].is_string(), "{version}");
        }
    }
}

/// A cache may keep an answer that does not say so, even a 404.
#[test]
fn no_answer_may_be_stored() {
    let service = TestService::start(&[]);
    for path in [
        "/",
        "/hello",
        "/nope",
        "/visits",
        "/-/",
        "/-/ready",
        "/-/healthy",
        "/-/config",
        "/-/metrics",
        "/-/log-level",
        "/__heartbeat__",
        "/__version__",
    ] {
        let answer = service.client.get(path);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    }
}

/// Monitors ask with HEAD, and actix's own `get` route answers that with 404.
#[test]
fn every_route_answers_head_like_get_and_refuses_other_methods() {
    let service = TestService::start(&[("APP_CHAOS", "yes")]);
    for path in [
        "/hello",
        "/-/ready",
        "/-/healthy",
        "/__version__",
        "/-/chaos/delay/1",
        "/-/config",
    ] {
        let get = service.client.get(path);
        let head = service.client.send("HEAD", path);
        assert_eq!((head.status, &*head.body), (200, ""), "{path}");
        assert_eq!(head.header("content-length"), get.header("content-length"));
        let allow = match path {
            "/-/ready" => "GET, HEAD, PUT, OPTIONS",
            _ => "GET, HEAD, OPTIONS",
        };
        for method in ["POST", "PUT", "DELETE"] {
            let answer = service.client.send(method, path);
            if (method, path) == ("PUT", "/-/ready") {
                assert_eq!(answer.status, 403, "{method} {path}");
                continue;
            }
            assert_eq!(answer.status, 405, "{method} {path}");
            assert_eq!(answer.header("allow"), Some(allow));
        }
        let options = service.client.send("OPTIONS", path);
        assert_eq!((options.status, &*options.body), (204, ""), "{path}");
        assert_eq!(options.header("allow"), Some(allow));
    }
}

#[test]
fn what_is_not_there_is_404() {
    let service = TestService::start(&[]);
    for path in ["/nope", "/hello/", "/-", "/-/nope", "/-/chaos/delay/1"] {
        assert_eq!(service.client.get(path).status, 404, "{path}");
    }
}

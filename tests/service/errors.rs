use serde_json::{Value, json};

use crate::client::Answer;
use crate::in_process::TestService;
use crate::process::Process;
use crate::raw::Raw;

fn problem(answer: &Answer) -> Value {
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json")
    );
    serde_json::from_str(&answer.body).unwrap()
}

#[test]
fn what_is_not_there_is_a_problem() {
    let service = TestService::start(&[]);
    let answer = service.client.get("/nope?token=hunter2");
    assert_eq!(answer.status, 404);
    let request_id = answer.header("x-request-id").unwrap();
    assert_eq!(
        problem(&answer),
        json!({
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": "there is nothing at this path",
            "instance": "/nope",
            "request_id": request_id,
        })
    );
}

#[test]
fn a_method_that_is_refused_is_a_problem() {
    let service = TestService::start(&[]);
    let mut connection = Raw::connect(service.client.address);
    for method in ["POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"] {
        let answer = connection.request(method, "/hello").answer();
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.header("allow"), Some("GET, HEAD, OPTIONS"));
        let problem = problem(&answer);
        assert_eq!(
            problem["detail"],
            "this path answers the methods in `Allow`"
        );
    }
}

#[test]
fn an_error_of_an_extractor_says_what_is_wrong_with_the_request() {
    let service = TestService::start(&[("APP_CHAOS", "yes")]);
    let answer = service.client.get("/-/chaos/delay/soon");
    assert_eq!(answer.status, 404);
    let problem = problem(&answer);
    assert_eq!(problem["instance"], "/-/chaos/delay/soon");
    assert!(
        problem["detail"].as_str().unwrap().contains("soon"),
        "{problem}"
    );
}

/// actix itself drops the connection, for which a balancer answers 502.
#[test]
fn a_panic_is_a_problem_and_the_worker_goes_on() {
    let process = Process::start(&[("APP_CHAOS", "yes"), ("APP_WORKERS", "1")]);
    let client = process.client();
    let mut first = None;
    for _ in 0..3 {
        let answer = client.get("/-/chaos/panic");
        assert_eq!(answer.status, 500);
        first.get_or_insert(answer.header("x-request-id").unwrap().to_owned());
        assert_eq!(
            problem(&answer)["detail"],
            "the service failed; the log says why"
        );
        assert_eq!(answer.header("connection"), None, "it is kept");
        assert_eq!(client.get("/hello").body, "Hello World!");
    }
    let panicked = process.line("panicked");
    assert_eq!(panicked["panic"], "chaos was asked for");
    let of = process.line("a handler panicked");
    assert_eq!(of["route"], "/-/chaos/panic");
    assert_eq!(of["request_id"], first.unwrap());
    let head = client.send("HEAD", "/-/chaos/panic");
    assert_eq!((head.status, &*head.body), (500, ""));
}

#[test]
fn a_panic_is_counted() {
    let service = TestService::start(&[("APP_CHAOS", "yes")]);
    service.client.get("/-/chaos/panic");
    service.client.get("/-/chaos/panic");
    assert_eq!(service.state.panics(), 2);
    assert_eq!(service.state.requests.begun(), 2);
    assert_eq!(service.state.requests.answered(), 2);
}

/// The HTTP library answers these before there is a request.
#[test]
fn what_is_no_http_is_400_and_the_end_of_the_connection() {
    let service = TestService::start(&[]);
    for bytes in [
        "hello\r\n\r\n",
        "GET /hello HTTP/1.1\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nGET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ] {
        let mut connection = Raw::connect(service.client.address);
        let answer = connection.send(bytes).answer();
        assert_eq!((answer.status, &*answer.body), (400, ""), "{bytes:?}");
        assert!(connection.is_closed(), "{bytes:?}");
    }
}

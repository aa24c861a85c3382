use std::fmt::Write;

use crate::in_process::TestService;
use crate::raw::Raw;
use crate::spellings::{operators, spellings};

#[test]
fn an_operators_path_has_one_spelling() {
    let service = TestService::start(&[("APP_CHAOS", "yes")]);
    let mut through = String::new();
    for path in operators() {
        assert_ne!(service.client.get(path).status, 404, "{path}");
        let spellings = spellings(path);
        assert!(spellings.len() >= 40, "{path} has {}", spellings.len());
        for spelling in spellings {
            let mut connection = Raw::connect(service.client.address);
            let answer = connection.request("GET", &spelling).answer();
            // A byte that no path may have is refused before there is a request.
            if !matches!(answer.status, 404 | 400) {
                let _ = writeln!(through, "{path} as {spelling}: {}", answer.status);
            }
        }
    }
    assert_eq!(through, "", "these got through");
}

#[test]
fn other_paths_may_be_spelled_as_the_standard_says() {
    let service = TestService::start(&[]);
    for path in [
        "/hello",
        "/%68ello",
        "/hell%6F",
        "/hello?next=/-/ready",
        "/hello?%2d;..",
    ] {
        let answer = Raw::connect(service.client.address)
            .request("GET", path)
            .answer();
        assert_eq!(
            (answer.status, &*answer.body),
            (200, "Hello World!"),
            "{path}"
        );
    }
}

/// It must not take longer than reading it does.
#[test]
fn a_long_path_is_refused_like_a_short_one() {
    let service = TestService::start(&[]);
    for part in ["%25", "/..", "/.", "//", ";", "%2e%2e%2f", "\\", "/x"] {
        let path = format!("/{}-/ready", part.repeat(60_000 / part.len()));
        let answer = Raw::connect(service.client.address)
            .request("GET", &path)
            .answer();
        assert!(
            matches!(answer.status, 404 | 400),
            "{part}: {}",
            answer.status
        );
    }
}

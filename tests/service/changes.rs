//! Every change against every way in.

use crate::exposure::{ELSEWHERE, RIGHT, Service, WRONG, Way};

/// A change that leaves everything as it is.
struct Change {
    method: &'static str,
    path: &'static str,
    lines: &'static str,
    body: &'static str,
}

const CHANGES: [Change; 3] = [
    Change {
        method: "PUT",
        path: "/-/log-level",
        lines: "",
        body: r#"{"level":"info","ttl":"1s"}"#,
    },
    Change {
        method: "PUT",
        path: "/-/ready",
        lines: "",
        body: r#"{"ready":true}"#,
    },
    // The token of a form is in the form.
    Change {
        method: "POST",
        path: "/-/log-level",
        lines: "Content-Type: application/x-www-form-urlencoded\r\n",
        body: "level=info&ttl=1s",
    },
];

/// The three states of a token: absent, wrong and right.
const TOKENS: [(&str, &str); 3] = [
    ("", ""),
    (WRONG, "&token=the-token-of-strangers"),
    (RIGHT, "&token=the-token-of-operators"),
];

/// Asserts the status of each change, by the state of the token: absent, wrong and right.
fn assert_status(service: &Service, way: Way, statuses: [u16; 3]) {
    for change in CHANGES {
        for ((header, field), status) in TOKENS.into_iter().zip(statuses) {
            let is_form = change.method == "POST";
            let body = [change.body, if is_form { field } else { "" }].concat();
            let lines = [change.lines, header].concat();
            let answer = service.send(way, change.method, change.path, &lines, &body);
            // A form leads back to the page.
            let expected = if is_form && status == 200 {
                303
            } else {
                status
            };
            assert_eq!(
                answer.status, expected,
                "{} {} by {way:?} with {header:?}",
                change.method, change.path
            );
        }
    }
}

fn everywhere() -> impl Iterator<Item = Way> {
    ELSEWHERE.into_iter().chain([Way::Loopback])
}

#[test]
fn a_change_wants_the_token_wherever_it_comes_from() {
    for vars in [&[][..], &[("APP_ADMIN_OPEN", "true")]] {
        let service = Service::start(true, vars);
        for way in everywhere() {
            assert_status(&service, way, [401, 401, 200]);
        }
    }
}

#[test]
fn without_a_token_nobody_changes_anything() {
    for vars in [&[][..], &[("APP_ADMIN_OPEN", "true")]] {
        let service = Service::start(false, vars);
        for way in everywhere() {
            assert_status(&service, way, [403, 403, 403]);
        }
    }
}

#[test]
fn on_the_operators_listener_a_change_wants_the_token_if_there_is_one() {
    let listen = [("APP_ADMIN_LISTEN", "127.0.0.1:0")];
    for (has_token, statuses) in [(true, [401, 401, 200]), (false, [200, 200, 200])] {
        let service = Service::start(has_token, &listen);
        assert_status(&service, Way::Admin, statuses);
        for way in everywhere() {
            assert_status(&service, way, [404, 404, 404]);
        }
    }
}

/// A browser that another site sends has the token of nobody, but may be on this host.
#[test]
fn another_site_changes_nothing_even_with_the_token() {
    let service = Service::start(true, &[]);
    let none = Service::start(false, &[("APP_ADMIN_LISTEN", "127.0.0.1:0")]);
    for (service, way) in [(&service, Way::Loopback), (&none, Way::Admin)] {
        for change in CHANGES {
            let lines = [change.lines, RIGHT, "Origin: http://evil.example\r\n"].concat();
            let body = match change.method {
                "POST" => format!("{}&token=the-token-of-operators", change.body),
                _ => change.body.to_owned(),
            };
            let answer = service.send(way, change.method, change.path, &lines, &body);
            assert_eq!(answer.status, 403, "{} {}", change.method, change.path);
        }
    }
}

//! The secrets of AWS Secrets Manager, against a server that fails on demand.
//! A more patient one is in `deploy`.

#![expect(clippy::unwrap_used, reason = "a test that goes wrong ends in a panic")]

mod chain;
#[path = "../clouds/server.rs"]
mod cloud_server;
#[path = "../clouds/mod.rs"]
mod clouds;
mod failures;
mod fake;
#[path = "../hostile.rs"]
mod hostile_server;
#[path = "../logged.rs"]
mod logged;
#[path = "../nobody.rs"]
mod nobody;
mod store;

use std::borrow::Cow;

use environ::EnvConfig;
use environ::secrets::aws::AwsConfig;

const NONE: [(&str, &str); 0] = [];

#[derive(Debug, EnvConfig)]
#[env(prefix = "")]
struct Config {
    #[env(group)]
    aws: AwsConfig,
}

#[test]
fn an_endpoint_that_is_reached_in_plaintext_is_told() {
    let plain = "http://secrets.example:5000";
    for (pairs, host) in [
        (&[("AWS_ENDPOINT_URL", plain)][..], Some("secrets.example")),
        (&[("AWS_ENDPOINT_URL", "https://secrets.example")], None),
        (&[("AWS_ENDPOINT_URL", "http://127.0.0.1:5000")], None),
        (&[], None),
    ] {
        let aws = Config::from_source(pairs).unwrap().aws;
        assert_eq!(aws.plaintext_host(&NONE).as_deref(), host, "{pairs:?}");
    }
    // The variables of the SDK, where the configuration has no endpoint.
    let aws = Config::from_source(NONE).unwrap().aws;
    for (pairs, host) in [
        (&[("AWS_ENDPOINT_URL", plain)][..], Some("secrets.example")),
        (
            &[("AWS_ENDPOINT_URL_SECRETS_MANAGER", plain)],
            Some("secrets.example"),
        ),
        (
            &[
                ("AWS_ENDPOINT_URL", plain),
                (
                    "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                    "https://secrets.example",
                ),
            ],
            None,
        ),
        (
            &[
                ("AWS_ENDPOINT_URL", plain),
                ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"),
            ],
            None,
        ),
    ] {
        assert_eq!(aws.plaintext_host(&pairs).as_deref(), host, "{pairs:?}");
    }
}

#[test]
fn the_configuration_says_what_is_wrong_with_it() {
    let problem = |name, value| {
        let err = Config::from_source([(name, value)]).unwrap_err();
        let problems = err.problems().map(ToString::to_string);
        problems.collect::<Vec<_>>().join("\n")
    };
    let shown: Vec<Cow<'_, str>> = [
        ("AWS_ENDPOINT_URL", "localhost:5000"),
        ("AWS_ENDPOINT_URL", "http://user:canary@localhost"),
        ("AWS_TIMEOUT", "0s"),
        ("AWS_CONNECT_TIMEOUT", "2h"),
    ]
    .map(|(name, value)| problem(name, value).into())
    .to_vec();
    assert_eq!(
        shown,
        [
            "AWS_ENDPOINT_URL: \"localhost:5000\" is refused: \
             it must begin with https:// or http://",
            "AWS_ENDPOINT_URL: \"http://user:***@localhost\" is refused: \
             it must not hold a user or a password",
            "AWS_TIMEOUT: \"0s\" is refused: \
             it must be more than 0s and at most 1h",
            "AWS_CONNECT_TIMEOUT: \"2h\" is refused: \
             it must be more than 0s and at most 1h",
        ]
    );
}

//! Where a password stands in a text that is not marked as a secret.
//!
//! A value is shown when something is wrong with it, so nothing here relies on a value
//! that is right: of two readings, the reading that masks more is taken. All searches
//! take time in proportion to the text.

mod name;
mod parameters;
mod urls;

pub(crate) use parameters::Names;

use std::ops::Range;

use crate::name::order;

/// A text that is cut is searched this far, because no more of it is shown, and no
/// password is that long.
const MAX_SEARCHED: usize = 64 * 1024;

/// Returns the part of a text in which passwords are looked for.
pub(crate) fn searched(text: &str) -> &str {
    let mut end = text.len().min(MAX_SEARCHED);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Returns the places of the passwords that are not empty, of a text that may be long.
pub(crate) fn places_at_start(text: &str) -> impl Iterator<Item = Range<usize>> {
    let places = places(searched(text), Names::All).into_iter();
    places.filter(|place| !place.is_empty())
}

/// Returns the places of all passwords, in order and apart from each other.
pub(crate) fn places(text: &str, names: Names) -> Vec<Range<usize>> {
    let mut places = urls::places(text);
    places.append(&mut parameters::places(text, names));
    places.append(&mut keys(text));
    // Three sorted runs, which this sort merges.
    let by_start = order(places.len(), &|one, other| {
        places[one].start.cmp(&places[other].start)
    });
    let mut apart: Vec<Range<usize>> = Vec::new();
    for place in by_start {
        let place = places[place].clone();
        match apart.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => apart.push(place),
        }
    }
    apart
}

/// Returns the bodies of private keys in PEM.
fn keys(text: &str) -> Vec<Range<usize>> {
    const BEGIN: &str = "PRIVATE KEY-----";
    const END: &str = "-----END";
    let mut places = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find(BEGIN) {
        let start = from + at + BEGIN.len();
        let end = text[start..].find(END).map_or(text.len(), |at| start + at);
        places.push(start..end);
        // The line that ends a key has the words of the line that begins a key.
        let after = text[end..].find(BEGIN);
        from = after.map_or(text.len(), |at| end + at + BEGIN.len());
    }
    places
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use crate::redact::display;

    fn masked(text: &str) -> Cow<'_, str> {
        display::masked(text, super::Names::All)
    }

    #[test]
    fn the_password_in_a_url_is_masked() {
        for (url, shown) in [
            ("http://host:80/path", "http://host:80/path"),
            (
                "postgres://me:hunter2@db:5432/x",
                "postgres://me:***@db:5432/x",
            ),
            ("postgres://me:hun/ter@2@db/x", "postgres://me:***@db/x"),
            ("postgres://me:hun://ter2@db/x", "postgres://me:***@db/x"),
            ("me:hun/ter://2@db", "me:***@db"),
            ("redis://:hunter2@cache", "redis://:***@cache"),
            ("jdbc:x://me:hunter2@db", "jdbc:x://me:***@db"),
            ("mail me@example.org", "mail me@example.org"),
            ("http://me@host:80", "http://***@host:80"),
            ("http://[::1]:80/x", "http://[::1]:80/x"),
            ("http://[::1]/x", "http://[::1]/x"),
            ("me:hunter2@db", "me:***@db"),
            ("postgres://me:hunter2", "postgres://me:***"),
            ("postgres://me:hunter2/x", "postgres://me:***/x"),
            ("postgres://me:hunter2/#hunter2", "postgres://me:***"),
            ("postgres://me:hun?ter2#hunter2 x", "postgres://me:*** x"),
            ("postgres://me:hunter2/x,a#b", "postgres://me:***/x,a#b"),
            ("12:30:00", "12:30:00"),
            ("dial 12:30@host", "dial 12:***@host"),
            (
                "at 12:30 write to me@example.org",
                "at 12:30 write to me@example.org",
            ),
            (
                "2026-11-26T12:30:00Z me@example.org",
                "2026-11-26T12:30:00Z me@example.org",
            ),
            ("From: me@example.org", "From: me@example.org"),
            ("mailto:me@example.org", "mailto:me@example.org"),
            ("host:80 me@example.org", "host:80 me@example.org"),
            ("http://host:80 me:hunter2@db", "http://host:80 me:***@db"),
            (
                "a://h:81,http://host:80 me:hunter2@db",
                "a://h:81,http://host:80 me:***@db",
            ),
            (
                "http://host:80 or me@example.org",
                "http://host:80 or me@example.org",
            ),
            (
                "[\"http://h:80\",\"http://h:81\"]",
                "[\"http://h:80\",\"http://h:81\"]",
            ),
            ("https://example.org/@me", "https://example.org/@me"),
            (
                "https://example.org/https://example.org",
                "https://example.org/https://example.org",
            ),
            ("git@example.org:me/it", "git@example.org:me/it"),
        ] {
            assert_eq!(masked(url), shown);
        }
    }

    #[test]
    fn a_lone_user_in_a_url_is_masked() {
        for (url, shown) in [
            (
                "https://ghp_hunter2@github.com/x",
                "https://***@github.com/x",
            ),
            (
                "https://hunter2@sentry.io/1?a=b",
                "https://***@sentry.io/1?a=b",
            ),
            ("https://me%40hunter2@host", "https://***@host"),
            (
                "https://me%40example.org:hunt%40er2@host",
                "https://me%40example.org:***@host",
            ),
            ("https://hunter2@host:80/@me", "https://***@host:80/@me"),
            ("https://hunter2@[::1]:80/@me", "https://***@[::1]:80/@me"),
            ("https://hunter2@host/@me", "https://***@host/@me"),
            ("https://me@hunter2@host", "https://***@host"),
            ("https://@host:80/@me", "https://***@host:80/@me"),
            ("https://me@example.org:hun/ter2@host", "https://***@host"),
            ("a://hunter2@h,b://hunter2@h", "a://***@h,b://***@h"),
            (
                "to postgres%3A%2F%2Fme%3Ahunter2%40db%2Fx",
                "to postgres%3A%2F%2Fme%3A***%40db%2Fx",
            ),
            (
                "u=https%3a%2f%2fhunter2%40db&x=1",
                "u=https%3a%2f%2f***%40db&x=1",
            ),
        ] {
            assert_eq!(masked(url), shown);
        }
    }

    #[test]
    fn a_scheme_in_a_password_begins_no_url() {
        for (url, shown) in [
            ("a://me:hunter2=x://hunter2@db", "a://me:***@db"),
            ("a://me:hunter2(x://(y://hunter2@db", "a://me:***@db"),
            ("a://me:://hunter2@db", "a://me:***@db"),
        ] {
            assert_eq!(masked(url), shown);
        }
    }

    #[test]
    fn the_password_in_each_of_several_urls_is_masked() {
        for (urls, shown) in [
            ("a://u:hunter2@h,b://u:hunter2@h", "a://u:***@h,b://u:***@h"),
            ("a://u:hunter2,b://u:hunter2@h", "a://u:***,b://u:***@h"),
            ("a://u:hunter2@h b://u:hunter2", "a://u:***@h b://u:***"),
            ("u:hunter2@h,http://h:80", "u:***@h,http://h:80"),
            (
                "a=a://u:hunter2@h;b=b://u:hunter2@h",
                "a=a://u:***@h;b=b://u:***@h",
            ),
            ("a://u:hunter2/b://u:hunter2", "a://u:***"),
            (
                r#"bad "a://u:hunter2": a://u:hunter2"#,
                r#"bad "a://u:*** a://u:***"#,
            ),
        ] {
            assert_eq!(masked(urls), shown);
        }
    }

    #[test]
    fn the_password_among_parameters_is_masked() {
        for (text, shown) in [
            (
                "postgres://db/x?Password=hunter2&y=1",
                "postgres://db/x?Password=***&y=1",
            ),
            ("host=db password=hunter2", "host=db password=***"),
            // An empty parameter before a parameter.
            ("token= api_key = hunter2", "token= *** = ***"),
            ("token= pwd= 'hunter2 a' x=1", "token= *** *** x=1"),
            ("token= pwd%3D hunter2", "token= *** ***"),
            ("password=\"hunter2 ", "password=***"),
            ("password: token: hunter2", "password: *** ***"),
            (r"password=\hunter2 x=1", "password=*** x=1"),
            (r#"password=\"hunter2 a\" x=1"#, "password=*** x=1"),
            (
                "Token=hunter2;x=1;password=hunter=2;pwd=hunter2;y=2",
                "Token=***;x=1;password=***;pwd=***;y=2",
            ),
            ("password='hunter2 x' user=me", "password=*** user=me"),
            ("password = 'hunter2 x' user=me", "password = *** user=me"),
            ("password='hunter2 x ' user=me", "password=*** user=me"),
            (r"password='hun\'ter 2' user=me", "password=*** user=me"),
            (r"password=hunter\ 2 user=me", "password=*** user=me"),
            ("PWD={hun;}}ter 2};UID=me", "PWD=***;UID=me"),
            ("PWD=\"hun;ter 2\";UID=me", "PWD=***;UID=me"),
            (r#""PWD=\"hun;ter 2\";UID=me""#, r#""PWD=***;UID=me""#),
            ("password='hunter2 x user=me", "password=***"),
            ("password=", "password=***"),
            ("password", "password"),
        ] {
            assert_eq!(masked(text), shown);
        }
    }
    #[test]
    fn a_value_after_a_name_that_has_a_word_for_password_is_masked() {
        for (text, shown) in [
            (
                "AccountName=x;AccountKey=hunter2==;y=z",
                "AccountName=x;AccountKey=***;y=z",
            ),
            ("SharedAccessKey=hunter2", "SharedAccessKey=***"),
            ("?sv=1&sig=hunter2%3D&se=2", "?sv=1&sig=***&se=2"),
            ("?key=hunter2&x=1", "?key=***&x=1"),
            ("db_password=hunter2 x", "db_password=*** x"),
            ("x-api-key: hunter2", "x-api-key: ***"),
            ("X-Amz-Signature=hunter2&a=b", "X-Amz-Signature=***&a=b"),
            (
                "spring.datasource.password=hunter2",
                "spring.datasource.password=***",
            ),
            (
                "spring.datasource.password : hunter\\ 2",
                "spring.datasource.password : ***",
            ),
            (
                "spring.datasource.password hunter2",
                "spring.datasource.password ***",
            ),
            ("psql --password hunter2 -x", "psql --password *** -x"),
            (
                "//npm.example/:_authToken=hunter2",
                "//npm.example/:_authToken=***",
            ),
            (
                "url=x%26password%3Dhunter2&a=b",
                "url=x%26password%3D***&a=b",
            ),
            (
                "url=x%26password%3Ahunter2&pwd%3ahunter2",
                "url=x%26password%3A***&pwd%3a***",
            ),
            (
                "Driver={x};PWD={hun;}}ter2};UID=me",
                "Driver={x};PWD=***;UID=me",
            ),
        ] {
            assert_eq!(masked(text), shown);
        }
    }

    #[test]
    fn headers_and_json_are_masked() {
        for (text, shown) in [
            ("Authorization: Bearer hunter2", "Authorization: ***"),
            (
                "Authorization: Basic hunter2\nX: y",
                "Authorization: ***\nX: y",
            ),
            ("Cookie: a=hunter2; b=hunter2", "Cookie: ***"),
            ("x-auth-token: Bearer hunter2 x", "x-auth-token: *** x"),
            ("Bearer hunter2", "Bearer ***"),
            ("Basic aHVudGVyMg==", "Basic ***"),
            ("Basic terms apply", "Basic terms apply"),
            (r#"{"password":"x","a":1}"#, r#"{"password":***,"a":1}"#),
            (
                r#"{"password" : "x y", "a": 1}"#,
                r#"{"password" : ***, "a": 1}"#,
            ),
            (
                r#"{\"password\":\"hunter2\",\"a\":1}"#,
                r#"{\"password\":***,\"a\":1}"#,
            ),
            (
                r#"[{"user":"a","pass":"x"},{"user":"b","pass":"y"}]"#,
                r#"[{"user":"a","pass":***},{"user":"b","pass":***}]"#,
            ),
            (
                r#"{"tokens": ["x y", "z]"], "a": 1}"#,
                r#"{"tokens": ***, "a": 1}"#,
            ),
            (
                r#"{"tokens": ["x\"] y"], "a": 1}"#,
                r#"{"tokens": ***, "a": 1}"#,
            ),
            (r#"{"token":8080, "a": 1}"#, r#"{"token":*** "a": 1}"#),
            (
                r#"{"credentials":{"a":{"b":"x"},"c":"y"},"d":1}"#,
                r#"{"credentials":***,"d":1}"#,
            ),
            (
                "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----***-----END PRIVATE KEY-----\n",
            ),
        ] {
            assert_eq!(masked(text), shown);
        }
    }

    #[test]
    fn a_label_that_is_neither_a_host_nor_a_word_in_a_sentence_is_masked() {
        for (text, shown) in [
            ("key: hunter2", "key: ***"),
            ("a, key: hunter2", "a, key: ***"),
            ("the db_key: hunter2", "the db_key: ***"),
            ("the token: hunter2", "the token: ***"),
            ("schl\u{fc}sselkey: hunter2", "schl\u{fc}sselkey: ***"),
            ("token:80a", "token:***"),
            ("token:80-a", "token:***"),
            ("token:123456", "token:***"),
        ] {
            assert_eq!(masked(text), shown);
        }
    }

    #[test]
    fn hosts_times_and_sentences_are_not_masked() {
        for text in [
            "http://secrets:8200/x",
            "http://me.token:80",
            "https://keycloak:8443/auth",
            "token:80",
            "token:80/x",
            "key://host/x",
            "git@token.example:me/it",
            "token::Kind",
            "password:",
            "password:\nhunter: x",
            "unknown key: a",
            "12:30:00",
            "expected token",
            "api_key is too short",
            "public_key=x",
            "monday=x; design=y; signal=z",
            "crate::token::Kind",
            "arn:aws:secretsmanager:eu-west-1:1:secret:app/db-AbCdEf",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    /// A search that begins anew at each part would not end in time.
    #[test]
    fn a_long_text_of_any_part_is_searched_in_one_pass() {
        let parts = [
            ("a://b:c@d,pwd=x;", 2 << 14),
            ("a://b:c=x://", 1),
            ("://", 0),
            ("password=", 1),
            ("pwd:", 1),
            ("key = ", (1 << 18) / 6),
            ("      ", 0),
            ("a b ", 0),
            ("'\"", 0),
            ("%3A%2F%2F", 0),
            ("password:[", 1),
            ("PRIVATE KEY-----", 1),
            ("@:", 1),
            ("--token ", 0),
            ("aaaaaaaa", 0),
        ];
        let (done, searched) = mpsc::channel();
        thread::spawn(move || {
            for (part, _) in parts {
                let text = part.repeat((1 << 18) / part.len());
                let places = super::places(&text, super::Names::All);
                done.send((part, places.len())).unwrap();
            }
        });
        for expected in parts {
            let searched = searched.recv_timeout(Duration::from_secs(60));
            assert_eq!(searched, Ok(expected));
        }
    }

    #[test]
    fn a_long_text_is_searched_up_to_the_end_of_a_character() {
        let text = "x".to_owned() + &"\u{e9}".repeat(super::MAX_SEARCHED);
        let searched = super::searched(&text);
        assert_eq!(searched.len(), super::MAX_SEARCHED - 1);
    }
}

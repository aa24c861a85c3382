//! Other ways to spell a path, by which people have come past proxies.

use std::fmt::Write;

/// The paths that are for operators, by the clients that they answer.
pub(crate) const PROBES: [&str; 7] = [
    "/-/ready",
    "/-/readiness",
    "/healthz",
    "/-/healthy",
    "/-/liveness",
    "/__lbheartbeat__",
    "/__heartbeat__",
];
pub(crate) const METRICS: [&str; 1] = ["/-/metrics"];
pub(crate) const GUARDED: [&str; 5] = [
    "/-/",
    "/-/config",
    "/-/log-level",
    "/-/version",
    "/__version__",
];
/// As if it were switched off.
pub(crate) const HIDDEN: [&str; 1] = ["/-/chaos/delay/1"];

/// Returns all of them.
pub(crate) fn operators() -> impl Iterator<Item = &'static str> {
    let probes = PROBES.into_iter();
    probes.chain(METRICS).chain(GUARDED).chain(HIDDEN)
}

/// Gives spellings that some program takes for `path`, and a careless one not.
pub(crate) fn spellings(path: &str) -> Vec<String> {
    let name = path.strip_prefix('/').unwrap();
    let (first, rest) = name.split_at(1);
    let (most, last) = name.split_at(name.len() - 1);
    let first = encoded(first);
    let lower = first.to_ascii_lowercase();
    let twice = first.replace('%', "%25");
    let often = first.replace('%', "%252525252525");
    let last = encoded(last);
    let all = encoded(name);
    let all_but_slashes = all.replace("%2F", "/");
    let upper = name.to_ascii_uppercase();
    let mut spellings: Vec<String> = BEFORE
        .iter()
        .map(|before| format!("{before}{name}"))
        .chain(AFTER.iter().map(|after| format!("/{name}{after}")))
        .collect();
    spellings.extend([
        format!("/{first}{rest}"),
        format!("/{lower}{rest}"),
        format!("/{twice}{rest}"),
        format!("/{often}{rest}"),
        format!("/{most}{last}"),
        format!("/{all}"),
        format!("/{all_but_slashes}"),
        format!("//{all_but_slashes}"),
        format!("/{}", all.replace('%', "%25")),
        format!("http://x/{first}{rest}"),
        format!("http://x//{name}"),
    ]);
    if name.contains('/') {
        for slash in [
            "//", "/./", "/x/../", "%2f", "%2F", "%252f", "\\", "%5c", ";/", "/;/", "/%2e/", "./",
            "%00/", "%20/", "/%0d",
        ] {
            spellings.push(format!("/{}", name.replacen('/', slash, 1)));
        }
    }
    // The router and every proxy tell these apart from the path.
    spellings.push(format!("/{upper}"));
    // A path without letters has no upper case.
    spellings.retain(|spelling| spelling != path);
    spellings
}

const BEFORE: &[&str] = &[
    "//",
    "///",
    "/./",
    "/.//",
    "/%2e/",
    "/%2f",
    "/%2F/",
    "/../",
    "/x/../",
    "/x//../",
    "/x/y/../../",
    "/x/../../",
    "/x/%2e%2e/",
    "/x/.%2E/",
    "/x/..%2f",
    "/x%2f..%2f",
    "/x/%252e%252e/",
    "/x/%252e%252e%252f",
    "/hello/../",
    "/hello/%2e%2e/",
    "/;/",
    "/;x=y/",
    "/x/..;/",
    "/x/..;x=y/",
    "/x;y/../",
    "/\\",
    "/%5c",
    "/x\\..\\",
    "/x%5c..%5c",
    "/x/..\\",
    "/%20",
    "/%09",
    "/%00",
    "/%0d%0a",
    "/%c0%af",
    "/%e0%80%af",
    "/%u002f",
    "/%ef%bc%8f",
    "/%ef%bb%bf",
];

const AFTER: &[&str] = &[
    "/", "//", "/.", "/./", "/x/..", "/%2e", "%2f", "%2F", "\\", "%5c", ".", "..", "%2e", ";",
    ";x=y", "/;", "%3b", "%20", "%09", "%00", "%0a", "%3f", "%3fx", "%23", "%26", "+", "%", "%2",
    "~", ".json",
];

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        let _ = write!(encoded, "%{byte:02X}");
        encoded
    })
}

//! URLs in the commands of health checks.

use super::place::{At, Place};
use super::workload::Probe;

/// Returns a probe for each `http://host:port/path` in a command.
pub(super) fn probes(command: &str, place: &Place) -> Vec<Probe> {
    let mut probes = Vec::new();
    let mut rest = command;
    while let Some(at) = rest.find("http://") {
        let url = &rest[at + "http://".len()..];
        let is_end = |letter: char| letter.is_whitespace() || "\"'|&;)>".contains(letter);
        let url = &url[..url.find(is_end).unwrap_or(url.len())];
        let (authority, path) = url.split_at(url.find('/').unwrap_or(url.len()));
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let port = authority.rsplit_once(':').map(|(_, port)| port);
        let port = port.filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
        let is_known = |text: &&str| !text.contains('$');
        let written = |text: &str| At::written(text.to_owned(), place.clone());
        probes.push(Probe {
            path: Some(path)
                .filter(is_known)
                .filter(|path| !path.is_empty())
                .map(written),
            port: port.map(written),
            is_authorized: command.to_ascii_lowercase().contains("authorization"),
        });
        rest = &rest[at + "http://".len() + url.len()..];
    }
    probes
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn urls_are_found_in_commands() {
        let file: Arc<str> = "f".into();
        let place = Place::new(&file, 1, 1);
        let found = probes(
            "curl -f 'http://localhost:8001/-/ready?x' || http://[::1]/y",
            &place,
        );
        let texts = found.iter().map(|probe| {
            let text = |at: &Option<At<String>>| at.as_ref().map(|at| at.value.clone());
            (text(&probe.port), text(&probe.path))
        });
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            texts.collect::<Vec<_>>(),
            [(some("8001"), some("/-/ready")), (None, some("/y"))]
        );
    }
}

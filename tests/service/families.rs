//! IPv4 and IPv6 at one port.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use crate::client::Client;
use crate::process::Process;

const DEPLOY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo-service/deploy");

#[test]
fn the_unspecified_address_of_ipv6_takes_both_families() {
    let process = Process::start(&[("HOST", "::"), ("APP_ADMIN_LISTEN", "[::]:0")]);
    process.line("ready");
    for (message, path) in [
        ("listening", "/hello"),
        ("listening for operators", "/-/ready"),
    ] {
        let address = process.line(message)["address"].clone();
        let address: SocketAddr = address.as_str().unwrap().parse().unwrap();
        for host in ["127.0.0.1", "::1"] {
            let address = SocketAddr::new(host.parse().unwrap(), address.port());
            assert_eq!(Client::new(address).get(path).status, 200, "{address}");
        }
    }
}

/// In a cluster or a network of containers with IPv6 alone, `0.0.0.0` is not reachable.
#[test]
fn no_shipped_file_listens_on_every_address_of_ipv4_alone() {
    let mut files = vec![Path::new(DEPLOY).to_owned()];
    let mut read = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(
                fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        // 10.0.0.0/8 is a network.
        let mut found = text.match_indices("0.0.0.0").map(|(at, _)| &text[..at]);
        let is_every = found.any(|before| !before.ends_with(|last: char| last.is_ascii_digit()));
        assert!(!is_every, "{}", path.display());
        read += 1;
    }
    assert!(read > 10, "{read} files");
    for (file, listens) in [
        ("container/Dockerfile", "APP_HOST=::"),
        ("kubernetes/kustomization.yaml", "APP_HOST=::"),
        (
            "kubernetes/kustomization.yaml",
            "APP_ADMIN_LISTEN=[::]:8001",
        ),
    ] {
        let text = fs::read_to_string(Path::new(DEPLOY).join(file)).unwrap();
        assert!(text.contains(listens), "{file}");
    }
}

//! The process that listens at a port, as far as `/proc` tells its user.

use std::fmt;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::process::geteuid;

/// The state of a socket that listens, in `/proc/net/tcp`.
const LISTEN: &str = "0A";

/// A process.
#[derive(Debug)]
pub(crate) struct PortOwner {
    pid: u32,
    name: String,
}

impl PortOwner {
    /// Returns the process of this user that listens at a port, if there is one.
    pub(crate) fn of(port: u16) -> Option<Self> {
        let tables = ["/proc/net/tcp", "/proc/net/tcp6"];
        let texts = tables
            .iter()
            .filter_map(|path| fs::read_to_string(path).ok());
        let sockets: Vec<_> = texts
            .flat_map(|text| sockets(&text, port).collect::<Vec<_>>())
            .collect();
        if sockets.is_empty() {
            return None;
        }
        let processes = fs::read_dir("/proc").ok()?.flatten();
        processes.into_iter().find_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            let path = entry.path();
            let is_own = fs::metadata(&path).ok()?.uid() == geteuid().as_raw();
            if !is_own || !has_any(&path, &sockets) {
                return None;
            }
            let name = fs::read_to_string(path.join("comm")).unwrap_or_default();
            let name = name.trim_end().to_owned();
            Some(Self { pid, name })
        })
    }
}

/// Returns the targets of links to the sockets that listen at a port.
fn sockets(table: &str, port: u16) -> impl Iterator<Item = String> {
    let port = format!(":{port:04X}");
    table.lines().skip(1).filter_map(move |line| {
        let fields: Vec<_> = line.split_whitespace().collect();
        let is_it = fields.get(1)?.ends_with(&port) && *fields.get(3)? == LISTEN;
        is_it.then(|| Some(format!("socket:[{}]", fields.get(9)?)))?
    })
}

/// Returns whether a process has any of the sockets.
fn has_any(process: &Path, sockets: &[String]) -> bool {
    let Ok(files) = fs::read_dir(process.join("fd")) else {
        return false;
    };
    let targets = files
        .flatten()
        .filter_map(|file| fs::read_link(file.path()).ok());
    targets.into_iter().any(|target| {
        sockets
            .iter()
            .any(|socket| target.as_os_str() == socket.as_str())
    })
}

impl fmt::Display for PortOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} ({})", self.pid, self.name)
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::process;

    use super::*;

    #[test]
    fn a_listener_of_this_process_is_found_and_a_free_port_has_none() {
        for address in ["127.0.0.1:0", "0.0.0.0:0"] {
            let listener = TcpListener::bind(address).unwrap();
            let port = listener.local_addr().unwrap().port();
            let owner = PortOwner::of(port).unwrap();
            assert_eq!(owner.pid, process::id());
            assert!(!owner.name.is_empty());
            drop(listener);
            assert!(PortOwner::of(port).is_none());
        }
    }

    #[test]
    fn a_table_of_the_kernel_is_read() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
                     \x20  0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1\n\
                     \x20  1: 0100007F:1F40 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 4712 1\n\
                     \x20  2: broken\n";
        let found: Vec<_> = sockets(table, 8000).collect();
        assert_eq!(found, ["socket:[4711]"]);
        assert_eq!(sockets(table, 8001).count(), 0);
    }
}

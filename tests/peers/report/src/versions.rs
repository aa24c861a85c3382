//! Which versions are compared.

use std::error::Error;
use std::fs;

/// Names the peers, each with its version, as the lock file has it.
///
/// # Errors
///
/// If there is no lock file.
pub fn versions(peers: &[&str]) -> Result<String, Box<dyn Error>> {
    let lock = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock"))?;
    let version = |peer: &&str| {
        let (_, after) = lock.split_once(&format!("name = \"{peer}\"\nversion = \""))?;
        Some(format!("{peer} {}", after.split('"').next()?))
    };
    let versions: Vec<String> = peers.iter().filter_map(version).collect();
    Ok(versions.join(", "))
}

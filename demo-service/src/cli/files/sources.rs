//! Compares a deployment with the places where the service looks for secrets.

use std::path::Path;

use environ::EnvConfig;
use environ::deployment::{At, Finding, Workload};

use crate::config::{AppConfig, SecretsConfig};

/// Returns the findings about the secrets of a workload, if the file says all about the store.
pub(super) fn findings(workload: &Workload) -> Vec<Finding> {
    if !workload.knows_all("APP_SECRETS") {
        return Vec::new();
    }
    let store = SecretsConfig::loader()
        .prefix("APP_SECRETS")
        .source(workload.variables());
    let Ok(store) = store.load() else {
        return Vec::new();
    };
    let mut findings = mounts(workload, &store.config);
    findings.extend(two_sources(workload, &store.config));
    findings
}

/// Returns a finding about each secret of which a ciphertext is set beside another source, with
/// which the service does not start.
fn two_sources(workload: &Workload, store: &SecretsConfig) -> Vec<Finding> {
    // A ciphertext comes first: a finding is about it.
    const SOURCES: [&str; 5] = ["_KMS", "_KMS_FILE", "_SECRET_ID", "", "_FILE"];
    let ciphertexts = &SOURCES[..2];
    if !ciphertexts.iter().all(|end| store.ends().contains(end)) {
        return Vec::new();
    }
    // A text from elsewhere is not known, but is there.
    let is_set = |name: &String| {
        let is_empty = workload.variables().get(name).is_some_and(String::is_empty);
        workload.place_of(name) != workload.place() && !is_empty
    };
    let conflict = |secret: String| {
        let set = SOURCES.map(|end| (end, format!("{secret}{end}")));
        let mut set = set.iter().filter(|(_, name)| is_set(name));
        let (_, name) = set.next().filter(|(end, _)| ciphertexts.contains(end))?;
        let (_, other) = set.next()?;
        let place = workload.place_of(name).clone();
        let message = format!("{other} is set, too; remove one of them");
        Some(Finding::error(place, name, "conflict", message))
    };
    let secrets = AppConfig::secret_vars().into_iter();
    secrets.filter_map(conflict).collect()
}

/// Compares the mounts of secrets with the directory that the service reads.
fn mounts(workload: &Workload, config: &SecretsConfig) -> Vec<Finding> {
    let SecretsConfig::Dir(dir) = config else {
        return Vec::new();
    };
    let mounts = &workload.secret_mounts;
    let is_seen = |mount: &At<String>| {
        let path = Path::new(&mount.value);
        path == dir.path || path.parent() == Some(&dir.path)
    };
    if !mounts.iter().any(is_seen) {
        let message = format!(
            "a secret is mounted here, and the service looks in {}; mount it there, or set \
             APP_SECRETS_DIR_PATH",
            dir.path.display()
        );
        let place = |mount: &At<String>| mount.place.clone();
        let finding = |place| Finding::error(place, "APP_SECRETS_DIR_PATH", "mount", &*message);
        return mounts.iter().map(place).map(finding).collect();
    }
    let files = mounts
        .iter()
        .filter(|mount| Path::new(&mount.value).parent() == Some(&dir.path));
    files.filter_map(unknown_secret).collect()
}

/// Returns a finding about a file that is called as no secret is.
fn unknown_secret(mount: &At<String>) -> Option<Finding> {
    let file = Path::new(&mount.value).file_name()?.to_str()?;
    let keys: Vec<String> = AppConfig::secret_vars()
        .iter()
        .map(|name| name.trim_start_matches("APP_").to_lowercase())
        .collect();
    if keys.iter().any(|key| key == file) {
        return None;
    }
    let message = format!(
        "the service reads no secret that is called so; call it {}",
        keys.join(" or ")
    );
    let place = mount.place.clone();
    Some(Finding::warning(
        place,
        "APP_SECRETS_DIR_PATH",
        "mount",
        message,
    ))
}

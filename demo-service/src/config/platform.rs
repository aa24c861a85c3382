//! The platform that runs the service, by the marks that it leaves, and the time that it gives
//! a service to stop.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use environ::Source;

/// A platform that stops a service after a known time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Platform {
    /// systemd, which the service asks for the time that it needs.
    Systemd,
    Railway,
    Fly,
    Nomad,
    CloudRun,
    Heroku,
    Render,
    Ecs,
    Kubernetes,
    /// Docker or Podman, without an orchestrator.
    Container,
    /// No platform left a mark.
    Unknown,
}

/// A variable that only its platform sets. The first that is set counts: a container of
/// Kubernetes is a container too.
const MARKS: [(&str, Platform); 11] = [
    ("NOTIFY_SOCKET", Platform::Systemd),
    ("RAILWAY_PROJECT_ID", Platform::Railway),
    ("FLY_APP_NAME", Platform::Fly),
    ("NOMAD_ALLOC_ID", Platform::Nomad),
    ("K_SERVICE", Platform::CloudRun),
    ("DYNO", Platform::Heroku),
    ("RENDER", Platform::Render),
    ("ECS_CONTAINER_METADATA_URI_V4", Platform::Ecs),
    ("ECS_CONTAINER_METADATA_URI", Platform::Ecs),
    ("KUBERNETES_SERVICE_HOST", Platform::Kubernetes),
    // Podman sets it, and Docker leaves a file.
    (CONTAINER, Platform::Container),
];

const CONTAINER: &str = "container";

/// Files that Docker and Podman leave in a container.
const CONTAINER_FILES: [&str; 2] = ["/.dockerenv", "/run/.containerenv"];

/// Marks of platforms that remove an instance from their routing in parallel with the signal, and
/// without asking for readiness.
const ROUTED_APART: [&str; 4] = [
    "KUBERNETES_SERVICE_HOST",
    "ECS_CONTAINER_METADATA_URI_V4",
    "ECS_CONTAINER_METADATA_URI",
    "NOMAD_ALLOC_ID",
];

impl Platform {
    /// Returns the variables that are read.
    pub(crate) fn marks() -> impl Iterator<Item = &'static str> {
        MARKS.into_iter().map(|(name, _)| name)
    }

    /// Returns the platform that set the variables of `env` or, if none did, that left a file.
    pub(crate) fn of(env: &dyn Source) -> Self {
        let is_container = || CONTAINER_FILES.iter().any(|path| Path::new(path).exists());
        match Self::by_variables(env) {
            Self::Unknown if is_container() => Self::Container,
            platform => platform,
        }
    }

    /// Returns the platform that set the variables of `env`.
    pub(crate) fn by_variables(env: &dyn Source) -> Self {
        let mark = MARKS.iter().find(|(name, _)| is_set(env, name));
        match mark {
            // Podman with `--sdnotify=container` passes the socket of systemd on, and kills the
            // service after its own time. systemd itself never sets the mark of a container.
            Some((_, Self::Systemd)) if is_set(env, CONTAINER) => Self::Container,
            mark => mark.map_or(Self::Unknown, |(_, platform)| *platform),
        }
    }

    /// Returns the time from the signal to the kill, unless somebody configured another.
    pub(crate) fn grace(self) -> Duration {
        Duration::from_secs(match self {
            Self::Railway => 3,
            Self::Fly | Self::Nomad => 5,
            Self::CloudRun | Self::Container => 10,
            Self::Heroku
            | Self::Render
            | Self::Ecs
            | Self::Kubernetes
            | Self::Systemd
            | Self::Unknown => 30,
        })
    }

    /// Returns whether the platform leaves the time open: systemd is asked for it, and a pod
    /// or an unknown supervisor has the time of its manifest.
    pub(crate) fn leaves_time_open(self) -> bool {
        matches!(self, Self::Systemd | Self::Kubernetes | Self::Unknown)
    }

    /// Returns the name in logs and in `/-/config`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Systemd => "systemd",
            Self::Railway => "railway",
            Self::Fly => "fly",
            Self::Nomad => "nomad",
            Self::CloudRun => "cloud_run",
            Self::Heroku => "heroku",
            Self::Render => "render",
            Self::Ecs => "ecs",
            Self::Kubernetes => "kubernetes",
            Self::Container => "container",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Systemd => "systemd",
            Self::Railway => "Railway",
            Self::Fly => "Fly",
            Self::Nomad => "Nomad",
            Self::CloudRun => "Cloud Run",
            Self::Heroku => "Heroku",
            Self::Render => "Render",
            Self::Ecs => "ECS",
            Self::Kubernetes => "Kubernetes",
            Self::Container => "a container's engine",
            Self::Unknown => "an unknown platform",
        })
    }
}

/// Returns whether a platform takes an instance out of its routing by itself, so that no
/// client asks for readiness and the delay is needed all the same.
pub(crate) fn is_routed_apart(env: &dyn Source) -> bool {
    ROUTED_APART.iter().any(|name| is_set(env, name))
}

fn is_set(env: &dyn Source, name: &str) -> bool {
    env.get(name).is_some_and(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_is_known_by_its_mark() {
        for (name, platform) in MARKS {
            assert_eq!(Platform::by_variables(&[(name, "x")]), platform, "{name}");
            let empty = Platform::by_variables(&[(name, "")]);
            assert_eq!(empty, Platform::Unknown, "{name}");
        }
    }

    #[test]
    fn a_platform_counts_before_its_container() {
        let podman = (CONTAINER, "podman");
        for mark in ["K_SERVICE", "KUBERNETES_SERVICE_HOST"] {
            let inner = Platform::by_variables(&[podman, (mark, "x")]);
            assert_eq!(inner, Platform::by_variables(&[(mark, "x")]), "{mark}");
        }
        let knative = [("KUBERNETES_SERVICE_HOST", "x"), ("K_SERVICE", "x")];
        assert_eq!(Platform::by_variables(&knative), Platform::CloudRun);
        assert!(is_routed_apart(&knative));
        assert!(!is_routed_apart(&[podman, ("K_SERVICE", "x")]));
    }

    #[test]
    fn podman_that_passes_the_socket_of_systemd_on_kills_after_its_own_time() {
        let quadlet = [("NOTIFY_SOCKET", "/run/notify"), (CONTAINER, "podman")];
        assert_eq!(Platform::by_variables(&quadlet), Platform::Container);
    }
}

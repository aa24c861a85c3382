//! Compares a deployment with facts about this service: the time that a stop takes, its ports,
//! and its routes.

use std::net::IpAddr;
use std::time::Duration;

use environ::EnvConfig;
use environ::deployment::{At, Finding, Format, Place, Port, Probe, Workload};

use super::sources;
use crate::config::cautions;
use crate::config::platform::{Platform, is_routed_apart};
use crate::config::stop::Origin;
use crate::config::{DrainConfig, Exposure, Host, Listeners, StopBudget, StopConfig, Switches};
use crate::http::{answers_all, is_for_operators, is_route};

/// Returns the findings about a workload.
pub(super) fn findings(workload: &Workload) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(grace(workload));
    if let Some(listeners) = listeners(workload) {
        let declared = workload.ports.iter();
        findings.extend(declared.filter_map(|port| self::port(workload, port, &listeners)));
        let probes = workload.probes.iter();
        findings.extend(probes.flat_map(|probe| self::probe(workload, probe, &listeners)));
        let scrape = workload.scrape.as_ref();
        findings.extend(scrape.and_then(|scrape| self::scrape(workload, scrape, &listeners)));
    }
    let paths = workload
        .probes
        .iter()
        .filter_map(|probe| probe.path.as_ref());
    findings.extend(paths.filter_map(path));
    findings.extend(service_links(workload));
    findings.extend(sources::findings(workload));
    findings.extend(unread(workload));
    findings
}

/// Compares the longest stop with the time before the kill, and the configured phases of the
/// stop with its time.
fn grace(workload: &Workload) -> Option<Finding> {
    let budget = budget(workload)?;
    // A file that says how long the platform waits needs no guess.
    let is_known = workload.grace.is_some() && budget.origin == Origin::Phases;
    if let Some(caution) = budget.caution().filter(|_| !is_known) {
        let set = ["APP_STOP_TIMEOUT", "APP_DRAIN_TIMEOUT", "APP_DRAIN_DELAY"];
        let variables = workload.variables();
        let name = set.into_iter().find(|name| variables.contains_key(*name))?;
        let place = workload.place_of(name).clone();
        let message = format!("APP_STOP_TIMEOUT: {caution}");
        return Some(Finding::warning(place, name, "grace", message));
    }
    let grace = workload.grace.as_ref()?;
    let stop = budget.total;
    if grace.value >= stop {
        return None;
    }
    let name = match workload.format() {
        Format::Kubernetes => "terminationGracePeriodSeconds",
        Format::Compose => "stop_grace_period",
        Format::Quadlet => "StopTimeout",
        _ => "TimeoutStopSec",
    };
    let default = if grace.is_written {
        ""
    } else {
        ", the default"
    };
    let message = format!(
        "stopping takes up to {stop:?}, and the service is killed after {:?}{default}; raise it \
         to {}s, or set APP_STOP_TIMEOUT to {:?} ({budget})",
        grace.value,
        whole_seconds(stop),
        grace.value,
    );
    let place = grace.place.clone();
    let is_certain = grace.is_written
        && ["APP_STOP_TIMEOUT", "APP_DRAIN"]
            .iter()
            .all(|name| workload.knows_all(name));
    Some(if is_certain {
        Finding::error(place, name, "grace", message)
    } else {
        Finding::warning(place, name, "grace", message)
    })
}

/// Returns the time of a stop, on the platform that the file is for.
fn budget(workload: &Workload) -> Option<StopBudget> {
    let variables = workload.variables();
    let stop = StopConfig::loader().prefix("APP_STOP").source(variables);
    let drain = DrainConfig::loader().prefix("APP_DRAIN").source(variables);
    let (stop, drain) = (stop.load().ok()?.config, drain.load().ok()?.config);
    let platform = match (Platform::by_variables(variables), workload.format()) {
        (Platform::Unknown, Format::Kubernetes) => Platform::Kubernetes,
        (Platform::Unknown, Format::Compose | Format::Quadlet) => Platform::Container,
        (platform, _) => platform,
    };
    let is_routed_apart = is_routed_apart(variables) || platform == Platform::Kubernetes;
    Some(StopBudget::on(platform, &stop, &drain, is_routed_apart))
}

fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

/// Returns the listeners, if the file says all about them.
fn listeners(workload: &Workload) -> Option<Listeners> {
    let names = ["APP_PORT", "PORT", "APP_ADMIN_LISTEN"];
    if !names.iter().all(|name| workload.knows_all(name)) {
        return None;
    }
    let listeners = Listeners::loader().source(workload.variables()).load();
    // Port 0 is any port.
    listeners
        .ok()
        .map(|loaded| loaded.config)
        .filter(|listeners| listeners.port != 0)
}

impl Listeners {
    fn has(&self, port: u16) -> bool {
        port == self.port || self.admin_listen.is_some_and(|admin| admin.port() == port)
    }

    /// Returns the listeners in words: `APP_PORT is 8000`.
    fn words(&self) -> String {
        match self.admin_listen {
            Some(admin) => format!("APP_PORT is {}, APP_ADMIN_LISTEN {admin}", self.port),
            None => format!("APP_PORT is {}", self.port),
        }
    }
}

/// Returns the address of the public listener, if the file sets an address that is reached from
/// the same container alone.
fn loopback(workload: &Workload) -> Option<IpAddr> {
    let is_known = ["APP_HOST", "HOST"]
        .iter()
        .all(|name| workload.knows_all(name));
    let loaded = Host::loader().source(workload.variables()).load().ok()?;
    loaded
        .config
        .host
        .filter(|host| is_known && host.is_loopback())
}

fn port(workload: &Workload, port: &Port, listeners: &Listeners) -> Option<Finding> {
    if listeners.has(port.number) {
        let host = loopback(workload).filter(|_| port.number == listeners.port)?;
        // A port of a container of Kubernetes is documentation.
        let engine = match workload.format() {
            Format::Compose => "Compose",
            Format::Quadlet => "Podman",
            _ => return None,
        };
        let message = format!(
            "{engine} cannot reach APP_HOST={host}, which is the container's loopback; listen on \
             0.0.0.0 or ::"
        );
        return Some(Finding::error(port.place.clone(), "ports", "port", message));
    }
    let message = format!(
        "nothing listens at port {}, since {}; correct one of them",
        port.number,
        listeners.words()
    );
    let place = port.place.clone();
    // `EXPOSE` opens nothing.
    Some(if workload.format() == Format::Dockerfile {
        Finding::warning(place, "EXPOSE", "port", message)
    } else {
        Finding::error(place, "ports", "port", message)
    })
}

fn probe(workload: &Workload, probe: &Probe, listeners: &Listeners) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(at) = &probe.port else {
        return findings;
    };
    let error = |place: &Place, message| Finding::error(place.clone(), "probe", "port", message);
    let declared = workload.ports.iter();
    let mut named = declared.filter(|port| port.name.as_deref() == Some(&at.value));
    let number = at
        .value
        .parse()
        .ok()
        .or_else(|| named.next().map(|port| port.number));
    let Some(number) = number else {
        let message = "the container has no port of this name; add it to `ports`";
        findings.push(error(&at.place, message.to_owned()));
        return findings;
    };
    if !listeners.has(number) {
        let message = format!(
            "nothing listens at port {number}, since {}; correct one of them",
            listeners.words()
        );
        findings.push(error(&at.place, message));
        return findings;
    }
    if workload.format() == Format::Kubernetes
        && number == listeners.port
        && let Some(host) = loopback(workload)
    {
        let message = format!(
            "Kubernetes cannot reach APP_HOST={host}, which is the pod's loopback; listen on \
             0.0.0.0 or ::"
        );
        findings.push(error(&at.place, message));
    }
    let Some(admin) = listeners.admin_listen else {
        findings.extend(guarded(workload, probe, "probe"));
        return findings;
    };
    let is_admin = number == admin.port();
    if is_admin && admin.ip().is_loopback() && workload.format() == Format::Kubernetes {
        let message = format!(
            "Kubernetes cannot reach APP_ADMIN_LISTEN={admin}, which is the pod's loopback; \
             listen on [::]:{number}"
        );
        findings.push(error(&at.place, message));
    }
    if let Some(path) = &probe.path
        && is_route(&path.value)
        && is_for_operators(&path.value)
        && !is_admin
    {
        let message = format!(
            "404 at port {number}, because APP_ADMIN_LISTEN alone serves it; ask port {}",
            admin.port()
        );
        findings.push(error(&path.place, message));
    }
    findings
}

/// Compares the annotations for Prometheus with the route of the metrics.
fn scrape(workload: &Workload, scrape: &Probe, listeners: &Listeners) -> Option<Finding> {
    let path = scrape.path.as_ref()?;
    let number = scrape
        .port
        .as_ref()
        .and_then(|port| Some((port, port.value.parse().ok()?)));
    let error = |place: &Place, code, message: &str| {
        Some(Finding::error(place.clone(), "scrape", code, message))
    };
    if !is_route(&path.value) {
        let message = "404, because the service has no such route; set the annotation \
                       prometheus.io/path to /-/metrics";
        return error(&path.place, "route", message);
    }
    let Some((place, number)) = number else {
        return guarded(workload, scrape, "scrape").filter(|_| listeners.admin_listen.is_none());
    };
    if !listeners.has(number) {
        let message = format!(
            "nothing listens at port {number}, since {}; correct one of them",
            listeners.words()
        );
        return error(&place.place, "port", &message);
    }
    match listeners.admin_listen {
        None => guarded(workload, scrape, "scrape"),
        Some(admin) if admin.port() != number && is_for_operators(&path.value) => {
            let message = format!(
                "404 at port {number}, because APP_ADMIN_LISTEN alone serves it; ask port {}",
                admin.port()
            );
            error(&place.place, "port", &message)
        }
        Some(admin) if admin.port() == number && admin.ip().is_loopback() => {
            let message = format!(
                "Prometheus cannot reach APP_ADMIN_LISTEN={admin}, which is the pod's loopback; \
                 listen on [::]:{number}"
            );
            error(&place.place, "port", &message)
        }
        Some(_) => None,
    }
}

/// Returns a finding about a request from outside of the pod to an endpoint that answers on the
/// same host alone. Health checks of other formats run beside the service.
fn guarded(workload: &Workload, probe: &Probe, name: &str) -> Option<Finding> {
    let switches = ["APP_ADMIN_OPEN", "APP_METRICS_OPEN"];
    if workload.format() != Format::Kubernetes
        || probe.is_authorized
        || !switches.iter().all(|name| workload.knows_all(name))
    {
        return None;
    }
    let path = probe.path.as_ref()?;
    let bare = path.value.split('?').next().unwrap_or_default();
    let loaded = Switches::loader().source(workload.variables()).load();
    let exposure = loaded.ok()?.config.exposure();
    if !is_route(bare) || answers_all(bare, exposure) {
        return None;
    }
    let is_open = Exposure {
        metrics: true,
        ..exposure
    };
    let switch = if answers_all(bare, is_open) {
        "APP_METRICS_OPEN"
    } else {
        "APP_ADMIN_OPEN"
    };
    let message = format!(
        "403, because the endpoint answers operators alone; listen on APP_ADMIN_LISTEN and ask \
         its port, or set {switch}=true"
    );
    let place = path.place.clone();
    Some(Finding::error(place, name, "guarded", message))
}

fn path(path: &At<String>) -> Option<Finding> {
    let bare = path.value.split('?').next().unwrap_or_default();
    if is_route(bare) {
        return None;
    }
    let message = "404, because the service has no such route; ask /-/ready for readiness, or \
                   /-/healthy for liveness";
    Some(Finding::error(
        path.place.clone(),
        "probe",
        "route",
        message,
    ))
}

fn service_links(workload: &Workload) -> Option<Finding> {
    let links = workload
        .service_links
        .as_ref()
        .filter(|links| links.value)?;
    let message = "Kubernetes sets variables for each Service, such as APP_PORT for a Service \
                   called `app`; set it to false in the pod";
    let place = links.place.clone();
    Some(Finding::warning(
        place,
        "enableServiceLinks",
        "links",
        message,
    ))
}

/// Returns variables of other programs that look like ours.
fn unread(workload: &Workload) -> Vec<Finding> {
    let cautions = cautions::unread(workload.variables());
    let findings = cautions.into_iter().map(|caution| {
        let place = workload.place_of(&caution.name).clone();
        Finding::warning(place, &caution.name, "unread", caution.text)
    });
    findings.collect()
}

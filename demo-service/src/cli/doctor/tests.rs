use std::time::Duration;

use super::deployment::Deployment;
use crate::config::StopBudget;
use crate::config::platform::Platform;
use crate::config::stop::Origin;

const HEALTHY: Deployment = Deployment {
    prod: true,
    debug: false,
    chaos: false,
    request: Duration::from_secs(20),
    stop: StopBudget {
        total: Duration::from_secs(36),
        origin: Origin::Configured,
        platform: Platform::Unknown,
        delay: Duration::from_secs(5),
        keeps_delay: false,
        timeout: Some(Duration::from_secs(25)),
        needed: None,
    },
    grace: Some(Duration::from_secs(45)),
    keep_alive: Duration::from_secs(75),
    workers: None,
    cores: 2,
    root: false,
    dumps_secrets: false,
    files_needed: 10_064,
    files: Some(16_384),
    exposed: Vec::new(),
    unread: Vec::new(),
    cautions: Vec::new(),
};

fn warnings(deployment: &Deployment) -> Vec<&'static str> {
    let findings = deployment.findings().into_iter();
    let warnings = findings.filter(|finding| finding.is_warning);
    warnings.map(|finding| finding.what).collect()
}

#[test]
fn a_healthy_deployment_has_no_warning() {
    assert_eq!(warnings(&HEALTHY), [""; 0]);
}

#[test]
fn each_thing_that_is_odd_is_one_warning() {
    let odd = |change: fn(&mut Deployment)| {
        let mut deployment = HEALTHY;
        change(&mut deployment);
        warnings(&deployment)
    };
    assert_eq!(
        odd(|it| it.grace = Some(Duration::from_secs(30))),
        ["grace"]
    );
    assert_eq!(odd(|it| it.grace = None), [""; 0]);
    assert_eq!(
        odd(|it| it.stop.needed = Some(Duration::from_secs(40))),
        ["grace"]
    );
    assert_eq!(odd(|it| it.request = it.stop.finish()), ["requests"]);
    let of_the_platform = |it: &mut Deployment| {
        (it.request, it.stop.origin) = (it.stop.finish(), Origin::Platform);
    };
    assert_eq!(odd(of_the_platform), [""; 0]);
    assert_eq!(
        odd(|it| it.keep_alive = Duration::from_secs(5)),
        ["keep-alive"]
    );
    assert_eq!(odd(|it| it.root = true), ["user"]);
    assert_eq!(
        odd(|it| it.exposed.push("APP_DB_URL".to_owned())),
        ["secrets"]
    );
    assert_eq!(
        odd(|it| it.unread.push("APP_PROT".to_owned())),
        ["variables"]
    );
    assert_eq!(odd(|it| it.debug = true), ["log level"]);
    assert_eq!(odd(|it| (it.debug, it.prod) = (true, false)), [""; 0]);
    assert_eq!(odd(|it| it.chaos = true), ["chaos"]);
    assert_eq!(odd(|it| (it.chaos, it.prod) = (true, false)), [""; 0]);
    assert_eq!(odd(|it| it.workers = Some(3)), ["workers"]);
    assert_eq!(odd(|it| it.workers = Some(2)), [""; 0]);
    assert_eq!(odd(|it| it.files = Some(1024)), ["open files"]);
    assert_eq!(odd(|it| it.files = Some(10_063)), ["open files"]);
    assert_eq!(odd(|it| it.files = Some(10_064)), [""; 0]);
    assert_eq!(odd(|it| it.files = None), [""; 0]);
    assert_eq!(odd(|it| it.dumps_secrets = true), ["core dump"]);
}

#[test]
fn a_finding_is_a_line_with_the_remedy() {
    let findings = Deployment {
        grace: Some(Duration::from_secs(30)),
        ..HEALTHY
    }
    .findings();
    assert_eq!(
        findings[0].to_string(),
        "warning  grace       stopping may take 36s, but the service is killed after 30s: \
         set APP_STOP_TIMEOUT to 30s, or raise the time of the platform (APP_STOP_TIMEOUT is 36s)"
    );
    assert_eq!(findings[3].to_string(), "ok       user        not root");
}

//! Requests as spans.

use rustix::process::Signal;

use crate::collector::{Answer, Collector, attributes};
use crate::hex;
use crate::process::Process;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const SPAN: &str = "b7ad6b7169203331";

fn start(collector: &Collector, more: &[(&str, &str)]) -> Process {
    let endpoint = collector.endpoint();
    let mut vars = vec![
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint),
        ("OTEL_BSP_SCHEDULE_DELAY", "50"),
    ];
    vars.extend(more);
    Process::start(&vars)
}

#[test]
fn a_request_and_its_statement_are_spans_of_the_trace_of_the_client() {
    let collector = Collector::start(Answer::Status(200));
    let process = start(
        &collector,
        &[
            ("OTEL_SERVICE_NAME", "visits"),
            ("OTEL_RESOURCE_ATTRIBUTES", "team=a%20team,broken,region=b"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=hunter2"),
        ],
    );
    let client = process.client();
    let traceparent = format!("00-{TRACE}-{SPAN}-01");
    let answer = client.get_with("/visits?secret=1", &[("traceparent", &traceparent)]);
    assert_eq!(answer.status, 200);
    let spans = collector.wait_for(|spans| spans.len() >= 2);
    let [statement, request] = &spans[..] else {
        panic!("{spans:#?}");
    };
    assert_eq!((&*request.name, request.kind), ("GET /visits", 2));
    assert_eq!(hex(&request.trace_id), TRACE);
    assert_eq!(hex(&request.parent_span_id), SPAN);
    assert_eq!(request.status, None);
    let request_id = answer.header("x-request-id").unwrap();
    assert_eq!(
        attributes(&request.attributes),
        [
            "http.request.method=GET",
            "http.route=/visits",
            "url.path=/visits",
            "http.response.status_code=200",
            &format!("http.request.header.x-request-id={request_id}"),
        ]
    );
    assert_eq!((&*statement.name, statement.kind), ("SELECT visits", 3));
    assert_eq!(statement.trace_id, request.trace_id);
    assert_eq!(statement.parent_span_id, request.span_id);
    assert_ne!(statement.span_id, request.span_id);
    assert_eq!(
        attributes(&statement.attributes),
        [
            "db.system.name=sqlite",
            "db.query.text=SELECT count FROM visits WHERE id = 1",
        ]
    );
    assert!(request.start_time_unix_nano <= statement.start_time_unix_nano);
    assert!(statement.end_time_unix_nano <= request.end_time_unix_nano);

    let export = &collector.exports()[0];
    assert!(
        export.head.starts_with("post /v1/traces http/1.1\r\n"),
        "{}",
        export.head
    );
    for header in ["content-type: application/x-protobuf", "api-key: hunter2"] {
        assert!(
            export.head.contains(&format!("\r\n{header}\r\n")),
            "{}",
            export.head
        );
    }
    let resource = export.request.resource_spans[0].resource.as_ref().unwrap();
    assert_eq!(
        attributes(&resource.attributes),
        [
            "service.name=visits",
            concat!("service.version=", env!("CARGO_PKG_VERSION")),
            "team=a team",
            "region=b",
        ]
    );

    let response = format!("00-{TRACE}-{}-01", hex(&request.span_id));
    assert_eq!(answer.header("traceresponse"), Some(&*response));
    let line = process.text("\"path\":\"/visits\"");
    assert!(
        line.contains(&format!("\"trace_id\":\"{TRACE}\"")),
        "{line}"
    );
}

#[test]
fn a_request_without_a_trace_begins_a_trace_that_the_log_names() {
    let collector = Collector::start(Answer::Status(200));
    let process = start(&collector, &[]);
    let answer = process.client().get("/hello");
    let spans = collector.wait_for(|spans| !spans.is_empty());
    let trace = hex(&spans[0].trace_id);
    assert_eq!(spans[0].parent_span_id, b"");
    assert!(answer.header("traceresponse").unwrap().contains(&trace));
    let line = process.text("\"path\":\"/hello\"");
    assert!(
        line.contains(&format!("\"trace_id\":\"{trace}\"")),
        "{line}"
    );
}

#[test]
fn the_name_of_the_service_may_be_among_the_attributes() {
    let attributes_of_it = ("OTEL_RESOURCE_ATTRIBUTES", "service.name=shop,team=a");
    for (vars, name) in [
        (&[][..], "demo-service"),
        (&[attributes_of_it], "shop"),
        (
            &[attributes_of_it, ("OTEL_SERVICE_NAME", "visits")],
            "visits",
        ),
    ] {
        let collector = Collector::start(Answer::Status(200));
        let process = start(&collector, vars);
        process.client().get("/hello");
        collector.wait_for(|spans| !spans.is_empty());
        let export = &collector.exports()[0];
        let resource = export.request.resource_spans[0].resource.as_ref().unwrap();
        let attributes = attributes(&resource.attributes);
        let names = attributes
            .iter()
            .filter(|it| it.starts_with("service.name="));
        let expected = format!("service.name={name}");
        assert_eq!(names.collect::<Vec<_>>(), [&expected]);
    }
}

#[test]
fn a_failed_request_is_an_error() {
    let collector = Collector::start(Answer::Status(200));
    let process = start(&collector, &[("APP_CHAOS", "on")]);
    assert_eq!(process.client().get("/-/chaos/panic").status, 500);
    let spans = collector.wait_for(|spans| !spans.is_empty());
    assert_eq!(spans[0].status.as_ref().unwrap().code, 2);
}

#[test]
fn traces_are_sampled_as_configured() {
    for (sampler, argument, parent, expected) in [
        ("parentbased_always_on", "1", None, 1),
        ("parentbased_always_on", "1", Some("00"), 0),
        ("parentbased_always_on", "1", Some("01"), 1),
        ("parentbased_always_off", "1", None, 0),
        ("parentbased_always_off", "1", Some("01"), 1),
        ("always_on", "1", Some("00"), 1),
        ("always_off", "1", Some("01"), 0),
        ("traceidratio", "0", None, 0),
        ("traceidratio", "1", None, 1),
        ("parentbased_traceidratio", "0", Some("01"), 1),
    ] {
        let collector = Collector::start(Answer::Status(200));
        let vars = [
            ("OTEL_TRACES_SAMPLER", sampler),
            ("OTEL_TRACES_SAMPLER_ARG", argument),
            ("APP_DRAIN_DELAY", "0s"),
        ];
        let process = start(&collector, &vars);
        let client = process.client();
        let traceparent = parent.map(|flags| format!("00-{TRACE}-{SPAN}-{flags}"));
        let headers: Vec<_> = traceparent
            .iter()
            .map(|it| ("traceparent", &**it))
            .collect();
        assert_eq!(client.get_with("/hello", &headers).status, 200);
        process.signal(Signal::TERM);
        assert_eq!(process.wait().code, Some(0));
        assert_eq!(
            collector.spans().len(),
            expected,
            "{sampler} {argument} {parent:?}"
        );
    }
}

#[test]
fn the_last_spans_are_exported_at_the_end() {
    let collector = Collector::start(Answer::Status(200));
    let vars = [
        ("OTEL_BSP_SCHEDULE_DELAY", "600000"),
        ("APP_DRAIN_DELAY", "0s"),
    ];
    let process = start(&collector, &vars);
    process.client().get("/hello");
    assert_eq!(collector.spans(), []);
    process.signal(Signal::TERM);
    let ended = process.wait();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(collector.spans().len(), 1);
}

#[test]
fn nothing_is_recorded_without_an_endpoint() {
    let collector = Collector::start(Answer::Status(200));
    let endpoint = collector.endpoint();
    for vars in [
        &[][..],
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint),
            ("OTEL_SDK_DISABLED", "true"),
        ],
    ] {
        let process = Process::start(vars);
        let client = process.client();
        assert_eq!(client.get("/hello").header("traceresponse"), None);
        assert!(!client.get("/-/metrics").body.contains("otel"));
    }
    assert_eq!(collector.spans(), []);
}

#[test]
fn a_wrong_variable_is_78() {
    for (name, value, reason) in [
        (
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "localhost:4318",
            "it is not an http:// or https:// URL",
        ),
        (
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            "grpc",
            "only http/protobuf is there",
        ),
        (
            "OTEL_TRACES_SAMPLER",
            "always",
            "is not one of: always_on, always_off",
        ),
    ] {
        let ended = Process::run(&[], &[("PORT", "0"), (name, value)]);
        assert_eq!(ended.code, Some(78), "{ended:?}");
        let said = [ended.stdout, ended.stderr].concat();
        assert!(said.contains(name) && said.contains(reason), "{said}");
    }
}

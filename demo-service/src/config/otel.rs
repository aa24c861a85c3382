//! `OTEL_*`: the names of the OpenTelemetry specification.

use std::time::Duration;

use environ::{EnvConfig, EnvValue, Secret};
use url::Url;

/// OpenTelemetry, in the names of its specification.
#[derive(Debug, EnvConfig)]
pub(crate) struct OtelConfig {
    /// URL of an OTLP/HTTP collector, without `/v1/traces`; if unset, no span is recorded.
    #[env(name = "OTEL_EXPORTER_OTLP_ENDPOINT", validate = is_http)]
    pub(crate) exporter_otlp_endpoint: Option<String>,
    /// URL for traces, used as it is.
    #[env(name = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", validate = is_http)]
    pub(crate) exporter_otlp_traces_endpoint: Option<String>,
    /// Protocol; `http/protobuf` is the only choice.
    #[env(name = "OTEL_EXPORTER_OTLP_PROTOCOL", default = "http/protobuf", validate = is_http_protobuf)]
    #[expect(dead_code, reason = "it is validated, and has a single value")]
    pub(crate) exporter_otlp_protocol: String,
    /// Headers for the collector, `a=1,b=2`; those of the environment until secrets are fetched.
    #[env(
        name = "OTEL_EXPORTER_OTLP_HEADERS",
        key = "otel_exporter_otlp_headers"
    )]
    pub(crate) exporter_otlp_headers: Option<Secret<String>>,
    /// Time for the export of a batch, all tries included.
    #[env(name = "OTEL_EXPORTER_OTLP_TIMEOUT", default = "10000", unit = "ms", range = "1ms"..="5m")]
    pub(crate) exporter_otlp_timeout: Duration,
    /// Name of the service; if unset, `service.name` of the attributes, or `demo-service`.
    #[env(name = "OTEL_SERVICE_NAME", example = "demo-service")]
    pub(crate) service_name: Option<String>,
    /// More attributes of the process, such as `team=a,region=b`.
    #[env(name = "OTEL_RESOURCE_ATTRIBUTES")]
    pub(crate) resource_attributes: Option<String>,
    /// Switch that turns the recording of spans off.
    #[env(name = "OTEL_SDK_DISABLED", default = false)]
    pub(crate) sdk_disabled: bool,
    /// Traces that are recorded.
    #[env(name = "OTEL_TRACES_SAMPLER", default = "parentbased_always_on")]
    pub(crate) traces_sampler: Sampler,
    /// Share of traces for the samplers with `ratio`.
    #[env(name = "OTEL_TRACES_SAMPLER_ARG", default = 1.0, range = 0.0..=1.0)]
    pub(crate) traces_sampler_arg: f64,
    /// Maximum of spans that wait for the export; further spans are dropped and counted.
    #[env(name = "OTEL_BSP_MAX_QUEUE_SIZE", default = 2048, range = 1..=100_000)]
    pub(crate) bsp_max_queue_size: usize,
    /// Time that a span waits for its batch to fill.
    #[env(name = "OTEL_BSP_SCHEDULE_DELAY", default = "5000", unit = "ms", range = "1ms"..="10m")]
    pub(crate) bsp_schedule_delay: Duration,
    /// Spans in a batch.
    #[env(name = "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", default = 512, range = 1..=100_000)]
    pub(crate) bsp_max_export_batch_size: usize,
}

/// The traces that are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnvValue)]
#[env(rename_all = "snake_case")]
pub(crate) enum Sampler {
    AlwaysOn,
    AlwaysOff,
    Traceidratio,
    ParentbasedAlwaysOn,
    ParentbasedAlwaysOff,
    ParentbasedTraceidratio,
}

impl OtelConfig {
    /// Returns the URL that spans are sent to, or `None` if none is recorded.
    pub(crate) fn endpoint(&self) -> Option<String> {
        let traces = self.exporter_otlp_traces_endpoint.clone();
        let all = self.exporter_otlp_endpoint.as_deref();
        let all = all.map(|base| format!("{}/v1/traces", base.trim_end_matches('/')));
        traces.or(all).filter(|_| !self.sdk_disabled)
    }
}

fn is_http(url: &str) -> Result<(), String> {
    match Url::parse(url) {
        Ok(url) if ["http", "https"].contains(&url.scheme()) && url.has_host() => Ok(()),
        _ => Err("it is not an http:// or https:// URL with a host".to_owned()),
    }
}

fn is_http_protobuf(protocol: &str) -> Result<(), &'static str> {
    if protocol == "http/protobuf" {
        Ok(())
    } else {
        Err("only http/protobuf is there; use the port of OTLP over HTTP, 4318 mostly")
    }
}

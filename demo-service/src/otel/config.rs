//! `OTEL_*`: the names of the OpenTelemetry specification.

use std::time::Duration;

use environ::{EnvConfig, EnvValue, Secret};
use url::Url;

/// OpenTelemetry, in the names of its specification.
#[derive(Debug, EnvConfig)]
#[env(prefix = "OTEL")]
pub(crate) struct OtelConfig {
    /// URL of an OTLP/HTTP collector, without `/v1/traces`; if unset, no span is recorded.
    #[env(validate = is_http)]
    pub(super) exporter_otlp_endpoint: Option<String>,
    /// URL for traces, used as it is.
    #[env(validate = is_http)]
    pub(super) exporter_otlp_traces_endpoint: Option<String>,
    /// Protocol; `http/protobuf` is the only choice.
    #[env(default = "http/protobuf", validate = is_http_protobuf)]
    #[expect(dead_code, reason = "it is validated, and has a single value")]
    pub(super) exporter_otlp_protocol: String,
    /// Headers for the collector, such as `api-key=x,tenant=y`.
    pub(super) exporter_otlp_headers: Option<Secret<String>>,
    /// Time for the export of a batch, all tries included.
    #[env(default = "10000", unit = "ms", range = "1ms"..="5m")]
    pub(super) exporter_otlp_timeout: Duration,
    /// Name of the service in traces.
    #[env(default = "demo-service")]
    pub(super) service_name: String,
    /// More attributes of the process, such as `team=a,region=b`.
    pub(super) resource_attributes: Option<String>,
    /// Switch that turns the recording of spans off.
    #[env(default = false)]
    pub(super) sdk_disabled: bool,
    /// Traces that are recorded.
    #[env(default = "parentbased_always_on")]
    pub(super) traces_sampler: Sampler,
    /// Share of traces for the samplers with `ratio`.
    #[env(default = 1.0, range = 0.0..=1.0)]
    pub(super) traces_sampler_arg: f64,
    /// Maximum of spans that wait for the export; further spans are dropped and counted.
    #[env(default = 2048, range = 1..=100_000)]
    pub(super) bsp_max_queue_size: usize,
    /// Time that a span waits for its batch to fill.
    #[env(default = "5000", unit = "ms", range = "1ms"..="10m")]
    pub(super) bsp_schedule_delay: Duration,
    /// Spans in a batch.
    #[env(default = 512, range = 1..=100_000)]
    pub(super) bsp_max_export_batch_size: usize,
}

/// The traces that are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnvValue)]
#[env(rename_all = "snake_case")]
pub(super) enum Sampler {
    AlwaysOn,
    AlwaysOff,
    Traceidratio,
    ParentbasedAlwaysOn,
    ParentbasedAlwaysOff,
    ParentbasedTraceidratio,
}

impl OtelConfig {
    /// Returns the URL that spans are sent to, or `None` if none is recorded.
    pub(super) fn endpoint(&self) -> Option<String> {
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

/// Returns the pairs of `a=1,b=2`, whose values are percent-encoded. Malformed pairs are left
/// out.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| {
        let bytes = percent_encoding::percent_decode_str(text.trim());
        bytes.decode_utf8_lossy().into_owned()
    };
    let pairs = text.split(',').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (name.trim().to_owned(), decoded(value)))
        .filter(|(name, _)| !name.is_empty())
        .collect()
}

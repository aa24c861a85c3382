//! The queue of spans, and the task that sends them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use prost::Message as _;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, StatusCode};
use rustls::crypto::ring;
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tracing::{info, warn};

use super::Parent;
use super::proto::{
    ExportTraceServiceRequest, KeyValue, Resource, ResourceSpans, Scope, ScopeSpans, Span,
};
use super::span::RequestSpan;
use crate::backoff::Backoff;
use crate::config::{AppConfig, Bootstrap, OtelConfig, Sampler};

/// The name of the service where none is configured.
const SERVICE: &str = "demo-service";

/// The time for the last batch when the process ends.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

/// Exports spans, if an endpoint is configured. A clone shares the queue.
#[derive(Clone, Debug, Default)]
pub(crate) struct Otel(Option<Arc<Queue>>);

#[derive(Debug)]
struct Queue {
    spans: Sender<Message>,
    counts: Arc<Counts>,
    sampler: Sampler,
    ratio: f64,
}

#[derive(Debug)]
enum Message {
    Span(Box<Span>),
    /// Send these headers from now on.
    Headers(HeaderMap),
    /// Export all that is queued, then answer.
    Flush(oneshot::Sender<()>),
}

#[derive(Debug, Default)]
struct Counts {
    exported: AtomicU64,
    dropped: AtomicU64,
}

impl Otel {
    /// Starts the export, if the configuration has an endpoint: before the secrets are fetched,
    /// because these requests have spans too.
    pub(crate) fn start(config: &Bootstrap, version: &str) -> Self {
        let config = &config.otel;
        let Some(endpoint) = config.endpoint() else {
            return Self::default();
        };
        let Some(client) = client(config) else {
            warn!("spans are not exported: the system has no CA certificates for https");
            return Self::default();
        };
        let (sender, receiver) = mpsc::channel(config.bsp_max_queue_size);
        let counts = Arc::<Counts>::default();
        let exporter = Exporter {
            client,
            headers: headers(config),
            resource: resource(config, version),
            version: version.to_owned(),
            endpoint,
            timeout: config.exporter_otlp_timeout,
            delay: config.bsp_schedule_delay,
            max_batch: config.bsp_max_export_batch_size,
            counts: Arc::clone(&counts),
            has_failed: false,
        };
        tokio::spawn(exporter.run(receiver));
        Self(Some(Arc::new(Queue {
            spans: sender,
            counts,
            sampler: config.traces_sampler,
            ratio: config.traces_sampler_arg,
        })))
    }

    /// Sends the headers of the whole configuration from now on: they may be among the secrets.
    pub(crate) fn configure(&self, config: &AppConfig) {
        if let Some(queue) = &self.0 {
            let headers = Message::Headers(headers(&config.boot.otel));
            let _ = queue.spans.try_send(headers);
        }
    }

    /// Starts the span of a request, unless nothing is exported.
    pub(crate) fn request(&self, parent: Option<Parent>) -> Option<RequestSpan> {
        let is_on = self.0.is_some();
        is_on.then(|| RequestSpan::start(self.clone(), parent))
    }

    /// Returns whether spans are exported.
    #[cfg(any(feature = "aws", feature = "azure", feature = "gcp", feature = "vault"))]
    pub(super) fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Returns whether a trace is recorded.
    pub(super) fn is_sampled(&self, trace_id: u128, parent: Option<Parent>) -> bool {
        let Some(queue) = &self.0 else { return false };
        let is_within = || {
            // The lower half is random by the specification.
            let random = u32::try_from(trace_id >> 32 & u128::from(u32::MAX)).unwrap_or(0);
            f64::from(random) < queue.ratio * (f64::from(u32::MAX) + 1.0)
        };
        let of_parent = parent.map(|parent| parent.is_sampled);
        match queue.sampler {
            Sampler::AlwaysOn => true,
            Sampler::AlwaysOff => false,
            Sampler::Traceidratio => is_within(),
            Sampler::ParentbasedAlwaysOn => of_parent.unwrap_or(true),
            Sampler::ParentbasedAlwaysOff => of_parent.unwrap_or(false),
            Sampler::ParentbasedTraceidratio => of_parent.unwrap_or_else(is_within),
        }
    }

    /// Queues a span. A span that finds the queue full is dropped and counted.
    pub(super) fn export(&self, span: Span) {
        if let Some(queue) = &self.0
            && queue.spans.try_send(Message::Span(Box::new(span))).is_err()
        {
            queue.counts.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Returns the numbers of spans that were exported and dropped.
    pub(crate) fn counts(&self) -> Option<[(&'static str, u64); 2]> {
        let counts = &self.0.as_ref()?.counts;
        Some([
            ("exported", counts.exported.load(Ordering::Relaxed)),
            ("dropped", counts.dropped.load(Ordering::Relaxed)),
        ])
    }

    /// Exports the spans that are queued, for a second at most.
    pub(crate) async fn flush(self) {
        let Some(queue) = self.0 else { return };
        let (done, is_done) = oneshot::channel();
        let flushed = async {
            if queue.spans.send(Message::Flush(done)).await.is_ok() {
                let _ = is_done.await;
            }
        };
        let _ = timeout(FLUSH_TIMEOUT, flushed).await;
    }
}

/// Returns a client that believes no variable of proxies, or `None` if the system has no
/// certificates.
fn client(config: &OtelConfig) -> Option<Client> {
    let builder = rustls::ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().ok()?;
    let is_https = config
        .endpoint()
        .is_some_and(|url| url.starts_with("https"));
    let tls = if is_https {
        builder.with_platform_verifier().ok()?.with_no_client_auth()
    } else {
        let none = rustls::RootCertStore::empty();
        builder.with_root_certificates(none).with_no_client_auth()
    };
    let client = Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none());
    client.build().ok()
}

fn headers(config: &OtelConfig) -> HeaderMap {
    let set = config.exporter_otlp_headers.as_ref();
    let pairs = set.map(|set| pairs(set.expose())).unwrap_or_default();
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(mut value)) = (name, HeaderValue::from_str(&value)) {
            value.set_sensitive(true);
            headers.insert(name, value);
        }
    }
    let protobuf = HeaderValue::from_static("application/x-protobuf");
    headers.insert("content-type", protobuf);
    headers
}

fn resource(config: &OtelConfig, version: &str) -> Resource {
    let text = config.resource_attributes.as_deref().unwrap_or_default();
    let (named, more): (Vec<_>, Vec<_>) = pairs(text)
        .into_iter()
        .partition(|(name, _)| name == "service.name");
    let named = named.last().map(|(_, name)| &**name);
    let name = config.service_name.as_deref().or(named);
    let mut attributes = vec![
        KeyValue::text("service.name", name.unwrap_or(SERVICE)),
        KeyValue::text("service.version", version),
    ];
    let more = more
        .into_iter()
        .filter(|(name, _)| name != "service.version");
    attributes.extend(more.map(|(name, value)| KeyValue::text(name, value)));
    Resource { attributes }
}

/// Returns the pairs of `a=1,b=2`, with percent-encoded values. Malformed pairs are left out.
fn pairs(text: &str) -> Vec<(String, String)> {
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

/// Sends batches, a single batch at a time.
struct Exporter {
    client: Client,
    headers: HeaderMap,
    endpoint: String,
    resource: Resource,
    version: String,
    timeout: Duration,
    delay: Duration,
    max_batch: usize,
    counts: Arc<Counts>,
    /// Whether the last batch was dropped, so that an outage is logged once.
    has_failed: bool,
}

impl Exporter {
    async fn run(mut self, mut spans: Receiver<Message>) {
        let mut batch = Vec::new();
        while let Some(message) = spans.recv().await {
            let mut flush = self.add(&mut batch, message);
            let full_by = Instant::now() + self.delay;
            while flush.is_none() && batch.len() < self.max_batch {
                match timeout_at(full_by, spans.recv()).await {
                    Ok(Some(message)) => flush = self.add(&mut batch, message),
                    Ok(None) | Err(_) => break,
                }
            }
            if !batch.is_empty() {
                self.export(std::mem::take(&mut batch)).await;
            }
            if let Some(done) = flush {
                let _ = done.send(());
            }
        }
    }

    fn add(&mut self, batch: &mut Vec<Span>, message: Message) -> Option<oneshot::Sender<()>> {
        match message {
            Message::Span(span) => batch.push(*span),
            Message::Headers(headers) => self.headers = headers,
            Message::Flush(done) => return Some(done),
        }
        None
    }

    /// Sends a batch until it is accepted, rejected, or its time is over.
    async fn export(&mut self, batch: Vec<Span>) {
        let count = u64::try_from(batch.len()).unwrap_or(u64::MAX);
        let body = self.request(batch).encode_to_vec();
        let deadline = Instant::now() + self.timeout;
        let mut backoff = Backoff::default();
        let failure = loop {
            let failure = match timeout_at(deadline, self.send(body.clone())).await {
                Ok(Ok(())) => break None,
                Ok(Err(failure)) => failure,
                Err(_) => break Some("no answer in time".to_owned()),
            };
            match backoff
                .pause_before(deadline)
                .filter(|_| failure.is_transient)
            {
                Some(pause) => sleep(pause).await,
                None => break Some(failure.reason),
            }
        };
        let counter = match &failure {
            None => &self.counts.exported,
            Some(_) => &self.counts.dropped,
        };
        counter.fetch_add(count, Ordering::Relaxed);
        let has_failed = failure.is_some();
        match failure {
            Some(reason) if !self.has_failed => {
                warn!(
                    reason,
                    spans = count,
                    "spans are dropped: the collector does not accept them"
                );
            }
            None if self.has_failed => info!("the collector accepts spans again"),
            _ => {}
        }
        self.has_failed = has_failed;
    }

    fn request(&self, spans: Vec<Span>) -> ExportTraceServiceRequest {
        let scope = Scope {
            name: "demo-service".to_owned(),
            version: self.version.clone(),
        };
        ExportTraceServiceRequest {
            resource_spans: vec![ResourceSpans {
                resource: Some(self.resource.clone()),
                scope_spans: vec![ScopeSpans {
                    scope: Some(scope),
                    spans,
                }],
            }],
        }
    }

    async fn send(&self, body: Vec<u8>) -> Result<(), Failure> {
        let request = self.client.post(&self.endpoint);
        let request = request.headers(self.headers.clone());
        let response = request.body(body).send().await.map_err(|err| Failure {
            // Without the URL, which may hold a password.
            reason: err.without_url().to_string(),
            is_transient: true,
        })?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        Err(Failure {
            reason: format!("status {}", status.as_u16()),
            // By the specification of OTLP.
            is_transient: matches!(
                status,
                StatusCode::TOO_MANY_REQUESTS
                    | StatusCode::BAD_GATEWAY
                    | StatusCode::SERVICE_UNAVAILABLE
                    | StatusCode::GATEWAY_TIMEOUT
            ),
        })
    }
}

struct Failure {
    reason: String,
    is_transient: bool,
}

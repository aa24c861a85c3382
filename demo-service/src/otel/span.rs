//! Spans, from their start to the queue.

use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use futures_util::future::Either;
use tokio::task_local;

use super::export::Otel;
use super::proto::{KeyValue, Span, Status};
use super::{Ended, Parent};

/// The kinds of the specification.
const SERVER: i32 = 2;
pub(super) const CLIENT: i32 = 3;

pub(super) const ERROR: Status = Status { code: 2 };

task_local! {
    /// The span of the request that the task serves.
    static CURRENT: Current;
}

#[derive(Clone)]
struct Current {
    otel: Otel,
    parent: Parent,
}

/// The span of a request. It is exported at its end, if its trace is recorded.
#[derive(Debug)]
pub(crate) struct RequestSpan {
    otel: Otel,
    /// This span, as the parent of others.
    own: Parent,
    parent: Option<Parent>,
    clock: Clock,
}

/// The time of a start, on the clock of the wall and on the clock that never jumps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    wall: SystemTime,
    start: Instant,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self {
            wall: SystemTime::now(),
            start: Instant::now(),
        }
    }

    /// Returns start and end in nanoseconds since the epoch.
    fn span(self) -> (u64, u64) {
        let start = self.wall.duration_since(UNIX_EPOCH).unwrap_or_default();
        let end = start + self.start.elapsed();
        let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        (nanos(start), nanos(end))
    }
}

impl RequestSpan {
    pub(super) fn start(otel: Otel, parent: Option<Parent>) -> Self {
        let trace_id = parent.map_or_else(|| fastrand::u128(1..), |parent| parent.trace_id);
        let own = Parent {
            trace_id,
            span_id: fastrand::u64(1..),
            is_sampled: otel.is_sampled(trace_id, parent),
        };
        Self {
            otel,
            own,
            parent,
            clock: Clock::start(),
        }
    }

    /// Returns the trace.
    pub(crate) fn trace_id(&self) -> u128 {
        self.own.trace_id
    }

    /// Returns the trace, if the span will be exported.
    pub(crate) fn recorded(&self) -> Option<u128> {
        self.own.is_sampled.then_some(self.own.trace_id)
    }

    /// Returns the header `traceresponse`, by which a client finds the trace.
    pub(crate) fn traceresponse(&self) -> String {
        self.own.header()
    }

    /// Ends the span.
    pub(crate) fn end(self, ended: Ended<'_>) {
        if !self.own.is_sampled {
            return;
        }
        let attributes = vec![
            KeyValue::text("http.request.method", ended.method),
            KeyValue::text("http.route", ended.route),
            KeyValue::text("url.path", ended.path),
            KeyValue::number("http.response.status_code", ended.status.into()),
            KeyValue::text("http.request.header.x-request-id", ended.request_id),
        ];
        let name = format!("{} {}", ended.method, ended.route);
        let is_error = ended.status >= 500;
        let span = span(self.own, self.parent, &name, SERVER, self.clock);
        self.otel.export(Span {
            attributes,
            status: is_error.then_some(ERROR),
            ..span
        });
    }
}

/// Returns a span that ends now.
pub(super) fn span(
    own: Parent,
    parent: Option<Parent>,
    name: &str,
    kind: i32,
    clock: Clock,
) -> Span {
    let (start, end) = clock.span();
    let parent_id = parent.map(|parent| parent.span_id.to_be_bytes().to_vec());
    Span {
        trace_id: own.trace_id.to_be_bytes().to_vec(),
        span_id: own.span_id.to_be_bytes().to_vec(),
        parent_span_id: parent_id.unwrap_or_default(),
        name: name.to_owned(),
        kind,
        start_time_unix_nano: start,
        end_time_unix_nano: end,
        flags: u32::from(own.is_sampled),
        ..Span::default()
    }
}

/// Runs a future whose spans are children of `span`. A future outside of a recorded span
/// costs nothing.
pub(crate) fn in_span<F: Future>(
    span: Option<&RequestSpan>,
    future: F,
) -> Either<F, Pin<Box<impl Future<Output = F::Output>>>> {
    match span.filter(|span| span.own.is_sampled) {
        None => Either::Left(future),
        Some(span) => {
            let current = Current {
                otel: span.otel.clone(),
                parent: span.own,
            };
            Either::Right(Box::pin(CURRENT.scope(current, future)))
        }
    }
}

/// Runs a statement in a span of its own, if the task serves a request that is recorded.
pub(crate) async fn client_span<T, E, F>(
    name: &'static str,
    system: &'static str,
    query: &'static str,
    future: F,
) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    let Some(Current { otel, parent }) = CURRENT.try_with(Clone::clone).ok() else {
        return future.await;
    };
    let clock = Clock::start();
    let result = future.await;
    let own = Parent {
        span_id: fastrand::u64(1..),
        ..parent
    };
    otel.export(Span {
        attributes: vec![
            KeyValue::text("db.system.name", system),
            KeyValue::text("db.query.text", query),
        ],
        status: result.is_err().then_some(ERROR),
        ..span(own, Some(parent), name, CLIENT, clock)
    });
    result
}

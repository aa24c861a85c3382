//! A collector that accepts, delays or refuses.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

/// How long a test waits for spans.
const DEADLINE: Duration = Duration::from_secs(30);

/// The answer to each request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Answer {
    Status(u16),
    /// 200, but late.
    Late(Duration),
}

/// A request of an exporter.
#[derive(Clone, Debug)]
pub(crate) struct Export {
    /// Method, path and headers, in lower case.
    pub(crate) head: String,
    pub(crate) request: ExportTraceServiceRequest,
}

pub(crate) struct Collector {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    answer: Mutex<Answer>,
    accepted: Mutex<Vec<Export>>,
    more: Condvar,
}

impl Collector {
    pub(crate) fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            answer: Mutex::new(answer),
            accepted: Mutex::default(),
            more: Condvar::new(),
        });
        let served = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&served);
                thread::spawn(move || while serve(&stream, &shared).is_some() {});
            }
        });
        Self { address, shared }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn answer(&self, answer: Answer) {
        *self.shared.answer.lock().unwrap() = answer;
    }

    pub(crate) fn exports(&self) -> Vec<Export> {
        self.shared.accepted.lock().unwrap().clone()
    }

    pub(crate) fn spans(&self) -> Vec<Span> {
        spans(&self.exports())
    }

    /// Waits until the accepted spans are enough, and returns them.
    pub(crate) fn wait_for(&self, is_enough: impl Fn(&[Span]) -> bool) -> Vec<Span> {
        let start = Instant::now();
        let mut accepted = self.shared.accepted.lock().unwrap();
        loop {
            let spans = spans(&accepted);
            if is_enough(&spans) {
                return spans;
            }
            let left = DEADLINE.checked_sub(start.elapsed());
            let left = left.unwrap_or_else(|| panic!("not enough: {spans:#?}"));
            accepted = self.shared.more.wait_timeout(accepted, left).unwrap().0;
        }
    }
}

fn spans(exports: &[Export]) -> Vec<Span> {
    let resources = exports.iter().flat_map(|it| &it.request.resource_spans);
    let scopes = resources.flat_map(|resource| &resource.scope_spans);
    scopes.flat_map(|scope| scope.spans.clone()).collect()
}

fn serve(stream: &TcpStream, shared: &Shared) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let head = head.to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.unwrap().parse().unwrap()];
    reader.read_exact(&mut body).ok()?;
    let request = ExportTraceServiceRequest::decode(&*body).unwrap();
    let answer = *shared.answer.lock().unwrap();
    let status = match answer {
        Answer::Status(status) => status,
        Answer::Late(time) => {
            thread::sleep(time);
            200
        }
    };
    if status == 200 {
        shared
            .accepted
            .lock()
            .unwrap()
            .push(Export { head, request });
        shared.more.notify_all();
    }
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {status} Status\r\nContent-Length: 0\r\n\r\n"
    )
    .ok()
}

/// Returns the attributes as `key=value`.
pub(crate) fn attributes(attributes: &[KeyValue]) -> Vec<String> {
    let texts = attributes.iter().map(|attribute| {
        let value = attribute.value.clone().unwrap().value.unwrap();
        match value {
            Value::StringValue(text) => format!("{}={text}", attribute.key),
            Value::IntValue(number) => format!("{}={number}", attribute.key),
            other => panic!("{other:?}"),
        }
    });
    texts.collect()
}
